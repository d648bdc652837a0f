# SPDX-License-Identifier: Apache-2.0
"""What a suite keeps itself is scanned in the chair: it leaves the ledger once, is charged where it was given, and whatever does
not fit is refused in words and changes nothing."""
from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError, transaction

from openinfusion.billing import public as billing
from openinfusion.catalog import public as catalog
from openinfusion.compounding import public as compounding
from openinfusion.desk.queries.trace import reach_of
from openinfusion.inventory import public as inventory
from openinfusion.inventory.models import Lot, Movement, Reservation
from openinfusion.inventory.queries import disagreements
from openinfusion.kernel.ids import new_id
from openinfusion.kernel.quantity import MG, Quantity
from openinfusion.kernel.refusal import Reason, Refused
from openinfusion.nursing import public as nursing
from openinfusion.nursing.models import Appointment, NurseVisit, SectionEntry, ShelfPackage
from openinfusion.nursing.public import RateStep, ReactionKind, VisitEntries, Vitals
from openinfusion.nursing.queries.packet import packet
from openinfusion.platform.clock import today, told
from openinfusion.therapy import public as therapy

CHICAGO = "America/Chicago"


@dataclass
class Chair:
    """A patient in a chair for 200 mg of iron sucrose, with the visit in progress; and the suite's own shelf."""

    suite: Any
    order_id: UUID
    appointment_id: UUID
    begins: datetime

    @property
    def thread(self) -> Any:
        return self.suite.thread

    @property
    def visit(self) -> NurseVisit:
        row = Appointment.objects.get(pk=self.appointment_id).visit
        assert row is not None
        return row

    def code(self, name: str, *, lot: str = "", until: date | None = None, serial: str = "") -> str:
        p = product(name)
        kept = inventory.lots_numbered(lot or f"L{p.ndc11[-6:]}")
        expires = until or (kept[0].expires_on if kept else today(CHICAGO) + timedelta(days=400))
        return f"]d201{p.gtin}17{expires:%y%m%d}10{lot or f'L{p.ndc11[-6:]}'}" + (f"\x1d21{serial}" if serial else "")

    def scan(self, name: str, section: str = "drug", despite: str = "", **said: Any) -> UUID:
        more = {k: said.pop(k) for k in ("drug_from", "thrown_away", "shelf_thrown_away") if k in said}
        values = {"code" if section == "drug" else "shelf_code": self.code(name, **said)} | more
        with told(self.begins + timedelta(minutes=5)):
            return nursing.write_section(visit_id=self.visit.id, section=section, values=values, despite=despite, by=self.thread.nurse)

    def refused(self, match: str, name: str, section: str = "drug", **said: Any) -> None:
        before = (Movement.objects.count(), ShelfPackage.objects.count(), SectionEntry.objects.count())
        with pytest.raises(Refused, match=match):
            self.scan(name, section, **said)
        assert (Movement.objects.count(), ShelfPackage.objects.count(), SectionEntry.objects.count()) == before


def product(name: str) -> catalog.ProductFact:
    return next(p for kind in ("drug", "diluent") for p in catalog.products_of(kind=kind) if name in p.name)


def on_hand(name: str, chair: Chair) -> Decimal:
    return inventory.on_hand(product(name).id, chair.suite.site_id)


IRON, IRON_200, SALINE = "iron sucrose 100 mg", "iron sucrose 200 mg", "sodium chloride 0.9% 100 mL"


@pytest.fixture
def chair(suite: Any) -> Chair:
    """The order is verified, and what the bench planned of it is cancelled: the suite gives from its own shelf."""
    bench = suite.thread.bench
    bench.receive(IRON, 10)
    order_id = bench.prescription(drug_code="iron_sucrose", dose=Quantity(Decimal(200), MG), diagnosis="D50.9", interval_hours=168)
    bench.verify(order_id)
    for order in compounding.work_orders_of(order_id):
        compounding.advance_work_order(work_order_id=order.id, step="cancel", reason="given from the suite's shelf", by=bench.technician)
    begins = suite.at(9, day=datetime.now(suite.at(9).tzinfo).date())
    course = therapy.prescription(order_id).therapy_id
    with told(begins):
        appointment_id = suite.asked(course, infusion_minutes=30, wished_at=begins)
        suite.book(appointment_id, 0, begins)
        nursing.advance_appointment(appointment_id=appointment_id, step="check_in", by=suite.thread.nurse)
    return Chair(suite, order_id, appointment_id, begins)


