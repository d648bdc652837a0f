# SPDX-License-Identifier: Apache-2.0
"""Read off the plans alone: skills and windows in every plan, nobody twice at once, no dose before its drug, nights of the clock change."""
from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import count, pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.property.planning.invented import day

from openinfusion.planning.public import Effort, RoutePlan, RoutingProblem, Window, local_of, minute_of, plan_routes, said_of

SEEDS = st.integers(0, 10**6)
ZONE = ZoneInfo("America/Chicago")


def steps(engine: str) -> Effort:
    """So many steps, whatever the machine: every look at the clock is a second."""
    ticks = count()
    return Effort(30, 1, engine, lambda: float(next(ticks)))


def rules_kept(problem: RoutingProblem, plan: RoutePlan) -> None:
    """Written apart from the house's own check."""
    visits, shifts = {v.name: v for v in problem.visits}, {s.name: s for s in problem.shifts}
    for route in plan.routes:
        shift = shifts[route.shift]
        for call in route.calls:
            visit = visits[call.visit]
            assert visit.skills - shift.skills == frozenset()
            assert visit.licence in ("", *shift.licences)
            assert shift.person not in visit.barred
            assert any(w.opens <= call.starts <= w.closes for w in visit.windows)
        for one, two in pairwise(route.calls):
            way = problem.duration[visits[one.visit].place][visits[two.visit].place]
            assert two.starts >= one.ends + way
    assert sorted([c.visit for r in plan.routes for c in r.calls] + list(plan.unplaced)) == sorted(visits)


@pytest.mark.parametrize("engine", ["insertion", "auto"])
@settings(max_examples=6, deadline=None)
@given(seed=SEEDS)
def test_skills_and_windows_are_kept_in_every_plan(engine: str, seed: int) -> None:
    problem = day(seed, visits=9)
    rules_kept(problem, plan_routes(problem, steps(engine)))


@settings(max_examples=6, deadline=None)
@given(SEEDS, st.integers(0, 300))
def test_no_dose_comes_before_its_drug(seed: int, arrives: int) -> None:
    """Visits that wait for a delivery begin when it is there, or have no place that day."""
    problem = day(seed, visits=9)
    waits = {v.name for v in problem.visits[:4]}
    visits = tuple(
        replace(v, windows=(Window(max(arrives, v.windows[0].opens), max(arrives, v.windows[0].opens) + 120),)) if v.name in waits else v
        for v in problem.visits
    )
    problem = replace(problem, visits=visits, pins=())
    plan = plan_routes(problem, steps("auto"))
    rules_kept(problem, plan)
    assert all(c.starts >= arrives for r in plan.routes for c in r.calls if c.visit in waits)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from([date(2026, 3, 7), date(2026, 3, 8), date(2026, 10, 31), date(2026, 11, 1)]), st.integers(0, 2 * 1440))
def test_minutes_and_the_clock_agree_on_the_nights_it_changes(first: date, minute: int) -> None:
    """A minute is a minute: said as local time and read again it is the same, and elapsed time is counted, not the hands."""
    local = local_of(minute, first, ZONE)
    midnight = datetime(first.year, first.month, first.day, tzinfo=ZONE)
    assert local.astimezone(ZoneInfo("UTC")) - midnight.astimezone(ZoneInfo("UTC")) == timedelta(minutes=minute)
    assert minute_of(said_of(minute, first, ZONE), first, ZONE) == minute
