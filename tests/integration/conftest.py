# SPDX-License-Identifier: Apache-2.0
"""A small fictional pharmacy for tests of therapy, verification, stock and compounding, made through the doors."""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, time, timedelta
from decimal import Decimal
from uuid import UUID

import pytest

from openinfusion.catalog import public as catalog
from openinfusion.clinical import public as clinical
from openinfusion.inventory import public as inventory
from openinfusion.inventory.public import PlaceKind
from openinfusion.kernel.quantity import MG, Quantity
from openinfusion.kernel.refusal import NotFound
from openinfusion.kernel.roles import Role
from openinfusion.patients import public as patients
from openinfusion.patients.public import Address, Demographics, Sex
from openinfusion.platform.actor import Actor
from openinfusion.platform.clock import now
from openinfusion.sites import public as sites
from openinfusion.team import public as team
from openinfusion.therapy import public as therapy
from openinfusion.therapy.public import PrescriptionOrder

PHARMACY = {
    "legal_name": "Sample Infusion Pharmacy LLC", "npi": "1999999984", "tax_id": "99-9999999", "taxonomy": "3336H0001X",
    "street": "1 Sample Way", "city": "Springfield", "state_code": "IL", "zip_code": "62701", "phone": "555-0100",
    "pharmacist_in_charge": "Pat Fictional",
}


@dataclass
class Bench:
    """Everything a test of the bench needs."""

    site_id: UUID
    hood_id: UUID
    shelf_id: UUID
    patient_id: UUID
    intake: Actor
    pharmacist: Actor
    second_pharmacist: Actor
    technician: Actor
    second_technician: Actor
    administrator: Actor
    tell: Callable[[], int]

    def order(self, **changes: object) -> PrescriptionOrder:
        """ceftriaxone 2 g every 24 hours for 14 days, or what is said otherwise."""
        values: dict[str, object] = {
            "drug_code": "ceftriaxone", "dose": Quantity(Decimal(2000), MG), "route": "IV", "start_on": now().date(),
            "days": 14, "interval_hours": 24, "infusion_minutes": 30, "prescriber_name": "Lena Fictional, MD",
            "prescriber_npi": "1999999976", "first_dose_time": time(8), "diagnosis": "M86.172",
        }
        return PrescriptionOrder(**(values | changes))  # type: ignore[arg-type]

    def therapy(self, order: PrescriptionOrder | None = None) -> UUID:
        order = order or self.order()
        return therapy.begin_therapy(
            patient_id=self.patient_id, drug_code=order.drug_code, therapy_class="", diagnosis="M86.172",
            site_id=self.site_id, prescriber="Lena Fictional, MD", start_on=order.start_on, by=self.intake,
        )

    def prescription(self, **changes: object) -> UUID:
        """A transcribed prescription, its review opened."""
        order = self.order(**changes)
        made = therapy.transcribe_prescription(therapy_id=self.therapy(order), order=order, by=self.intake)
        self.tell()
        return made

    def verify(self, prescription_id: UUID, by: Actor | None = None) -> UUID:
        """Answer what must be answered and verify."""
        by = by or self.pharmacist
        review_id = clinical.review_id_of(prescription_id)
        for finding in clinical.unanswered_for(prescription_id):
            reason = clinical.reasons_for(finding)[0].code
            clinical.answer_finding(review_id=review_id, fingerprint=finding.fingerprint, reason_code=reason, note="judged", by=by)
        clinical.verify(review_id=review_id, by=by.signing("test"))
        self.tell()
        return review_id

    def receive(self, text: str, packages: int = 50, *, lot: str = "", expires_on: date | None = None) -> UUID:
        """Packages of the products whose name contains a text, on the shelf; the last lot's id."""
        lot_id = None
        for product in [p for kind in ("drug", "diluent", "supply") for p in catalog.products_of(kind=kind)]:
            if text in product.name:
                lot_id = inventory.receive_stock(
                    product_id=product.id, lot=lot or f"L{product.ndc11[-6:]}", quantity=Decimal(packages),
                    expires_on=expires_on or now().date() + timedelta(days=400), location=self.shelf_id, by=self.technician,
                )
        if lot_id is None:
            raise NotFound(text)
        return lot_id

    def gs1(self, product_id: UUID, lot: inventory.LotFact) -> str:
        """The barcode text on a package."""
        product = catalog.product(product_id)
        return f"]d201{product.gtin}17{lot.expires_on:%y%m%d}10{lot.number}"


@pytest.fixture
def bench(scope: UUID, someone: Callable[..., Actor], tell_news: Callable[[], int]) -> Bench:
    administrator = someone(*Role, name="Ada Fictional")
    catalog.load_catalog(by=administrator)
    site_id = sites.open_site(name="Springfield", kind="pharmacy", timezone="America/Chicago", details=PHARMACY, by=administrator)
    hood_id = sites.add_hood(site_id=site_id, name="Hood 1", room_name="Buffer room", hazardous=False, by=administrator)
    sites.certify_hood(hood_id=hood_id, certified_until=now() + timedelta(days=90), room_failed=False, by=administrator)
    sites.clean_hood(hood_id=hood_id, agent="sporicidal", by=administrator)
    people = {}
    for name, role in (("Ida Intake", Role.INTAKE), ("Pat One", Role.PHARMACIST), ("Pat Two", Role.PHARMACIST),
                       ("Tam One", Role.TECHNICIAN), ("Tam Two", Role.TECHNICIAN)):
        user_id = team.add_person(email=f"{name.replace(' ', '.').lower()}.{scope.hex}@example.org", name=name,
                                  roles=frozenset({role}), by=administrator)
        for element in ("garbing", "media_fill", "core_training"):
            team.record_competency(user_id=user_id, element=element, on=now().date() - timedelta(days=10), passed=True,
                                   by=administrator)
        made = someone(role, name=name, site_id=site_id)
        people[name] = Actor(user_id, name, made.organization_id, made.roles, made.permissions, site_id)
    shelf_id = inventory.open_location(site_id=site_id, code="A1", name="Shelf A1", kind=PlaceKind.SHELF, by=administrator)
    patient_id = patients.register(demographics=Demographics(
        "Sampleton", "Amara", date(1968, 7, 14), Sex.FEMALE, Address("2 Sample Way", "", "Springfield", "IL", "62701"),
    ), by=people["Ida Intake"])
    patients.record_no_known_allergies(patient_id=patient_id, by=people["Pat One"])
    for kind, value in (("weight_kg", "71.4"), ("height_cm", "165")):
        patients.record_measurement(patient_id=patient_id, kind=kind, value=Decimal(value), by=people["Pat One"])
    patients.record_lab(patient_id=patient_id, loinc="2160-0", name="creatinine", value=Decimal("0.9"), unit="mg/dL",
                        by=people["Pat One"])
    patients.record_line(patient_id=patient_id, type="picc", by=people["Pat One"])
    return Bench(site_id, hood_id, shelf_id, patient_id, people["Ida Intake"], people["Pat One"], people["Pat Two"],
                 people["Tam One"], people["Tam Two"], administrator, tell_news)
