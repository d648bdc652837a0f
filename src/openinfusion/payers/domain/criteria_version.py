# SPDX-License-Identifier: Apache-2.0
"""A version of a payer's criteria on its way: entered by one person, in force from its day by the approval of another."""
from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from openinfusion.kernel.machine import Machine, Step
from openinfusion.kernel.refusal import Reason
from openinfusion.kernel.roles import Role
from openinfusion.payers.permissions import APPROVE_CRITERIA, DRAFT_CRITERIA


class CriteriaState(StrEnum):
    DRAFT = "draft"
    PROPOSED = "proposed"
    APPROVED = "approved"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class CriteriaFacts:
    """What the guards look at."""

    drafted_by_actor: bool = False
    changes_something: bool = True
    day_is_taken: bool = False


def approver_is_another(f: CriteriaFacts) -> Reason | None:
    return Reason("own-draft", "whoever entered it may not approve it", "another person approves") if f.drafted_by_actor else None


def actor_drafted_it(f: CriteriaFacts) -> Reason | None:
    return None if f.drafted_by_actor else Reason("not-your-draft", "only whoever entered it changes or proposes it")


def something_changes(f: CriteriaFacts) -> Reason | None:
    return None if f.changes_something else Reason("nothing-changed", "it says the same as what is in force")


def day_is_free(f: CriteriaFacts) -> Reason | None:
    return Reason("day-taken", "another version begins on that day", "set another day") if f.day_is_taken else None


_S = CriteriaState
_READY = (something_changes, day_is_free)
CRITERIA: Machine[CriteriaState, CriteriaFacts] = Machine(
    name="payers.criteria",
    initial=_S.DRAFT,
    steps=(
        Step(
            "propose", _S.DRAFT, _S.PROPOSED, DRAFT_CRITERIA.code, "Propose", "{actor} proposed {subject}",
            (actor_drafted_it, *_READY), "pri",
        ),
        Step(
            "approve", _S.PROPOSED, _S.APPROVED, APPROVE_CRITERIA.code, "Approve", "{actor} approved {subject}",
            (approver_is_another, *_READY), "ok", sign="compared with what the payer published",
        ),
        Step(
            "hand_back", _S.PROPOSED, _S.DRAFT, DRAFT_CRITERIA.code, "Hand back", "{actor} handed back {subject}", (), "warn",
            True,
        ),
        *(
            Step("withdraw", x, _S.WITHDRAWN, DRAFT_CRITERIA.code, "Withdraw", "{actor} withdrew {subject}", (), "danger", True)
            for x in (_S.DRAFT, _S.PROPOSED)
        ),
    ),
    owners={_S.DRAFT: Role.AUTHORIZATION, _S.PROPOSED: Role.PHARMACIST, _S.APPROVED: "", _S.WITHDRAWN: ""},
    tones={_S.DRAFT: "info", _S.PROPOSED: "wait", _S.APPROVED: "ok"},
)