def test_a_package_of_the_suite_leaves_its_ledger_with_the_scan_and_the_infusion_may_begin(chair: Chair) -> None:
    before = on_hand(IRON, chair)
    chair.scan(IRON)
    (row,) = ShelfPackage.objects.all()
    assert on_hand(IRON, chair) == before - 1 and row.given_as == "drug" and row.order_id == chair.order_id
    assert [(t.lot_id, t.issued) for t in inventory.taken(purposes=[row.id])] == [(row.lot_id, Decimal(1))]
    entry = SectionEntry.objects.get(pk=row.entry_id)
    assert entry.values["drug_from"] == "shelf" and entry.values["lot"] == inventory.lot(row.lot_id).number and entry.problems == []
    with told(chair.begins + timedelta(minutes=6)):
        nursing.advance_appointment(appointment_id=chair.appointment_id, step="infuse", by=chair.thread.nurse)
    assert disagreements() == []


def test_the_order_s_dose_is_the_most_and_what_is_thrown_away_is_said(chair: Chair) -> None:
    chair.scan(IRON)
    chair.thread.bench.receive(IRON_200, 2)
    chair.refused("300 mg would be on record as given, and the order says 200 mg", IRON_200)
    chair.scan(IRON)
    chair.refused("300 mg would be on record as given, and the order says 200 mg", IRON)
    chair.refused("nothing of it was given", IRON, thrown_away="100")
    assert ShelfPackage.objects.count() == 2


def test_what_the_order_and_its_formula_do_not_ask_for_is_refused(chair: Chair) -> None:
    chair.thread.bench.receive("ondansetron")
    chair.refused("the order says iron", "cefTRIAXone 2 g")
    chair.refused("neither what the order's formula mixes", "ondansetron", "shelf")
    chair.refused("the order says iron", SALINE)
    chair.scan(SALINE, "shelf")
    (row,) = ShelfPackage.objects.all()
    assert row.given_as == "diluent"
    with told(chair.begins + timedelta(minutes=6)), pytest.raises(Refused, match="drug in hand is not scanned"):
        nursing.advance_appointment(appointment_id=chair.appointment_id, step="infuse", by=chair.thread.nurse)


def test_premedication_of_another_verified_order_is_taken_and_an_unverified_one_is_not(chair: Chair) -> None:
    bench = chair.thread.bench
    bench.receive("ondansetron", 5)
    other = bench.prescription(drug_code="ondansetron", dose=Quantity(Decimal(4), MG), route="IV", interval_hours=168)
    chair.refused("not verified", "ondansetron", "shelf")
    bench.verify(other)
    for order in compounding.work_orders_of(other):
        compounding.advance_work_order(work_order_id=order.id, step="cancel", reason="given in the chair", by=bench.technician)
    chair.scan("ondansetron", "shelf")
    (row,) = ShelfPackage.objects.all()
    assert (row.given_as, row.order_id) == ("beside", other)
    assert "beside" in SectionEntry.objects.get(pk=row.entry_id).values["shelf_for"]


def test_lot_expiry_quarantine_and_recall_stop_it_in_words(chair: Chair) -> None:
    bench = chair.thread.bench
    chair.refused("lies on the shelves of this suite", IRON, lot="NEVER1")
    chair.refused("our record of lot", IRON, until=today(CHICAGO) + timedelta(days=30))
    bench.receive(IRON, 2, lot="OLD1")
    Lot.objects.filter(number="OLD1").update(expires_on=today(CHICAGO) - timedelta(days=1))
    chair.refused("expired on", IRON, lot="OLD1")
    lot = inventory.lots_numbered(f"L{product(IRON).ndc11[-6:]}")[0]
    inventory.advance_lot(lot_id=lot.id, step="quarantine", reason="a cracked vial", by=bench.pharmacist)
    chair.refused("is quarantined", IRON)
    inventory.advance_lot(lot_id=lot.id, step="recall", reason="the maker calls it back", by=bench.pharmacist)
    chair.refused("is recalled", IRON)


def test_given_in_spite_of_a_stop_it_is_on_record_and_neither_stock_nor_charge_follows(chair: Chair) -> None:
    lot = inventory.lots_numbered(f"L{product(IRON).ndc11[-6:]}")[0]
    inventory.advance_lot(lot_id=lot.id, step="quarantine", reason="a cracked vial", by=chair.thread.bench.pharmacist)
    moved = Movement.objects.count()
    chair.scan(IRON, despite="it had run in before the call came")
    entry = SectionEntry.objects.get(visit=chair.visit, section="drug")
    assert "is quarantined" in entry.problems[0] and Movement.objects.count() == moved and not ShelfPackage.objects.exists()


