# SPDX-License-Identifier: Apache-2.0
"""Drivers' shifts, time off, sick calls and vehicles: what is refused, who may, and what a plan of the day reads."""
from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, transaction

from openinfusion.delivery import public as delivery
from openinfusion.delivery.models import DeliveryRoute, DriverTime, Stop, Vehicle
from openinfusion.kernel.refusal import Malformed, NotFound, Refused, Stale
from openinfusion.platform.clock import now, today
from openinfusion.team import public as team

ZONE = ZoneInfo("America/Chicago")
HOUR = timedelta(hours=1)


def day() -> date:
    return today(str(ZONE)) + timedelta(days=2)


def at(hour: int) -> datetime:
    return datetime.combine(day(), time(hour), ZONE)


def plan(thread: Any, kind: str, first: int, last: int, by: Any = None, **more: Any) -> UUID:
    said = {"starts_at": at(first), "ends_at": at(last)} | more
    return delivery.plan_driver_time(driver_id=thread.driver.id, site_id=thread.bench.site_id, kind=kind,
                                     by=by or thread.warehouse, **said)


def van(thread: Any, name: str = "Van 1", **more: Any) -> UUID:
    return delivery.keep_vehicle(site_id=thread.bench.site_id, name=name, by=thread.warehouse, **more)


def route(thread: Any, stops: Any = (), leaves: int = 9, **more: Any) -> UUID:
    said = {"driver_id": thread.driver.id, "name": "A", "leaves_at": at(leaves)} | more
    return delivery.assign_route(site_id=thread.bench.site_id, day=day(), stops=stops, by=thread.warehouse, **said)


def confirmed(thread: Any) -> UUID:
    ticket_id = thread.ticket()
    delivery.confirm_by_call(ticket_id=ticket_id, answers=thread.answers(), by=thread.warehouse)
    return ticket_id


def test_a_driver_who_is_off_or_not_on_shift_gets_no_route_and_nothing_changes(thread: Any) -> None:
    wanted = [delivery.StopWanted(ticket_id=confirmed(thread))]
    off = plan(thread, "off", 8, 12, thread.driver)
    with pytest.raises(Refused, match="has that time off"):
        route(thread, wanted)
    delivery.end_driver_time(time_id=off, by=thread.driver)
    plan(thread, "works", 12, 17)
    with pytest.raises(Refused, match="does not work then"):
        route(thread, wanted)
    assert not DeliveryRoute.objects.exists() and not Stop.objects.exists()
    assert delivery.ticket(wanted[0].ticket_id).road.stop_id is None
    made = route(thread, wanted, leaves=13)
    assert delivery.ticket(wanted[0].ticket_id).road.stop_id is not None
    assert DeliveryRoute.objects.get(pk=made).driver == thread.driver.id


def test_from_a_driver_who_fell_ill_stops_are_taken_and_none_is_added(thread: Any) -> None:
    one, back = confirmed(thread), delivery.ask_back(
        patient_id=thread.bench.patient_id, site_id=thread.bench.site_id, kind=delivery.ReturnKind.SHIPPER, text="cold box",
        wanted_on=day(), by=thread.warehouse)
    stops = [delivery.StopWanted(ticket_id=one), delivery.StopWanted(return_id=back)]
    made = route(thread, stops[:1])
    delivery.call_in_sick(driver_id=thread.driver.id, site_id=thread.bench.site_id, until=at(23), by=thread.driver)
    sick = DriverTime.objects.get()
    assert (sick.kind, sick.sick, sick.ends_at) == ("off", True, at(23))
    with pytest.raises(Refused, match=r"has that time off \(sick\)"):
        route(thread, stops, route_id=made)
    assert [s.ticket_id for s in Stop.objects.all()] == [one]
    route(thread, stops[:1], route_id=made)  # the order of what they have may change, and it may be taken off
    route(thread, [], route_id=made)
    assert not Stop.objects.exists()
    route(thread, stops, route_id=made, driver_id=thread.warehouse.id)
    with pytest.raises(Refused, match="has that time off"):
        route(thread, stops, route_id=made)  # back to the one who is ill
    assert DeliveryRoute.objects.get().driver == thread.warehouse.id
    with pytest.raises(Refused, match="noted as ill in these hours already"):
        delivery.call_in_sick(driver_id=thread.driver.id, site_id=thread.bench.site_id, until=at(22), by=thread.driver)


