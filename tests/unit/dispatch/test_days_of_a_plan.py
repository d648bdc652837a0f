# SPDX-License-Identifier: Apache-2.0
"""Windows over days, also over the nights of the clock change; the days of a delivery; what stands, put into other days."""
from __future__ import annotations

from datetime import date, datetime, time, timedelta
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openinfusion.delivery.domain.choice import days_for
from openinfusion.dispatch.domain.day_plan import PlanKind
from openinfusion.dispatch.domain.figures import assumed_on
from openinfusion.dispatch.domain.scope import one_zone, scope_of
from openinfusion.dispatch.domain.standing import StandingCall, order_of, promises_of
from openinfusion.dispatch.domain.work import Change, DayWork, Task, Worker, instant, minute, places_of, problem_of
from openinfusion.kernel.refusal import Malformed, Refused
from openinfusion.planning import public as planning

ZONE = ZoneInfo("America/Chicago")
SITE = UUID(int=7)
BASE = planning.Place("Base", "41.88", "-87.63")
FORWARD, BACK = date(2027, 3, 14), date(2026, 11, 1)  # the Sundays on which the clocks of Chicago change


def at(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour), ZONE)


def task(name: str, windows: tuple[tuple[datetime, datetime], ...]) -> Task:
    return Task(uuid4(), "visit", name, uuid4(), name, BASE, 60, windows, SITE)


def worker(name: str, day: date) -> Worker:
    return Worker(UUID(int=1), name, f"{name}, {day}", day, at(day, 8), at(day, 17), SITE)


def problem(tasks: tuple[Task, ...], workers: tuple[Worker, ...], first: date) -> planning.RoutingProblem:
    work = DayWork(((SITE, BASE),), tasks, workers)
    n = len(places_of(work))
    ways = planning.Ways(tuple((0,) * n for _ in range(n)), tuple((0,) * n for _ in range(n)), False, "none")
    return problem_of(work, assumed_on(PlanKind.NURSES, first), first, ZONE, ways)


@given(st.sampled_from([FORWARD, BACK, date(2026, 7, 1)]), st.integers(0, 6), st.integers(3, 22), st.integers(0, 59))
def test_an_instant_is_its_minute_and_back_over_a_week_and_the_clock_change(around: date, days: int, hour: int, past: int) -> None:
    first = around - timedelta(days=3)
    said = datetime.combine(first + timedelta(days=days), time(hour, past), ZONE)
    assert instant(minute(said, first, ZONE), first, ZONE) == said


@pytest.mark.parametrize(("change", "hours"), [(FORWARD, 23), (BACK, 25)])
def test_windows_stand_at_the_clocks_hour_on_both_sides_of_the_change(change: date, hours: int) -> None:
    before, after = change - timedelta(days=1), change + timedelta(days=1)
    t = task("V1", tuple((at(d, 8), at(d, 17)) for d in (before, change, after)))
    p = problem((t,), tuple(worker("Nan", d) for d in (before, change, after)), before)
    opens = [w.opens for w in p.visits[0].windows]
    assert opens[1] - opens[0] == (hours if hours == 23 else 25) * 60 and opens[2] - opens[1] == 24 * 60
    plan = planning.plan_routes(p, planning.Effort(1, engine="insertion"))
    assert plan.unplaced == () and planning.route_faults(p, plan) == []


def test_a_full_day_sends_work_to_another_day_that_will_do() -> None:
    first = date(2026, 12, 7)
    both = tuple((at(first + timedelta(days=n), 8), at(first + timedelta(days=n), 16)) for n in (0, 1))
    tasks = tuple(task(f"V{n}", both) for n in range(12))
    p = problem(tasks, tuple(worker("Nan", first + timedelta(days=n)) for n in (0, 1)), first)
    plan = planning.plan_routes(p, planning.Effort(1, engine="insertion"))
    assert plan.unplaced == () and {len(r.calls) > 0 for r in plan.routes} == {True} and len(plan.routes) == 2


def test_windows_that_meet_are_one_and_stand_in_order() -> None:
    day = date(2026, 12, 7)
    t = task("V1", ((at(day, 12), at(day, 14)), (at(day, 8), at(day, 12)), (at(day, 16), at(day, 17))))
    p = problem((t,), (worker("Nan", day),), day)
    assert [(w.opens // 60, w.closes // 60) for w in p.visits[0].windows] == [(8, 14), (16, 17)]


def test_what_stands_is_read_again_in_other_days_and_without_who_is_out() -> None:
    monday = date(2026, 12, 7)
    wednesday, thursday = monday + timedelta(days=2), monday + timedelta(days=3)
    tasks = (task("V1", ((at(wednesday, 8), at(wednesday, 17)),)), task("V2", ((at(thursday, 8), at(thursday, 17)),)))
    p = problem(tasks, (worker("Nan", wednesday),), wednesday)
    calls = [StandingCall(n, "Nan", at(d, h), at(d, h), at(d, h + 1))
             for n, d, h in (("V0", monday, 9), ("V1", wednesday, 10), ("V2", thursday, 11))]
    assert [(x.visit, x.starts) for x in promises_of(p, calls, wednesday, ZONE)] == [("V1", 600), ("V2", 24 * 60 + 660)]
    assert order_of(p, calls, wednesday, ZONE) == [(0, 0)]  # nobody works on Thursday, and Monday is over


@given(st.integers(-5, 9), st.one_of(st.none(), st.integers(-5, 9)), st.one_of(st.none(), st.integers(-5, 9)), st.integers(0, 3))
def test_a_delivery_comes_when_the_payer_lets_it_and_before_the_patient_runs_out(
    need: int, payer: int | None, supply: int | None, early: int
) -> None:
    zero = date(2026, 12, 7)

    def day(n: int) -> date:
        return zero + timedelta(days=n)

    found = days_for(day(need), None if payer is None else day(payer), None if supply is None else day(supply), early)
    latest = min(need, supply) if supply is not None else need
    assert found.last is not None and found.first <= found.last
    if payer is not None:
        assert found.first >= day(payer)
    if payer is None or payer <= latest:
        assert found.last == day(latest)
    within = list(found.within(day(0), day(6)))
    assert within == sorted(set(within)) and all(day(0) <= d <= day(6) for d in within)
    assert within == ([day(0)] if found.last < day(0) else [d for d in map(day, range(7)) if found.first <= d <= found.last])


def test_a_scope_is_of_a_week_at_most_and_of_one_clock() -> None:
    first = date(2026, 12, 7)
    assert len(scope_of(PlanKind.NURSES, SITE, (SITE,), first, first + timedelta(days=6)).days) == 7
    assert scope_of(PlanKind.NURSES, SITE, (SITE,), first, None).sites == (SITE,)
    for last in (first - timedelta(days=1), first + timedelta(days=7)):
        with pytest.raises(Malformed, match="1 to 7 days"):
            scope_of(PlanKind.NURSES, SITE, (), first, last)
    assert one_zone([("A", "America/Chicago"), ("B", "America/Chicago")]) == "America/Chicago"
    with pytest.raises(Refused, match="A is in America/Chicago, B is in America/Denver"):
        one_zone([("A", "America/Chicago"), ("B", "America/Denver")])


def test_who_misses_one_day_is_there_on_the_others() -> None:
    day = date(2026, 12, 7)
    change = Change(absent=frozenset({"Ola"}), away=frozenset({("Nan", day)}))
    assert change.misses("Ola", day) and change.misses("Nan", day) and not change.misses("Nan", day + timedelta(days=1))