def test_an_order_that_is_not_verified_stops_it(chair: Chair) -> None:
    therapy.return_for_verification(prescription_id=chair.order_id, reason="a new allergy", by=chair.thread.bench.pharmacist)
    chair.refused("not verified", IRON)


def test_what_is_held_for_the_therapy_s_own_work_order_says_so(suite: Any, chair: Chair) -> None:
    bench = suite.thread.bench
    lot = inventory.lots_numbered(f"L{product(IRON).ndc11[-6:]}")[0]
    work = compounding.work_orders_of(chair.order_id)[0]
    inventory.allocate(product_id=product(IRON).id, quantity=Decimal(10), site_id=suite.site_id, for_id=work.id, by=bench.technician)
    chair.refused(f"held for work order {work.number} of this therapy", IRON)
    assert inventory.lot(lot.id).reserved == 10


def test_a_package_taken_back_is_on_the_shelf_again_and_the_visit_may_end_without_it(chair: Chair) -> None:
    before = on_hand(IRON, chair)
    chair.scan(IRON)
    (row,) = ShelfPackage.objects.all()
    with pytest.raises(Refused, match="from the suite's shelf stands on the record"):
        nursing.advance_appointment(appointment_id=chair.appointment_id, step="refuse", reason="felt unwell", by=chair.thread.nurse)
    assert Appointment.objects.get(pk=chair.appointment_id).state == "checked_in"
    nursing.take_back_package(visit_id=chair.visit.id, package_id=row.id, became=nursing.Became.SHELF, why="felt unwell",
                              by=chair.thread.nurse)
    with pytest.raises(Refused, match="on record already"):
        nursing.take_back_package(visit_id=chair.visit.id, package_id=row.id, became=nursing.Became.WASTE, why="again",
                                  by=chair.thread.nurse)
    entry = SectionEntry.objects.get(pk=row.entry_id)
    assert on_hand(IRON, chair) == before and not entry.stands and "back on the shelf: felt unwell" in entry.why
    assert nursing.given_packages(visit_id=chair.visit.id) == [] and disagreements() == []
    nursing.advance_appointment(appointment_id=chair.appointment_id, step="refuse", reason="felt unwell", by=chair.thread.nurse)
    assert nursing.visit(chair.visit.id).state == "missed"


def test_one_thrown_away_unopened_to_nobody_is_not_back_in_stock(chair: Chair) -> None:
    before = on_hand(IRON, chair)
    chair.scan(IRON)
    (row,) = ShelfPackage.objects.all()
    nursing.take_back_package(visit_id=chair.visit.id, package_id=row.id, became=nursing.Became.WASTE, why="it fell", by=chair.thread.nurse)
    assert on_hand(IRON, chair) == before - 1 and nursing.given_packages(visit_id=chair.visit.id) == []
    chair.scan(IRON)
    chair.scan(IRON)


def test_sent_twice_by_a_phone_it_leaves_the_shelf_once(chair: Chair, browse: Any) -> None:
    nurse, before = browse(chair.thread.nurse), on_hand(IRON, chair)
    url, body = f"/api/nursing/visits/{chair.visit.id}/sections/drug", {"values": {"code": chair.code(IRON, serial="S1")}}
    with told(chair.begins + timedelta(minutes=5)):
        answers = [nurse.post(url, body, content_type="application/json", headers={"Idempotency-Key": "phone-1"}) for _ in range(2)]
    assert [a.status_code for a in answers] == [200, 200]
    assert on_hand(IRON, chair) == before - 1 and ShelfPackage.objects.count() == 1
    chair.refused("was scanned already, at this visit", IRON, serial="S1")
    with told(chair.begins + timedelta(minutes=6)):  # her session is not idle, whatever the hour this runs at
        (given,) = nurse.get(f"/api/nursing/visits/{chair.visit.id}/shelf").json()
        back = nurse.post(f"/api/nursing/visits/{chair.visit.id}/shelf/{given['id']}/back", {"became": "shelf", "why": "not needed"},
                          content_type="application/json")
    assert back.status_code == 200 and back.json()[0]["became"] == "shelf" and on_hand(IRON, chair) == before