def test_a_driver_with_time_off_within_the_illness_calls_in_sick_and_the_time_off_stays(thread: Any) -> None:
    off = plan(thread, "off", 10, 12)
    delivery.call_in_sick(driver_id=thread.driver.id, site_id=thread.bench.site_id, until=at(23), by=thread.driver)
    assert [(t.kind, t.sick, t.ended) for t in DriverTime.objects.order_by("sick")] == [("off", False, False), ("off", True, False)]
    sick = DriverTime.objects.get(sick=True)
    with pytest.raises(Refused, match=r"has that time off"):
        route(thread, [delivery.StopWanted(ticket_id=confirmed(thread))])
    delivery.end_driver_time(time_id=sick.id, by=thread.driver)
    assert [t.id for t in DriverTime.objects.filter(ended=False)] == [off]
    with pytest.raises(Refused, match="already has time off"):
        plan(thread, "off", 11, 13)
    delivery.call_in_sick(driver_id=thread.driver.id, site_id=thread.bench.site_id, until=at(23), by=thread.driver)
    with pytest.raises(IntegrityError, match="driver_time_no_overlap"), transaction.atomic():
        DriverTime.objects.create(driver=thread.driver.id, driver_name="x", site_id=thread.bench.site_id, kind="off", sick=True,
                                  starts_at=at(9), ends_at=at(10))


def test_a_planned_time_within_time_off_is_refused(thread: Any) -> None:
    plan(thread, "works", 8, 17)
    plan(thread, "off", 12, 14)
    ticket_id = confirmed(thread)
    with pytest.raises(Refused, match="time off"):
        route(thread, [delivery.StopWanted(ticket_id=ticket_id, planned_at=at(13))])
    route(thread, [delivery.StopWanted(ticket_id=ticket_id, planned_at=at(15))])


def test_neither_kind_nor_a_vehicle_overlaps_by_rule_and_by_the_database(thread: Any) -> None:
    one = van(thread)
    first = plan(thread, "works", 8, 12, vehicle_id=one)
    with pytest.raises(Refused, match="already has a shift"):
        plan(thread, "works", 11, 14)
    with pytest.raises(Refused, match="another shift"):
        delivery.plan_driver_time(driver_id=thread.warehouse.id, site_id=thread.bench.site_id, kind="works", starts_at=at(11),
                                  ends_at=at(13), vehicle_id=one, by=thread.warehouse)
    plan(thread, "works", 12, 14, vehicle_id=one)
    row = DriverTime.objects.get(pk=first)
    for driver, name in ((row.driver, "driver_time_no_overlap"), (uuid4(), "vehicle_one_shift_at_a_time")):
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            DriverTime.objects.create(driver=driver, driver_name="x", site_id=row.site_id, kind="works", starts_at=at(9), ends_at=at(10),
                                      vehicle_id=one)
    for wrong, name in (({"kind": "off", "vehicle_id": one}, "vehicle_is_driven"), ({"kind": "works", "sick": True}, "sick_is_off")):
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            DriverTime.objects.create(driver=uuid4(), driver_name="x", site_id=row.site_id, starts_at=at(9), ends_at=at(10), **wrong)
    assert DriverTime.objects.count() == 2


