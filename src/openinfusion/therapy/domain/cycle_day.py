# SPDX-License-Identifier: Apache-2.0
"""A later day of a cycle that asks for a fresh result before its dose: cleared on its own, or left out."""
from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from openinfusion.kernel.machine import Machine, Step
from openinfusion.kernel.refusal import Reason
from openinfusion.kernel.roles import Role
from openinfusion.therapy import permissions
from openinfusion.therapy.domain.cycle import (
    CycleFacts,
    course_is_running,
    holds_are_answered,
    holds_were_judged,
    nothing_hard_holds,
)


class DayState(StrEnum):
    DUE = "due"
    CLEARED = "cleared"
    OMITTED = "omitted"


@dataclass(frozen=True, slots=True, kw_only=True)
class DayFacts(CycleFacts):
    """What the guards look at: the judgement as for a cycle, on this day's rows."""

    cycle_cleared: bool = True
    earlier_days_due: int = 0


def its_cycle_is_cleared(f: DayFacts) -> Reason | None:
    return None if f.cycle_cleared else Reason("cycle-not-cleared", "its cycle is not cleared", "clear the cycle first")


def earlier_days_are_settled(f: DayFacts) -> Reason | None:
    if not f.earlier_days_due:
        return None
    return Reason("earlier-day-due", f"{f.earlier_days_due} earlier day(s) of the cycle are neither cleared nor left out",
                  "settle them first")


_S = DayState

CYCLE_DAY: Machine[DayState, DayFacts] = Machine(
    name="therapy.cycle_day",
    initial=_S.DUE,
    steps=(
        Step("clear", _S.DUE, _S.CLEARED, permissions.CLEAR.code, "Clear this day", "{actor} cleared {subject}",
             (course_is_running, its_cycle_is_cleared, earlier_days_are_settled, holds_were_judged, nothing_hard_holds,
              holds_are_answered), "ok", False, "cleared"),
        Step("reopen", _S.CLEARED, _S.DUE, permissions.CLEAR.code, "Take the clearance back",
             "{actor} took back the clearance of {subject}", (), "warn", True),
        Step("omit", _S.DUE, _S.OMITTED, permissions.REGIMEN.code, "Leave this dose out",
             "{actor} left out the dose of {subject}", (course_is_running,), "crit", True),
    ),
    owners={_S.DUE: Role.PHARMACIST, _S.CLEARED: "", _S.OMITTED: ""},
    tones={_S.DUE: "wait", _S.CLEARED: "ok", _S.OMITTED: "idle"},
)
