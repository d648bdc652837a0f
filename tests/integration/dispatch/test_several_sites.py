# SPDX-License-Identifier: Apache-2.0
"""Several sites in one plan: whoever is nearer goes, goods stay with their site, clocks must agree, one plan holds each site."""
from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from tests.integration.conftest import PHARMACY
from tests.integration.dispatch.test_day_plans import accept, plans, tomorrow, visits

from openinfusion.delivery import public as delivery
from openinfusion.dispatch import public as dispatch
from openinfusion.dispatch.models import DayPlan, PlanCover
from openinfusion.dispatch.public import PlanKind
from openinfusion.dispatch.queries.plan import left_lines, people_lines
from openinfusion.kernel.refusal import Refused
from openinfusion.kernel.roles import Role
from openinfusion.nursing.models import NurseVisit
from openinfusion.platform.actor import Actor
from openinfusion.platform.clock import today
from openinfusion.sites import public as sites
from openinfusion.team import public as team
from openinfusion.team.domain.competency import requirements
from openinfusion.team.models import Person

__all__ = ["plans"]


def a_site(thread: Any, name: str, zip_code: str, zone: str = "America/Chicago") -> UUID:
    return sites.open_site(name=name, kind="pharmacy", timezone=zone, details=PHARMACY | {"zip_code": zip_code, "npi": ""},
                           by=thread.bench.administrator)


def a_person(thread: Any, scope: UUID, name: str, role: Role, site_id: UUID | None) -> UUID:
    at = thread.bench.administrator
    user_id = team.add_person(email=f"{name.split()[0].lower()}.{scope.hex}@example.org", name=name, roles=frozenset({role}),
                              home_site_id=site_id, by=at)
    if role is Role.NURSE:
        for one in requirements():
            if one.task == "infusion_nursing":
                team.record_competency(user_id=user_id, element=one.element, on=today("America/Chicago") - timedelta(days=9), passed=True, by=at)
        team.record_credential(user_id=user_id, kind="nurse", state="IL", number=f"041-{name[:3]}",
                               expires_on=today("America/Chicago") + timedelta(days=300), by=at)
    return user_id


def together(thread: Any, kind: PlanKind, site_id: UUID, *more: UUID, day: date | None = None) -> DayPlan:
    by = thread.manager if kind is PlanKind.NURSES else thread.warehouse
    plan_id = dispatch.ask_for_plan(kind=kind, site_id=site_id, more_sites=more, day=day or tomorrow(), seconds=1, by=by)
    dispatch.solve_plan(plan_id=plan_id, by=by)
    return DayPlan.objects.get(pk=plan_id)


@pytest.fixture
def two(plans: Any, scope: UUID, someone: Callable[..., Actor]) -> Any:
    """Springfield, where the patient lives and no nurse starts, and Decatur; one nurse each."""
    plans.far = a_site(plans, "Decatur", "62521")
    Person.objects.filter(user_id__in=[plans.nurse.id, plans.other]).update(home_site=plans.far)
    a_person(plans, scope, "Nia Near", Role.NURSE, plans.bench.site_id)
    return plans


def test_the_nearer_sites_nurse_gets_the_visit_and_each_starts_at_the_own_site(two: Any) -> None:
    (visit_id,) = visits(two, 1)
    row = together(two, PlanKind.NURSES, two.far, two.bench.site_id)
    (line,) = people_lines(row)
    assert (line.name, [c.id for c in line.calls]) == ("Nia Near", [visit_id])
    assert row.sites == [two.far, two.bench.site_id] and row.faults == []
    starts = {s["person"]: s["start"] for s in row.problem["shifts"]}
    assert starts["Nan Nurse"] != starts["Nia Near"]
    accept(two, row)
    assert NurseVisit.objects.get(pk=visit_id).nurse_name == "Nia Near"


def test_a_nurse_of_another_site_helps_where_nobody_is_nearer(two: Any) -> None:
    Person.objects.filter(name="Nia Near").update(home_site=two.far)
    (visit_id,) = visits(two, 1)
    row = together(two, PlanKind.NURSES, two.bench.site_id, two.far)
    assert [c.id for p in people_lines(row) for c in p.calls] == [visit_id]


def test_a_driver_of_another_base_is_barred_with_the_reason(two: Any) -> None:
    Person.objects.filter(user_id=two.driver.id).update(home_site=two.far)
    ticket_id = two.ticket()
    delivery.confirm_by_call(ticket_id=ticket_id, answers=two.answers(), by=two.warehouse)
    row = together(two, PlanKind.DRIVERS, two.bench.site_id, two.far)
    (left,) = left_lines(row)
    assert "Dee Driver: starts from Decatur; its goods stand at Springfield" in left.reasons and people_lines(row) == ()
    Person.objects.filter(user_id=two.driver.id).update(home_site=two.bench.site_id)
    row = accept(two, together(two, PlanKind.DRIVERS, two.far, two.bench.site_id), two.warehouse)
    (route,) = delivery.routes_of(tomorrow(), two.bench.site_id)
    assert route.stops[0].ticket_id == ticket_id and delivery.routes_of(tomorrow(), two.far) == []


def test_who_has_no_site_is_told_and_not_guessed(two: Any, scope: UUID) -> None:
    a_person(two, scope, "Una Unsited", Role.NURSE, None)
    visits(two, 1)
    row = together(two, PlanKind.NURSES, two.bench.site_id, two.far)
    assert "Una Unsited" not in row.people and "Nia Near" in row.people
    assert row.apart == ["Una Unsited: has no site of these, so where the day would start is not known"]
    assert "Una Unsited" in together(two, PlanKind.NURSES, two.bench.site_id).people


def test_sites_of_two_time_zones_are_refused_and_nothing_is_asked(two: Any) -> None:
    visits(two, 1)
    east = a_site(two, "Boston", "02108", "America/New_York")
    with pytest.raises(Refused, match="do not share a time zone: Springfield is in America/Chicago, Boston is in America/New_York"):
        together(two, PlanKind.NURSES, two.bench.site_id, east)
    assert not DayPlan.objects.exists() and not PlanCover.objects.exists()


def test_one_plan_holds_each_site_and_gives_way_on_the_site_another_takes(two: Any) -> None:
    visits(two, 2)
    both = accept(two, together(two, PlanKind.NURSES, two.bench.site_id, two.far))
    assert PlanCover.objects.filter(plan=both, in_force=True).count() == 2
    one = accept(two, together(two, PlanKind.NURSES, two.bench.site_id))
    both.refresh_from_db()
    assert both.state == "accepted"
    assert dispatch.newest(PlanKind.NURSES, two.bench.site_id, tomorrow())[0] == one
    assert dispatch.newest(PlanKind.NURSES, two.far, tomorrow())[0] == both
