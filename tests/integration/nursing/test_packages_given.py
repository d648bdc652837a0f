# SPDX-License-Identifier: Apache-2.0
"""What was delivered but not compounded is taken at a visit by the code on its package; anything else is refused, and says why."""
from __future__ import annotations

import json
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError, transaction
from tests.deliveries import a_checked_delivery
from tests.integration.nursing.test_nursing_record import begun, entries, write

from openinfusion.catalog import public as catalog
from openinfusion.catalog.public import ProductFact
from openinfusion.delivery import public as delivery
from openinfusion.delivery.models import DeliveryTicket, TicketLine
from openinfusion.inventory import public as inventory
from openinfusion.kernel.refusal import Broken, Malformed, Refused
from openinfusion.nursing import public as nursing
from openinfusion.nursing.models import NurseVisit, SectionEntry
from openinfusion.nursing.queries.packet import common, packet
from openinfusion.patients import public as patients
from openinfusion.patients.public import Address, Demographics, Sex
from openinfusion.platform.clock import now, today

PACKAGES = 2


def vial() -> ProductFact:
    return next(p for p in catalog.products_of("ceftriaxone", kind="drug") if "2 g" in p.name)


def lot_number() -> str:
    return f"K{vial().ndc11[-6:]}"


@pytest.fixture
def brought(thread: Any) -> Any:
    """A delivery that held two vials of the drug beside what was made of it; ``lot`` is theirs."""
    thread.lot = thread.bench.receive("cefTRIAXone 2 g", 20, lot=lot_number())
    ticket_id, p = thread.ticket(), vial()
    TicketLine.objects.create(ticket_id=ticket_id, kind="supply", product_id=p.id, text=p.name, quantity=PACKAGES, scan_code=p.gtin,
                              storage=p.storage)
    thread.ticket = lambda **_: ticket_id
    thread.delivered()
    thread.ticket_id, thread.therapy_id = ticket_id, delivery.ticket(ticket_id).therapy_id
    return thread


def code(thread: Any, *, lot: str = "", expires_on: date | None = None, gtin: str = "", serial: str = "") -> str:
    until = expires_on or inventory.lot(thread.lot).expires_on
    return f"]d201{gtin or vial().gtin}17{until:%y%m%d}10{lot or lot_number()}" + (f"\x1d21{serial}" if serial else "")


def refused(thread: Any, visit_id: UUID, scan: str, match: str) -> None:
    before = len(entries(visit_id, "drug"))
    with pytest.raises(Refused, match=match):
        write(thread, visit_id, "drug", code=scan)
    assert len(entries(visit_id, "drug")) == before


def test_a_delivered_package_is_taken_and_its_lot_and_expiry_stand_on_the_record(brought: Any) -> None:
    visit_id = begun(brought, therapy_id=brought.therapy_id)
    write(brought, visit_id, "drug", code=code(brought))
    (entry,) = entries(visit_id, "drug")
    until = inventory.lot(brought.lot).expires_on
    assert entry.problems == [] and entry.values == {
        "code": code(brought), "drug_name": vial().name, "lot": lot_number(), "until": f"{until:%d-%b-%Y}"}
    write(brought, visit_id, "drug", code=code(brought))
    refused(brought, visit_id, code(brought), "on record as given already")
    with pytest.raises(Malformed, match="asks nothing of that name"):
        write(brought, visit_id, "drug", code=code(brought), lot="MINE")


def test_what_was_not_delivered_or_not_ordered_or_cannot_be_read_is_refused(brought: Any) -> None:
    visit_id = begun(brought, therapy_id=brought.therapy_id)
    refused(brought, visit_id, code(brought, lot="NEVER1"), "never handed to this patient")
    refused(brought, visit_id, f"01{vial().gtin}", "no product with its lot and expiry")
    refused(brought, visit_id, "012345", "no label of this pharmacy, and no package's code")
    flush = next(line for line in delivery.ticket(brought.ticket_id).lines if line.product_id and line.scan_code != vial().gtin)
    assert flush.product_id
    scan = code(brought, gtin=flush.scan_code, lot=flush.lot_text.split(", ")[0])
    refused(brought, visit_id, scan, "is not the drug of this order")
    refused(brought, visit_id, "]d2010001234500001217301231101", r"no product of this pharmacy|no package's code")


