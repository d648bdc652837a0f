# SPDX-License-Identifier: Apache-2.0
"""A day is planned, accepted and mended: visits and deliveries are given out as the plan says, whole or not at all."""
from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, transaction

from openinfusion.delivery import public as delivery
from openinfusion.dispatch import public as dispatch
from openinfusion.dispatch.domain.scope import PlanScope
from openinfusion.dispatch.models import DayPlan
from openinfusion.dispatch.public import Change, PlanKind
from openinfusion.dispatch.queries.gather import work_of
from openinfusion.dispatch.queries.plan import left_lines, move_lines, people_lines, why_lines
from openinfusion.kernel.refusal import Malformed, Refused, Stale
from openinfusion.kernel.roles import Role
from openinfusion.nursing import public as nursing
from openinfusion.nursing.models import NurseVisit
from openinfusion.platform.actor import Actor
from openinfusion.platform.clock import now, today
from openinfusion.team import public as team
from openinfusion.team.domain.competency import requirements

ZONE = ZoneInfo("America/Chicago")


def tomorrow() -> date:
    return today("America/Chicago") + timedelta(days=1)


@pytest.fixture
def plans(thread: Any, someone: Callable[..., Actor], scope: UUID) -> Any:
    """The thread with a second nurse, who may do the same, and a way to plan and solve in one go."""
    thread.other = _nurse(thread, someone, scope, "Ola Other", licensed=True)
    return thread


def _nurse(thread: Any, someone: Callable[..., Actor], scope: UUID, name: str, *, licensed: bool) -> UUID:
    at = thread.bench.administrator
    user_id = team.add_person(email=f"{name.split()[0].lower()}.{scope.hex}@example.org", name=name, roles=frozenset({Role.NURSE}), by=at)
    for one in requirements():
        if one.task == "infusion_nursing":
            team.record_competency(user_id=user_id, element=one.element, on=today("America/Chicago") - timedelta(days=9), passed=True, by=at)
    if licensed:
        team.record_credential(user_id=user_id, kind="nurse", state="IL", number=f"041-{name[:3]}",
                               expires_on=today("America/Chicago") + timedelta(days=300), by=at)
    return user_id


def visits(thread: Any, count: int) -> list[UUID]:
    therapy_id = thread.bench.therapy()
    return [nursing.request_visit(therapy_id=therapy_id, purpose=f"visit {n}", by=thread.manager) for n in range(count)]


def planned(thread: Any, kind: PlanKind = PlanKind.NURSES, day: date | None = None) -> DayPlan:
    by = thread.manager if kind is PlanKind.NURSES else thread.warehouse
    plan_id = dispatch.ask_for_plan(kind=kind, site_id=thread.bench.site_id, day=day or tomorrow(), seconds=1, by=by)
    dispatch.solve_plan(plan_id=plan_id, by=by)
    return DayPlan.objects.get(pk=plan_id)


def changed(thread: Any, row: DayPlan, change: Change) -> DayPlan:
    plan_id = dispatch.ask_for_change(plan_id=row.id, change=change, seconds=1, by=thread.manager)
    dispatch.solve_plan(plan_id=plan_id, by=thread.manager)
    return DayPlan.objects.get(pk=plan_id)


def accept(thread: Any, row: DayPlan, by: Actor | None = None) -> DayPlan:
    dispatch.advance_plan(plan_id=row.id, step="accept", by=by or thread.manager)
    row.refresh_from_db()
    return row


def test_a_day_of_visits_is_planned_accepted_and_offered_to_the_nurses(plans: Any) -> None:
    wanted = visits(plans, 3)
    row = accept(plans, planned(plans))
    assert row.state == "accepted" and row.faults == [] and row.approximate
    calls = {c.id: (p, c) for p in people_lines(row) for c in p.calls}
    assert set(calls) == set(wanted)
    for visit in NurseVisit.objects.filter(pk__in=wanted):
        person, call = calls[visit.id]
        assert (visit.state, visit.nurse_name) == ("offered", person.name)
        assert (visit.planned_start, visit.planned_end) == (call.starts, call.ends)
    for person in people_lines(row):
        assert all(a.ends <= b.starts for a, b in zip(person.calls, person.calls[1:], strict=False))
        assert person.assumed  # no shift is planned, and the plan says so


