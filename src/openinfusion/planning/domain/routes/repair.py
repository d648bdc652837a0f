# SPDX-License-Identifier: Apache-2.0
"""An order that breaks a rule, mended: the visits that cost most are taken out until it holds, and put elsewhere."""

from __future__ import annotations

from openinfusion.planning.domain.routes.eligible import eligible
from openinfusion.planning.domain.routes.insertion import inserted, linked
from openinfusion.planning.domain.routes.problem import RoutingProblem
from openinfusion.planning.domain.routes.timing import Order, timed


def repaired(problem: RoutingProblem, order: Order) -> Order:
    """An order that keeps every hard rule, with as much of the given one as holds."""
    order = _allowed(problem, order)
    for shift in range(len(problem.shifts)):
        order = _held(problem, order, shift)
    return inserted(problem, order)


def _allowed(problem: RoutingProblem, order: Order) -> Order:
    """Without visits on a shift that may not hold them, and without half pairs."""
    may = eligible(problem)
    shift_of = {v: s for v, s in order if s in may[v]}
    for pair in problem.pairs:
        a, b = problem.visit_at[pair.first], problem.visit_at[pair.second]
        if shift_of.get(a) is None or shift_of.get(b) is None or shift_of[a] == shift_of[b]:
            shift_of.pop(a, None)
            shift_of.pop(b, None)
    return [(v, s) for v, s in order if shift_of.get(v) == s]


def _held(problem: RoutingProblem, order: Order, shift: int) -> Order:
    """Without the visits of one shift that its day cannot hold: each time the one whose leaving mends most."""
    part = linked(problem, order, (shift,))
    while timed(problem, [x for x in order if x[1] in part]).miss:
        options = [v for v, s in order if s == shift] or [v for v, s in order if s in part]
        if not options:
            return order
        order = min((_without(problem, order, v) for v in options),
                    key=lambda o: (timed(problem, [x for x in o if x[1] in part]).miss, -len(o)))  # fmt: skip
    return order


def _without(problem: RoutingProblem, order: Order, visit: int) -> Order:
    pair = problem.pair_of.get(problem.visits[visit].name)
    gone = {visit} if pair is None else {problem.visit_at[pair.first], problem.visit_at[pair.second]}
    return [x for x in order if x[0] not in gone]
