# SPDX-License-Identifier: Apache-2.0
"""An intervention: what somebody did about a problem of a therapy, what came of it, and how long it took."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from openinfusion.clinical import permissions
from openinfusion.clinical.domain.coded import check, check_code, coded, said
from openinfusion.kernel.machine import Machine, Step
from openinfusion.kernel.refusal import Fault, Reason
from openinfusion.kernel.roles import Role

MOST_MINUTES = 480  # one working day: more is a slip of the pen


class Discipline(StrEnum):
    PHARMACY = "pharmacy"
    NURSING = "nursing"
    NUTRITION = "nutrition"


class InterventionState(StrEnum):
    OPEN = "open"
    SETTLED = "settled"


@dataclass(frozen=True, slots=True)
class InterventionFacts:
    outcome: str = ""
    minutes: int = 0


def the_outcome_is_coded(f: InterventionFacts) -> Reason | None:
    if f.outcome in coded("intervention_outcome"):
        return None
    return Reason("outcome-missing", "say what came of it", f"one of {', '.join(coded('intervention_outcome'))}")


def the_time_is_possible(f: InterventionFacts) -> Reason | None:
    if 1 <= f.minutes <= MOST_MINUTES:
        return None
    return Reason("minutes", f"the time is 1 to {MOST_MINUTES} minutes in all")


_S = InterventionState

INTERVENTION: Machine[InterventionState, InterventionFacts] = Machine(
    name="clinical.intervention",
    initial=_S.OPEN,
    steps=(
        Step(
            "settle",
            _S.OPEN,
            _S.SETTLED,
            permissions.INTERVENE.code,
            "Settle",
            "{actor} settled {subject}: {outcome}, {minutes} minutes in all",
            (the_outcome_is_coded, the_time_is_possible),
            "ok",
        ),
    ),
    owners={_S.OPEN: Role.PHARMACIST, _S.SETTLED: ""},
    tones={_S.OPEN: "wait", _S.SETTLED: "ok"},
)


def check_intervention(kind: str, discipline: str, problem: str, minutes: int) -> None:
    """Malformed with every fault."""
    check(
        check_code("intervention_type", kind, "kind"),
        None if discipline in set(Discipline) else Fault("discipline", f"one of {', '.join(Discipline)}"),
        said("problem", problem, "say what the problem was"),
        None if 1 <= minutes <= MOST_MINUTES else Fault("minutes", f"the time spent is 1 to {MOST_MINUTES} minutes"),
    )