def test_the_same_question_is_one_plan_and_is_worked_out_once(plans: Any) -> None:
    visits(plans, 2)
    row = planned(plans)
    again = dispatch.ask_for_plan(kind=PlanKind.NURSES, site_id=plans.bench.site_id, day=tomorrow(), seconds=1, by=plans.manager)
    dispatch.solve_plan(plan_id=again, by=plans.manager)
    assert again == row.id and DayPlan.objects.count() == 1
    visits(plans, 1)
    other = dispatch.ask_for_plan(kind=PlanKind.NURSES, site_id=plans.bench.site_id, day=tomorrow(), seconds=1, by=plans.manager)
    assert other != row.id


def test_shifts_time_off_and_competence_are_kept(plans: Any, someone: Callable[..., Actor], scope: UUID) -> None:
    _nurse(plans, someone, scope, "Una Unlicensed", licensed=False)
    day = tomorrow()
    starts = datetime.combine(day, time(7), ZONE)
    nursing.plan_time_of(nurse_id=plans.nurse.id, kind="works", starts_at=starts, ends_at=starts + timedelta(hours=8), by=plans.manager)
    nursing.plan_time_of(nurse_id=plans.nurse.id, kind="off", starts_at=starts + timedelta(hours=1),
                         ends_at=starts + timedelta(hours=5), by=plans.manager)
    nursing.plan_time_of(nurse_id=plans.other, kind="off", starts_at=datetime.combine(day, time(0), ZONE),
                         ends_at=datetime.combine(day, time(23), ZONE), by=plans.manager)
    visits(plans, 1)
    row = planned(plans)
    (person,) = people_lines(row)
    assert person.name == "Nan Nurse" and not person.assumed
    assert person.calls[0].starts >= starts + timedelta(hours=5)
    reasons = " ".join(o.reason for o in why_lines(row, person.calls[0].name).others)  # type: ignore[union-attr]
    assert "licence" in reasons and "does not go" not in reasons
    assert "Ola Other" not in row.people  # off all day


def test_a_sick_call_moves_what_it_must_and_shows_it_before_anything_is_given_out(plans: Any) -> None:
    visits(plans, 3)
    row = accept(plans, planned(plans))
    gone = people_lines(row)[0].name
    theirs = {c.name for p in people_lines(row) if p.name == gone for c in p.calls}
    new = changed(plans, row, Change(absent=frozenset({gone})))
    assert new.state == "proposed" and {m.name for m in move_lines(new)} >= theirs
    assert all(m.new_person != gone for m in move_lines(new)) and gone not in [p.name for p in people_lines(new)]
    assert NurseVisit.objects.filter(nurse_name=gone).count() == len(theirs)  # nothing is given out yet
    accept(plans, new)
    row.refresh_from_db()
    assert row.state == "replaced" and not NurseVisit.objects.filter(nurse_name=gone).exists()


def test_a_visit_moved_by_hand_is_pinned_stays_there_and_can_be_freed(plans: Any) -> None:
    visits(plans, 3)
    row = planned(plans)
    line = people_lines(row)[0]
    call, other = line.calls[0], "Ola Other" if line.name == "Nan Nurse" else "Nan Nurse"
    moved = changed(plans, row, Change(pins=((call.name, other, None),)))
    where = {c.name: (p.name, c.pinned) for p in people_lines(moved) for c in p.calls}
    assert where[call.name] == (other, True)
    assert why_lines(moved, call.name).pin is not None  # type: ignore[union-attr]
    at = datetime.combine(tomorrow(), time(13, 30), ZONE)
    timed = changed(plans, moved, Change(pins=((call.name, other, at),)))
    assert {c.name: c.starts for p in people_lines(timed) for c in p.calls}[call.name] == at
    freed = changed(plans, timed, Change(unpin=frozenset({call.name})))
    assert not any(c.pinned for p in people_lines(freed) for c in p.calls)
    with pytest.raises(Malformed, match="nobody I know"):
        changed(plans, row, Change(absent=frozenset({"nobody I know"})))


