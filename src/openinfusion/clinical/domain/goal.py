# SPDX-License-Identifier: Apache-2.0
"""The care plan: for each discipline a problem, the goal that can be measured, and what is done to reach it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from openinfusion.clinical import permissions
from openinfusion.clinical.domain.coded import check, said
from openinfusion.clinical.domain.intervention import Discipline
from openinfusion.kernel.machine import Machine, Step
from openinfusion.kernel.refusal import Fault, Reason
from openinfusion.kernel.roles import Role


class GoalState(StrEnum):
    ACTIVE = "active"
    MET = "met"
    NOT_MET = "not_met"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class GoalFacts:
    """``reviewed`` whether anybody has looked at the goal since it was written."""

    reviewed: bool = False


def the_goal_was_reviewed(f: GoalFacts) -> Reason | None:
    return None if f.reviewed else Reason("never-reviewed", "nobody has reviewed this goal yet", "review it first")


_S = GoalState
_P = permissions.CARE_PLAN.code

GOAL: Machine[GoalState, GoalFacts] = Machine(
    name="clinical.goal",
    initial=_S.ACTIVE,
    steps=(
        Step("meet", _S.ACTIVE, _S.MET, _P, "Goal met", "{actor} recorded that {subject} is met", (the_goal_was_reviewed,), "ok"),
        Step(
            "miss",
            _S.ACTIVE,
            _S.NOT_MET,
            _P,
            "Not met",
            "{actor} recorded that {subject} was not met",
            (the_goal_was_reviewed,),
            "warn",
            True,
        ),
        Step("withdraw", _S.ACTIVE, _S.WITHDRAWN, _P, "Withdraw", "{actor} withdrew {subject}", (), "idle", True),
        *(
            Step("resume", s, _S.ACTIVE, _P, "Take up again", "{actor} took up {subject} again", (), "info", True)
            for s in (_S.MET, _S.NOT_MET)
        ),
    ),
    owners={_S.ACTIVE: Role.PHARMACIST, _S.MET: "", _S.NOT_MET: "", _S.WITHDRAWN: ""},
    tones={_S.ACTIVE: "info", _S.MET: "ok", _S.NOT_MET: "warn", _S.WITHDRAWN: "idle"},
)

OWNER = {Discipline.PHARMACY: Role.PHARMACIST, Discipline.NURSING: Role.NURSE, Discipline.NUTRITION: Role.PHARMACIST}


def check_goal(
    discipline: str,
    problem: str,
    goal: str,
    measure: str,
    review_on: date,
    today: date,
    vague: tuple[str, ...],
) -> None:
    """Malformed with every fault; ``vague`` are the vague words found in goal and measure."""
    check(
        None if discipline in set(Discipline) else Fault("discipline", f"one of {', '.join(Discipline)}"),
        said("problem", problem, "say what the problem is"),
        said("goal", goal, "say what shall be reached, so that it can be told whether it was"),
        said("measure", measure, "say what is done, how often and by whom"),
        None if review_on > today else Fault("review_on", "the next review lies in the future"),
        *(Fault("measure", f"“{word}” cannot be measured; say how much, how often or until when") for word in vague),
    )
