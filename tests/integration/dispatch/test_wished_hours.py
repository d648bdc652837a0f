# SPDX-License-Identifier: Apache-2.0
"""A patient's hour: nobody comes before it, later has a price and is said, on each day that will do; and an hour tried by hand."""
from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Any

import pytest
from django.test import Client
from tests.integration.dispatch.test_day_plans import ZONE, accept, planned, plans, tomorrow, visits
from tests.integration.dispatch.test_week_plans import day, week, works

from openinfusion.dispatch.queries.plan import people_lines, problem_in, tried_line, why_lines
from openinfusion.kernel.roles import Role
from openinfusion.nursing import public as nursing
from openinfusion.nursing.models import NurseVisit

__all__ = ["plans"]


def wish(thread: Any, visit: Any, earliest: time | None, by: time | None) -> None:
    nursing.wish_hours(visit_id=visit, wished_from=earliest, wished_by=by, by=thread.manager)


def begins(row: Any) -> dict[Any, datetime]:
    return {c.id: c.starts.astimezone(ZONE) for p in people_lines(row) for c in p.calls}


def test_nobody_comes_before_the_wished_hour_and_later_is_priced_and_said(plans: Any) -> None:
    first, second, third = visits(plans, 3)
    works(plans, plans.nurse.id, 0)
    nursing.plan_time_of(nurse_id=plans.other, kind="off", starts_at=datetime.combine(tomorrow(), time(0), ZONE),
                         ends_at=datetime.combine(day(1), time(0), ZONE), by=plans.manager)
    wish(plans, first, time(13), time(14))
    wish(plans, second, None, time(8, 5))
    wish(plans, third, None, time(8, 5))
    row = planned(plans)
    at = begins(row)
    assert time(13) <= at[first].time() <= time(14)
    late = [v for v in (second, third) if at[v].time() > time(8, 5)]
    assert late, "one nurse cannot begin twice at eight"
    named = {v.id: v.number for v in NurseVisit.objects.all()}
    why = why_lines(row, named[late[0]])
    assert why is not None and any("later than wished" in t for t in why.tight)
    problem = problem_in(row)
    assert problem.prices.late > 0 and (row.plan or {})["cost"]["late"] > 0
    assert {v.name for v in problem.visits if v.wished} == set(named.values())


def test_a_wish_holds_on_each_day_that_will_do(plans: Any) -> None:
    visit, = visits(plans, 1)
    for n in range(3):
        works(plans, plans.nurse.id, n)
    wish(plans, visit, time(9, 30), time(10))
    row = week(plans, 3)
    assert len(problem_in(row).visits[0].wished) == 3
    assert time(9, 30) <= begins(row)[visit].time() <= time(10) and (row.plan or {})["cost"]["late"] == 0


def test_an_evening_is_wished_for_where_somebody_works_then(plans: Any) -> None:
    visit, = visits(plans, 1)
    nursing.plan_time_of(nurse_id=plans.nurse.id, kind="works", starts_at=datetime.combine(tomorrow(), time(15), ZONE),
                         ends_at=datetime.combine(tomorrow(), time(22), ZONE), by=plans.manager)
    wish(plans, visit, time(19), time(20))
    assert time(19) <= begins(planned(plans))[visit].time() <= time(20)


def test_a_time_agreed_on_before_the_wish_stays(plans: Any) -> None:
    visit, = visits(plans, 1)
    at = datetime.combine(tomorrow(), time(9), ZONE)
    nursing.offer_visit(visit_id=visit, nurse_id=plans.nurse.id, planned_start=at, planned_end=at + timedelta(hours=1), by=plans.manager)
    nursing.advance_visit(visit_id=visit, step="accept", by=plans.nurse)
    wish(plans, visit, time(14), None)
    assert abs((begins(planned(plans))[visit] - at).total_seconds()) <= 15 * 60


def test_an_hour_is_tried_before_it_is_kept(plans: Any, account: Callable[..., Any]) -> None:
    first, second = visits(plans, 2)
    row = planned(plans)
    named = {v.id: v.number for v in NurseVisit.objects.all()}
    line = next(p for p in people_lines(row) for c in p.calls if c.id == first)
    same = tried_line(row, named[first], line.name, begins(row)[first])
    assert (same.reason, same.total) == ("", 0)
    assert "outside" in tried_line(row, named[first], "", datetime.combine(tomorrow(), time(23, 30), ZONE)).reason
    page = Client()
    page.force_login(account(Role.NURSE_MANAGER))
    url = f"/dispatch/{row.id}/why/"
    assert "nothing is changed by it" in page.get(url, {"visit": named[first]}).content.decode()
    said = page.get(url, {"visit": named[first], "person": "", "at": "15:00"}).content.decode()
    assert "15:00" in said and "Move and pin it so" in said and row == type(row).objects.get(pk=row.pk)
    assert "not possible" in page.get(url, {"visit": named[first], "at": "23:30"}).content.decode()
    assert "choose an hour" in page.get(url, {"visit": named[first], "at": "noon"}).content.decode()
    moved = page.post(f"/dispatch/{row.id}/change/", {"name": named[first], "person": line.name, "at": "15:00"})
    assert moved.status_code == 302
    accept(plans, row)
    assert second in begins(row)


@pytest.mark.parametrize("hour", [time(2, 30), time(23, 59)])
def test_any_hour_may_be_wished_also_one_that_a_clock_change_skips(plans: Any, hour: time) -> None:
    visit, = visits(plans, 1)
    wish(plans, visit, None, hour)
    assert problem_in(planned(plans)).visits[0].wished
