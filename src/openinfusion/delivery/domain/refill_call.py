# SPDX-License-Identifier: Apache-2.0
"""The pre-delivery call: what the patient is asked, and what in the answers must come to somebody before it goes."""
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum
from uuid import UUID

from openinfusion.delivery.domain.question import Said, question
from openinfusion.kernel.refusal import Fault, Malformed, Reason
from openinfusion.kernel.roles import Role


class Attempt(StrEnum):
    """How a call ended that reached nobody who could answer."""

    NO_ANSWER = "no_answer"
    LEFT_MESSAGE = "left_message"
    BUSY = "busy"
    WRONG_NUMBER = "wrong_number"
    ASKED_TO_CALL_AGAIN = "asked_to_call_again"


@dataclass(frozen=True, slots=True)
class OnHand:
    """So many of one line of the ticket are still at home."""

    line_id: UUID
    text: str
    count: int


@dataclass(frozen=True, slots=True)
class Answers:
    """What was said on the call. ``spoke_with`` is the person who answered, ``relation`` theirs to the patient.

    ``said``: the questions of the therapy's class. ``on_hand``: item by item. ``window_from``, ``window_to``: between
    which hours it may come, by the patient's clock; ``receives``: who will take it.
    """

    spoke_with: str
    relation: str
    doses_on_hand: int
    doses_missed: int
    missed_why: str
    changes: str
    side_effects: str
    is_address_right: bool
    consents: bool
    need_by: date
    instructions: str = ""
    said: tuple[Said, ...] = ()
    on_hand: tuple[OnHand, ...] = ()
    receives: str = ""
    window_from: time | None = None
    window_to: time | None = None
    supplies_wanted: str = ""


@dataclass(frozen=True, slots=True)
class Raised:
    """An answer somebody of a role must look at: the question's code and the words."""

    code: str
    role: str
    text: str


def flags(a: Answers) -> tuple[str, ...]:
    """What a pharmacist should hear of before the delivery leaves, in words."""
    return tuple(r.text for r in raised(a) if r.role == Role.PHARMACIST)


def raised(a: Answers) -> tuple[Raised, ...]:
    """Everything in the answers that somebody must look at, and whose turn it is."""
    return (*_of_words(a), *_of_questions(a))


def _of_words(a: Answers) -> Iterator[Raised]:
    rph = Role.PHARMACIST.value
    if a.changes.strip():
        yield Raised("changes", rph, f"change reported: {a.changes.strip()}")
    if a.side_effects.strip():
        yield Raised("side_effects", rph, f"side effects reported: {a.side_effects.strip()}")
    if a.doses_missed:
        why = f" ({a.missed_why.strip()})" if a.missed_why.strip() else ""
        yield Raised("doses_missed", rph, f"{a.doses_missed} doses missed{why}")
    if a.doses_on_hand > 2:
        yield Raised("doses_on_hand", rph, f"{a.doses_on_hand} doses still on hand")


def _of_questions(a: Answers) -> Iterator[Raised]:
    for said in a.said:
        asked = question(said.code)
        if said.answer is asked.raised:
            words = f" {said.words.strip()}" if said.words.strip() else ""
            yield Raised(asked.code, asked.role, f"{asked.text} {said.answer.value.capitalize()}.{words}")


def against_delivery(a: Answers) -> Iterator[Reason]:
    """What on the call forbids the delivery: no auto-shipping, no consent, wrong address."""
    if not a.consents:
        yield Reason("no-consent", "the patient did not agree to this delivery", "call again")
    if not a.is_address_right:
        yield Reason("address-wrong", "the address was said to be wrong", "correct it on the chart, then call again")
    if not a.spoke_with.strip():
        yield Reason("nobody-answered", "the person spoken to is not named")


def must_be_sound(a: Answers) -> None:
    """Malformed where the answers cannot be so: a window that ends before it begins, a question answered twice."""
    faults = []
    if (a.window_from is None) != (a.window_to is None):
        faults.append(Fault("Window", "give both hours, or neither"))
    if a.window_from and a.window_to and a.window_from >= a.window_to:
        faults.append(Fault("Window", "it ends before it begins"))
    if len({s.code for s in a.said}) != len(a.said):
        faults.append(Fault("said", "a question is answered twice"))
    for said in a.said:
        question(said.code)
    if faults:
        raise Malformed(*faults)