def test_the_phone_carries_what_may_be_scanned_with_what_speaks_against_it(chair: Chair) -> None:
    chair.scan(IRON)
    carried = {(p["section"], p["name"]): p for p in packet(chair.visit, chair.thread.nurse)["shelf"]}
    iron, saline = carried["drug", product(IRON).name], carried["shelf", product(SALINE).name]
    assert (iron["left"], iron["most"], iron["against"]) == (9, 1, ()) and saline["most"] is None
    lot = inventory.lots_numbered(f"L{product(IRON).ndc11[-6:]}")[0]
    inventory.advance_lot(lot_id=lot.id, step="recall", reason="the maker calls it back", by=chair.thread.bench.pharmacist)
    (after,) = [p for p in packet(chair.visit, chair.thread.nurse)["shelf"] if p["gtin"] == iron["gtin"]]
    assert after["left"] == 0 and any("recalled" in x for x in after["against"])


def test_the_database_holds_that_it_left_this_suite_s_shelf_and_may_be_given(chair: Chair) -> None:
    chair.scan(IRON)
    row = ShelfPackage.objects.get()
    entry = SectionEntry.objects.create(visit=chair.visit, section="drug", number=99, said_at=chair.begins, written_by=new_id(), writer_name="x")
    copy = {f: getattr(row, f) for f in ("visit_id", "patient_id", "product_id", "lot_id", "order_id", "given_as", "given_on", "unit")}
    with pytest.raises(IntegrityError, match="did not leave the shelf"), transaction.atomic():
        ShelfPackage.objects.create(id=new_id(), entry=entry, **copy)
    with pytest.raises(IntegrityError, match="not available or expired"), transaction.atomic():
        ShelfPackage.objects.create(id=new_id(), entry=entry, **(copy | {"given_on": today(CHICAGO) + timedelta(days=4000)}))
    held = Reservation.objects.get(for_id=row.id)
    assert held.issued_amount == 1


def test_it_is_charged_where_it_was_given_and_the_recall_finds_the_patient(chair: Chair) -> None:
    chair.scan(SALINE, "shelf")
    chair.scan(IRON)
    chair.scan(IRON, thrown_away="40")
    finish(chair)
    visit = nursing.visit(chair.visit.id)
    assert visit.state == "billable"
    (claim,) = billing.claims_of(visit.therapy_id)
    drugs = {line.modifiers[-1:] or ("",): line for line in claim.lines if line.kind == "drug"}
    assert {line.place for line in claim.lines} == {"49"}
    assert sorted((line.code, line.units) for line in drugs.values()) == [("J1756", 40), ("J1756", 160)]
    lot = inventory.lots_numbered(f"L{product(IRON).ndc11[-6:]}")[0]
    (reached,) = reach_of([lot.id])
    assert reached.patient_id == visit.patient_id and f"visit {visit.number}" in reached.what
    billing.capture_visit(visit_id=visit.id, by=chair.thread.biller)
    assert len(billing.claims_of(visit.therapy_id)[0].lines) == len(claim.lines)


def finish(chair: Chair) -> None:
    """The rest of the record, the discharge, the signature and what follows from the news."""
    thread, begins, visit_id = chair.thread, chair.begins, chair.visit.id
    with told(begins + timedelta(minutes=6)):
        nursing.advance_appointment(appointment_id=chair.appointment_id, step="infuse", by=thread.nurse)
    sections = [nursing.Said(code, values) for code, values in {
        "kit": {"kit_on_hand": "yes", "kit_expires_on": str(today(CHICAGO) + timedelta(days=200))},
        "teaching": {"taught": ["what comes next"], "taught_back": "yes"},
        "patient": {"signed_name": "Amara Sampleton", "signed_relation": "self", "strokes": "M10 10 L20 30 L40 10"},
    }.items() if code in packet_sections(chair)]
    with told(begins + timedelta(minutes=45)):
        nursing.write_record(
            visit_id=visit_id, by=thread.nurse, sections=sections,
            entries=VisitEntries(
                identifiers=("name", "birth date"), line_site="left arm, clean", line_flushes=True, line_blood_return=True,
                reaction=ReactionKind.NONE, started_at=begins, ended_at=begins + timedelta(minutes=75),
            ),
            rates=[RateStep(begins + timedelta(minutes=10), Decimal(200)), RateStep(begins + timedelta(minutes=40), Decimal(0))],
            vitals=[Vitals(begins + timedelta(minutes=5), Decimal("36.9"), 70, 14, 120, 80, 98)],
        )
    with told(begins + timedelta(minutes=80)):
        nursing.advance_visit(visit_id=visit_id, step="document", by=thread.nurse)
        nursing.advance_visit(visit_id=visit_id, step="sign", by=thread.nurse.signing("test"))
        thread.bench.tell()


def packet_sections(chair: Chair) -> set[str]:
    return {s["code"] for s in packet(chair.visit, chair.thread.nurse)["sections"]}


