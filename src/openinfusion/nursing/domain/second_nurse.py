# SPDX-License-Identifier: Apache-2.0
"""The second nurse of a visit that needs two: why one is needed, and the states and steps of that place.

Why is a row of data/second_reasons.toml, which also says whether somebody permitted may let one nurse go alone.
"""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from openinfusion.kernel.figures import rows
from openinfusion.kernel.machine import Machine, Step
from openinfusion.kernel.refusal import Broken, Reason
from openinfusion.kernel.roles import Role
from openinfusion.kernel.standing import Source, Standing
from openinfusion.nursing.permissions import GO_ALONE, MAKE, OFFER, REQUEST


class SecondWhy(StrEnum):
    DOUBLE_CHECK = "double_check"
    TURNING = "turning"
    UNSAFE_ADDRESS = "unsafe_address"
    TRAINING = "training"


class SecondState(StrEnum):
    WANTED = "wanted"
    OFFERED = "offered"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    PRESENT = "present"
    ALONE = "alone"


@dataclass(frozen=True, slots=True)
class WhyTwo:
    """A reason for two nurses. ``one_may``: one may go alone where a nurse manager decides so and says why."""

    code: SecondWhy
    title: str
    one_may: bool
    source: Source


def why_two(code: str, on: date) -> WhyTwo:
    """The row of a reason in force on a day; Broken where there is none."""
    found = [r for r in rows(__package__, "data/second_reasons.toml") if r["code"] == code and r["effective_from"] <= on]
    if not found:
        raise Broken(f"no row says what {code} asks for on {on}")
    r = max(found, key=lambda x: x["effective_from"])
    return WhyTwo(SecondWhy(r["code"]), r["title"], r["one_may"], Source(r["source"], r["effective_from"], Standing(r["status"])))


@dataclass(frozen=True, slots=True)
class SecondFacts:
    """What the guards ask. ``first``: the nurse to whom the visit is given at a time; ``begun``: the visit is."""

    nurse: UUID | None = None
    first: UUID | None = None
    actor: UUID | None = None
    nurse_reasons: Sequence[Reason] = ()
    begun: bool = False
    one_may: bool = False


def first_is_named(f: SecondFacts) -> Reason | None:
    if f.first is not None:
        return None
    return Reason("no-first-nurse", "the visit has no first nurse with a time yet",
                  "offer the visit first; in a suite, book its appointment")


def second_is_named(f: SecondFacts) -> Reason | None:
    return None if f.nurse is not None else Reason("no-nurse", "no second nurse is named")


def it_is_another_person(f: SecondFacts) -> Reason | None:
    if f.nurse is None or f.nurse != f.first:
        return None
    return Reason("same-nurse", "the second nurse is another person than the first", "choose somebody else")


def second_may_do_it(f: SecondFacts) -> Reason | None:
    return f.nurse_reasons[0] if f.nurse_reasons else None


def it_is_their_own_place(f: SecondFacts) -> Reason | None:
    return None if f.nurse == f.actor else Reason("another-nurse", "only the second nurse of this visit may do that")


def visit_has_begun(f: SecondFacts) -> Reason | None:
    return None if f.begun else Reason("not-begun", "the visit has not begun")


def visit_has_not_begun(f: SecondFacts) -> Reason | None:
    return Reason("begun", "the visit has begun; who was there stays on record") if f.begun else None


def one_may_go(f: SecondFacts) -> Reason | None:
    """Before it begins only where its row lets one go; once one went on with it, that must be told, whatever the row says."""
    if f.one_may or f.begun:
        return None
    return Reason("needs-two", "nobody goes alone to such a visit", "offer the second place to somebody, or move the visit")


S = SecondState
_OFFERING = (second_is_named, it_is_another_person, first_is_named, second_may_do_it)
_OWN = (it_is_their_own_place,)
_TAKEN = (S.OFFERED, S.ACCEPTED, S.REFUSED, S.PRESENT, S.ALONE)
BY_CODE = frozenset({"offer", "follow"})  # an offer names a nurse; the second place follows its appointment by itself

SECOND: Machine[SecondState, SecondFacts] = Machine(
    name="nursing.second_nurse",
    initial=S.WANTED,
    owners={
        S.WANTED: Role.NURSE_MANAGER, S.OFFERED: Role.NURSE, S.ACCEPTED: Role.NURSE, S.REFUSED: Role.NURSE_MANAGER,
        S.PRESENT: "", S.ALONE: "",
    },
    tones={S.WANTED: "warn", S.OFFERED: "wait", S.ACCEPTED: "info", S.REFUSED: "warn", S.PRESENT: "ok", S.ALONE: "warn"},
    steps=(
        *(Step("offer", s, S.OFFERED, OFFER.code, "Offer", "{actor} offered {subject} to {nurse}", _OFFERING, "primary")
          for s in (S.WANTED, S.REFUSED)),
        Step("accept", S.OFFERED, S.ACCEPTED, MAKE.code, "Accept as second nurse", "{actor} accepted {subject}",
             (it_is_their_own_place, second_may_do_it), "primary"),
        Step("refuse", S.OFFERED, S.REFUSED, MAKE.code, "Refuse", "{actor} refused {subject}", _OWN, "neutral",
             needs_reason=True),
        Step("attend", S.ACCEPTED, S.PRESENT, MAKE.code, "I was there", "{actor} signed to have been there, in {subject}",
             (it_is_their_own_place, visit_has_begun), "primary", sign="present"),
        *(Step("free", s, S.WANTED, OFFER.code, "Take back", "{actor} took {subject} back from {nurse}", (visit_has_not_begun,),
               "neutral", needs_reason=True) for s in _TAKEN),
        *(Step("follow", s, S.WANTED, REQUEST.code, "Ask anew", "{actor} took {subject} back from {nurse} with its appointment",
               (visit_has_not_begun,), needs_reason=True) for s in _TAKEN),
        *(Step("alone", s, S.ALONE, GO_ALONE.code, "Go on with one nurse",
               "{actor} let the visit go on with one nurse, without {subject}", (one_may_go,), "danger", needs_reason=True)
          for s in (S.WANTED, S.OFFERED, S.ACCEPTED, S.REFUSED)),
    ),
)
SURE = frozenset({"", S.ACCEPTED.value, S.PRESENT.value, S.ALONE.value})
SETTLED = frozenset({"", S.PRESENT.value, S.ALONE.value})
HOLDS = (S.OFFERED.value, S.ACCEPTED.value, S.PRESENT.value)
GOES = (S.ACCEPTED.value, S.PRESENT.value)