def test_another_patient_s_or_another_therapy_s_delivery_is_refused(brought: Any) -> None:
    other = begun(brought, hours=4)
    refused(brought, other, code(brought), "another therapy of this patient")
    stranger = patients.register(demographics=Demographics(
        "Other", "Ada", date(1970, 1, 1), Sex.FEMALE, Address("1 Sample Way", "", "Springfield", "IL", "62701")), by=brought.bench.intake)
    visit_id = begun(brought, hours=8, therapy_id=brought.therapy_id)
    DeliveryTicket.objects.filter(pk=brought.ticket_id).update(patient_id=stranger)
    refused(brought, visit_id, code(brought), "delivered to another patient, not to this one")


def test_an_expired_package_or_one_whose_expiry_differs_from_our_record_is_refused(brought: Any) -> None:
    visit_id = begun(brought, therapy_id=brought.therapy_id)
    past = today("America/Chicago") - timedelta(days=1)
    refused(brought, visit_id, code(brought, expires_on=past), "expired on")
    refused(brought, visit_id, code(brought, expires_on=past + timedelta(days=90)), "our record of lot")


@pytest.mark.parametrize(("step", "word"), [("quarantine", "quarantined"), ("recall", "recalled")])
def test_a_lot_held_back_since_is_refused_at_the_desk_and_known_on_the_phone(brought: Any, step: str, word: str) -> None:
    visit_id = begun(brought, therapy_id=brought.therapy_id)
    held = packet(NurseVisit.objects.get(pk=visit_id), brought.nurse)["packages"]
    assert held == [{"gtin": vial().gtin, "lot": lot_number(), "name": vial().name, "left": PACKAGES, "against": [], "serials": [],
                     "expires_on": inventory.lot(brought.lot).expires_on.isoformat()}]
    inventory.advance_lot(lot_id=brought.lot, step=step, reason="the maker calls it back", by=brought.bench.pharmacist)
    refused(brought, visit_id, code(brought), f"is {word}")
    (after,) = packet(NurseVisit.objects.get(pk=visit_id), brought.nurse)["packages"]
    assert any(word in line for line in after["against"])
    nursing.write_section(visit_id=visit_id, section="drug", values={"code": code(brought)}, despite="given before the call came",
                          by=brought.nurse)
    assert word in entries(visit_id, "drug")[0].problems[0]


def test_the_door_tells_lots_and_counts_from_the_ledger(brought: Any) -> None:
    (h,) = delivery.packages_handed([vial().id], therapy_id=brought.therapy_id)
    assert (h.lot, h.packages, h.state, h.patient_id) == (lot_number(), Decimal(PACKAGES), "available", brought.bench.patient_id)
    DeliveryTicket.objects.filter(pk=brought.ticket_id).update(therapy_id=brought.bench.therapy())
    assert delivery.packages_handed([vial().id], therapy_id=brought.therapy_id) == []


def test_a_package_of_a_busy_product_is_found_behind_any_number_of_later_deliveries(brought: Any) -> None:
    visit_id, p = begun(brought, therapy_id=brought.therapy_id), vial()
    b = brought.bench
    other = a_checked_delivery(b.therapy(), b.patient_id, b.site_id, brought.warehouse, b.pharmacist)
    delivery.advance_ticket(ticket_id=other, step="dispatch", by=brought.driver)
    delivery.hand_over(ticket_id=other, received_by="Amara", relation="self", signature="M10 10 L20 30 L40 10", by=brought.driver)
    later = DeliveryTicket.objects.get(pk=other)
    TicketLine.objects.bulk_create([
        TicketLine(ticket=later, kind="supply", product_id=p.id, text=p.name, picked_at=later.delivered_at) for _ in range(600)])
    write(brought, visit_id, "drug", code=code(brought))
    assert len(entries(visit_id, "drug")) == 1
    assert len(delivery.packages_handed([p.id], therapy_id=brought.therapy_id)) == 1
    with pytest.raises(Broken):
        delivery.packages_handed([p.id])


