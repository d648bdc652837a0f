# SPDX-License-Identifier: Apache-2.0
"""A week is planned as one: work goes to a day that will do, what is agreed stays, and a day's plan replaces only its day."""
from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError, transaction
from tests.integration.dispatch.test_day_plans import ZONE, accept, plans, tomorrow, visits

from openinfusion.delivery import public as delivery
from openinfusion.delivery.models import DeliveryTicket
from openinfusion.dispatch import public as dispatch
from openinfusion.dispatch.models import DayPlan, PlanCover
from openinfusion.dispatch.public import Change, PlanKind
from openinfusion.dispatch.queries.plan import left_lines, move_lines, people_lines
from openinfusion.kernel.refusal import Malformed
from openinfusion.nursing import public as nursing
from openinfusion.nursing.models import NurseVisit

__all__ = ["plans"]


def day(n: int) -> date:
    return tomorrow() + timedelta(days=n)


def at(n: int, hour: int) -> datetime:
    return datetime.combine(day(n), time(hour), ZONE)


def week(thread: Any, days: int = 5, first: int = 0, kind: PlanKind = PlanKind.NURSES) -> DayPlan:
    by = thread.manager if kind is PlanKind.NURSES else thread.warehouse
    plan_id = dispatch.ask_for_plan(kind=kind, site_id=thread.bench.site_id, day=day(first), last_day=day(first + days - 1), seconds=1, by=by)
    dispatch.solve_plan(plan_id=plan_id, by=by)
    return DayPlan.objects.get(pk=plan_id)


def mended(thread: Any, row: DayPlan, change: Change, from_day: date | None = None) -> DayPlan:
    plan_id = dispatch.ask_for_change(plan_id=row.id, change=change, seconds=1, from_day=from_day, by=thread.manager)
    dispatch.solve_plan(plan_id=plan_id, by=thread.manager)
    return DayPlan.objects.get(pk=plan_id)


def where(row: DayPlan) -> dict[UUID, tuple[str, date, datetime]]:
    return {c.id: (p.name, p.day, c.starts) for p in people_lines(row) for c in p.calls}


def works(thread: Any, nurse_id: UUID, n: int, hours: int = 9) -> None:
    nursing.plan_time_of(nurse_id=nurse_id, kind="works", starts_at=at(n, 8), ends_at=at(n, 8) + timedelta(hours=hours), by=thread.manager)


def test_where_one_day_is_full_work_goes_to_another_that_will_do(plans: Any) -> None:
    for n in (0, 1):
        works(plans, plans.nurse.id, n, 2 if n == 0 else 9)
    nursing.plan_time_of(nurse_id=plans.other, kind="off", starts_at=at(0, 0), ends_at=at(2, 0), by=plans.manager)
    wanted = visits(plans, 5)
    for visit_id in wanted:
        nursing.choose_days(visit_id=visit_id, earliest_on=day(0), latest_on=day(1), by=plans.manager)
    row = week(plans, 2)
    stands = where(row)
    days = [stands[i][1] for i in wanted]
    assert row.faults == [] and left_lines(row) == () and set(days) == {day(0), day(1)} and days.count(day(1)) > days.count(day(0))
    accept(plans, row)
    for visit in NurseVisit.objects.filter(pk__in=wanted):
        assert (visit.state, visit.planned_start, visit.nurse_name) == ("offered", stands[visit.id][2], stands[visit.id][0])


def test_a_choice_of_days_and_an_agreed_time_are_kept(plans: Any) -> None:
    chosen, agreed = visits(plans, 2)
    nursing.choose_days(visit_id=chosen, earliest_on=day(2), latest_on=day(3), by=plans.manager)
    nursing.plan_time(visit_id=agreed, planned_start=at(1, 11), planned_end=at(1, 12), by=plans.manager)
    stands = where(week(plans))
    assert stands[chosen][1] in (day(2), day(3))
    assert abs(stands[agreed][2] - at(1, 11)) <= timedelta(minutes=90) and stands[agreed][1] == day(1)
    assert {v.id for v in nursing.visits_waiting(day(0), plans.bench.site_id)} == set()
    assert {v.id for v in nursing.visits_waiting(day(2), plans.bench.site_id)} == {chosen}


