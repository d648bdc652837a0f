# SPDX-License-Identifier: Apache-2.0
"""Invented days: every plan passes the separate check, by whichever solver; compiled and plain decoder agree."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.property.planning.invented import day, orders

from openinfusion.planning.adapters.order_annealing import Annealer
from openinfusion.planning.adapters.order_tables import order_of_units, units_of
from openinfusion.planning.domain.routes.insertion import quick
from openinfusion.planning.domain.routes.repair import repaired
from openinfusion.planning.public import (
    Effort,
    Happening,
    left_out,
    order_of,
    plan_routes,
    replan_routes,
    route_faults,
    timed,
    why,
)

SEEDS = st.integers(0, 10**6)


@settings(max_examples=150, deadline=None)
@given(SEEDS, SEEDS)
def test_the_compiled_decoder_says_what_the_plain_one_says(seed: int, other: int) -> None:
    problem = day(seed)
    annealer = Annealer(problem, 1)
    order = order_of_units(annealer.tables, *units_of(annealer.tables, orders(problem, other)))
    plain = timed(problem, order)
    broken = annealer.cost(order) - plain.plan.cost.total
    assert broken == 0 if plain.miss == 0 else broken > 0


@settings(max_examples=60, deadline=None)
@given(SEEDS, SEEDS)
def test_whatever_order_is_given_the_mended_one_passes_the_check(seed: int, other: int) -> None:
    problem = day(seed)
    plan = timed(problem, repaired(problem, orders(problem, other)))
    assert plan.miss == 0 and route_faults(problem, plan.plan) == []


@settings(max_examples=40, deadline=None)
@given(SEEDS)
def test_a_quick_plan_passes_the_check_and_its_order_gives_it_again(seed: int) -> None:
    problem = day(seed)
    plan = timed(problem, quick(problem)).plan
    assert route_faults(problem, plan) == []
    again = timed(problem, order_of(problem, plan))
    assert again.miss == 0 and again.plan.cost.total <= plan.cost.total


@settings(max_examples=8, deadline=None)
@given(SEEDS, st.booleans())
def test_every_solver_makes_plans_that_pass_the_check_and_none_is_worse_than_insertion(seed: int, plain: bool) -> None:
    problem = day(seed, visits=10, plain=plain)
    quickly = plan_routes(problem, Effort(0.5, 1, "insertion", time.process_time))
    found = plan_routes(problem, Effort(0.6, 1, "auto", time.process_time))
    assert route_faults(problem, found) == []
    assert len(found.unplaced) <= len(quickly.unplaced) + 1
    for engine in ("vroom", "pyvrp"):
        assert route_faults(problem, plan_routes(problem, Effort(0.4, 1, engine, time.process_time))) == []


@settings(max_examples=25, deadline=None)
@given(SEEDS)
def test_every_reason_and_every_way_out_is_true(seed: int) -> None:
    """The cost said of another person is the cost of the plan in which that person goes."""
    problem = day(seed, visits=6)
    plan = timed(problem, quick(problem)).plan
    for visit in list(plan.placed())[:2]:
        told = why(problem, plan, visit)
        assert {o.shift for o in told.others} == {s.name for s in problem.shifts} - {told.shift}
        assert all((o.more is None) == bool(o.reason) for o in told.others)
    for out in left_out(problem, plan):
        assert out.reasons
        assert all(w.ticks >= 0 for w in out.ways)


@settings(max_examples=15, deadline=None)
@given(SEEDS, st.integers(0, 500), st.integers(0, 2))
def test_after_anything_happens_the_rest_of_the_day_passes_the_check(seed: int, now: int, sick: int) -> None:
    problem = day(seed)
    plan = timed(problem, quick(problem)).plan
    what = Happening(now=now, absent=frozenset([f"person {sick}"]), moved=50)
    found = replan_routes(problem, plan, what, Effort(0.3, 1, "insertion"))
    left = found.what_is_left
    assert route_faults(left.problem, found.plan) == []
    assert not set(left.begun) & {v.name for v in left.problem.visits}
    assert all(c.starts >= now for r in found.plan.routes for c in r.calls)
    assert all(r.person != f"person {sick}" for r in found.plan.routes)


def test_a_week_with_a_choice_of_days_keeps_one_day_for_each_visit() -> None:
    problem = day(3, visits=6, plain=True)
    week = tuple(replace(s, name=f"{s.name} day {d}", begins=s.begins + 1440 * d, ends=s.ends + 1440 * d) for d in range(3) for s in problem.shifts)
    visits = tuple(replace(v, windows=tuple(replace(w, opens=w.opens + 1440 * d, closes=w.opens + 60 + 1440 * d) for d in range(3) for w in v.windows[:1])) for v in problem.visits)
    wide = replace(problem, shifts=week, visits=visits, today=())
    plan = plan_routes(wide, Effort(1, 1, "auto", time.process_time))
    assert route_faults(wide, plan) == []


@pytest.mark.parametrize("seed", range(3))
def test_the_same_seed_and_steps_give_the_same_search(seed: int) -> None:
    problem = day(seed)
    ticks = iter(range(10**9))
    first = Annealer(problem, 5, clock=lambda: next(ticks)).improved(quick(problem), 60, 2.0)
    ticks = iter(range(10**9))
    assert Annealer(problem, 5, clock=lambda: next(ticks)).improved(quick(problem), 60, 2.0) == first


@settings(max_examples=60, deadline=None)
@given(SEEDS)
def test_decoding_from_the_first_change_on_costs_what_decoding_all_of_it_does(seed: int) -> None:
    """The search begins each trial at a mark; after thousands of moves taken up and put back its figure is still the order's."""
    problem = day(seed, visits=14)
    annealer, ticks = Annealer(problem, seed), iter(range(10**9))
    annealer.clock = lambda: next(ticks)
    found, cost = annealer.improved(quick(problem), 12, 2.0)
    assert annealer.cost(found) == cost
