# SPDX-License-Identifier: Apache-2.0
"""A plan of a day at the bench: annealing over order and hood, CP-SAT as a second opinion with a bound. Checked by other code."""

from __future__ import annotations

import importlib.util
from typing import Any

from openinfusion.kernel.refusal import Broken
from openinfusion.planning.adapters.effort import Effort
from openinfusion.planning.domain.batches.check import faults_of
from openinfusion.planning.domain.batches.plan import BatchPlan, by_rule, due_by_family, earliest_due, made
from openinfusion.planning.domain.batches.problem import BatchProblem

WORKERS = 8
MOST_STATED = 40  # beyond so many preparations CP-SAT finds nothing that annealing has not found
HOT, COOL = 120.0, 0.5


def plan_batches(problem: BatchProblem, effort: Effort | None = None) -> BatchPlan:
    """The best day found in the time. Without the planning packages: the better of two lists."""
    effort = effort or Effort(2)
    plan = min((earliest_due(problem), due_by_family(problem)), key=lambda p: p.cost)
    if len(problem.preparations) > 1 and importlib.util.find_spec("numba"):
        plan = _annealed(problem, effort, plan)
    faults = faults_of(problem, plan)
    if faults:
        raise Broken(f"the check of a day at the bench found: {'; '.join(faults[:5])}")
    return plan


def _annealed(problem: BatchProblem, effort: Effort, start: BatchPlan) -> BatchPlan:
    import numpy as np

    from openinfusion.planning.adapters.batch_kernel import anneal, bench_of, decode

    bench = bench_of(problem)
    at = {t.preparation: (n, t.hood) for n, t in enumerate(start.turns)}
    names = {h.name: n for n, h in enumerate(problem.hoods)}
    count = len(problem.preparations)
    first = dict(by_rule(problem, range(count)))
    rows = problem.preparations
    order: Any = np.array(sorted(range(count), key=lambda n: at.get(rows[n].name, (count, ""))[0]), np.int64)
    hood: Any = np.array([names[at[r.name][1]] if r.name in at else first.get(n, -1) for n, r in enumerate(rows)], np.int64)
    size = len(problem.hoods)
    cost = int(decode(bench, order, hood, np.zeros(size, np.int64), np.zeros(size, np.int64), np.inf))
    best, best_hood, costs = order.copy(), hood.copy(), np.array([cost, cost], np.int64)
    random = np.array([effort.seed * 2_654_435_761 % (1 << 62) + 1], np.uint64)
    begun, chunk, spent = effort.clock(), 200, 0.0
    while spent < effort.seconds:
        heat = [HOT * (COOL / HOT) ** min(1.0, x / effort.seconds) for x in (spent, spent + effort.seconds / 40)]
        before = effort.clock()
        anneal(bench, order, hood, best, best_hood, costs, random, heat[0], heat[1], chunk)
        chunk = max(50, min(int(chunk * (effort.seconds / 40) / max(effort.clock() - before, 1e-6)), chunk * 4))
        spent = effort.clock() - begun
    plan = made(problem, [(int(i), int(best_hood[i])) for i in best if best_hood[i] >= 0], "annealing")
    return plan if plan.cost < start.cost else start


def second_opinion(problem: BatchProblem, plan: BatchPlan, effort: Effort) -> tuple[int | None, int]:
    """What CP-SAT finds from the plan in the time (None: nothing), and the bound below which no day can cost."""
    if len(problem.preparations) > MOST_STATED:
        return None, 0
    from ortools.sat.python import cp_model

    model = cp_model.CpModel()
    latest = max((h.closes for h in problem.hoods), default=0)
    at = {t.preparation: t for t in plan.turns}
    rows = [r for r in problem.preparations if r.name in at]
    starts = {r.name: model.new_int_var(max(0, r.release, r.due - r.bud - r.lasts), max(latest, 0), "") for r in rows}
    terms: list[Any] = []
    on: dict[str, list[Any]] = {r.name: [] for r in rows}
    for h, hood in enumerate(problem.hoods):
        able = [r for r in rows if h in problem.hoods_for(r)]
        arcs: list[Any] = [(0, 0, model.new_bool_var(""))]
        for n, r in enumerate(able, 1):
            here, begins, ends = (model.new_bool_var("") for _ in range(3))
            on[r.name].append(here)
            change = problem.family(r).change
            arcs += [(n, n, here.negated()), (0, n, begins), (n, 0, ends)]
            model.add(starts[r.name] >= hood.opens + change).only_enforce_if(begins)
            model.add(starts[r.name] + r.lasts <= hood.closes).only_enforce_if(here)
            terms.append(problem.prices.change * change * begins)
            for m, after in enumerate(able, 1):
                if m != n:
                    follows = model.new_bool_var("")
                    arcs.append((n, m, follows))
                    gap = problem.family(after).change if after.family != r.family else 0
                    model.add(starts[after.name] >= starts[r.name] + r.lasts + gap).only_enforce_if(follows)
                    terms.append(problem.prices.change * gap * follows)
            model.add_hint(here, at[r.name].hood == hood.name)
        model.add_circuit(arcs)
    for r in rows:
        model.add_exactly_one(on[r.name])
        late = model.new_int_var(0, latest, "")
        model.add(late >= starts[r.name] + r.lasts - r.due)
        terms.append(problem.prices.late * r.weight * late)
        model.add_hint(starts[r.name], at[r.name].starts)
    model.minimize(sum(terms))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers, solver.parameters.random_seed = WORKERS, effort.seed
    solver.parameters.max_time_in_seconds = effort.seconds
    status = solver.solve(model)
    out = problem.prices.left_out * len(plan.unplaced)
    found = round(solver.objective_value) + out if status in (cp_model.OPTIMAL, cp_model.FEASIBLE) else None
    return found, round(solver.best_objective_bound) + out
