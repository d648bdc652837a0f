# SPDX-License-Identifier: Apache-2.0
"""A new version of something the house writes itself, on its way: drafted by one pharmacist, in force by another's signature."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from openinfusion.kernel.machine import Machine, Step
from openinfusion.kernel.permission import Permission
from openinfusion.kernel.refusal import Reason
from openinfusion.kernel.roles import Role


class DraftState(StrEnum):
    DRAFT = "draft"
    PROPOSED = "proposed"  # waits for the second pharmacist
    SIGNED = "signed"  # a version has been made of it
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class DraftFacts:
    """What the guards look at."""

    drafted_by_actor: bool = False
    changes_something: bool = True
    date_is_past: bool = False
    date_is_taken: bool = False
    base_in_force: bool = True  # the version it was compared with is still the one it would follow


def signer_is_another_pharmacist(f: DraftFacts) -> Reason | None:
    own = "whoever drafted it may not sign it"
    return Reason("own-draft", own, "another pharmacist signs") if f.drafted_by_actor else None


def actor_drafted_it(f: DraftFacts) -> Reason | None:
    return None if f.drafted_by_actor else Reason("not-your-draft", "only whoever drafted it changes or proposes it")


def something_changes(f: DraftFacts) -> Reason | None:
    return None if f.changes_something else Reason("nothing-changed", "it says the same as the version in force")


def date_is_to_come(f: DraftFacts) -> Reason | None:
    return Reason("date-past", "its first day has passed", "set another day") if f.date_is_past else None


def date_is_free(f: DraftFacts) -> Reason | None:
    return Reason("date-taken", "another version begins on that day", "set another day") if f.date_is_taken else None


def base_is_in_force(f: DraftFacts) -> Reason | None:
    other = "another version has come into force since it was drafted"
    return None if f.base_in_force else Reason("base-changed", other, "look at it again and save it")


_S = DraftState
_READY = (something_changes, date_is_to_come, date_is_free, base_is_in_force)


def draft_machine(name: str, draft: Permission, sign: Permission) -> Machine[DraftState, DraftFacts]:
    """The way of a draft; ``draft`` and ``sign`` are the two permissions, which one person never uses on one draft."""
    d, s = draft.code, sign.code
    return Machine(
        name=name,
        initial=_S.DRAFT,
        steps=(
            Step(
                "propose",
                _S.DRAFT,
                _S.PROPOSED,
                d,
                "Propose",
                "{actor} proposed {subject}",
                (actor_drafted_it, *_READY),
                "primary",
            ),
            Step(
                "sign",
                _S.PROPOSED,
                _S.SIGNED,
                s,
                "Sign",
                "{actor} signed {subject}",
                (signer_is_another_pharmacist, *_READY),
                "ok",
                sign="in force here from its day",
            ),
            Step("hand_back", _S.PROPOSED, _S.DRAFT, d, "Hand back", "{actor} handed back {subject}", (), "warn", True),
            *(
                Step("withdraw", x, _S.WITHDRAWN, d, "Withdraw", "{actor} withdrew {subject}", (), "danger", True)
                for x in (_S.DRAFT, _S.PROPOSED)
            ),
        ),
        owners={_S.DRAFT: Role.PHARMACIST, _S.PROPOSED: Role.PHARMACIST, _S.SIGNED: "", _S.WITHDRAWN: ""},
        tones={_S.DRAFT: "info", _S.PROPOSED: "wait", _S.SIGNED: "ok"},
    )
