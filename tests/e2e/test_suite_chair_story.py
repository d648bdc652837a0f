# SPDX-License-Identifier: Apache-2.0
"""A patient in a suite's chair in a real browser, from check-in to the charge: the nurse on a phone, the biller at a desk."""
from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from tests.e2e.test_hood_story import in_the_hood

from openinfusion.billing import public as billing
from openinfusion.catalog import public as catalog
from openinfusion.compounding import public as compounding
from openinfusion.compounding.domain.label import label_code
from openinfusion.delivery import public as delivery
from openinfusion.demo.bench import Hands, at_the_hood, label
from openinfusion.inventory import public as inventory
from openinfusion.kernel.quantity import MG, Quantity
from openinfusion.nursing import public as nursing
from openinfusion.nursing.domain.suite_terms import house_terms
from openinfusion.nursing.models import Appointment
from openinfusion.patients import public as patients
from openinfusion.payers import public as payers
from openinfusion.platform.scope import entered
from openinfusion.sites import public as sites
from openinfusion.therapy import public as therapy

ZONE = ZoneInfo("America/Chicago")
WALL = "%Y-%m-%dT%H:%M"


@pytest.fixture
def booked(pharmacy: Any, tell_news: Callable[[], int]) -> tuple[UUID, UUID]:
    """A first dose that is made and stands ready, its patient's coverage, and an hour in a chair today."""
    a, today = pharmacy.actors, pharmacy.today
    order_id = in_the_hood(pharmacy, tell_news, drug_code="ceftriaxone", dose=Quantity(Decimal(2000), MG), days=1, interval_hours=24,
                           infusion_minutes=30)
    with entered(pharmacy.organization_id):
        order = compounding.work_order(order_id)
        hands = Hands(a["pharmacist"], a["technician"], a["technician4"], order.hood_id)
        at_the_hood(hands, order_id)
        for step in ("finish", "present"):
            compounding.advance_work_order(work_order_id=order_id, step=step, by=a["technician"])
        label(hands, order_id)
        course = therapy.therapy(therapy.prescription(order.prescription_id).therapy_id)
        plan = next(p for p in payers.plans() if p.code == "meridian_ppo")
        patients.record_coverage(patient_id=course.patient_id, plan_id=plan.id, member_id="MBR0001",
                                 first=today - timedelta(days=300), by=a["intake"])
        compounding.advance_work_order(work_order_id=order_id, step="dispense", by=a["pharmacist3"].signing("test"))
    tell_news()
    with entered(pharmacy.organization_id):
        return course.id, _booking(pharmacy, course.id)


def _booking(pharmacy: Any, therapy_id: UUID) -> UUID:
    """At noon of today, whatever the hour is now: the suite is open for long."""
    from dataclasses import replace

    by, today = pharmacy.actors["nurse_manager"], pharmacy.today
    site_id = pharmacy.site_id  # the suite of the pharmacy that makes the drug: it is in hand there without a delivery
    chair = sites.add_chair(site_id=site_id, name="Chair 1", by=pharmacy.actors["administrator"])
    terms = replace(house_terms(today), opens=time(7), closes=time(20), latest=time(21), effective_from=today, source="a test")
    nursing.keep_suite_terms(site_id=site_id, terms=terms, by=by)
    noon = datetime.combine(today, time(12), ZONE)
    asked = nursing.request_appointment(therapy_id=therapy_id, site_id=site_id, wished_at=noon, infusion_minutes=30, first_dose=True,
                                        by=by)
    nursing.book_appointment(appointment_id=asked, chair_id=chair, nurse_id=pharmacy.actors["nurse"].id, starts_at=noon,
                             hold_why="the authorization comes by fax today", by=by)
    return asked


