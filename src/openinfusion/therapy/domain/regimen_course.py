# SPDX-License-Identifier: Apache-2.0
"""A patient's regimen: it runs until every cycle is settled, or until it is stopped."""
from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from openinfusion.kernel.machine import Machine, Step
from openinfusion.kernel.refusal import Reason
from openinfusion.therapy import permissions


class CourseState(StrEnum):
    RUNNING = "running"
    COMPLETED = "completed"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class CourseFacts:
    """How many cycles are neither given nor omitted."""

    open_cycles: int = 0


def no_cycle_is_open(f: CourseFacts) -> Reason | None:
    if not f.open_cycles:
        return None
    return Reason("cycles-open", f"{f.open_cycles} cycle(s) are neither given nor omitted", "or stop the regimen with a reason")


_S = CourseState
_PLAN = permissions.REGIMEN.code

COURSE: Machine[CourseState, CourseFacts] = Machine(
    name="therapy.regimen",
    initial=_S.RUNNING,
    steps=(
        Step("complete", _S.RUNNING, _S.COMPLETED, _PLAN, "Complete", "{actor} completed {subject}", (no_cycle_is_open,), "ok"),
        Step("stop", _S.RUNNING, _S.STOPPED, _PLAN, "Stop the regimen", "{actor} stopped {subject}", (), "crit", True),
    ),
    owners={_S.RUNNING: "", _S.COMPLETED: "", _S.STOPPED: ""},
    tones={_S.RUNNING: "ok", _S.COMPLETED: "idle", _S.STOPPED: "crit"},
)
