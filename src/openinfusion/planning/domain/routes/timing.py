# SPDX-License-Identifier: Apache-2.0
"""From an order of visits with their shifts to the times, the cost and what would be broken."""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from openinfusion.planning.domain.routes.day import Day, Ended
from openinfusion.planning.domain.routes.eligible import person_cost
from openinfusion.planning.domain.routes.plan import RouteCost, RoutePlan
from openinfusion.planning.domain.routes.problem import Pair, RoutingProblem

Order = list[tuple[int, int]]  # visit and shift numbers; the halves of a pair are appended at once, at the first one's place


@dataclass(frozen=True, slots=True)
class Timed:
    """A plan with its times. ``miss``: by how much hard limits are broken; 0 where the plan may be used."""

    plan: RoutePlan
    miss: int


def timed(problem: RoutingProblem, order: Sequence[tuple[int, int]], method: str = "", note: str = "") -> Timed:
    """The plan that this order gives. What the order does not name is left out."""
    days = [Day(problem, s) for s in problem.shifts]
    shift_of = dict(order)
    done: set[int] = set()
    broken = 0
    for visit, shift in order:
        if visit in done:
            continue
        pair = problem.pair_of.get(problem.visits[visit].name)
        if pair is None:
            one = problem.visits[visit]
            days[shift].take(one, days[shift].attempt(one))
            done.add(visit)
            continue
        first, second = problem.visit_at[pair.first], problem.visit_at[pair.second]
        done |= {first, second}
        if first in shift_of and second in shift_of and shift_of[first] != shift_of[second]:
            broken += _together(problem, days, pair, (first, shift_of[first]), (second, shift_of[second]))
    ended = [d.finish() for d in days if d.calls]
    return Timed(_plan(problem, ended, method, note), broken + sum(e.miss for e in ended))


def _together(problem: RoutingProblem, days: list[Day], pair: Pair, a: tuple[int, int], b: tuple[int, int]) -> int:
    """Both halves of a pair: each waits for the other as the gap between them asks."""
    one, two = problem.visits[a[0]], problem.visits[b[0]]
    first, second = days[a[1]].attempt(one), days[b[1]].attempt(two)
    for _ in range(3):
        if second.starts < first.starts + pair.least:
            second = days[b[1]].attempt(two, first.starts + pair.least)
        if second.starts > first.starts + pair.most:
            first = days[a[1]].attempt(one, second.starts - pair.most)
    days[a[1]].take(one, first, fixed=True)
    days[b[1]].take(two, second, fixed=True)
    gap = second.starts - first.starts
    return max(0, pair.least - gap, gap - pair.most)


def _plan(problem: RoutingProblem, ended: list[Ended], method: str, note: str) -> RoutePlan:
    routes = tuple(e.route() for e in ended)
    placed = {visit.name for e in ended for visit, _, _ in e.day.calls}
    unplaced = tuple(v.name for v in problem.visits if v.name not in placed)
    return RoutePlan(routes, unplaced, _cost(problem, ended, unplaced), method, note)


def _cost(problem: RoutingProblem, ended: list[Ended], unplaced: Iterable[str]) -> RouteCost:
    p = problem.prices
    late = [visit.late(starts) for e in ended for visit, starts, _ in e.day.calls]
    visits = problem.visit_at
    keep = [problem.visits[visits[name]].keep for name in unplaced]
    return RouteCost(
        distance=p.distance * sum(e.day.distance for e in ended),
        paid=p.paid * sum(e.returns - e.leaves for e in ended),
        overtime=p.overtime * sum(e.overtime for e in ended),
        late=p.late * sum(late),
        longest_late=p.longest_late * max(late, default=0),
        longest_day=p.longest_day * max((e.returns - e.leaves for e in ended), default=0),
        longest_week=p.longest_week * _longest_week(ended),
        people=sum(person_cost(problem, e.day.shift, visit) for e in ended for visit, _, _ in e.day.calls),
        fixed=sum(e.day.shift.fixed for e in ended),
        left_out=sum(p.left_out if k is None else k for k in keep),
    )


def _longest_week(ended: Iterable[Ended]) -> int:
    """The greatest time away of one person over all shifts."""
    away: Counter[str] = Counter()
    for e in ended:
        away[e.day.shift.person] += e.returns - e.leaves
    return max(away.values(), default=0)


def order_of(problem: RoutingProblem, plan: RoutePlan) -> Order:
    """An order that gives the plan's routes again: sorted by beginning, and no visit before one that goes before it."""
    shift_of = {c.visit: problem.shift_at[r.shift] for r in plan.routes for c in r.calls if c.visit in problem.visit_at}
    starts = {c.visit: c.starts for r in plan.routes for c in r.calls}
    chains = [[c.visit for c in r.calls if c.visit in shift_of] for r in plan.routes]
    return [(problem.visit_at[v], shift_of[v]) for v in _sorted(problem, chains, starts)]


def _sorted(problem: RoutingProblem, chains: list[list[str]], starts: dict[str, int]) -> list[str]:
    """Visits in an order that agrees with every chain; the halves of a pair count as one."""
    unit = {v: (problem.pair_of[v].first if v in problem.pair_of else v) for chain in chains for v in chain}
    members: dict[str, list[str]] = {}
    for v in unit:
        members.setdefault(unit[v], []).append(v)
    after: dict[str, list[str]] = {u: [] for u in members}
    before = dict.fromkeys(members, 0)
    for chain in chains:
        for a, b in pairwise(chain):
            if unit[a] != unit[b]:
                after[unit[a]].append(unit[b])
                before[unit[b]] += 1
    keyed = {u: min(starts[v] for v in vs) for u, vs in members.items()}
    heap = [(keyed[u], u) for u, n in before.items() if n == 0]
    heapq.heapify(heap)
    found: list[str] = []
    left = set(members)
    while left:
        if not heap:  # a ring of pairs, which no order gives: begin with the earliest
            heap.append(min((keyed[u], u) for u in left))
        _, u = heapq.heappop(heap)
        if u not in left:
            continue
        left.remove(u)
        found += members[u]
        for follower in after[u]:
            before[follower] -= 1
            if before[follower] == 0 and follower in left:
                heapq.heappush(heap, (keyed[follower], follower))
    return found
