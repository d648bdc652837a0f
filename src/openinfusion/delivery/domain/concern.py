# SPDX-License-Identifier: Apache-2.0
"""A concern: an answer on the call that a pharmacist, a nurse or intake looks at; the delivery waits until they have."""
from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from openinfusion.delivery.permissions import ANSWER
from openinfusion.kernel.machine import Machine, Step
from openinfusion.kernel.refusal import Reason


class ConcernState(StrEnum):
    OPEN = "open"
    CLEARED = "cleared"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class ConcernFacts:
    """``role``: whose turn it is; ``roles``: what the person acting is."""

    role: str
    roles: frozenset[str]


def it_is_their_turn(f: ConcernFacts) -> Reason | None:
    if f.role in f.roles:
        return None
    return Reason("another-role", f"this waits for a {f.role.replace('_', ' ')}")


CLINICAL = frozenset({"pharmacist", "nurse", "nurse_manager"})  # whose concerns come among clinical's calls
STEP_OF = {"go": "clear", "hold": "stop"}  # what clinical says of a delivery, and the step it is here
RELEASE_OF = {step: release for release, step in STEP_OF.items()}

_MINE = (it_is_their_turn,)
CONCERN: Machine[ConcernState, ConcernFacts] = Machine(
    name="delivery.concern",
    initial=ConcernState.OPEN,
    # whose turn it is stands on each concern; pharmacists are named because most are theirs
    owners={ConcernState.OPEN: "pharmacist", ConcernState.CLEARED: "", ConcernState.STOPPED: ""},
    tones={ConcernState.OPEN: "warn", ConcernState.CLEARED: "ok", ConcernState.STOPPED: "crit"},
    steps=(
        Step("clear", ConcernState.OPEN, ConcernState.CLEARED, ANSWER.code, "The delivery may go",
             "{actor} looked at {subject} and lets the delivery go", _MINE, "ok", needs_reason=True),
        Step("stop", ConcernState.OPEN, ConcernState.STOPPED, ANSWER.code, "Hold the delivery",
             "{actor} looked at {subject} and holds the delivery", _MINE, "danger", needs_reason=True),
        Step("clear", ConcernState.STOPPED, ConcernState.CLEARED, ANSWER.code, "Let it go after all",
             "{actor} lets the delivery of {subject} go after all", _MINE, "neutral", needs_reason=True),
    ),
)
