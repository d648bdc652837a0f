# SPDX-License-Identifier: Apache-2.0
"""A day at the bench as CP-SAT states it: from a plan to a better one, and the bound below which no day can cost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from openinfusion.planning.adapters.cpsat import solver_for
from openinfusion.planning.adapters.effort import Effort
from openinfusion.planning.domain.batches.plan import BatchPlan, made
from openinfusion.planning.domain.batches.problem import BatchProblem


class Choice(NamedTuple):
    """One step at one station: ``here`` is true where it is done there."""

    preparation: int
    step: int
    station: int
    lasts: int
    here: Any
    starts: Any
    ends: Any


def by_cpsat(problem: BatchProblem, effort: Effort, start: BatchPlan, seconds: float) -> BatchPlan:
    """The better of the plan, which leaves nothing out, and what CP-SAT makes of it; with its bound."""
    from ortools.sat.python import cp_model

    model, p = cp_model.CpModel(), problem.prices
    latest = max((s.closes for s in problem.stations), default=0)
    hints = {(t.preparation, t.step): t for t in start.turns}
    done, choices, terms = model.new_int_var(0, latest, ""), [], []
    for n, r in enumerate(problem.preparations):
        before: Any = r.release
        for step, takes in enumerate(problem.takes[n]):
            hint = hints[r.name, step]
            starts, ends = model.new_int_var(0, latest, ""), model.new_int_var(0, latest, "")
            model.add(starts >= before)
            model.add_hint(starts, hint.starts)
            model.add_hint(ends, hint.ends)
            mine = [Choice(n, step, s, lasts, model.new_bool_var(""), starts, ends) for s, lasts in takes.items()]
            model.add_exactly_one(c.here for c in mine)
            for c in mine:
                station = problem.stations[c.station]
                earliest = max(station.opens, r.due - r.bud - c.lasts if step == 0 else 0)
                model.add(ends == starts + c.lasts).only_enforce_if(c.here)
                model.add(starts >= earliest).only_enforce_if(c.here)
                model.add(ends <= station.closes).only_enforce_if(c.here)
                model.add_hint(c.here, station.name == hint.station)
            choices += mine
            before = ends
        late = model.new_int_var(0, latest, "")
        model.add(late >= before - r.due)
        model.add(done >= before)
        terms.append(p.late * r.weight * late)
    for number in range(len(problem.stations)):
        terms += _one_by_one(model, problem, [c for c in choices if c.station == number])
    model.minimize(sum(terms) + p.done * done)
    solver = solver_for(effort, seconds)
    status = solver.solve(model)
    bound = max(0, round(solver.best_objective_bound))
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return replace(start, bound=bound)
    order = sorted((solver.value(c.starts), c.step, c.preparation, c.station) for c in choices if solver.value(c.here))
    found = made(problem, [(n, station) for _, _, n, station in order], "annealing and CP-SAT", bound)
    return found if found.cost < start.cost else replace(start, bound=bound)


def _one_by_one(model: Any, problem: BatchProblem, at: Sequence[Choice]) -> list[Any]:
    """One after the other at one station, with the change-overs between families; what they cost."""
    family = [problem.preparations[c.preparation].steps[c.step].family for c in at]
    if not any(problem.change[f] for f in family):
        model.add_no_overlap([model.new_optional_interval_var(c.starts, c.lasts, c.ends, c.here, "") for c in at])
        return []
    arcs: list[Any] = [(0, 0, model.new_bool_var(""))]
    terms = []
    for n, c in enumerate(at, 1):
        first, last = model.new_bool_var(""), model.new_bool_var("")
        change = problem.change[family[n - 1]]
        arcs += [(n, n, c.here.negated()), (0, n, first), (n, 0, last)]
        model.add(c.starts >= problem.stations[c.station].opens + change).only_enforce_if(first)
        terms.append(problem.prices.change * change * first)
        for m, after in enumerate(at, 1):
            if m != n:
                follows = model.new_bool_var("")
                arcs.append((n, m, follows))
                gap = problem.change[family[m - 1]] if family[m - 1] != family[n - 1] else 0
                model.add(after.starts >= c.ends + gap).only_enforce_if(follows)
                terms.append(problem.prices.change * gap * follows)
    model.add_circuit(arcs)
    return terms