def test_who_may_plan_whose_time(thread: Any) -> None:
    with pytest.raises(Refused, match=r"delivery\.roster\.manage"):
        plan(thread, "works", 8, 12, thread.driver)  # shifts are planned by whoever keeps the roster
    with pytest.raises(Refused, match=r"delivery\.roster\.manage"):
        plan(thread, "off", 8, 12, thread.nurse)
    with pytest.raises(Refused, match=r"delivery\.roster\.manage"):
        delivery.keep_vehicle(site_id=thread.bench.site_id, name="Van", by=thread.driver)
    shift = plan(thread, "works", 8, 12)
    with pytest.raises(Refused, match=r"delivery\.roster\.manage"):
        delivery.end_driver_time(time_id=shift, by=thread.driver)
    with pytest.raises(Malformed, match="no driver"):
        delivery.plan_driver_time(driver_id=thread.nurse.id, site_id=thread.bench.site_id, kind="off", starts_at=at(8), ends_at=at(9),
                                  by=thread.warehouse)
    for kind, first, last in (("rests", 8, 9), ("off", 9, 9), ("off", 9, 8)):
        with pytest.raises(Malformed):
            plan(thread, kind, first, last)
    with pytest.raises(Malformed, match="drives nothing"):
        plan(thread, "off", 8, 9, vehicle_id=van(thread))
    with pytest.raises(NotFound):
        plan(thread, "works", 13, 14, vehicle_id=uuid4())
    assert [t.id for t in DriverTime.objects.all()] == [shift]
    delivery.end_driver_time(time_id=shift, by=thread.warehouse)
    with pytest.raises(Refused, match="already"):
        delivery.end_driver_time(time_id=shift, by=thread.warehouse)


def test_a_vehicle_is_entered_once_changed_by_its_version_and_ended(thread: Any) -> None:
    one = van(thread, holds=12, refrigerated=True)
    with pytest.raises(Refused, match="on file already"):
        van(thread)
    with pytest.raises(Malformed, match="1 to"):
        van(thread, "Van 2", holds=0)
    with pytest.raises(Stale):
        van(thread, vehicle_id=one, version=7, ended=True)
    van(thread, vehicle_id=one, version=1, ended=True)
    with pytest.raises(Refused, match="not driven any more"):
        plan(thread, "works", 8, 9, vehicle_id=one)
    assert Vehicle.objects.count() == 1 and delivery.vehicles(thread.bench.site_id) == []


def test_the_drivers_of_a_day_have_shifts_vans_and_time_off(thread: Any) -> None:
    site_id = thread.bench.site_id
    (dee,) = delivery.drivers_of(day(), site_id)
    assert (dee.name, dee.shifts, dee.off, dee.plans_shifts) == ("Dee Driver", (), (), False)
    plan(thread, "works", 8, 12, vehicle_id=van(thread, holds=3, refrigerated=True))
    plan(thread, "off", 10, 11)
    (dee,) = delivery.drivers_of(day(), site_id)
    (shift,) = dee.shifts
    assert (shift.starts_at, shift.ends_at, shift.vehicle.name, shift.vehicle.holds) == (at(8), at(12), "Van 1", 3)  # type: ignore[union-attr]
    assert dee.off == ((at(10), at(11)),) and dee.plans_shifts
    (next_day,) = delivery.drivers_of(day() + timedelta(days=1), site_id)
    assert next_day.shifts == () and next_day.plans_shifts  # planned around it, and not on it
    made = route(thread, leaves=8)
    assert DeliveryRoute.objects.get(pk=made).vehicle == "Van 1"  # that of the shift, where none is named


def test_an_expired_driving_licence_stops_a_route(thread: Any) -> None:
    team.record_credential(user_id=thread.driver.id, kind="driver", state="IN", number="D1", expires_on=day() - timedelta(days=1),
                           by=thread.bench.administrator)
    with pytest.raises(Refused, match="driving licence expired"):
        route(thread)
    assert "expired" in delivery.drivers_of(day(), thread.bench.site_id)[0].against[0]
    team.record_credential(user_id=thread.driver.id, kind="driver", state="IN", number="D1", expires_on=day(), by=thread.bench.administrator)
    route(thread)


