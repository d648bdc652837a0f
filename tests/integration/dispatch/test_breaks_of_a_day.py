# SPDX-License-Identifier: Apache-2.0
"""A day's plan gives nurses and drivers their breaks: shown, given out, kept when the plan is mended, never under a visit."""
from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Any

import pytest
from tests.integration.dispatch.test_day_plans import ZONE, accept, changed, planned, plans, tomorrow, visits
from tests.integration.dispatch.test_week_plans import at, day, week, works

from openinfusion.delivery import public as delivery
from openinfusion.dispatch.models import DayPlan
from openinfusion.dispatch.public import Change, PlanKind
from openinfusion.dispatch.queries.plan import people_lines, problem_in, why_lines
from openinfusion.kernel.refusal import Refused
from openinfusion.kernel.rest import PlannedBreak
from openinfusion.nursing import public as nursing
from openinfusion.nursing.models import NurseBreaks
from openinfusion.nursing.queries.packet import coming_breaks
from openinfusion.planning import public as planning
from openinfusion.platform.clock import now
from openinfusion.platform.journal import timeline

__all__ = ["plans"]


def alone(thread: Any, n: int = 0, hours: int = 9) -> None:
    """Nan works on the day and Ola is off, so that the day is long enough for a break."""
    works(thread, thread.nurse.id, n, hours)
    nursing.plan_time_of(nurse_id=thread.other, kind="off", starts_at=at(n, 0), ends_at=at(n, 0) + timedelta(hours=23), by=thread.manager)


def never_over_a_break(row: DayPlan) -> None:
    for p in people_lines(row):
        for b in p.breaks:
            assert all(c.ends <= b.starts or b.ends <= c.starts for c in p.calls)


def test_a_long_day_has_its_break_with_the_rule_and_is_given_to_the_nurse(plans: Any) -> None:
    alone(plans)
    visits(plans, 5)
    row = planned(plans)
    (person,) = people_lines(row)
    (rest,) = person.breaks
    assert row.faults == [] and at(0, 11) <= rest.starts <= at(0, 13) and rest.ends - rest.starts == timedelta(minutes=30)
    assert "house policy" in rest.why and "unverified" in rest.why and "IL" in rest.why
    never_over_a_break(row)
    why = why_lines(row, person.calls[0].name)
    assert why is not None and why.breaks == person.breaks
    assert [c is None for _, c, _ in person.turns].count(True) == 1
    assert NurseBreaks.objects.count() == 0  # a proposal gives nothing out
    accept(plans, row)
    (kept,) = nursing.breaks_ahead(tomorrow(), tomorrow(), plans.nurse.id)
    assert (kept.starts_at, kept.ends_at, kept.why, kept.crossed) == (rest.starts, rest.ends, rest.why, False)
    assert [b.starts_at for b in coming_breaks(plans.nurse)] == [rest.starts]
    held = NurseBreaks.objects.get()
    assert any("planned the breaks of Nan Nurse" in line.sentence for line in timeline(subject_id=held.id, limit=9))


def test_a_shift_too_short_has_none(plans: Any) -> None:
    alone(plans, hours=3)
    visits(plans, 2)
    row = accept(plans, planned(plans))
    assert all(not s.rests for s in problem_in(row).shifts) and not any(p.breaks for p in people_lines(row))
    assert nursing.breaks_ahead(tomorrow(), tomorrow()) == []


def test_every_day_of_a_week_has_its_breaks_and_no_visit_stands_over_one(plans: Any) -> None:
    for n in range(3):
        alone(plans, n)
    for n, visit_id in enumerate(visits(plans, 12)):
        nursing.choose_days(visit_id=visit_id, earliest_on=day(n % 3), latest_on=day(n % 3), by=plans.manager)
    row = accept(plans, week(plans, 3))
    never_over_a_break(row)
    long = [p for p in people_lines(row) if p.returns > datetime.combine(p.day, time(13), ZONE)]
    assert long and all(len(p.breaks) == 1 and p.breaks[0].starts.astimezone(ZONE).date() == p.day for p in long)
    given = {(b.nurse, b.day) for b in nursing.breaks_ahead(day(0), day(2))}
    assert given == {(plans.nurse.id, p.day) for p in people_lines(row) if p.breaks}


