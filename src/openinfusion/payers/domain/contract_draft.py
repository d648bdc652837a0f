# SPDX-License-Identifier: Apache-2.0
"""A contract or a new version of one on its way: entered by one person, in force by the approval of another."""
from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from openinfusion.kernel.machine import Machine, Step
from openinfusion.kernel.refusal import Reason
from openinfusion.kernel.roles import Role
from openinfusion.payers.permissions import APPROVE, DRAFT


class ContractDraftState(StrEnum):
    DRAFT = "draft"
    PROPOSED = "proposed"  # waits for the second person
    APPROVED = "approved"  # a version has been made of it
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class ContractDraftFacts:
    """What the guards look at."""

    drafted_by_actor: bool = False
    changes_something: bool = True
    day_is_taken: bool = False
    base_in_force: bool = True  # the version it was compared with is still the one it would follow
    prices_something: bool = True


def approver_is_another(f: ContractDraftFacts) -> Reason | None:
    return Reason("own-draft", "whoever entered it may not approve it", "another person approves") if f.drafted_by_actor else None


def actor_drafted_it(f: ContractDraftFacts) -> Reason | None:
    return None if f.drafted_by_actor else Reason("not-your-draft", "only whoever entered it changes or proposes it")


def something_changes(f: ContractDraftFacts) -> Reason | None:
    return None if f.changes_something else Reason("nothing-changed", "it says the same as the version it follows")


def day_is_free(f: ContractDraftFacts) -> Reason | None:
    return Reason("day-taken", "another version begins on that day", "set another day") if f.day_is_taken else None


def base_is_in_force(f: ContractDraftFacts) -> Reason | None:
    other = "another version has come into force since it was entered"
    return None if f.base_in_force else Reason("base-changed", other, "look at it again and save it")


def something_is_priced(f: ContractDraftFacts) -> Reason | None:
    return None if f.prices_something else Reason("no-rates", "it has no rate: nothing could be billed by it", "enter its rates")


_S = ContractDraftState
_READY = (something_changes, day_is_free, base_is_in_force, something_is_priced)
CONTRACT_DRAFT: Machine[ContractDraftState, ContractDraftFacts] = Machine(
    name="payers.contract_draft",
    initial=_S.DRAFT,
    steps=(
        Step(
            "propose", _S.DRAFT, _S.PROPOSED, DRAFT.code, "Propose", "{actor} proposed {subject}",
            (actor_drafted_it, *_READY), "pri",
        ),
        Step(
            "approve", _S.PROPOSED, _S.APPROVED, APPROVE.code, "Approve", "{actor} approved {subject}",
            (approver_is_another, *_READY), "ok", sign="compared with the contract on paper",
        ),
        Step("hand_back", _S.PROPOSED, _S.DRAFT, DRAFT.code, "Hand back", "{actor} handed back {subject}", (), "warn", True),
        *(
            Step("withdraw", x, _S.WITHDRAWN, DRAFT.code, "Withdraw", "{actor} withdrew {subject}", (), "danger", True)
            for x in (_S.DRAFT, _S.PROPOSED)
        ),
    ),
    owners={_S.DRAFT: Role.BILLER, _S.PROPOSED: Role.EXECUTIVE, _S.APPROVED: "", _S.WITHDRAWN: ""},
    tones={_S.DRAFT: "info", _S.PROPOSED: "wait", _S.APPROVED: "ok"},
)