def test_from_the_check_in_to_the_charge(
    visitor: Callable[..., Any], pharmacy: Any, booked: tuple[UUID, UUID], tell_news: Callable[[], int], troubles: list[str],
) -> None:
    therapy_id, appointment_id = booked
    page = f"/nursing/suite/appointments/{appointment_id}/"
    nurse = visitor("nurse", phone=True)
    nurse.go(page)
    nurse.act("Check in")
    with entered(pharmacy.organization_id):
        visit_id = Appointment.objects.get(pk=appointment_id).visit_id
        code = label_code(compounding.preparations_of_therapy(therapy_id)[-1].lot_number, 1)
    visit = f"/nursing/visits/{visit_id}/"
    assert "the drug in hand is not scanned" in nurse.text()
    nurse.go(visit)
    begun = datetime.now(ZONE) - timedelta(minutes=95)  # written down afterwards, as happens; the clock of a test cannot wait

    def write(part: str, said: dict[str, Any]) -> None:
        nurse.submit(f"#part-{part} form", said)

    def wall(minutes: int) -> str:
        return (begun + timedelta(minutes=minutes)).strftime(WALL)

    write("identity", {"identifiers": ("name", "birth date")})
    write("drug", {"code": code})
    with entered(pharmacy.organization_id):
        saline = catalog.product_by_ndc("99901009501")
        store = next(x for x in inventory.locations(pharmacy.site_id) if x.kind == inventory.PlaceKind.SHELF)
        until = pharmacy.today + timedelta(days=300)
        inventory.receive_stock(product_id=saline.id, lot="CHAIR1", quantity=Decimal(3), expires_on=until, location=store.id,
                                by=pharmacy.actors["technician"])
        held = inventory.on_hand(saline.id, pharmacy.site_id)
    nurse.go(visit)
    assert "CHAIR1" in nurse.text(), "what lies on the suite's shelf for this order"
    write("shelf", {"shelf_code": f"(01){saline.gtin}(17){until:%y%m%d}(10)CHAIR1"})
    write("shelf", {"shelf_code": f"(01){saline.gtin}(17){until:%y%m%d}(10)CHAIR1"})
    nurse.page.locator("#entries summary", has_text="Not given").last.click()
    nurse.submit("#entries details[open] form", {"became": "shelf", "why": "one bag is enough"})
    assert "back on the shelf: one bag is enough" in nurse.text()
    with entered(pharmacy.organization_id):
        assert inventory.on_hand(saline.id, pharmacy.site_id) == held - 1
    write("kit", {"kit_on_hand": "yes", "kit_expires_on": str(pharmacy.today + timedelta(days=200))})
    nurse.go(page)
    nurse.act("Begin the infusion")
    assert "infusion was stopped" in nurse.text(), "what the end of the infusion waits for"
    nurse.go(visit)
    write("line", {"line_site": "clean, dry, dressing intact", "line_flushes": "yes", "line_blood_return": "yes"})
    write("vitals", {"vitals_at": wall(5), "temperature_c": "36.8", "pulse_per_min": 76, "respirations_per_min": 16,
                     "systolic_mmhg": 124, "diastolic_mmhg": 76, "spo2_percent": 98})
    for minutes, rate in ((10, "200"), (40, "0")):
        write("rate", {"rate_at": wall(minutes), "rate_ml_per_h": rate})
    nurse.go(page)
    nurse.act("Infusion ended, observe")
    nurse.go(visit)
    write("reaction", {"reaction": "none"})
    write("teaching", {"taught": "whom to call, day and night", "taught_back": "yes"})
    write("closing", {"started_at": wall(0), "ended_at": wall(90)})
    write("patient", {"signed_name": "Amara Sampleton", "signed_relation": "self", "unsigned_why": "the pad did not work"})
    nurse.act("Finish the record")
    nurse.go(page)
    nurse.act("Discharge")
    assert "discharged" in nurse.text().lower()
    nurse.go(visit)
    nurse.act("Sign", {"signature": pharmacy.password})
    tell_news()
    with entered(pharmacy.organization_id):
        (ticket,) = delivery.tickets_of(therapy_id)
        (claim,) = billing.claims_of(therapy_id)
        assert ticket.state == "delivered" and {x.place for x in claim.lines if x.kind in {"drug", "nursing"}} == {"49"}
    biller = visitor("biller")
    biller.go("/billing/")
    biller.follow(biller.page.locator("tbody a"))
    assert "J0696" in biller.text() and claim.control in biller.text()
    assert troubles == []