def test_what_comes_late_is_begun_later(plans: Any) -> None:
    visits(plans, 2)
    row = planned(plans)
    call, at = people_lines(row)[0].calls[0], datetime.combine(tomorrow(), time(15), ZONE)
    new = changed(plans, row, Change(late=((call.name, at),)))
    assert {c.name: c.starts for p in people_lines(new) for c in p.calls}[call.name] >= at
    assert "not before 15:00" in new.cause


def test_a_plan_is_not_accepted_over_what_somebody_changed_and_then_nothing_is_given_out(plans: Any) -> None:
    wanted = visits(plans, 2)
    row = planned(plans)
    nursing.plan_time(visit_id=wanted[1], planned_start=now() + timedelta(hours=30), planned_end=now() + timedelta(hours=31),
                      by=plans.manager)
    with pytest.raises((Stale, Refused)), transaction.atomic():
        accept(plans, row)
    row.refresh_from_db()
    assert row.state == "proposed" and not NurseVisit.objects.filter(state="offered").exists()


def test_a_visit_without_anybody_is_listed_with_why(plans: Any) -> None:
    (visit_id,) = visits(plans, 1)
    late = datetime.combine(tomorrow(), time(20, 30), ZONE)
    nursing.plan_time(visit_id=visit_id, planned_start=late, planned_end=late + timedelta(hours=1), by=plans.manager)
    row = planned(plans)
    assert row.failure == ""
    (left,) = left_lines(row)
    assert people_lines(row) == () and "no window of it lies within the shift" in left.reasons
    assert left.ways and any("shift" in w for w in left.ways)
    accept(plans, row)  # what has a place is given out all the same; here nothing has
    assert NurseVisit.objects.get(pk=visit_id).state == "requested"


def test_deliveries_and_pick_ups_become_a_route_with_planned_times(plans: Any) -> None:
    ticket_id = plans.ticket()
    delivery.confirm_by_call(ticket_id=ticket_id, answers=plans.answers(), by=plans.warehouse)
    row = accept(plans, planned(plans, PlanKind.DRIVERS, tomorrow()), plans.warehouse)
    (route,) = delivery.routes_of(tomorrow(), plans.bench.site_id)
    (line,) = people_lines(row)
    assert (route.driver_name, route.stops[0].ticket_id) == (line.name, ticket_id) == ("Dee Driver", ticket_id)
    assert route.stops[0].planned_at == line.calls[0].starts and route.leaves_at == line.leaves
    same = planned(plans, PlanKind.DRIVERS, tomorrow())  # on a route or on none, a delivery is the same work
    assert same.id == row.id
    asked = dispatch.ask_for_plan(kind=PlanKind.DRIVERS, site_id=plans.bench.site_id, day=tomorrow(), seconds=1, seed=2, by=plans.warehouse)
    dispatch.solve_plan(plan_id=asked, by=plans.warehouse)
    again = DayPlan.objects.get(pk=asked)  # what is on a route already is planned as well
    assert [c.id for p in people_lines(again) for c in p.calls] == [ticket_id]
    accept(plans, again, plans.warehouse)
    assert len(delivery.routes_of(tomorrow(), plans.bench.site_id)) == 1