def test_what_was_given_in_spite_of_a_stop_counts_against_its_order(chair: Chair) -> None:
    bench = chair.thread.bench
    bench.receive("ondansetron", 5)
    other = bench.prescription(drug_code="ondansetron", dose=Quantity(Decimal(4), MG), route="IV", interval_hours=168)
    bench.verify(other)
    for order in compounding.work_orders_of(other):
        compounding.advance_work_order(work_order_id=order.id, step="cancel", reason="given in the chair", by=bench.technician)
    lot = inventory.lots_numbered(f"L{product('ondansetron').ndc11[-6:]}")[0]
    Lot.objects.filter(pk=lot.id).update(state="quarantined")
    chair.scan("ondansetron", "shelf", despite="the vial was in the hand, and the patient vomited")
    assert ShelfPackage.objects.count() == 0
    Lot.objects.filter(pk=lot.id).update(state="available")
    chair.refused("8 mg would be on record as given, and the order says 4 mg", "ondansetron", "shelf")


def test_a_scan_of_the_last_day_that_is_sent_after_midnight_leaves_the_ledger_by_its_own_day(chair: Chair) -> None:
    lot = inventory.lots_numbered(f"L{product(IRON).ndc11[-6:]}")[0]
    last = chair.begins.date()
    Lot.objects.filter(pk=lot.id).update(expires_on=last)
    at = chair.begins + timedelta(minutes=5)
    with told(chair.begins + timedelta(hours=20)):
        nursing.write_section(visit_id=chair.visit.id, section="drug", values={"code": chair.code(IRON, until=last)}, at=at,
                              by=chair.thread.nurse)
        (row,) = ShelfPackage.objects.all()
        assert (row.lot_id, row.given_on) == (lot.id, last) and disagreements() == []
        with pytest.raises(Refused, match="expired on"):
            nursing.write_section(visit_id=chair.visit.id, section="drug", values={"code": chair.code(IRON, until=last)},
                                  by=chair.thread.nurse)
        with pytest.raises(Refused, match="before the visit began"):
            nursing.write_section(visit_id=chair.visit.id, section="drug", values={"code": chair.code(IRON, until=last)},
                                  at=chair.begins - timedelta(hours=1), by=chair.thread.nurse)
    assert ShelfPackage.objects.count() == 1


def test_what_the_ledger_refuses_is_on_record_if_it_was_given_all_the_same(chair: Chair, monkeypatch: pytest.MonkeyPatch) -> None:
    def short(**_: Any) -> Any:
        raise Refused(Reason("short-lot", "of this lot nothing is free now"))

    monkeypatch.setattr(inventory, "issue_directly", short)
    chair.refused("nothing is free now", IRON)
    chair.scan(IRON, despite="it was given before the count")
    (entry,) = SectionEntry.objects.filter(section="drug", stands=True)
    assert entry.problems == ["of this lot nothing is free now"] and entry.why == "it was given before the count"
    assert ShelfPackage.objects.count() == 0 and disagreements() == []


def test_the_database_keeps_what_became_of_a_package_and_whose_it_is(chair: Chair) -> None:
    chair.scan(IRON)
    (row,) = ShelfPackage.objects.all()
    nursing.take_back_package(visit_id=chair.visit.id, package_id=row.id, became=nursing.Became.WASTE, why="dropped", by=chair.thread.nurse)
    for wrong in ({"became": "", "became_at": None}, {"became": "shelf"}, {"became_why": "another word"}):
        with pytest.raises(IntegrityError, match="said once"), transaction.atomic():
            ShelfPackage.objects.filter(pk=row.pk).update(**wrong)


def test_a_preparation_is_not_given_as_well_where_the_dose_came_from_the_shelf(chair: Chair, monkeypatch: pytest.MonkeyPatch) -> None:
    from openinfusion.nursing.actions import section
    from openinfusion.nursing.queries.shelf import more_than_ordered

    chair.scan(IRON)
    chair.scan(IRON)
    (why,) = more_than_ordered(chair.visit, "OI1*LOT*1*X")
    assert why.code == "more-than-ordered" and "200 mg of it from the suite's shelf" in why.text
    monkeypatch.setattr(section, "_reasons", lambda *_: ())  # the label itself is as it should be
    with told(chair.begins + timedelta(minutes=6)), pytest.raises(Refused, match="would be on record as given"):
        nursing.write_section(visit_id=chair.visit.id, section="drug", values={"code": "OI1*LOT*1*X"}, by=chair.thread.nurse)
    ShelfPackage.objects.update(became="shelf", became_why="closed", became_at=chair.begins)
    assert more_than_ordered(chair.visit, "OI1*LOT*1*X") == ()

