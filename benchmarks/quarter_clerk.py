# SPDX-License-Identifier: Apache-2.0
"""A day planned as the telephone rings: the nearest free nurse, the next driver in turn. Nothing is looked at twice."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from openinfusion.planning.domain.routes.eligible import eligible
from openinfusion.planning.domain.routes.timing import Order
from openinfusion.planning.public import RoutePlan, RoutingProblem, timed

Calendar = list[list[int]]  # the visits of each shift, in the order in which they are made
Choice = Callable[[RoutingProblem, Calendar, int, int], Sequence[int]]  # problem, calendars, visit, how many were asked before


def nearest_free(problem: RoutingProblem, held: Calendar, visit: int, asked: int) -> Sequence[int]:
    """Shifts by the way from where each person is last."""
    place = problem.visits[visit].place
    return sorted(range(len(held)), key=lambda s: (problem.distance[_last(problem, held, s)][place], s))


def next_in_turn(problem: RoutingProblem, held: Calendar, visit: int, asked: int) -> Sequence[int]:
    """Shifts beginning with whose turn it is."""
    return [(asked + n) % len(held) for n in range(len(held))]


def clerked(problem: RoutingProblem, choice: Choice, order: Order | None = None) -> RoutePlan:
    """The plan that a clerk makes: each visit in the order of request, with the first who can come without being late.

    Where nobody can, whoever would be late the least; where no window can be kept, it is not placed. ``order``: the plan
    in force, which stays.
    """
    held: Calendar = [[v for v, s in order or [] if s == shift] for shift in range(len(problem.shifts))]
    there, may = {v for row in held for v in row}, eligible(problem)
    for asked, visit in enumerate(v for v in range(len(problem.visits)) if v not in there):
        shifts = [s for s in choice(problem, held, visit, asked) if s in may[visit]]
        best: tuple[int, int, int] | None = None
        for shift in shifts:
            found = _place(problem, held[shift], shift, visit)
            if found and (best is None or found[0] < best[0]):
                best = (found[0], shift, found[1])
            if best and best[0] == 0:
                break
        if best:
            held[best[1]].insert(best[2], visit)
    return timed(problem, [(v, s) for s, row in enumerate(held) for v in row], "first come").plan


def _last(problem: RoutingProblem, held: Calendar, shift: int) -> int:
    return problem.visits[held[shift][-1]].place if held[shift] else problem.shifts[shift].start


def _place(problem: RoutingProblem, row: list[int], shift: int, visit: int) -> tuple[int, int] | None:
    """Minutes of lateness this visit adds, and where: at the end of the calendar, or in the latest gap that holds it."""
    before = _late(problem, row, shift)
    found: list[tuple[int, int]] = []
    for at in range(len(row), -1, -1):
        late = _late(problem, [*row[:at], visit, *row[at:]], shift)
        if late is not None:
            found.append((late - (before or 0), at))
            if found[-1][0] <= 0:
                break
    return min(found, key=lambda f: f[0]) if found else None


def _late(problem: RoutingProblem, row: list[int], shift: int) -> int | None:
    """Minutes after the wished hours of a calendar; None where a hard rule is broken."""
    found = timed(problem, [(v, shift) for v in row])
    return None if found.miss else found.plan.cost.late // max(1, problem.prices.late)
