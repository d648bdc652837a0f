# SPDX-License-Identifier: Apache-2.0
"""A plan without any library: visits put in one after the other where they cost least, the most pressing first."""

from __future__ import annotations

from collections.abc import Iterable

from openinfusion.planning.domain.routes.eligible import eligible, windows_of
from openinfusion.planning.domain.routes.problem import RoutingProblem
from openinfusion.planning.domain.routes.timing import Order, timed


def inserted(problem: RoutingProblem, order: Order, visits: Iterable[int] | None = None) -> Order:
    """The order with these visits (all that are missing, without them) put in; what fits nowhere stays out."""
    may = eligible(problem)
    done = {v for v, _ in order}
    todo = sorted((v for v in (range(len(problem.visits)) if visits is None else visits) if v not in done),
                  key=lambda v: (len(may[v]), windows_of(problem, problem.visits[v])[-1].closes, v))  # fmt: skip
    for visit in todo:
        if visit in {v for v, _ in order}:
            continue
        order = _cheapest(problem, order, visit, may) or order
    return order


def quick(problem: RoutingProblem) -> Order:
    """A first plan in the order of windows: each visit is appended where it costs least. Nobody comes too late by it."""
    return inserted(problem, [])


def _cheapest(problem: RoutingProblem, order: Order, visit: int, may: list[list[int]]) -> Order | None:
    """The order with one visit (and its other half) more; None where every way breaks something."""
    pair = problem.pair_of.get(problem.visits[visit].name)
    halves = [visit] if pair is None else [problem.visit_at[pair.first], problem.visit_at[pair.second]]
    best: tuple[int, Order] | None = None
    for shifts in _shifts(halves, may):
        way = best_way(problem, order, halves, shifts)
        if way and (best is None or way[0] < best[0]):
            best = way
    return best[1] if best else None


def best_way(problem: RoutingProblem, order: Order, halves: list[int], shifts: tuple[int, ...]) -> tuple[int, Order] | None:
    """The cheapest place of these visits on these shifts: what the plan then costs more, and the new order."""
    part = linked(problem, order, shifts)
    base = timed(problem, [x for x in order if x[1] in part]).plan.cost.total
    best: tuple[int, Order] | None = None
    for place in _places(problem, order, halves, shifts):
        trial = [*order[:place], *zip(halves, shifts, strict=True), *order[place:]]
        found = timed(problem, [x for x in trial if x[1] in part])
        more = found.plan.cost.total - base
        if found.miss == 0 and (best is None or more < best[0]):
            best = (more, trial)
    return best


def linked(problem: RoutingProblem, order: Order, shifts: tuple[int, ...]) -> set[int]:
    """These shifts and every one whose times hang on theirs by a pair."""
    shift_of = dict(order)
    ties = [(shift_of.get(problem.visit_at[p.first]), shift_of.get(problem.visit_at[p.second])) for p in problem.pairs]
    found, grown = set(shifts), True
    while grown:
        more = {s for tie in ties if None not in tie and found & set(tie) for s in tie if s is not None} - found
        found, grown = found | more, bool(more)
    return found


def _shifts(halves: list[int], may: list[list[int]]) -> list[tuple[int, ...]]:
    if len(halves) == 1:
        return [(s,) for s in may[halves[0]]]
    return [(a, b) for a in may[halves[0]] for b in may[halves[1]] if a != b]


def _places(problem: RoutingProblem, order: Order, halves: list[int], shifts: tuple[int, ...]) -> list[int]:
    """Where in the order it makes a difference: before each visit of the shifts concerned, and at the end."""
    found = [n for n, (_, s) in enumerate(order) if s in shifts]
    starts = [n for n in found if not _second_half(problem, order[n][0])]
    return [*starts, len(order)]


def _second_half(problem: RoutingProblem, visit: int) -> bool:
    pair = problem.pair_of.get(problem.visits[visit].name)
    return pair is not None and pair.second == problem.visits[visit].name