def test_the_same_week_is_one_plan_and_another_week_is_another(plans: Any) -> None:
    visits(plans, 2)
    row = week(plans, 3)
    assert week(plans, 3).id == row.id and week(plans, 4).id != row.id
    assert PlanCover.objects.filter(plan=row).count() == 3
    with pytest.raises(Malformed, match="1 to 7 days"):
        week(plans, 8)
    with pytest.raises(Malformed, match="1 to 7 days"):
        week(plans, 0)
    with pytest.raises(IntegrityError, match="day_plan_of_a_week_at_most"), transaction.atomic():
        DayPlan.objects.filter(pk=row.pk).update(last_day=row.day + timedelta(days=7))


def test_a_day_plan_after_a_week_replaces_only_its_day(plans: Any) -> None:
    wanted = visits(plans, 3)
    for n, visit_id in enumerate(wanted):
        nursing.choose_days(visit_id=visit_id, earliest_on=day(n), latest_on=day(n), by=plans.manager)
    row = accept(plans, week(plans, 3))
    new = week(plans, 1, first=1)
    accept(plans, new)
    row.refresh_from_db()
    assert row.state == "accepted"
    site = plans.bench.site_id
    held = [dispatch.newest(PlanKind.NURSES, site, day(n))[0] for n in range(3)]
    assert [p.id for p in held if p] == [row.id, new.id, row.id]
    accept(plans, week(plans, 1))
    again = mended(plans, row, Change(), day(1))  # reads the day that gave way from the plan that holds it now
    assert {m.name for m in move_lines(again)} == set()
    accept(plans, again)
    row.refresh_from_db()
    assert row.state == "replaced" and DayPlan.objects.get(pk=new.pk).state == "replaced"


def test_the_database_holds_one_plan_a_day_where_weeks_overlap(plans: Any) -> None:
    for n, visit_id in enumerate(visits(plans, 5)):
        nursing.choose_days(visit_id=visit_id, earliest_on=day(n), latest_on=day(n), by=plans.manager)
    accept(plans, week(plans, 3))
    other = week(plans, 3, first=2)
    with pytest.raises(IntegrityError, match="day_plan_in_force_once"), transaction.atomic():
        DayPlan.objects.filter(pk=other.pk).update(state="accepted")
    assert not PlanCover.objects.filter(plan=other, in_force=True).exists()
    accept(plans, other)
    assert PlanCover.objects.filter(in_force=True).count() == 5


def test_a_sick_call_for_one_day_moves_that_day_only_and_shows_it_first(plans: Any) -> None:
    wanted = visits(plans, 6)
    for n, visit_id in enumerate(wanted):
        nursing.choose_days(visit_id=visit_id, earliest_on=day(n % 3), latest_on=day(n % 3), by=plans.manager)
    row = accept(plans, week(plans, 3))
    before = where(row)
    sick = next(name for name, on, _ in before.values() if on == day(1))
    new = mended(plans, row, Change(away=frozenset({(sick, day(1))})))
    after = where(new)
    assert new.state == "proposed" and f"{sick} is absent on" in new.cause
    theirs = {i for i, (name, on, _) in before.items() if (name, on) == (sick, day(1))}
    assert theirs and all(after[i][0] != sick for i in theirs)
    assert {i: v for i, v in after.items() if i not in theirs and v[1] != day(1)} == {
        i: v for i, v in before.items() if i not in theirs and v[1] != day(1)}
    assert any(name == sick for name, on, _ in after.values() if on != day(1)) or all(v[1] == day(1) for v in before.values() if v[0] == sick)
    with pytest.raises(Malformed, match="not among the days"):
        mended(plans, row, Change(away=frozenset({(sick, day(5))})))
    rest = mended(plans, new, Change(absent=frozenset({sick})), day(2))
    assert (rest.day, rest.last_day) == (day(2), day(2)) and all(name != sick for name, _, _ in where(rest).values())