def test_the_roster_page_and_its_forms(thread: Any, browse: Any) -> None:
    desk, driver, site_id = browse(thread.warehouse), browse(thread.driver), thread.bench.site_id
    assert desk.post(f"/delivery/roster/{site_id}/vehicles/", {"name": "Van 7", "holds": "9"}).status_code == 302
    (vehicle,) = delivery.vehicles(site_id)
    said = {"driver_id": str(thread.driver.id), "kind": "works", "starts_at": f"{day()}T08:00", "ends_at": f"{day()}T16:00",
            "vehicle_id": str(vehicle.id)}
    assert desk.post(f"/delivery/roster/{site_id}/plan/", said).status_code == 302
    assert desk.post(f"/delivery/roster/{site_id}/plan/", said).status_code == 409
    assert desk.post(f"/delivery/roster/{site_id}/plan/", said | {"driver_id": str(thread.nurse.id)}).status_code == 422
    page = desk.get(f"/delivery/roster/?day={day()}").content.decode()
    assert "Dee Driver" in page and "Van 7" in page and "holds 9 items" in page
    assert driver.post(f"/delivery/roster/{site_id}/plan/", said | {"starts_at": f"{day()}T16:00", "ends_at": f"{day()}T17:00"}).status_code == 409
    assert DriverTime.objects.count() == 1
    route(thread, [delivery.StopWanted(ticket_id=confirmed(thread))])
    assert driver.post(f"/delivery/roster/{site_id}/sick/", {"driver_id": str(thread.driver.id), "until": f"{day()}T20:00"}).status_code == 302
    assert "Give its stops to somebody else" in desk.get(f"/delivery/routes/?day={day()}").content.decode()
    assert "stops on a route" in desk.get(f"/delivery/roster/?day={now().astimezone(ZONE).date()}").content.decode()
    shift = DriverTime.objects.get(kind="works")
    assert desk.post(f"/delivery/roster/{shift.id}/end/").status_code == 302
    url = f"/delivery/roster/{site_id}/vehicles/{vehicle.id}/"
    assert desk.post(url, {"name": "Van 7", "holds": "", "ended": "on"}).status_code == 302
    assert delivery.vehicles(site_id) == []
    assert desk.get("/delivery/roster/?day=nonsense").status_code == 422 and desk.get(f"/delivery/roster/?site={uuid4()}").status_code == 404


def test_the_roster_by_the_api(thread: Any, browse: Any) -> None:
    desk, site_id = browse(thread.warehouse), thread.bench.site_id

    def post(path: str, body: Any) -> Any:
        return desk.post(f"/api/delivery/{path}", body, content_type="application/json")

    assert post("vehicles", {"site_id": str(site_id), "name": "Van 1", "holds": "1e1"}).status_code == 422
    made = post("vehicles", {"site_id": str(site_id), "name": "Van 1", "holds": 10}).json()["id"]
    body = {"driver_id": str(thread.driver.id), "site_id": str(site_id), "kind": "works", "starts_at": at(8).isoformat(),
            "ends_at": at(12).isoformat(), "vehicle_id": made}
    assert post("roster", body).status_code == 200 and post("roster", body).status_code == 409
    (row,) = desk.get("/api/delivery/roster", {"start": at(0).isoformat(), "end": at(23).isoformat()}).json()
    assert (row["kind"], row["vehicle"]["holds"], row["sick"]) == ("works", 10, False)
    assert post("roster/sick", {"driver_id": str(thread.driver.id), "site_id": str(site_id), "until": at(9).isoformat()}).status_code == 200
    (dee,) = desk.get("/api/delivery/planning/drivers", {"day": str(day()), "site_id": str(site_id)}).json()
    assert len(dee["shifts"]) == 1 and len(dee["off"]) == 1
    for path, wrong in (
        ("roster", body | {"starts_at": f"{day()}T13:00:00", "ends_at": f"{day()}T14:00:00"}),
        ("roster", body | {"starts_at": at(13).isoformat(), "ends_at": f"{day()}T14:00:00"}),
        ("roster/sick", {"driver_id": str(thread.driver.id), "site_id": str(site_id), "until": f"{day()}T14:00:00"}),
    ):
        answer = post(path, wrong)
        assert answer.status_code == 422 and "a time zone is needed" in answer.content.decode(), answer.content
    naive = desk.get("/api/delivery/roster", {"start": f"{day()}T00:00:00", "end": f"{day()}T23:00:00"})
    assert naive.status_code == 422 and "a time zone is needed" in naive.content.decode()
    assert DriverTime.objects.count() == 2
    with pytest.raises(Malformed, match="time zone"):
        plan(thread, "works", 13, 14, ends_at=datetime.combine(day(), time(14)))
    assert post(f"roster/{row['id']}/end", {}).status_code == 200
    assert [v["name"] for v in desk.get("/api/delivery/vehicles").json()] == ["Van 1"]
