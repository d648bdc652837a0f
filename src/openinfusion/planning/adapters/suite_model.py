# SPDX-License-Identifier: Apache-2.0
"""A suite day as CP-SAT states it: from a plan to a better one, and the bound below which no day can cost."""

from __future__ import annotations

from typing import Any

from openinfusion.planning.adapters.cpsat import solver_for
from openinfusion.planning.adapters.effort import Effort
from openinfusion.planning.domain.suites.plan import SuitePlan, seat_cost, seated
from openinfusion.planning.domain.suites.problem import SuiteProblem


def by_cpsat(problem: SuiteProblem, effort: Effort, start: SuitePlan, seconds: float) -> SuitePlan:
    """CP-SAT from the annealed plan: what it improves, and the bound below which no plan can be.

    Where somebody has no seat there, whoever does not sit already may be left out, at its price.
    """
    from ortools.sat.python import cp_model

    model = cp_model.CpModel()
    at = {s.appointment: s for s in start.seats}
    latest, p = problem.latest, problem.prices
    starts, preps, placed, sitting, handled, made, terms = {}, {}, {}, [], [], [], []
    using: dict[str, list[Any]] = {m.name: [] for m in problem.means}
    lasts = {a.name: a.lasts for a in problem.appointments}
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
            s = model.new_int_var(min(first, latest), max(first, last), "")
            prep = model.new_int_var(0, latest, "") if a.prep else s
        starts[a.name], preps[a.name] = s, prep
        sits = _span(model, s, a.lasts, here)
        sitting.append((sits, a.acuity))
        for name, count in a.uses:
            using[name].append((sits, count))
        handled += [_span(model, s, a.setup, here), _span(model, s + a.lasts - a.disconnect, a.disconnect, here)]
        made.append(_span(model, prep, a.prep, here))
        if a.held is not None:
            continue
        if a.prep:
            model.add(prep + a.prep <= s).only_enforce_if(here)
            model.add(s <= prep + a.prep + a.bud).only_enforce_if(here)
        costs = [
            (a.weight * p.wait, [s - a.asked]), (p.after, [s + a.lasts - problem.closes]), (p.beyond, [s - a.asked - a.flex]),
            (p.moved if a.promised is not None else 0, [s - (a.promised or 0), (a.promised or 0) - s]),
        ]  # fmt: skip
        for price, least in costs:
            if price:
                more = model.new_int_var(0, latest, "")
                for value in least:
                    model.add(more >= value).only_enforce_if(here)
                terms.append(price * more)
        terms.append(p.left_out * (1 - here))
        if start.unplaced:
            model.add_hint(here, a.name in at)
        if a.name in at:
            model.add_hint(s, at[a.name].starts)
            if a.prep:
                model.add_hint(prep, at[a.name].prep_starts)
    for a in problem.appointments:
        for name in a.after if a.held is None else ():
            ends = starts[name] + lasts[name]
            model.add(starts[a.name] >= ends).only_enforce_if(placed[a.name], placed[name])
    most = max(problem.hands, default=0)
    gaps = [(t, most - h) for t, h in enumerate(problem.hands) if h < most]
    away = [(model.new_fixed_size_interval_var(t, 1, ""), gap) for t, gap in gaps]
    model.add_cumulative([iv for iv, _ in sitting], [1] * len(sitting), len(problem.chairs))
    watched, hands = [*sitting, *((iv, problem.ratio * g) for iv, g in away)], [*((iv, 1) for iv in handled), *away]
    model.add_cumulative([iv for iv, _ in watched], [n for _, n in watched], problem.ratio * most)
    model.add_cumulative([iv for iv, _ in hands], [n for _, n in hands], most)
    model.add_cumulative(made, [1] * len(made), problem.benches)
    for m in problem.means:
        model.add_cumulative([iv for iv, _ in using[m.name]], [n for _, n in using[m.name]], m.count)
    model.minimize(sum(terms))
    solver = solver_for(effort, seconds)
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
