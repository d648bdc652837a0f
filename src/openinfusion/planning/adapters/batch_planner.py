# SPDX-License-Identifier: Apache-2.0
"""A plan of a day at the bench: annealing over order and station, then CP-SAT from there with its bound; then the check."""

from __future__ import annotations

import importlib.util
from typing import Any

from openinfusion.kernel.refusal import Broken
from openinfusion.planning.adapters.batch_model import by_cpsat
from openinfusion.planning.adapters.effort import Effort
from openinfusion.planning.domain.batches.check import faults_of
from openinfusion.planning.domain.batches.plan import BatchPlan, by_rule, due_by_family, earliest_due, made
from openinfusion.planning.domain.batches.problem import BatchProblem

MOST_STATED = 40  # beyond so many steps with change-overs CP-SAT finds nothing that annealing has not found
HOT, COOL = 120.0, 0.5


def plan_batches(problem: BatchProblem, effort: Effort | None = None) -> BatchPlan:
    """The best day found in the time. Without the planning packages: the better of two lists."""
    effort = effort or Effort(2)
    plan = min((earliest_due(problem), due_by_family(problem)), key=lambda p: p.cost)
    if len(problem.preparations) > 1 and importlib.util.find_spec("numba"):
        asked = effort.engine == "auto" and effort.seconds >= 1 and _stated(problem) and importlib.util.find_spec("ortools")
        plan = _annealed(problem, effort, effort.seconds * (0.4 if asked else 1), plan)
        if asked and not plan.unplaced:
            plan = by_cpsat(problem, effort, plan, effort.seconds * 0.6)
    faults = faults_of(problem, plan)
    if faults:
        raise Broken(f"the check of a day at the bench found: {'; '.join(faults[:5])}")
    return plan


def _stated(problem: BatchProblem) -> bool:
    """Whether CP-SAT is worth its time."""
    return sum(problem.change[s.family] > 0 for r in problem.preparations for s in r.steps) <= MOST_STATED


def _annealed(problem: BatchProblem, effort: Effort, seconds: float, start: BatchPlan) -> BatchPlan:
    import numpy as np

    from openinfusion.planning.adapters.batch_kernel import anneal, bench_of, decode, room_for

    bench, room = bench_of(problem), room_for(problem)
    number, names = {r.name: n for n, r in enumerate(problem.preparations)}, {s.name: n for n, s in enumerate(problem.stations)}
    begins, count = [int(b) for b in bench.begins], len(bench.owner)
    at: Any = np.full(count, -1, np.int64)
    seen = dict.fromkeys(range(len(number)), 0)
    for n, station in by_rule(problem, range(len(number))):
        at[begins[n] + seen[n]] = station
        seen[n] += 1
    turns = [(begins[number[t.preparation]] + t.step, names[t.station]) for t in start.turns]
    for q, station in turns:
        at[q] = station
    first = [q for q, _ in turns]
    order: Any = np.array([*first, *(q for q in range(count) if q not in set(first))], np.int64)
    cost = int(decode(bench, room, order, at, np.inf))
    best, best_at, costs = order.copy(), at.copy(), np.array([cost, cost], np.int64)
    random = np.array([effort.seed * 2_654_435_761 % (1 << 62) + 1], np.uint64)
    begun, chunk, spent = effort.clock(), 200, 0.0
    while spent < seconds:
        heat = [HOT * (COOL / HOT) ** min(1.0, x / seconds) for x in (spent, spent + seconds / 40)]
        before = effort.clock()
        anneal(bench, room, order, at, best, best_at, costs, random, heat[0], heat[1], chunk)
        chunk = max(50, min(int(chunk * (seconds / 40) / max(effort.clock() - before, 1e-6)), chunk * 4))
        spent = effort.clock() - begun
    plan = made(problem, entries(bench, best, best_at), "annealing")
    return plan if plan.cost < start.cost else start


def entries(bench: Any, order: Any, at: Any) -> list[tuple[int, int]]:
    """The order as preparations, each entry its next step, with the stations; what has no station is not there."""
    seen: dict[int, int] = {}
    found = []
    for q in order:
        n = int(bench.owner[q])
        step = int(bench.begins[n]) + seen.get(n, 0)
        seen[n] = seen.get(n, 0) + 1
        if min(at[bench.begins[n] : bench.begins[n + 1]]) >= 0:
            found.append((n, int(at[step])))
    return found
