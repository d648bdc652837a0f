# SPDX-License-Identifier: Apache-2.0
"""Invented suite days and bench days: every plan passes the separate check and is not worse than the list it replaces."""

from __future__ import annotations

import random
import time
from dataclasses import replace

import numpy as np
from benchmarks.planning_days import bench, suite
from hypothesis import given, settings
from hypothesis import strategies as st

from openinfusion.planning.adapters import batch_kernel, suite_kernel
from openinfusion.planning.adapters.batch_planner import entries
from openinfusion.planning.domain.batches.plan import made
from openinfusion.planning.domain.suites.booking import booked
from openinfusion.planning.domain.suites.problem import in_turn
from openinfusion.planning.public import (
    Appointment,
    Effort,
    Means,
    SuiteProblem,
    after_check_in,
    batch_faults,
    due_by_family,
    earliest_due,
    fills,
    first_come,
    plan_batches,
    plan_suite,
    sorted_first,
    suite_faults,
)

SEEDS = st.integers(0, 10**6)
BRIEF = Effort(0.4, 1, "annealing", time.process_time)


def pinned(problem: SuiteProblem, seed: int) -> SuiteProblem:
    """The day with some of its appointments pinned to an hour at or after their wish."""
    r = random.Random(seed)
    rows = tuple(replace(a, pinned=a.asked + r.randrange(30)) if a.held is None and r.random() < 0.2 else a for a in problem.appointments)
    return replace(problem, appointments=rows)


def joined(problem: SuiteProblem, seed: int) -> SuiteProblem:
    """The day with three pumps, of which some appointments take one or two, and a few that come after others."""
    r, rows = random.Random(seed), problem.appointments
    changed = [replace(a, uses=(("pump", r.choice([1, 1, 2])),) if r.random() < 0.7 else (),
                       after=tuple(b.name for b in rows[:n] if r.random() < 0.1)) for n, a in enumerate(rows)]  # fmt: skip
    return replace(problem, appointments=tuple(changed), means=(Means("pump", 3),))


def shuffled(seed: int, count: int) -> list[int]:
    found = list(range(count))
    random.Random(seed).shuffle(found)
    return found


@settings(max_examples=40, deadline=None)
@given(SEEDS, SEEDS)
def test_any_booking_passes_the_check_and_the_compiled_one_costs_the_same(seed: int, other: int) -> None:
    problem = joined(pinned(suite(seed), other), other)
    order = in_turn(problem, shuffled(other, 12))
    plan = booked(problem, order, "")
    assert suite_faults(problem, plan) == []
    day = suite_kernel.day_of(problem)
    assert suite_kernel.decode(day, suite_kernel.room_for(problem), np.array(order), np.inf) == plan.cost


@settings(max_examples=6, deadline=None)
@given(SEEDS)
def test_a_planned_suite_day_is_never_worse_than_a_booked_one_and_holds_through_the_day(seed: int) -> None:
    problem = joined(pinned(suite(seed), seed), seed)
    plan = plan_suite(problem, BRIEF)
    assert plan.cost <= min(sorted_first(problem).cost, 10**9) and suite_faults(problem, plan) == []
    late = plan.seats[-1].appointment
    again = after_check_in(problem, plan, 60, {late: 70}, moved=50)
    replanned = plan_suite(again, BRIEF)
    at = {s.appointment: s for s in replanned.seats}
    assert all(at[s.appointment].starts == s.starts and at[s.appointment].chair == s.chair for s in plan.seats if s.starts < 60)
    waiting = [Appointment("walk-in", 30, 12), Appointment("long", 30, 60)]
    assert all(starts >= 30 for _, starts in fills(problem, plan, waiting))


def test_the_bound_is_shown_and_no_plan_is_below_it() -> None:
    problem = joined(suite(4, 10), 1)
    plan = plan_suite(problem, Effort(4, 1))
    assert plan.bound is not None and plan.bound <= plan.cost and suite_faults(problem, plan) == []
    assert plan.cost <= first_come(problem, shuffled(1, 10)).cost


@settings(max_examples=40, deadline=None)
@given(SEEDS, SEEDS, st.integers(0, 2), st.integers(60, 300))
def test_any_order_at_the_bench_passes_the_check_and_the_compiled_one_costs_the_same(
    seed: int, other: int, checkers: int, closes: int
) -> None:
    problem = bench(seed, 20, checkers)
    problem = replace(problem, stations=tuple(replace(s, closes=closes) for s in problem.stations), prices=replace(problem.prices, done=3))
    choices = [list(takes) or [-1] for r in problem.takes for takes in r]
    at = [random.Random(other + n).choice(c) for n, c in enumerate(choices)]
    order = shuffled(other, len(at))
    bench_ = batch_kernel.bench_of(problem)
    plan = made(problem, entries(bench_, order, at), "")
    assert batch_faults(problem, plan) == []
    room = batch_kernel.room_for(problem)
    assert batch_kernel.decode(bench_, room, np.array(order), np.array(at), np.inf) == plan.cost


@settings(max_examples=6, deadline=None)
@given(SEEDS, st.integers(0, 1))
def test_a_planned_bench_is_never_worse_than_the_lists_nor_beyond_its_use(seed: int, checkers: int) -> None:
    problem = bench(seed, 20, checkers)
    plan = plan_batches(problem, BRIEF)
    assert batch_faults(problem, plan) == []
    assert plan.cost <= min(earliest_due(problem).cost, due_by_family(problem).cost)


def test_the_bench_has_a_bound_where_the_day_is_short_and_none_where_it_is_long() -> None:
    problem = bench(2, 8, 1)
    plan = plan_batches(problem, Effort(3, 1))
    assert plan.bound is not None and plan.bound <= plan.cost and batch_faults(problem, plan) == []
    assert plan_batches(bench(2, 60), Effort(1, 1)).bound is None
