# SPDX-License-Identifier: Apache-2.0
"""The month and its close: what must be done or explained first, closed by one person and approved by another."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from openinfusion.billing.permissions import CLOSE
from openinfusion.kernel.machine import Machine, Step
from openinfusion.kernel.refusal import Reason
from openinfusion.kernel.roles import Role


class PeriodState(StrEnum):
    OPEN = "open"
    PROPOSED = "proposed"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Todo:
    """One thing that stands against the close: what it is, where it is mended, and the explanation if there is one.

    ``can_explain`` is false where only mending helps: a ledger that does not agree is never explained away.
    """

    key: str
    text: str
    url: str = ""
    can_explain: bool = True
    explained: str = ""

    @property
    def stands(self) -> bool:
        return not (self.can_explain and self.explained)


@dataclass(frozen=True, slots=True)
class Item:
    """One line of the checklist, with how much of it was looked at and what stands against it."""

    key: str
    title: str
    looked_at: int
    todo: tuple[Todo, ...]

    @property
    def standing(self) -> int:
        return sum(1 for t in self.todo if t.stands)

    @property
    def is_done(self) -> bool:
        return not self.standing


def with_notes(items: tuple[Item, ...], notes: Mapping[str, str]) -> tuple[Item, ...]:
    """The checklist with what people wrote to explain its rows."""
    return tuple(
        Item(i.key, i.title, i.looked_at, tuple(
            Todo(t.key, t.text, t.url, t.can_explain, notes.get(t.key, "")) for t in i.todo)) for i in items
    )


def month_of(day: date) -> tuple[date, date]:
    """First and last day of the month a day lies in."""
    first = day.replace(day=1)
    return first, (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)


@dataclass(frozen=True, slots=True)
class PeriodFacts:
    """What the guards ask; ``closer`` and ``actor`` are ids of people."""

    last: date
    today: date
    items: tuple[Item, ...] = ()
    closer: str = ""
    actor: str = ""
    earlier_open: str = ""


def month_is_over(f: PeriodFacts) -> Reason | None:
    return Reason("not-over", f"the month ends on {f.last:%d-%b-%Y}") if f.today <= f.last else None


def everything_is_done_or_explained(f: PeriodFacts) -> Reason | None:
    left = [f"{i.title}: {i.standing}" for i in f.items if not i.is_done]
    return Reason("checklist", "the checklist is not done: " + "; ".join(left), "mend or explain each row") if left else None


def approver_is_another_person(f: PeriodFacts) -> Reason | None:
    return Reason("same-person", "whoever closed the month does not approve it") if f.actor == f.closer else None


def months_close_in_order(f: PeriodFacts) -> Reason | None:
    return Reason("earlier-open", f"{f.earlier_open} is not closed yet") if f.earlier_open else None


S, C = PeriodState, CLOSE.code

PERIOD: Machine[PeriodState, PeriodFacts] = Machine(
    name="billing.period",
    initial=S.OPEN,
    owners={S.OPEN: "", S.PROPOSED: Role.EXECUTIVE, S.CLOSED: ""},
    tones={S.OPEN: "info", S.PROPOSED: "wait", S.CLOSED: "ok"},
    steps=(
        Step("propose", S.OPEN, S.PROPOSED, C, "Close the month", "{actor} closed {subject}, to be approved by another person",
             (month_is_over, months_close_in_order, everything_is_done_or_explained), "primary"),
        Step("approve", S.PROPOSED, S.CLOSED, C, "Approve the close", "{actor} approved the close of {subject}",
             (approver_is_another_person, everything_is_done_or_explained), "primary"),
        Step("send_back", S.PROPOSED, S.OPEN, C, "Send it back", "{actor} sent {subject} back", (), "neutral", needs_reason=True),
        Step("reopen", S.CLOSED, S.OPEN, C, "Reopen", "{actor} reopened {subject}", (), "danger", needs_reason=True),
    ),
)