def test_two_lines_of_one_product_on_a_ticket_are_counted_by_the_ledger_once(brought: Any) -> None:
    line = TicketLine.objects.get(ticket_id=brought.ticket_id, product_id=vial().id)
    TicketLine.objects.create(ticket_id=line.ticket_id, kind="supply", product_id=line.product_id, text=line.text,
                              picked_at=line.picked_at)
    (h,) = delivery.packages_handed([vial().id], lot=lot_number())
    assert h.packages == PACKAGES


def test_one_box_scanned_twice_is_one_box(brought: Any) -> None:
    visit_id = begun(brought, therapy_id=brought.therapy_id)
    write(brought, visit_id, "drug", code=code(brought, serial="S1"))
    refused(brought, visit_id, code(brought, serial="S1"), r"serial S1\) was scanned already, at this visit")
    (held,) = packet(NurseVisit.objects.get(pk=visit_id), brought.nurse)["packages"]
    assert held["serials"] == ["S1"] and held["left"] == PACKAGES - 1
    later = begun(brought, hours=4, therapy_id=brought.therapy_id)
    number = NurseVisit.objects.get(pk=visit_id).number
    refused(brought, later, code(brought, serial="S1"), f"scanned already, at visit {number}")
    other = begun(brought, hours=8)  # of another therapy of this patient
    with pytest.raises(Refused) as no:
        write(brought, other, "drug", code=code(brought, serial="S1"))
    assert {"other-therapy", "scanned-already"} <= {r.code for r in no.value.reasons} and entries(other, "drug") == []
    write(brought, later, "drug", code=code(brought, serial="S2"))
    refused(brought, later, code(brought, serial="S3"), "on record as given already")


def test_of_the_parts_of_one_writing_the_second_scan_of_a_box_is_refused_with_all(brought: Any) -> None:
    visit_id, scan = begun(brought, therapy_id=brought.therapy_id), code(brought, serial="S1")
    with pytest.raises(Refused, match="scanned already"):
        nursing.write_record(visit_id=visit_id, entries=nursing.VisitEntries(), by=brought.nurse,
                             sections=[nursing.Said("drug", {"code": scan}), nursing.Said("drug", {"code": scan})])
    assert entries(visit_id, "drug") == []


def test_the_database_holds_a_package_once_and_what_was_given_all_the_same_is_beside_it(brought: Any) -> None:
    visit_id, scan = begun(brought, therapy_id=brought.therapy_id), code(brought, serial="S1")
    write(brought, visit_id, "drug", code=scan)
    nursing.write_section(visit_id=visit_id, section="drug", values={"code": scan}, despite="the other half of the box", by=brought.nurse)
    first, second = entries(visit_id, "drug")
    assert first.package.endswith(" S1") and second.package == "" and "scanned already" in second.problems[0]
    with pytest.raises(IntegrityError, match="package_given_once"), transaction.atomic():
        SectionEntry.objects.filter(pk=second.pk).update(package=first.package)


def test_the_api_s_packet_is_the_whole_packet_and_the_phone_s_day_holds_it(brought: Any, browse: Any) -> None:
    visit_id = begun(brought, therapy_id=brought.therapy_id)
    write(brought, visit_id, "drug", code=code(brought, serial="S1"))
    write(brought, visit_id, "vitals", vitals_at=now().isoformat(), temperature_c="36.6", pulse_per_min="70",
          respirations_per_min="14", systolic_mmhg="120", diastolic_mmhg="80")
    nurse, whole = browse(brought.nurse), packet(NurseVisit.objects.get(pk=visit_id), brought.nurse)
    assert nurse.get(f"/api/nursing/visits/{visit_id}/packet").json() == json.loads(json.dumps(whole))
    device = nurse.post("/api/nursing/phones", {"name": "phone"}, content_type="application/json").json()["id"]
    day = nurse.post(f"/api/nursing/phones/{device}/day", {}, content_type="application/json").json()
    assert day["visits"] == [json.loads(json.dumps(whole))] and day["nurse_name"] == brought.nurse.name
    assert day["common"] == json.loads(json.dumps(common())) and day["good_until"] > day["now"]
