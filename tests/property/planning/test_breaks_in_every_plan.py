# SPDX-License-Identifier: Apache-2.0
"""Whatever the day: nobody works, or is on the way, in a break; and the separate check refuses a plan that leaves one out."""
from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from openinfusion.planning import public as planning

DAY = 1440


@st.composite
def days_with_breaks(draw: st.DrawFn) -> planning.RoutingProblem:
    """One day or several, a few people with a break or two each, visits with windows of all widths."""
    days, places = draw(st.integers(1, 3)), draw(st.integers(2, 5))
    minutes = [[0 if a == b else draw(st.integers(1, 50)) for b in range(places)] for a in range(places)]
    shifts = []
    for day in range(days):
        for who in range(draw(st.integers(1, 2))):
            begins, length = DAY * day + 480, draw(st.integers(200, 700))
            first = planning.Rest(begins + 180, begins + draw(st.integers(180, 300)), draw(st.sampled_from([20, 30, 45])))
            second = planning.Rest(begins + 420, begins + 560, 30)
            rests = (first, second) if length > 600 else (first,) if length > 240 else ()
            shifts.append(planning.Shift(f"S{day}{who}", f"P{who}", 0, 0, begins, begins + length, 60, rests=rests))
    visits = []
    for n in range(draw(st.integers(1, 9))):
        opens = DAY * draw(st.integers(0, days - 1)) + 480 + draw(st.integers(0, 400))
        window = planning.Window(opens, opens + draw(st.integers(0, 300)))
        visits.append(planning.Visit(f"V{n}", draw(st.integers(0, places - 1)), draw(st.integers(10, 150)), (window,)))
    grid = tuple(tuple(row) for row in minutes)
    return planning.RoutingProblem(
        tuple(planning.Place(str(n)) for n in range(places)), grid, grid, tuple(shifts), tuple(visits),
        prices=planning.Prices(distance=1, paid=2, overtime=3),
    )


def must_rest(problem: planning.RoutingProblem, plan: planning.RoutePlan) -> None:
    for route in plan.routes:
        shift = problem.shifts[problem.shift_at[route.shift]]
        busy = sorted([(c.starts, c.ends) for c in route.calls] + [(p.starts, p.ends) for p in route.pauses])
        assert all(a[1] <= b[0] for a, b in pairwise(busy)), "work and a break overlap"
        due = [r for r in shift.rests if route.returns > r.latest]
        taken = sorted(route.pauses, key=lambda p: p.starts)
        assert len(taken) >= len(due)
        for rest, pause in zip(shift.rests, taken, strict=False):
            assert rest.earliest <= pause.starts <= rest.latest and pause.ends - pause.starts == rest.lasts


@given(days_with_breaks())
@settings(max_examples=60, deadline=None)
def test_insertion_honours_every_break(problem: planning.RoutingProblem) -> None:
    plan = planning.plan_routes(problem, planning.Effort(1, 1, engine="insertion"))
    must_rest(problem, plan)
    assert planning.route_faults(problem, plan) == []


@given(days_with_breaks())
@settings(max_examples=2, deadline=None)
def test_the_whole_search_honours_every_break(problem: planning.RoutingProblem) -> None:
    plan = planning.plan_routes(problem, planning.Effort(1, 1))
    must_rest(problem, plan)
    assert planning.route_faults(problem, plan) == []


@given(days_with_breaks())
@settings(max_examples=30, deadline=None)
def test_the_check_refuses_a_plan_without_its_break(problem: planning.RoutingProblem) -> None:
    plan = planning.plan_routes(problem, planning.Effort(1, 1, engine="insertion"))
    rested = next((r for r in plan.routes if r.pauses and r.returns > problem.shifts[problem.shift_at[r.shift]].rests[0].latest), None)
    assume(rested is not None)
    assert rested is not None
    without = replace(plan, routes=tuple(replace(r, pauses=()) if r is rested else r for r in plan.routes))
    assert any("a break is not taken" in fault for fault in planning.route_faults(problem, without))
    unrested = replace(problem, shifts=tuple(replace(s, rests=()) for s in problem.shifts))
    assert any("more breaks" in fault for fault in planning.route_faults(unrested, plan))


@given(days_with_breaks())
@settings(max_examples=40, deadline=None)
def test_the_check_refuses_a_visit_put_over_a_break(problem: planning.RoutingProblem) -> None:
    plan = planning.plan_routes(problem, planning.Effort(1, 1, engine="insertion"))
    found = next(((r, p) for r in plan.routes for p in r.pauses if r.calls), None)
    assume(found is not None)
    assert found is not None
    route, pause = found
    call = replace(route.calls[0], starts=pause.starts, ends=pause.starts + route.calls[0].ends - route.calls[0].starts)
    over = replace(plan, routes=tuple(replace(r, calls=(call, *r.calls[1:])) if r is route else r for r in plan.routes))
    assert any("overlap" in fault for fault in planning.route_faults(problem, over))
