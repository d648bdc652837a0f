# SPDX-License-Identifier: Apache-2.0
"""The patient's own page on a phone: staff give link and code, the patient comes in, confirms, reports, and is answered."""
from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from openinfusion.delivery import public as delivery
from openinfusion.delivery.models import DeliveryTicket, TicketLine
from openinfusion.patients import public as patients
from openinfusion.patients.public import Address, Demographics, Sex
from openinfusion.platform.clock import today
from openinfusion.platform.scope import entered
from openinfusion.portal.models import PatientRequest
from openinfusion.therapy import public as therapy

ZONE = "America/Chicago"


@pytest.fixture
def awaited(pharmacy: Any) -> Any:
    """A patient and a delivery that waits for their answers."""
    by = pharmacy.actors["intake"]
    with entered(pharmacy.organization_id):
        patient_id = patients.register(demographics=Demographics(
            "Pageman", "Paula", date(1970, 1, 2), Sex.FEMALE, Address("2 Sample Way", "", "Springfield", "IL", "62701"),
            phone="2175550123"), by=by)
        course = therapy.begin_therapy(
            patient_id=patient_id, drug_code="ceftriaxone", therapy_class="", diagnosis="M86.172", site_id=pharmacy.site_id,
            prescriber="Lena Fictional, MD", start_on=today(ZONE), by=by)
        ticket = DeliveryTicket.objects.create(
            number="DPAGE", patient_id=patient_id, therapy_id=course, site_id=pharmacy.site_id, need_by=today(ZONE),
            address="2 Sample Way, Springfield, IL 62701")
        TicketLine.objects.create(ticket=ticket, kind="equipment", text="pole", scan_code="00399901000111")
    return patient_id, ticket.id


def test_a_patient_uses_their_own_page(
    visitor: Callable[..., Any], pharmacy: Any, awaited: Any, browser: Any, address: str, troubles: list[str],
) -> None:
    patient_id, ticket_id = awaited
    desk = visitor("pharmacist")
    desk.go(f"/portal/patients/{patient_id}/")
    desk.page.get_by_role("button", name="Give link and code…").click()
    dialog = desk.page.locator("dialog[open]")
    desk.fill(dialog, {"code_way": "phone"})
    dialog.locator("button[type=submit]").click()
    desk.page.get_by_role("button", name="Print the letter").wait_for()
    link = desk.page.locator("p.mono.wrap").inner_text().strip()
    code = desk.page.locator("p.drug.mono").inner_text().strip()
    patient = visitor.stranger(phone=True)
    patient.go(link)
    patient.submit("form", {"code": "nothing", "born_on": "1970-01-02"})
    assert "is not right" in patient.text()
    patient.page.wait_for_timeout(5200)  # the wait after a wrong code
    patient.submit("form", {"code": code, "born_on": "1970-01-02"})
    assert patient.page.url == f"{address}/portal/my/" and "Hello Paula" in patient.text()
    patient.follow(patient.page.get_by_role("link", name="Answer and confirm"))
    form = patient.page.locator("form")
    for one in delivery.nothing_new("antibiotic"):
        form.locator(f"[name=said_{one.code}][value={one.answer.value}]").check()
    form.locator("[name=address_right][value=yes]").check()
    patient.fill(form, {"doses_on_hand": "1", "doses_missed": "0", "consents": True})
    patient.follow(form.get_by_role("button", name="Send my answers"))
    assert "Your delivery is confirmed" in patient.text()
    patient.follow(patient.page.get_by_role("link", name="Report a problem"))
    patient.page.locator("[name=code][value=pump]").check()
    patient.fill(patient.page.locator("form"), {"words": "the pump beeps twice and stops"})
    patient.follow(patient.page.get_by_role("button", name="Send"))
    assert "We have your message" in patient.text() and "beeps twice" in patient.text()
    with entered(pharmacy.organization_id):
        assert delivery.ticket(ticket_id).state == "confirmed"
        assert PatientRequest.objects.get(patient_id=patient_id).role == "nurse_manager"
    desk.go(f"/portal/patients/{patient_id}/")
    desk.page.get_by_role("button", name="Settled…").click()
    dialog = desk.page.locator("dialog[open]")
    dialog.locator("textarea").fill("battery changed on the telephone")
    dialog.locator("button[type=submit]").click()
    desk.page.get_by_text("Done:").wait_for()
    desk.go("/portal/")
    patient.go("/portal/my/")
    assert "battery changed on the telephone" in patient.text()
    patient.go("/patients/")
    assert "/accounts/login/" in patient.page.url
    patient.go("/portal/my/")
    patient.follow(patient.page.get_by_role("button", name="Close this page"))
    for width in (390,):
        desk.page.set_viewport_size({"width": width, "height": 844})
        for url in ("/portal/", f"/portal/patients/{patient_id}/"):
            desk.go(url)
    assert not [t for t in troubles if "403 (Forbidden)" not in t]
