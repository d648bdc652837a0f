# SPDX-License-Identifier: Apache-2.0
"""A nurse who gives a dose comes after its drug: planned so, shown so, and refused where a delivery has become later since."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from tests.integration.dispatch.test_day_plans import accept, planned, plans, tomorrow

from openinfusion.delivery import public as delivery
from openinfusion.dispatch.models import DayPlan
from openinfusion.dispatch.public import PlanKind
from openinfusion.dispatch.queries.plan import before_drug, left_lines, people_lines
from openinfusion.kernel.refusal import Refused
from openinfusion.nursing import public as nursing
from openinfusion.nursing.models import NurseVisit

__all__ = ["plans"]


@pytest.fixture
def awaited(plans: Any) -> Any:
    """A confirmed delivery, and a first dose of the same therapy."""
    plans.ticket_id = plans.ticket()
    delivery.confirm_by_call(ticket_id=plans.ticket_id, answers=plans.answers(), by=plans.warehouse)
    plans.therapy_id = delivery.ticket(plans.ticket_id).therapy_id
    plans.visit_id = nursing.request_visit(therapy_id=plans.therapy_id, purpose="first dose", visit_type="first_dose", by=plans.manager)
    return plans


def call_of(row: DayPlan, visit_id: UUID) -> Any:
    return next(c for p in people_lines(row) for c in p.calls if c.id == visit_id)


def test_without_a_route_the_window_of_the_delivery_counts_and_with_one_its_time(awaited: Any) -> None:
    coming = delivery.drug_coming(tomorrow(), [awaited.therapy_id])[awaited.therapy_id]
    assert not coming.planned
    name = nursing.visit(awaited.visit_id).number
    left = {x.name: x.reasons for x in left_lines(planned(awaited))}  # the window ends with the day: nobody counts on less
    assert "no window of it lies within the shift" in left[name]
    accept(awaited, planned(awaited, PlanKind.DRIVERS), awaited.warehouse)
    then = delivery.drug_coming(tomorrow(), [awaited.therapy_id])[awaited.therapy_id]
    assert then.planned and then.at < coming.at
    call = call_of(planned(awaited), awaited.visit_id)
    assert then.at <= call.starts < coming.at
    assert call.drug == delivery.ticket(awaited.ticket_id).number


def test_a_plan_is_not_accepted_once_its_drug_comes_later(awaited: Any) -> None:
    drivers = accept(awaited, planned(awaited, PlanKind.DRIVERS), awaited.warehouse)
    row = planned(awaited)
    assert before_drug(row) == ()
    (route,) = delivery.routes_of(tomorrow(), awaited.bench.site_id)
    stop = route.stops[0]
    later = delivery.StopWanted(stop.ticket_id, None, stop.window_from, stop.window_to, stop.service_minutes,
                                stop.planned_at + timedelta(hours=5))
    delivery.assign_route(site_id=route.site_id, day=route.day, name=route.name, driver_id=route.driver, leaves_at=route.leaves_at,
                          stops=[later], vehicle="", route_id=route.id, by=awaited.warehouse)
    assert before_drug(drivers) == ()  # of deliveries nothing is asked
    with pytest.raises(Refused, match="would begin .* its drug"):
        accept(awaited, row)
    assert NurseVisit.objects.get(pk=awaited.visit_id).state == "requested"
    again = planned(awaited)
    assert call_of(again, awaited.visit_id).starts >= stop.planned_at + timedelta(hours=5)
    accept(awaited, again)


def test_what_needs_no_drug_waits_for_none(awaited: Any) -> None:
    care = nursing.request_visit(therapy_id=awaited.therapy_id, purpose="dressing", visit_type="line_care", by=awaited.manager)
    row = planned(awaited)
    assert call_of(row, care).drug == ""
    wanted = {v.id: v.needs_drug for v in nursing.visits_waiting(tomorrow(), awaited.bench.site_id)}
    assert wanted[care] is False and wanted[awaited.visit_id] is True
