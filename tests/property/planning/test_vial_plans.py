# SPDX-License-Identifier: Apache-2.0
"""Random days: every plan holds, none costs more than a habit, and a general solver finds nothing cheaper."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openinfusion.kernel.refusal import Refused
from openinfusion.planning.public import (
    Dose,
    Partial,
    VialProblem,
    VialSize,
    largest_first,
    one_size,
    plan_vials,
    vial_faults,
)

D = Decimal
SIZES = st.lists(st.tuples(st.integers(1, 12), st.integers(1, 90), st.none() | st.integers(0, 6)), min_size=1, max_size=3, unique_by=lambda s: s[0])
DOSES = st.lists(st.tuples(st.integers(1, 20), st.integers(0, 12)), min_size=1, max_size=5)
OPEN = st.lists(st.tuples(st.integers(0, 8), st.integers(0, 12)), max_size=2)


def built(sizes: list[tuple[int, int, int | None]], doses: list[tuple[int, int]], keeps: int, open_: list[tuple[int, int]], grain: str) -> VialProblem:
    return VialProblem(
        tuple(VialSize(f"size {holds}", D(holds), cents, free) for holds, cents, free in sizes),
        tuple(Dose(f"dose {n}", D(amount) * D(grain), at) for n, (amount, at) in enumerate(doses)), keeps,
        tuple(Partial(f"open {n}", D(left), until) for n, (left, until) in enumerate(open_)),
    )


def cheapest(problem: VialProblem) -> int | None:
    """The same question put to a general solver: which vials are opened at which dose, and who draws from which."""
    from ortools.sat.python import cp_model  # heavy; only here

    doses, model, scale = problem.in_time(), cp_model.CpModel(), 10
    vials = []  # what it holds, when it opens, until when, its price, whether it is opened
    for size in problem.sizes:
        made = []
        for dose in doses:
            most = int(dose.amount // size.holds) + 1
            for _ in range(most if size.free is None else min(most, size.free)):
                made.append(model.new_bool_var(""))
                vials.append((int(size.holds * scale), dose.at, dose.at + problem.keeps, size.cents, made[-1], dose.name))
        if size.free is not None:
            model.add(sum(made) <= size.free)
    for left in problem.open:
        vials.append((int(left.left * scale), -1, left.until, 0, model.new_constant(1), ""))
    draws = {}
    for v, (holds, begins, until, _, opened, own) in enumerate(vials):
        for d, dose in enumerate(doses):
            shared = begins <= dose.at <= until if problem.keeps or not own else own == dose.name
            if shared:
                draws[v, d] = model.new_int_var(0, holds, "")
        model.add(sum(x for (w, _), x in draws.items() if w == v) <= holds * opened)
    for d, dose in enumerate(doses):
        model.add(sum(x for (_, e), x in draws.items() if e == d) == int(dose.amount * scale))
    model.minimize(sum(cents * opened for _, _, _, cents, opened, _ in vials))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers, solver.parameters.max_time_in_seconds = 1, 20
    status = solver.solve(model)
    if status == cp_model.INFEASIBLE:
        return None
    assert status == cp_model.OPTIMAL
    return round(solver.objective_value)


@settings(max_examples=60, deadline=None)
@given(SIZES, DOSES, st.sampled_from([0, 3, 20]), OPEN, st.sampled_from(["1", "0.5", "1.3"]))
def test_no_other_plan_costs_less(
    sizes: list[tuple[int, int, int | None]], doses: list[tuple[int, int]], keeps: int, open_: list[tuple[int, int]], grain: str
) -> None:
    problem = built(sizes, doses, keeps, open_, grain)
    best = cheapest(problem)
    if best is None:
        with pytest.raises(Refused):
            plan_vials(problem)
        return
    plan = plan_vials(problem)
    assert vial_faults(problem, plan) == [] and plan.proven
    assert plan.cents == best


@settings(max_examples=200, deadline=None)
@given(SIZES, DOSES, st.sampled_from([0, 3, 20]), st.sampled_from(["1", "0.5", "1.3"]))
def test_a_plan_never_costs_more_than_a_habit_and_conserves_every_drop(
    sizes: list[tuple[int, int, int | None]], doses: list[tuple[int, int]], keeps: int, grain: str
) -> None:
    problem = built([(holds, cents, None) for holds, cents, _ in sizes], doses, keeps, [], grain)
    plan = plan_vials(problem)
    assert vial_faults(problem, plan) == []
    for habit in (one_size(problem), largest_first(problem)):
        assert vial_faults(problem, habit) == [] and plan.cents <= habit.cents
    assert sum(v.holds for v in plan.opened) == sum(d.amount for d in problem.doses) + plan.wasted
    assert plan_vials(problem) == plan
