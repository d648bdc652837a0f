# SPDX-License-Identifier: Apache-2.0
"""Rows that rooms hand to the desk: work that waits for somebody, and things that a search found."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

SHOWN = 100


@dataclass(frozen=True, slots=True)
class Waiting:
    """One piece of work in a queue: whose turn, what it is, what is missing, since when, by when, where to open it."""

    room: str
    kind: str  # "Referral", "Work order": the noun a person uses
    id: UUID
    title: str  # what it is, in one line, without the patient's name
    patient: str  # FAMILY, Given; empty where there is none
    state: str  # in words
    tone: str
    owner: str  # the role whose turn it is
    since: datetime
    url: str
    due_at: datetime | None = None
    missing: tuple[str, ...] = ()

    @property
    def place(self) -> tuple[bool, datetime, datetime]:
        """Where it stands in a queue: by when it is due, then the oldest first."""
        return self.due_at is None, self.due_at or self.since, self.since


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """What the desk asks each room: whose turn it is, which kind of work, and how many rows a page can show."""

    roles: frozenset[str] | None = None  # None: everybody's work
    kind: str = ""  # empty: every kind
    limit: int = SHOWN

    def wants(self, kind: str) -> bool:
        return not self.kind or self.kind == kind

    def has(self, owner: str) -> bool:
        """Whether this role's work is asked for; what is nobody's turn never is."""
        return bool(owner) and (self.roles is None or owner in self.roles)


EVERYTHING = Ask()


@dataclass(frozen=True, slots=True)
class Waited:
    """What waits in a room: the first rows of the kind asked for; of every kind the number; how many are late."""

    rows: tuple[Waiting, ...] = ()
    counts: Counter[str] = field(default_factory=Counter)
    late: int = 0

    def __add__(self, other: Waited) -> Waited:
        return Waited((*self.rows, *other.rows), self.counts + other.counts, self.late + other.late)


def few(kind: str, ask: Ask, late_at: datetime, found: Callable[[], Iterable[Waiting]]) -> Waited:
    """For work of which there is never much: every row is made, then counted and cut here."""
    mine = [w for w in found() if ask.has(w.owner)]
    late = sum(1 for w in mine if w.due_at is not None and w.due_at < late_at)
    rows = sorted(mine, key=lambda w: w.place)[: ask.limit] if ask.wants(kind) else []
    return Waited(tuple(rows), Counter({kind: len(mine)}) if mine else Counter(), late)


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing a search found."""

    kind: str
    title: str
    detail: str
    url: str


@dataclass(frozen=True, slots=True)
class ChartRow:
    """One thing of a room that belongs on a patient's chart: a course, an order, a ticket, a visit, a claim."""

    kind: str
    title: str
    state: str
    tone: str
    detail: str
    url: str
    at: datetime
