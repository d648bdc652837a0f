# SPDX-License-Identifier: Apache-2.0
"""The driver's day on a phone: the route, the hand-over with a signature, the line gone and back, one proof."""
from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from tests.deliveries import a_checked_delivery

from openinfusion.delivery import public as delivery
from openinfusion.delivery.models import Custody
from openinfusion.patients import public as patients
from openinfusion.patients.public import Address, Demographics, Sex
from openinfusion.platform.clock import now, today
from openinfusion.platform.scope import entered
from openinfusion.therapy import public as therapy

ZONE = "America/Chicago"
PIN = "314159"


@pytest.fixture
def on_a_route(pharmacy: Any) -> Any:
    """A checked delivery that is the first stop of today's route."""
    store, rph, driver = pharmacy.actors["warehouse"], pharmacy.actors["pharmacist"], pharmacy.actors["driver"]
    with entered(pharmacy.organization_id):
        patient_id = patients.register(demographics=Demographics(
            "Roadman", "Rory", date(1970, 1, 2), Sex.MALE, Address("2 Sample Way", "", "Springfield", "IL", "62701"), phone="2175550123",
        ), by=pharmacy.actors["intake"])
        therapy_id = therapy.begin_therapy(
            patient_id=patient_id, drug_code="ceftriaxone", therapy_class="", diagnosis="M86.172", site_id=pharmacy.site_id,
            prescriber="Lena Fictional, MD", start_on=today(ZONE), by=pharmacy.actors["intake"])
        ticket_id = a_checked_delivery(therapy_id, patient_id, pharmacy.site_id, store, rph)
        van = delivery.keep_vehicle(site_id=pharmacy.site_id, name="Van 1", holds=40, refrigerated=True, by=store)
        delivery.plan_driver_time(driver_id=driver.id, site_id=pharmacy.site_id, kind="works", starts_at=now() - timedelta(hours=1),
                                  ends_at=now() + timedelta(hours=8), vehicle_id=van, by=store)
        delivery.assign_route(site_id=pharmacy.site_id, day=today(ZONE), name="A", driver_id=driver.id, leaves_at=now(),
                              stops=[delivery.StopWanted(ticket_id=ticket_id)], by=store)
    return ticket_id


def test_a_driver_hands_over_while_the_line_is_gone(
    visitor: Callable[..., Any], pharmacy: Any, on_a_route: Any, troubles: list[str],
) -> None:
    driver = visitor("driver", phone=True)
    driver.go("/delivery/driver/")
    driver.page.locator("#pin").fill("31415")
    driver.page.get_by_role("button", name="Set this PIN").click()
    driver.page.get_by_text("Six digits or more.").nth(0).wait_for()
    driver.page.locator("#pin").fill(PIN)
    driver.page.get_by_role("button", name="Set this PIN").click()
    driver.page.get_by_text("encrypted with your PIN").wait_for()
    assert "Route A, Van 1" in driver.text() and "ROADMAN" in driver.text() and "next" in driver.text()
    driver.follow(driver.page.get_by_role("button", name="Take it out"))
    driver.follow(driver.page.get_by_role("link", name="Hand over"))
    form = driver.page.locator("form[data-proof]")
    driver.fill(form, {"received_by": "Rory Roadman", "identity": "photo_id", "note": "by the back door"})
    form.get_by_role("button", name="Handed over").click()
    driver.page.get_by_text("The receiver has not signed.").wait_for()
    driver.page.locator("[data-pad]").scroll_into_view_if_needed()
    box = driver.page.locator("[data-pad]").bounding_box()
    assert box is not None
    driver.page.mouse.move(box["x"] + 20, box["y"] + 20)
    driver.page.mouse.down()
    driver.page.mouse.move(box["x"] + 120, box["y"] + 60)
    driver.page.mouse.up()
    driver.page.context.set_offline(True)
    form.get_by_role("button", name="Handed over").click()
    driver.page.get_by_text("nothing is kept yet").wait_for()
    driver.page.locator("#pin").fill("000000")
    driver.page.get_by_role("button", name="Open", exact=True).click()
    driver.page.get_by_text("That is not the PIN").wait_for()
    driver.page.locator("#pin").fill(PIN)
    driver.page.get_by_role("button", name="Open", exact=True).click()
    driver.page.get_by_text("Leave this page open").wait_for()
    with entered(pharmacy.organization_id):
        assert delivery.ticket(on_a_route).state == "dispatched"
    driver.page.context.set_offline(False)
    driver.page.locator("[data-unsent]").wait_for(state="hidden")
    with entered(pharmacy.organization_id):
        done = delivery.ticket(on_a_route)
        assert (done.state, done.received_by, done.signature_path[:1]) == ("delivered", "Rory Roadman", "M")
        assert Custody.objects.filter(ticket_id=on_a_route).count() == 2
    driver.go("/delivery/driver/")
    assert "1 of 1 done" in driver.text()
    desk = visitor("warehouse")
    for url in ("/delivery/", "/delivery/calls/", "/delivery/routes/", "/delivery/roster/", "/delivery/returns/", "/delivery/pack-outs/", f"/delivery/{on_a_route}/"):
        desk.go(url)
    desk.page.set_viewport_size({"width": 390, "height": 844})
    for url in ("/delivery/", "/delivery/calls/", "/delivery/routes/", "/delivery/roster/", "/delivery/returns/", "/delivery/pack-outs/", f"/delivery/{on_a_route}/"):
        desk.go(url)
    told = [t for t in troubles if "ERR_INTERNET_DISCONNECTED" not in t]
    assert not told
