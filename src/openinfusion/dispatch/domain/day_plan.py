# SPDX-License-Identifier: Apache-2.0
"""A plan of one kind for one day of one site: asked for, proposed, in force, replaced."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from openinfusion.dispatch.permissions import PLAN
from openinfusion.kernel.machine import Machine, Step
from openinfusion.kernel.refusal import Reason
from openinfusion.kernel.roles import Role


class PlanKind(StrEnum):
    DRIVERS = "drivers"
    NURSES = "nurses"


class PlanState(StrEnum):
    REQUESTED = "requested"
    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    REPLACED = "replaced"
    SET_ASIDE = "set_aside"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class PlanFacts:
    """What the guards ask. ``faults``: what the separate check found; ``past``: the day is over.

    ``before_drug``: visits that would begin before the drug they need arrives, as deliveries stand now.
    """

    faults: tuple[str, ...] = ()
    past: bool = False
    before_drug: tuple[str, ...] = ()


def check_found_nothing(f: PlanFacts) -> Reason | None:
    return Reason("faults", f"the check found: {'; '.join(f.faults)}", "have it planned anew") if f.faults else None


def day_is_not_over(f: PlanFacts) -> Reason | None:
    return Reason("past", "the day is over") if f.past else None


def no_dose_before_its_drug(f: PlanFacts) -> Reason | None:
    if not f.before_drug:
        return None
    return Reason("before-drug", "; ".join(f.before_drug), "plan the rest of the day again: visits then wait for their delivery")


S = PlanState
DAY_PLAN: Machine[PlanState, PlanFacts] = Machine(
    name="dispatch.day_plan",
    initial=S.REQUESTED,
    owners={
        S.REQUESTED: "", S.PROPOSED: Role.WAREHOUSE, S.ACCEPTED: "", S.REPLACED: "", S.SET_ASIDE: "", S.FAILED: Role.WAREHOUSE,
    },
    tones={
        S.REQUESTED: "move", S.PROPOSED: "wait", S.ACCEPTED: "ok", S.REPLACED: "idle", S.SET_ASIDE: "idle", S.FAILED: "crit",
    },
    steps=(
        Step("propose", S.REQUESTED, S.PROPOSED, PLAN.code, "Propose", "{actor} proposed {subject}, worked out by {method}."),
        Step("fail", S.REQUESTED, S.FAILED, PLAN.code, "Failed", "{actor} could not work out {subject}: {why}."),
        Step("accept", S.PROPOSED, S.ACCEPTED, PLAN.code, "Accept and give out", "{actor} accepted {subject}.",
             (check_found_nothing, day_is_not_over, no_dose_before_its_drug), "primary"),
        Step("set_aside", S.PROPOSED, S.SET_ASIDE, PLAN.code, "Put aside", "{actor} put {subject} aside."),
        Step("set_aside", S.FAILED, S.SET_ASIDE, PLAN.code, "Put aside", "{actor} put {subject} aside."),
        Step("replace", S.ACCEPTED, S.REPLACED, PLAN.code, "Replace", "{actor} replaced {subject} by a newer one."),
    ),
)  # fmt: skip
OPEN_STATES = (S.REQUESTED.value, S.PROPOSED.value, S.ACCEPTED.value)
BY_HAND = ("accept", "set_aside")
