# SPDX-License-Identifier: Apache-2.0
"""A plan of a suite day: annealing over the order of booking, then CP-SAT from there, with its bound. Checked by other code."""

from __future__ import annotations

import importlib.util
from typing import Any

from openinfusion.kernel.refusal import Broken
from openinfusion.planning.adapters.effort import Effort
from openinfusion.planning.domain.suites.booking import booked, sorted_order
from openinfusion.planning.domain.suites.check import faults_of
from openinfusion.planning.domain.suites.plan import SuitePlan, seat_cost, seated
from openinfusion.planning.domain.suites.problem import SuiteProblem

WORKERS = 8  # with fewer CP-SAT works without its large-neighbourhood searches and finds little, on one core too
HOT, COOL = 30.0, 0.5


def plan_suite(problem: SuiteProblem, effort: Effort | None = None) -> SuitePlan:
    """The best day found in the time. Without the planning packages: booked in the order of the wished times."""
    effort = effort or Effort()
    plan = booked(problem, sorted_order(problem), "sorted")
    if len(problem.appointments) > 1 and importlib.util.find_spec("numba"):
        plan = _annealed(problem, effort, plan)
        left = effort.seconds * 0.7
        if effort.engine == "auto" and left >= 1 and importlib.util.find_spec("ortools"):
            plan = _by_cpsat(problem, effort, plan, left)
    faults = faults_of(problem, plan)
    if faults:
        raise Broken(f"the check of a suite day found: {'; '.join(faults[:5])}")
    return plan


def _annealed(problem: SuiteProblem, effort: Effort, start: SuitePlan) -> SuitePlan:
    import numpy as np

    from openinfusion.planning.adapters.suite_kernel import anneal, day_of, decode, room_for

    day, room = day_of(problem), room_for(problem)
    order: Any = np.array(sorted_order(problem), np.int64)
    best, cost = order.copy(), int(decode(day, room, order, np.inf))
    costs, random = np.array([cost, cost], np.int64), np.array([effort.seed * 2_654_435_761 % (1 << 62) + 1], np.uint64)
    seconds = effort.seconds * (0.3 if effort.engine == "auto" and effort.seconds >= 1.5 else 1.0)
    begun, chunk, spent = effort.clock(), 50, 0.0
    while spent < seconds:
        at = [HOT * (COOL / HOT) ** min(1.0, x / seconds) for x in (spent, spent + seconds / 40)]
        before = effort.clock()
        anneal(day, room, order, best, costs, random, at[0], at[1], chunk)
        chunk = max(20, min(int(chunk * (seconds / 40) / max(effort.clock() - before, 1e-6)), chunk * 4))
        spent = effort.clock() - begun
    plan = booked(problem, [int(i) for i in best], "annealing")
    return plan if plan.cost < start.cost else start


def _by_cpsat(problem: SuiteProblem, effort: Effort, start: SuitePlan, seconds: float) -> SuitePlan:
    """CP-SAT from the annealed plan: what it improves, and the bound below which no plan can be.

    Where somebody has no seat there, whoever does not sit already may be left out, at its price.
    """
    from ortools.sat.python import cp_model

    model = cp_model.CpModel()
    at = {s.appointment: s for s in start.seats}
    latest, p = problem.latest, problem.prices
    starts, preps, placed, sitting, handled, made, terms = {}, {}, {}, [], [], [], []
    fixed = 0
    for a in problem.appointments:
        here = model.new_bool_var("") if start.unplaced and a.held is None else model.new_constant(1)
        placed[a.name] = here
        if a.held is not None:
            fixed += seat_cost(problem, a, a.held)
            s, prep = model.new_constant(a.held), model.new_constant(at[a.name].prep_starts)
        else:
            first, last = max(problem.opens, a.asked), latest - a.lasts
            if a.pinned is not None:
                first, last = max(first, a.pinned), min(last, a.pinned)
            if first > last:  # it cannot sit on this day whatever else is done
                model.add(here == 0)
            s, prep = model.new_int_var(min(first, latest), max(first, last), ""), model.new_int_var(0, latest, "")
        starts[a.name], preps[a.name] = s, prep
        sitting.append((_span(model, s, a.lasts, here), a.acuity))
        handled += [_span(model, s, a.setup, here), _span(model, s + a.lasts - a.disconnect, a.disconnect, here)]
        made.append(_span(model, prep, a.prep, here))
        if a.held is not None:
            continue
        model.add(prep + a.prep <= s).only_enforce_if(here)
        model.add(s <= prep + a.prep + a.bud).only_enforce_if(here)
        wait, after, beyond = (model.new_int_var(0, latest, "") for _ in range(3))
        model.add(wait >= s - a.asked).only_enforce_if(here)
        model.add(after >= s + a.lasts - problem.closes).only_enforce_if(here)
        model.add(beyond >= s - a.asked - a.flex).only_enforce_if(here)
        terms += [a.weight * p.wait * wait, p.after * after, p.beyond * beyond, p.left_out * (1 - here)]
        if a.promised is not None and p.moved:
            moved = model.new_int_var(0, latest, "")
            model.add(moved >= s - a.promised).only_enforce_if(here)
            model.add(moved >= a.promised - s).only_enforce_if(here)
            terms.append(p.moved * moved)
        if start.unplaced:
            model.add_hint(here, a.name in at)
        if a.name in at:
            model.add_hint(s, at[a.name].starts)
            model.add_hint(prep, at[a.name].prep_starts)
    most = max(problem.hands, default=0)
    gaps = [(t, most - h) for t, h in enumerate(problem.hands) if h < most]
    away = [(model.new_fixed_size_interval_var(t, 1, ""), gap) for t, gap in gaps]
    model.add_cumulative([iv for iv, _ in sitting], [1] * len(sitting), len(problem.chairs))
    watched, hands = [*sitting, *((iv, problem.ratio * g) for iv, g in away)], [*((iv, 1) for iv in handled), *away]
    model.add_cumulative([iv for iv, _ in watched], [n for _, n in watched], problem.ratio * most)
    model.add_cumulative([iv for iv, _ in hands], [n for _, n in hands], most)
    model.add_cumulative(made, [1] * len(made), problem.benches)
    model.minimize(sum(terms))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers, solver.parameters.random_seed = WORKERS, effort.seed
    solver.parameters.max_time_in_seconds = seconds
    status = solver.solve(model)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return start
    bound = fixed + round(solver.best_objective_bound)
    values = {n: (solver.value(s), solver.value(preps[n])) for n, s in starts.items() if solver.value(placed[n])}
    found = seated(problem, values, "annealing and CP-SAT", bound)
    return found if found.cost <= start.cost else SuitePlan(start.seats, start.unplaced, start.cost, start.method, bound)


def _span(model: Any, begins: Any, lasts: int, here: Any) -> Any:
    """An interval that counts only where the appointment is placed."""
    return model.new_optional_fixed_size_interval_var(begins, lasts, here, "")