def test_drivers_are_planned_in_their_shifts_with_the_room_of_their_van_and_not_while_they_are_off(plans: Any) -> None:
    site_id, day = plans.bench.site_id, tomorrow()
    ticket_id = plans.ticket()
    delivery.confirm_by_call(ticket_id=ticket_id, answers=plans.answers(), by=plans.warehouse)
    (assumed,) = work_of(PlanScope(PlanKind.DRIVERS, (site_id,), day, day)).workers
    assert assumed.assumed and assumed.name == "Dee Driver" and assumed.holds is None
    starts = datetime.combine(day, time(7), ZONE)
    van = delivery.keep_vehicle(site_id=site_id, name="Van 1", holds=30, by=plans.warehouse)
    said = {"driver_id": plans.driver.id, "site_id": site_id, "by": plans.warehouse}
    delivery.plan_driver_time(**said, kind="works", starts_at=starts, ends_at=starts + timedelta(hours=10), vehicle_id=van)
    delivery.plan_driver_time(**said, kind="off", starts_at=starts + timedelta(hours=3), ends_at=starts + timedelta(hours=5))
    first, last = work_of(PlanScope(PlanKind.DRIVERS, (site_id,), day, day)).workers
    assert (first.begins, first.ends, first.overtime) == (starts, starts + timedelta(hours=3), 0)  # none into the time off
    assert (last.begins, last.ends, last.overtime) == (starts + timedelta(hours=5), starts + timedelta(hours=10), None)
    assert (last.holds, last.vehicle, last.assumed) == (30, "Van 1", False)
    row = accept(plans, planned(plans, PlanKind.DRIVERS, day), plans.warehouse)
    (line,) = people_lines(row)
    assert not line.assumed and delivery.routes_of(day, site_id)[0].vehicle == "Van 1"
    delivery.keep_vehicle(site_id=site_id, name="Van 1", vehicle_id=van, holds=1, by=plans.warehouse)
    tight = planned(plans, PlanKind.DRIVERS, day)
    assert people_lines(tight) == () and any("room" in r or "load" in r or "fit" in r for r in left_lines(tight)[0].reasons)
    after = day + timedelta(days=1)
    later = work_of(PlanScope(PlanKind.DRIVERS, (site_id,), after, after))
    assert later.workers == () and later.apart == ("Dee Driver: no shift on this day",)


def test_nothing_to_do_the_past_and_strangers_are_refused(plans: Any) -> None:
    ask = {"kind": PlanKind.NURSES, "site_id": plans.bench.site_id}
    with pytest.raises(Refused, match="nothing is to be planned"):
        dispatch.ask_for_plan(**ask, day=tomorrow(), by=plans.manager)
    visits(plans, 1)
    with pytest.raises(Refused, match="the day is over"):
        dispatch.ask_for_plan(**ask, day=tomorrow() - timedelta(days=3), by=plans.manager)
    with pytest.raises(Malformed, match="1 to"):
        dispatch.ask_for_plan(**ask, day=tomorrow(), seconds=0, by=plans.manager)
    with pytest.raises(Refused, match=r"dispatch\.plan\.make"):
        dispatch.ask_for_plan(**ask, day=tomorrow(), by=plans.biller)


def test_the_database_holds_one_plan_in_force_and_none_with_faults(plans: Any) -> None:
    visits(plans, 2)
    row = accept(plans, planned(plans))
    other = planned(plans)
    with pytest.raises(IntegrityError, match="day_plan_in_force_once"), transaction.atomic():
        DayPlan.objects.filter(pk=other.pk).update(state="accepted")
    with pytest.raises(IntegrityError, match="day_plan_accepted_is_sound"), transaction.atomic():
        DayPlan.objects.filter(pk=row.pk).update(faults=["a fault"])
    DayPlan.objects.filter(pk=other.pk).update(faults=["a fault"])
    with pytest.raises(Refused, match="the check found: a fault"):
        accept(plans, other)
    dispatch.advance_plan(plan_id=other.id, step="set_aside", by=plans.manager)
    with pytest.raises(Refused, match="no step that a person takes"):
        dispatch.advance_plan(plan_id=row.id, step="replace", by=plans.manager)


def test_what_cannot_be_worked_out_says_so_and_is_put_aside(plans: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    visits(plans, 1)

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("the solver fell over")

    monkeypatch.setattr("openinfusion.dispatch.actions.ask.planning.plan_routes", broken)
    row = planned(plans)
    assert (row.state, row.failure) == ("failed", "the solver fell over")
    assert dispatch.waiting(plans.manager).rows[0].missing == ("the solver fell over",)
    with pytest.raises(Refused, match="not worked out"):
        changed(plans, row, Change())
    dispatch.advance_plan(plan_id=row.id, step="set_aside", by=plans.manager)
    assert dispatch.waiting(plans.manager).counts.get("Day plan", 0) == 0
