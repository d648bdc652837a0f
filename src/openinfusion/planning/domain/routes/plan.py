# SPDX-License-Identifier: Apache-2.0
"""A plan of routes: who makes which visit when, what it costs, and what is not placed."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Call:
    """One visit of a route: arrival, begin and end of the work."""

    visit: str
    arrives: int
    starts: int
    ends: int


@dataclass(frozen=True, slots=True)
class Pause:
    """A break that is taken, before the call of this number. ``there``: at that call's place, else where one was."""

    starts: int
    ends: int
    before: int
    there: bool = False


@dataclass(frozen=True, slots=True)
class Route:
    """A shift as planned."""

    shift: str
    person: str
    leaves: int
    returns: int
    calls: tuple[Call, ...]
    pauses: tuple[Pause, ...] = ()
    distance: int = 0


@dataclass(frozen=True, slots=True)
class RouteCost:
    """What the plan costs, part by part, in points; ``total`` is their sum."""

    distance: int = 0
    paid: int = 0
    overtime: int = 0
    late: int = 0
    longest_late: int = 0
    longest_day: int = 0
    longest_week: int = 0
    people: int = 0
    fixed: int = 0
    left_out: int = 0

    @property
    def total(self) -> int:
        return (
            self.distance + self.paid + self.overtime + self.late + self.longest_late + self.longest_day + self.longest_week
            + self.people + self.fixed + self.left_out
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class RoutePlan:
    """The routes in the order of the problem's shifts; empty shifts have no route. ``method``: what made it."""

    routes: tuple[Route, ...]
    unplaced: tuple[str, ...]
    cost: RouteCost
    method: str = ""
    note: str = ""

    def placed(self) -> dict[str, tuple[Route, Call]]:
        """Each placed visit with its route."""
        return {c.visit: (r, c) for r in self.routes for c in r.calls}

    def order(self) -> list[tuple[str, str]]:
        """Visits with their shift, in the order in which work begins; ties keep the order of the route."""
        rows = [(c.starts, c.arrives, n, c.visit, r.shift) for r in self.routes for n, c in enumerate(r.calls)]
        return [(visit, shift) for _, _, _, visit, shift in sorted(rows, key=lambda x: x[:3])]