def test_a_mended_plan_keeps_a_break_for_what_is_to_come(plans: Any) -> None:
    alone(plans)
    visits(plans, 5)
    row = accept(plans, planned(plans))
    name = people_lines(row)[0].calls[-1].name
    new = changed(plans, row, Change(late=((name, at(0, 14)),)))
    never_over_a_break(new)
    (person,) = people_lines(new)
    assert len(person.breaks) == 1
    accept(plans, new)
    (kept,) = nursing.breaks_ahead(tomorrow(), tomorrow())
    assert kept.starts_at == person.breaks[0].starts


def test_a_break_already_begun_is_not_planned_again_and_the_plan_says_that_nobody_records_it(
    plans: Any, monkeypatch: pytest.MonkeyPatch,
) -> None:
    alone(plans)
    visits(plans, 5)
    row = accept(plans, planned(plans))
    before = people_lines(row)[0].breaks[0]
    later = before.ends + timedelta(minutes=5)
    for where in ("dispatch.actions.ask", "dispatch.queries.hours", "nursing.actions.roster", "nursing.queries.board"):
        monkeypatch.setattr(f"openinfusion.{where}.now", lambda: later)
    new = changed(plans, row, Change())
    assert all(not s.rests for s in problem_in(new).shifts) and all(not p.breaks for p in people_lines(new))
    assert any("counts as taken; nobody records it" in text for text in new.unbroken)
    accept(plans, new)
    (kept,) = nursing.breaks_ahead(tomorrow(), tomorrow(), plans.nurse.id)
    assert (kept.starts_at, kept.ends_at) == (before.starts, before.ends)
    NurseBreaks.objects.all().delete()
    after = datetime.combine(tomorrow(), time(14), ZONE)
    monkeypatch.setattr("openinfusion.dispatch.queries.hours.now", lambda: after)
    unknown = changed(plans, new, Change())
    assert any("not known" in text for text in unknown.unbroken)


def test_a_plan_without_its_break_is_not_accepted(plans: Any) -> None:
    alone(plans)
    visits(plans, 6)
    row = planned(plans)
    held = row.plan or {}
    for route in held["routes"]:
        route["pauses"] = []
    faults = planning.route_faults(problem_in(row), planning.plan_of_values(held))
    assert any("a break is not taken" in f for f in faults)
    DayPlan.objects.filter(pk=row.pk).update(plan=held, faults=faults)
    with pytest.raises(Refused, match="a break is not taken"):
        accept(plans, row)
    assert NurseBreaks.objects.count() == 0


def test_a_visit_put_over_a_break_by_hand_is_told(plans: Any) -> None:
    alone(plans)
    visits(plans, 5)
    row = accept(plans, planned(plans))
    rest = people_lines(row)[0].breaks[0]
    (more,) = visits(plans, 1)
    nursing.offer_visit(visit_id=more, nurse_id=plans.nurse.id, planned_start=rest.starts, planned_end=rest.ends, by=plans.manager)
    assert [b.crossed for b in nursing.breaks_ahead(tomorrow(), tomorrow())] == [True]


def test_a_drivers_break_stands_on_the_route_and_in_the_arrivals(plans: Any, someone: Callable[..., Any]) -> None:
    ticket_id = plans.ticket()
    delivery.confirm_by_call(ticket_id=ticket_id, answers=plans.answers(), by=plans.warehouse)
    row = accept(plans, planned(plans, PlanKind.DRIVERS), plans.warehouse)
    never_over_a_break(row)
    problem = problem_in(row)
    assert all(s.rests for s in problem.shifts if s.ends - s.begins > 300)
    wanted = {(p.name, b.starts) for p in people_lines(row) for b in p.breaks}
    routes = delivery.routes_of(tomorrow(), plans.bench.site_id)
    assert {(r.driver_name, b.starts_at) for r in routes for b in r.breaks} == wanted
    route = routes[0]
    noon = now().replace(microsecond=0) + timedelta(days=1)
    rest = PlannedBreak(noon, noon + timedelta(minutes=30), "house policy")
    stops = [delivery.StopWanted(s.ticket_id, s.return_id, s.window_from, s.window_to, s.service_minutes, s.planned_at) for s in route.stops]
    said = {"site_id": route.site_id, "day": route.day, "name": route.name, "driver_id": route.driver, "leaves_at": route.leaves_at,
            "stops": stops, "route_id": route.id, "by": plans.warehouse}
    delivery.assign_route(**said, breaks=[rest])
    assert [b.starts_at for r in delivery.routes_of(tomorrow(), route.site_id) for b in r.breaks] == [noon]
    delivery.assign_route(**said)  # put in order by hand: the break stays
    assert [b.starts_at for r in delivery.routes_of(tomorrow(), route.site_id) for b in r.breaks] == [noon]
