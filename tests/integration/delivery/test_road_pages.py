# SPDX-License-Identifier: Apache-2.0
"""Every page of the road opens and acts: calls, concerns, routes, returns, pack-outs, the phone, papers; and their API."""
from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from openinfusion.delivery import public as delivery
from openinfusion.delivery.models import DeliveryTicket, PackOutValidation
from openinfusion.delivery.queries.refill import concerns_of
from openinfusion.kernel.roles import Role
from openinfusion.patients import public as patients
from openinfusion.platform.clock import now, today

PASSWORD = "a long enough password"
ZONE = "America/Chicago"
PHOTO = b"\xff\xd8\xff\xe0 not a real picture"


@pytest.fixture
def people(account: Callable[..., Any]) -> Callable[[Role], Client]:
    def signed_in(role: Role) -> Client:
        client = Client()
        client.force_login(account(role, password=PASSWORD))
        return client
    return signed_in


def words(who: Client, url: str) -> str:
    answer = who.get(url)
    assert answer.status_code == 200, (url, answer.status_code, answer.content[:500])
    return answer.content.decode()


def test_the_calls_page_the_attempt_and_the_concern(thread: Any, people: Any) -> None:
    ticket_id = thread.ticket()
    number, url = delivery.ticket(ticket_id).number, f"/delivery/{ticket_id}/"
    warehouse, pharmacist = people(Role.WAREHOUSE), people(Role.PHARMACIST)
    for show in ("", "?show=now"):
        assert number in words(warehouse, f"/delivery/calls/{show}")
    assert number not in words(warehouse, "/delivery/calls/?show=held")
    again = (now() + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")
    assert warehouse.post(f"{url}attempt/", {"outcome": "left_message", "again_at": again}).status_code == 302
    assert number in words(warehouse, "/delivery/calls/?show=later") and number in words(warehouse, "/delivery/calls/table.csv")
    said = {f"said_{s.code}": s.answer.value for s in delivery.nothing_new("antibiotic")} | {"said_reaction": "yes", "details": "rash"}
    call = {"spoke_with": "Amara", "relation": "self", "doses_on_hand": 0, "doses_missed": 0, "need_by": today(ZONE).isoformat(),
            "is_address_right": "on", "consents": "on", "confirm": "1", "window_from": "09:00", "window_to": "11:00"}
    assert warehouse.post(f"{url}call/", call | said).status_code == 302
    page = words(pharmacist, url)
    assert "Answers somebody looks at" in page and "rash" in page and "09:00 to 11:00" in page
    (concern,) = concerns_of(ticket_id)
    assert warehouse.post(f"/delivery/concerns/{concern.id}/clear/", {"reason": "fine"}).status_code == 409
    assert pharmacist.post(f"/delivery/concerns/{concern.id}/clear/", {"reason": "known, mild"}).status_code == 302
    assert warehouse.post(f"{url}confirm/").status_code == 302
    assert delivery.ticket(ticket_id).state == "confirmed"


def test_studies_carriers_and_the_door_are_kept_on_one_page(thread: Any, people: Any) -> None:
    warehouse, pharmacist, site = people(Role.WAREHOUSE), people(Role.PHARMACIST), thread.bench.site_id
    page = words(pharmacist, "/delivery/pack-outs/")
    assert "Fictional qualification" in page and "Enter a study" in page and "Enter a study" not in words(warehouse, "/delivery/pack-outs/")
    study = {"codes": ["CR-W-12"], "title": "Winter study", "hours": "12", "low_c": "2", "high_c": "8", "first": str(today(ZONE)),
             "last": str(today(ZONE) + timedelta(days=30))}
    assert warehouse.post(f"/delivery/pack-outs/{site}/validation/", study).status_code in (403, 409)
    assert pharmacist.post(f"/delivery/pack-outs/{site}/validation/", study).status_code == 302
    made = PackOutValidation.objects.get(title="Winter study")
    assert pharmacist.post(f"/delivery/validations/{made.id}/approve/", {"signature": PASSWORD}).status_code == 409
    other = people(Role.PHARMACIST)
    assert other.post(f"/delivery/validations/{made.id}/approve/", {"signature": PASSWORD}).status_code == 302
    service = {"carrier": "Swallow", "name": "Night", "lane": "overnight", "cut_off": "17:30", "weekdays": ["0", "1"], "hours": "20"}
    assert warehouse.post(f"/delivery/pack-outs/{site}/service/", service).status_code == 302
    assert "Swallow Night" in words(warehouse, "/delivery/pack-outs/")
    assert warehouse.post(f"/delivery/pack-outs/{site}/service/", service).status_code == 409
    assert warehouse.post(f"/delivery/pack-outs/{site}/door/", {"asks_position": "on"}).status_code == 302
    found = warehouse.get(f"/api/delivery/services?site_id={site}").json()
    assert warehouse.post(f"/delivery/services/{found[0]['id']}/end/").status_code == 302
    assert [v["state"] for v in warehouse.get("/api/delivery/validations").json() if v["id"] == str(made.id)] == ["approved"]


def test_a_driver_works_through_a_route_on_the_phone(thread: Any, people: Any, account: Any) -> None:
    ticket_id, site, day = thread.dispatched(), thread.bench.site_id, today(ZONE)
    user = account(Role.DRIVER, password=PASSWORD)
    warehouse, driver = people(Role.WAREHOUSE), Client()
    driver.force_login(user)
    assert "No route on this day" in words(warehouse, "/delivery/routes/")
    route = {"name": "A", "driver": str(thread.driver.id), "vehicle": "Van 1", "leaves": "08:00"}
    assert warehouse.post(f"/delivery/routes/{site}/{day}/new/", route).status_code == 302
    DeliveryTicket.objects.filter(pk=ticket_id).update(need_by=day)
    (made,) = delivery.routes_of(day, site)
    for move in ("add", "up", "down", "off", "add"):
        assert warehouse.post(f"/delivery/routes/{made.id}/stop/", {"stop": f"delivery:{ticket_id}", "move": move}).status_code == 302
    page = words(warehouse, f"/delivery/routes/?day={day}")
    assert "Route A: Dee Driver" in page and "SAMPLETON" in page and "approximate" in page
    assert warehouse.get("/delivery/routes/?day=tomorrow").status_code == 422
    assert "A, Dee Driver" in words(warehouse, "/delivery/?look=out") or "Dee Driver" in words(warehouse, "/delivery/?look=out")
    assert warehouse.post(f"/delivery/pack-outs/{site}/door/", {"asks_position": "on", "asks_photo": "on"}).status_code == 302
    stop = words(driver, f"/delivery/driver/{ticket_id}/")
    assert "geo:0,0?q=" in stop and "data-position" in stop and "Scan each box" in stop
    proof: dict[str, Any] = {
        "received_by": "Amara", "relation": "self", "identity": "known_caregiver", "arrived_c": "4.5", "typed": "Amara Sampleton",
        "latitude": "39.80170", "longitude": "-89.64370", "accuracy_m": "12", "seal": "yes", "scans": thread.scans(ticket_id)[0],
        "note": "by the back door", "_key": "proof-1",
    }
    assert driver.post(f"/delivery/{ticket_id}/proof/", proof).status_code == 422  # the photo is wanted
    for _ in range(2):  # the line broke after the first: the same key is the same proof
        from django.core.files.uploadedfile import SimpleUploadedFile

        sent = proof | {"photo": SimpleUploadedFile("door.jpg", PHOTO, "image/jpeg")}
        assert driver.post(f"/delivery/{ticket_id}/proof/", sent).status_code == 302
    done = delivery.ticket(ticket_id)
    assert str(done.road.latitude) == "39.80170" and done.road.scanned_at_door == 1 and done.road.photo_id
    assert warehouse.get(f"/delivery/{ticket_id}/photo").content == PHOTO
    for paper in ("proof", "custody", "document"):
        assert warehouse.get(f"/delivery/{ticket_id}/{paper}.pdf").content.startswith(b"%PDF")
    assert "known caregiver" in words(warehouse, f"/delivery/{ticket_id}/")
    home = patients.patient(thread.bench.patient_id).id
    assert "This is where the home is" in words(warehouse, f"/delivery/{ticket_id}/")
    for wrong, why in (({"accuracy_m": 400}, "400 m only"), ({"accuracy_m": None}, "how exact"), ({"address": "9 Other Road"}, "another address")):
        with transaction.atomic():
            DeliveryTicket.objects.filter(pk=ticket_id).update(**wrong)
            refused = warehouse.post(f"/delivery/{ticket_id}/door-position/")
            assert refused.status_code == 409 and why in refused.content.decode()
            transaction.set_rollback(True)
    assert patients.patient(home).address.point is None
    assert warehouse.post(f"/api/delivery/tickets/{ticket_id}/door-position", "{}", content_type="application/json").status_code == 200
    found = patients.patient(home).address
    assert str(found.point) == "39.80170, -89.64370" and "handed over delivery" in found.located_how and "within 12 m" in found.located_how
    assert warehouse.post(f"/delivery/{ticket_id}/door-position/").status_code == 302
    patients.locate_home(patient_id=home, point=found.point, how="read from a map", by=thread.bench.pharmacist)
    refused = warehouse.post(f"/delivery/{ticket_id}/door-position/")
    assert refused.status_code == 409 and "on the map already" in refused.content.decode()


def test_failed_returned_and_picked_up(thread: Any, people: Any) -> None:
    ticket_id = thread.dispatched()
    warehouse, driver = people(Role.WAREHOUSE), people(Role.DRIVER)
    failed = {"failure": "nobody_home", "then_do": "bring_it_back", "note": "rang twice"}
    assert driver.post(f"/delivery/{ticket_id}/failed/", failed).status_code == 302
    assert "nobody home" in words(warehouse, f"/delivery/{ticket_id}/")
    from openinfusion.patients.public import patient

    asked = {"mrn": patient(thread.bench.patient_id).mrn, "kind": "shipper", "text": "cold box", "quantity": "1", "wanted_on": str(today(ZONE))}
    assert warehouse.post("/delivery/returns/ask/", asked | {"mrn": "nobody"}).status_code == 422
    assert warehouse.post("/delivery/returns/ask/", asked).status_code == 302
    assert "cold box" in words(warehouse, "/delivery/returns/") and "cold box" in words(warehouse, "/delivery/returns/table.csv")
    (back,) = warehouse.get("/api/delivery/returns?state=asked").json()
    assert driver.post(f"/delivery/returns/{back['id']}/collect/").status_code == 302
    assert warehouse.post(f"/delivery/returns/{back['id']}/receive/", {"disposition": "device_returned"}).status_code == 409
    assert warehouse.post(f"/delivery/returns/{back['id']}/receive/", {"disposition": "stock"}).status_code == 302
    assert "Nothing comes back" in words(warehouse, "/delivery/returns/")
    assert "My stops" in words(driver, "/delivery/driver/")
    for look in ("late", "cold", "out", "carrier", "unassigned"):
        words(warehouse, f"/delivery/?look={look}&q=sampleton")


def test_the_road_by_the_api(thread: Any, people: Any) -> None:
    ticket_id, warehouse, driver = thread.dispatched(), people(Role.WAREHOUSE), people(Role.DRIVER)
    here, site, day = f"/api/delivery/tickets/{ticket_id}", thread.bench.site_id, today(ZONE)

    def post(who: Client, url: str, body: dict[str, Any], **headers: str) -> Any:
        return who.post(url, json.dumps(body), content_type="application/json", headers=headers)

    assert {"reaction", "line_trouble"} <= {q["code"] for q in warehouse.get(f"{here}/questions").json()}
    assert warehouse.get(f"{here}/concerns").json() == [] and warehouse.get(f"{here}/logger").status_code == 404
    route = {"site_id": str(site), "day": str(day), "name": "A", "driver_id": str(thread.driver.id), "leaves_at": now().isoformat(),
             "stops": [{"ticket_id": str(ticket_id)}]}
    made = post(warehouse, "/api/delivery/routes", route).json()
    assert [s["ticket_id"] for s in made["stops"]] == [str(ticket_id)]
    assert post(driver, "/api/delivery/routes", route).status_code == 403
    assert warehouse.get(f"/api/delivery/stops-waiting?day={day}&site_id={site}").json() == []
    assert [h["taker"] for h in warehouse.get(f"{here}/custody").json()] == ["Pharmacy", "Dee Driver"]
    assert post(driver, f"{here}/failed", {"failure": "vehicle", "then_do": "try_again_today"}).json()["state"] == "failed"
    begun = now() - timedelta(hours=2)
    DeliveryTicket.objects.filter(pk=ticket_id).update(dispatched_at=begun + timedelta(minutes=1))
    readings = [{"at": (begun + timedelta(minutes=m)).isoformat(), "celsius": c} for m, c in ((0, "4"), (60, "5.5"))]
    assert post(driver, f"{here}/logger", {"serial": "TL-9", "readings": readings}).json()["verdict"] == "fine"
    assert post(driver, f"{here}/logger", {"serial": "TL-9", "readings": [{"at": "noon", "celsius": "NaN"}]}).status_code == 422
