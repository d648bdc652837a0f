# SPDX-License-Identifier: Apache-2.0
"""Why a visit did not take place, and what comes next. The reasons are rows in data/miss_reasons.toml."""
from __future__ import annotations

from enum import StrEnum
from functools import cache

from openinfusion.kernel.figures import rows
from openinfusion.kernel.refusal import Fault, Malformed


class MissKind(StrEnum):
    MISSED = "missed"
    REFUSED = "refused"


class NextStep(StrEnum):
    RESCHEDULE = "reschedule"
    SKIP = "skip"
    CALL_PRESCRIBER = "call_prescriber"
    END_CARE = "end_care"


TOLD = ("patient", "pharmacist", "prescriber", "caregiver", "nurse manager")


@cache
def reasons() -> dict[str, str]:
    """Code and words of every reason."""
    return {r["code"]: r["text"] for r in rows(__package__, "data/miss_reasons.toml")}


@cache
def must_tell(code: str) -> tuple[str, ...]:
    """Who has to be told when a visit was missed for this reason."""
    found = [r for r in rows(__package__, "data/miss_reasons.toml") if r["code"] == code]
    return tuple(t for t in found[0]["tell"].split("|") if t) if found else ()


def check_miss(code: str, next_step: NextStep, told: tuple[str, ...]) -> None:
    """Malformed for a reason nobody knows, or where somebody who has to be told was not."""
    if code not in reasons():
        raise Malformed(Fault("reason_code", f"one of {', '.join(reasons())}"))
    if unknown := set(told) - set(TOLD):
        raise Malformed(Fault("told", f"nobody is called {', '.join(sorted(unknown))}"))
    wanted = set(must_tell(code)) | ({"prescriber"} if next_step in {NextStep.SKIP, NextStep.CALL_PRESCRIBER} else set())
    if left := wanted - set(told):
        raise Malformed(Fault("told", f"tell first: {', '.join(sorted(left))}"))
