# SPDX-License-Identifier: Apache-2.0
"""Delivery by its pages and its API: every page opens, every act works, what is refused changes nothing."""
from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from openinfusion.delivery import public as delivery
from openinfusion.kernel.roles import Role
from openinfusion.platform.clock import today

PASSWORD = "a long enough password"


@pytest.fixture
def people(account: Callable[..., Any]) -> Callable[[Role], Client]:
    def signed_in(role: Role) -> Client:
        client = Client()
        client.force_login(account(role, password=PASSWORD))
        return client
    return signed_in


def call(**changes: Any) -> dict[str, Any]:
    return {
        "spoke_with": "Amara", "relation": "self", "doses_on_hand": 0, "doses_missed": 0, "need_by": today("America/Chicago").isoformat(),
        "is_address_right": "on", "consents": "on", "confirm": "1",
    } | {f"said_{s.code}": s.answer.value for s in delivery.nothing_new("antibiotic")} | changes


def test_warehouse_pharmacist_and_driver_bring_it_home_through_the_pages(thread: Any, people: Any) -> None:
    ticket_id = thread.ticket()
    url = f"/delivery/{ticket_id}/"
    warehouse, pharmacist, driver = people(Role.WAREHOUSE), people(Role.PHARMACIST), people(Role.DRIVER)
    assert delivery.ticket(ticket_id).number in warehouse.get("/delivery/").content.decode()
    assert warehouse.post(f"{url}call/", call(consents="")).status_code == 409
    assert delivery.ticket(ticket_id).state == "draft"
    assert warehouse.post(f"{url}call/", call()).status_code == 302
    assert "Pick by scan" in warehouse.get(url).content.decode()
    assert warehouse.post(f"{url}scan/", {"scan": "nonsense"}).status_code in (409, 422)
    for scan in thread.scans(ticket_id):
        assert warehouse.post(f"{url}scan/", {"scan": scan}).status_code == 302
    assert warehouse.post(f"{url}pick/").status_code == 302
    chosen = delivery.pack_out_for(ticket_id, delivery.Lane.COURIER)
    packed = {"lane": "courier", "pack_out": chosen.code}
    assert warehouse.post(f"{url}pack-out/", packed).status_code == 302
    assert warehouse.post(f"{url}pack/").status_code == 409  # its steps are not ticked
    assert warehouse.post(f"{url}pack-out/", packed | {"steps": [s.code for s in delivery.steps_of(chosen)]}).status_code == 302
    assert warehouse.post(f"{url}pack/").status_code == 302
    assert pharmacist.post(f"{url}check/").status_code == 409
    assert pharmacist.post(f"{url}check/", {"signature": PASSWORD}).status_code == 302
    assert "Ready to go" in driver.get("/delivery/driver/").content.decode()
    assert driver.post(f"{url}dispatch/").status_code == 302
    assert "Signature" in driver.get(f"/delivery/driver/{ticket_id}/").content.decode()
    proof = {"received_by": "Amara", "relation": "self", "strokes": "M1 1 L5 5 L9 2", "identity": "photo_id"}
    assert driver.post(f"{url}proof/", proof).status_code == 409  # the temperature was not read
    proof |= {"arrived_c": "4.5"}
    assert driver.post(f"{url}proof/", proof).status_code == 302
    page = warehouse.get(url).content.decode()
    assert "Proof of delivery" in page and 'd="M1 1 L5 5 L9 2"' in page
    assert warehouse.get(f"{url}document.pdf").content.startswith(b"%PDF")
    assert delivery.ticket(ticket_id).number in warehouse.get("/delivery/table.csv?state=delivered").content.decode()


def test_the_same_by_the_api(thread: Any, people: Any) -> None:
    ticket_id = thread.ticket()
    warehouse, pharmacist, driver = people(Role.WAREHOUSE), people(Role.PHARMACIST), people(Role.DRIVER)
    base = f"/api/delivery/tickets/{ticket_id}"

    def post(who: Client, path: str, body: dict[str, Any], **headers: str) -> Any:
        return who.post(f"{base}{path}", json.dumps(body), content_type="application/json", headers=headers)

    said = {"spoke_with": "A", "is_address_right": True, "consents": True, "confirm": True,
            "need_by": today("America/Chicago").isoformat(),
            "said": [{"code": s.code, "answer": s.answer.value} for s in delivery.nothing_new("antibiotic")]}
    assert post(warehouse, "/call", said).json()["state"] == "confirmed"
    assert post(warehouse, "/scans", {"scans": thread.scans(ticket_id)}).status_code == 200
    assert post(warehouse, "/steps/pick", {}).json()["state"] == "picked"
    codes = warehouse.get(f"{base}/pack-outs?lane=courier").json()
    steps = [s["code"] for s in codes[0]["steps"]]
    assert post(warehouse, "/pack-out", {"lane": "courier", "pack_out": codes[0]["code"], "done_steps": steps}).status_code == 200
    assert post(warehouse, "/steps/pack", {}).json()["state"] == "packed"
    assert post(pharmacist, "/steps/check", {}).status_code == 409
    assert post(pharmacist, "/steps/check", {}, **{"X-Signature": PASSWORD}).json()["state"] == "rph_checked"
    assert post(driver, "/steps/dispatch", {}).json()["state"] == "dispatched"
    assert post(driver, "/steps/deliver", {}).status_code == 409
    done = post(driver, "/proof", {"received_by": "A", "signature": "typed:Amara", "arrived_c": "5"}).json()
    assert (done["state"], done["received_by"]) == ("delivered", "A")
    assert post(driver, "/proof", {"received_by": "B", "signature": "typed:Bob", "arrived_c": "5"}).status_code == 409
    assert warehouse.get(base).json()["received_by"] == "A"


def test_who_may_not_is_refused(thread: Any, people: Any) -> None:
    ticket_id = thread.ticket()
    nurse = people(Role.NURSE)
    assert nurse.get(f"/delivery/{ticket_id}/").status_code == 200
    assert nurse.post(f"/delivery/{ticket_id}/call/", call()).status_code == 409
    assert nurse.get("/delivery/driver/").status_code == 403
    assert delivery.ticket(ticket_id).state == "draft"
