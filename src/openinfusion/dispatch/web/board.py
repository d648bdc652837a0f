# SPDX-License-Identifier: Apache-2.0
"""A plan of several days as a board: people by days."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from openinfusion.dispatch.queries.plan import PersonLine


@dataclass(frozen=True, slots=True)
class Cell:
    """What one person does on one day. ``anchor``: where its turns stand on the page."""

    day: date
    anchor: str
    calls: int
    leaves: datetime
    returns: datetime
    overtime: int


@dataclass(frozen=True, slots=True)
class Row:
    """One person over the days; ``cells`` stand in the order of the days, with an empty one where there is nothing to do."""

    name: str
    calls: int
    hours: str
    overtime: int
    cells: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True)
class Board:
    days: tuple[date, ...]
    rows: tuple[Row, ...]


def board_of(days: Sequence[date], people: Sequence[PersonLine]) -> Board:
    """Everybody who has something to do, by name."""
    names = sorted({p.name for p in people})
    return Board(tuple(days), tuple(_row(name, days, people) for name in names))


def anchor_of(number: int) -> str:
    return f"turn-{number}"


def _row(name: str, days: Sequence[date], people: Sequence[PersonLine]) -> Row:
    own = [(n, p) for n, p in enumerate(people, 1) if p.name == name]
    minutes = sum(int((p.returns - p.leaves).total_seconds()) // 60 for _, p in own)
    cells = tuple(
        tuple(Cell(day, anchor_of(n), len(p.calls), p.leaves, p.returns, p.overtime) for n, p in own if p.day == day)
        for day in days
    )  # fmt: skip
    over = sum(p.overtime for _, p in own)
    return Row(name, sum(len(p.calls) for _, p in own), f"{minutes // 60}:{minutes % 60:02d}", over, cells)
