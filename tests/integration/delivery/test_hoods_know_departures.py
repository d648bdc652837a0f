# SPDX-License-Identifier: Apache-2.0
"""The hoods are planned for the routes and services by which deliveries leave, and for how a therapy's last one went."""
from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from tests.integration.conftest import registered

from openinfusion.compounding import public as compounding
from openinfusion.compounding.models import SiteDeparture, UsualCarrier, WorkOrder
from openinfusion.compounding.queries.hood_plan import departures_of, to_make
from openinfusion.delivery import public as delivery
from openinfusion.kernel.ids import new_id
from openinfusion.platform.clock import told

ZONE = ZoneInfo("America/Chicago")


def route(thread: Any, day: date, at: time, stops: list[Any], **more: Any) -> Any:
    leaves = datetime.combine(day, at, ZONE)
    return delivery.assign_route(site_id=thread.bench.site_id, day=day, name="North", driver_id=thread.driver.id, leaves_at=leaves,
                                 stops=stops, by=thread.warehouse, **more)  # fmt: skip


def test_a_route_says_when_it_leaves_as_long_as_it_takes_a_package(thread: Any) -> None:
    ticket_id = thread.ticket()
    delivery.confirm_by_call(ticket_id=ticket_id, answers=thread.answers(), by=thread.warehouse)
    thread.bench.patient_id = registered("Waiting", thread.bench.intake, thread.bench.pharmacist)
    prescription_id = thread.bench.prescription()
    thread.bench.verify(prescription_id)
    order = compounding.work_orders_of(prescription_id)[0]
    day = datetime.now(ZONE).date() + timedelta(days=1)
    window = {"window_from": datetime.combine(day, time(8), ZONE), "window_to": datetime.combine(day, time(20), ZONE)}
    stops = [delivery.StopWanted(ticket_id=ticket_id, **window)]
    made = route(thread, day, time(7, 15), stops)
    (known,) = departures_of(thread.bench.site_id)
    assert (known.source, known.name, known.at, known.day) == (made, "the route North", time(7, 15), day)
    WorkOrder.objects.filter(pk=order.id).update(need_by=datetime.combine(day, time(12), ZONE))
    with told(datetime.combine(day - timedelta(days=1), time(12), ZONE)):
        need_by, text = next((o.need_by, o.why) for o in to_make(thread.bench.site_id, day) if o.id == order.id)
        assert (need_by, text) == (datetime.combine(day, time(7), ZONE), "for the route North at 07:15"), "packed out by then"
        route(thread, day, time(8, 45), stops, route_id=made)
        assert [d.at for d in departures_of(thread.bench.site_id)] == [time(8, 45)] and SiteDeparture.objects.get().version == 2
        route(thread, day, time(8, 45), [], route_id=made)
        assert departures_of(thread.bench.site_id) == []


def test_a_service_leaves_on_its_days_until_it_is_ended_and_a_driver_takes_the_therapy_back(thread: Any) -> None:
    service = delivery.Service(new_id(), "Swallow", "Night", delivery.Lane.OVERNIGHT, time(17), (0, 1, 2, 3, 4), 20)
    delivery.add_service(site_id=thread.bench.site_id, service=service, by=thread.warehouse)
    (known,) = departures_of(thread.bench.site_id)
    assert (known.name, known.weekdays, known.minutes, known.day) == ("Swallow Night", frozenset(range(5)), 1200, None)
    therapy_id, by = thread.bench.therapy(), thread.warehouse
    compounding.keep_usual_carrier(therapy_id=therapy_id, source=service.id, by=by)
    compounding.keep_usual_carrier(therapy_id=therapy_id, source=service.id, by=by)
    other = new_id()
    compounding.keep_usual_carrier(therapy_id=therapy_id, source=other, by=by)
    assert (UsualCarrier.objects.get().source, UsualCarrier.objects.get().version) == (other, 2)
    compounding.keep_usual_carrier(therapy_id=therapy_id, source=None, by=by)
    compounding.keep_usual_carrier(therapy_id=therapy_id, source=None, by=by)
    assert not UsualCarrier.objects.exists()
    delivery.end_service(service_id=service.id, by=thread.warehouse)
    assert departures_of(thread.bench.site_id) == []
    compounding.drop_departure(source=service.id, by=by)


def test_a_driver_who_takes_it_out_is_how_it_goes(thread: Any) -> None:
    ticket_id = thread.dispatched()
    assert not UsualCarrier.objects.exists() and delivery.ticket(ticket_id).state == "dispatched"