def test_an_offered_visit_with_a_choice_goes_to_another_day_when_its_nurse_is_out(plans: Any) -> None:
    nursing.plan_time_of(nurse_id=plans.other, kind="off", starts_at=at(0, 0), ends_at=at(1, 0), by=plans.manager)
    works(plans, plans.nurse.id, 0)
    works(plans, plans.nurse.id, 1)
    free, fixed = visits(plans, 2)
    nursing.choose_days(visit_id=free, earliest_on=day(0), latest_on=day(1), by=plans.manager)
    nursing.choose_days(visit_id=fixed, earliest_on=day(0), latest_on=day(0), by=plans.manager)
    row = week(plans, 2)
    assert where(row)[free][1] == day(0)  # on one way with the other, who lives at the same address
    row = accept(plans, row)
    new = mended(plans, row, Change(away=frozenset({("Nan Nurse", day(0))})))
    assert where(new)[free][1] == day(1) and fixed not in where(new)
    assert NurseVisit.objects.get(pk=free).planned_start == where(row)[free][2]  # nothing is given out yet


def test_no_dose_before_its_drug_over_days(plans: Any) -> None:
    ticket_id = plans.ticket()
    delivery.confirm_by_call(ticket_id=ticket_id, answers=plans.answers(), by=plans.warehouse)
    therapy_id = delivery.ticket(ticket_id).therapy_id
    DeliveryTicket.objects.filter(pk=ticket_id).update(need_by=day(2), not_before=day(2))
    visit_id = nursing.request_visit(therapy_id=therapy_id, purpose="first dose", visit_type="first_dose", earliest_on=day(0),
                                     latest_on=day(3), by=plans.manager)
    drivers = week(plans, 4, kind=PlanKind.DRIVERS)
    assert where(drivers)[ticket_id][1] == day(2)  # not before the payer lets it come, nor later than it is needed
    accept(plans, drivers, plans.warehouse)
    (route,) = delivery.routes_of(day(2), plans.bench.site_id)
    row = week(plans, 4)
    assert where(row)[visit_id][2] >= route.stops[0].planned_at
    accept(plans, row)


def test_deliveries_keep_to_the_days_that_will_do(plans: Any) -> None:
    ticket_id = plans.ticket()
    delivery.confirm_by_call(ticket_id=ticket_id, answers=plans.answers(), by=plans.warehouse)
    site = plans.bench.site_id

    def windows(**said: date | None) -> list[date]:
        DeliveryTicket.objects.filter(pk=ticket_id).update(**({"need_by": day(2), "not_before": None} | said))
        found = [s for s in delivery.stops_waiting(day(0), site, day(4)) if s.ticket_id == ticket_id]
        return [w[0].astimezone(ZONE).date() for s in found for w in s.windows]

    assert windows() == [day(1), day(2)]
    assert windows(not_before=day(2)) == [day(2)]
    assert windows(need_by=day(-3)) == [day(0)]  # late: wanted on the first day
    assert windows(not_before=day(9)) == []
    assert [s for s in delivery.stops_waiting(day(1), site) if s.ticket_id == ticket_id] == []


def test_a_choice_of_days_is_refused_where_it_is_none_and_changes_nothing(plans: Any) -> None:
    (visit_id,) = visits(plans, 1)
    for first, last in ((day(2), day(1)), (day(2), None), (day(-9), day(-8))):
        with pytest.raises(Malformed):
            nursing.choose_days(visit_id=visit_id, earliest_on=first, latest_on=last, by=plans.manager)
    visit = NurseVisit.objects.get(pk=visit_id)
    assert (visit.earliest_on, visit.latest_on, visit.version) == (None, None, 1)
    with pytest.raises(IntegrityError, match="visit_days_in_order"), transaction.atomic():
        NurseVisit.objects.filter(pk=visit_id).update(earliest_on=day(2), latest_on=day(1))
    nursing.plan_time(visit_id=visit_id, planned_start=at(1, 9), planned_end=at(1, 10), by=plans.manager)
    nursing.choose_days(visit_id=visit_id, earliest_on=day(1), latest_on=day(2), by=plans.manager)
    assert NurseVisit.objects.get(pk=visit_id).planned_start is None
    nursing.choose_days(visit_id=visit_id, earliest_on=None, latest_on=None, by=plans.manager)
    assert nursing.visit(visit_id).earliest_on is None
