# SPDX-License-Identifier: Apache-2.0
"""A small fictional pharmacy for tests of therapy, verification, stock and compounding, made through the doors."""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
import pytest_django

from openinfusion.catalog import public as catalog
from openinfusion.clinical import public as clinical
from openinfusion.compounding import public as compounding
from openinfusion.compounding.domain.label import label_code
from openinfusion.delivery import public as delivery
from openinfusion.demo.bench import Hands, at_the_hood
from openinfusion.demo.shipping import prove_pack_outs
from openinfusion.inventory import public as inventory
from openinfusion.inventory.public import PlaceKind
from openinfusion.kernel.quantity import MG, Quantity
from openinfusion.kernel.refusal import NotFound
from openinfusion.kernel.roles import Role
from openinfusion.nursing import public as nursing
from openinfusion.patients import public as patients
from openinfusion.patients.public import Address, Demographics, Sex
from openinfusion.payers import public as payers
from openinfusion.platform.actor import Actor
from openinfusion.platform.clock import now, today
from openinfusion.platform.scope import entered
from openinfusion.platform.testing import fresh_organization, people_of, teller_of
from openinfusion.sites import public as sites
from openinfusion.team import public as team
from openinfusion.team.domain.competency import requirements
from openinfusion.therapy import public as therapy
from openinfusion.therapy.public import PrescriptionOrder

PASSWORD = "a long test password"
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
    dissolving: bool = False  # whether what powders are dissolved with is on the shelf

    def order(self, **changes: object) -> PrescriptionOrder:
        """ceftriaxone 2 g every 24 hours for 14 days, or what is said otherwise."""
        values: dict[str, object] = {
            "drug_code": "ceftriaxone", "dose": Quantity(Decimal(2000), MG), "route": "IV", "start_on": today("America/Chicago"),
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
        found = [p for kind in ("drug", "diluent", "supply") for p in catalog.products_of(kind=kind)]
        if any(text in p.name and p.reconstitute_ml for p in found) and not self.dissolving:
            self.dissolving = True
            self.receive("sterile water for injection 20 mL")
            self.receive("sterile water for injection 100 mL")
        for product in found:
            if text in product.name:
                lot_id = inventory.receive_stock(
                    product_id=product.id, lot=lot or f"L{product.ndc11[-6:]}", quantity=Decimal(packages),
                    expires_on=expires_on or today("America/Chicago") + timedelta(days=400), location=self.shelf_id, by=self.technician,
                )
        if lot_id is None:
            raise NotFound(text)
        return lot_id

    def hood(self, work_order_id: UUID, by: Actor | None = None) -> None:
        """Every step at the hood as it should be, and another person's look where one is wanted."""
        hands = Hands(self.pharmacist, by or self.technician, self.second_technician, self.hood_id)
        at_the_hood(hands, work_order_id)

    def gs1(self, product_id: UUID, lot: inventory.LotFact) -> str:
        """The barcode text on a package."""
        product = catalog.product(product_id)
        return f"]d201{product.gtin}17{lot.expires_on:%y%m%d}10{lot.number}"


def open_for_the_day(site_id: UUID, by: Actor) -> None:
    """What a pharmacy does each morning: everything is cleaned, and every room's pressure is read."""
    rooms = sites.rooms(site_id)
    sites.record_cleaning(site_id=site_id, agent="sporicidal wipe", kind=sites.CleaningKind.SPORICIDAL, by=by,
                          hood_ids=[h.id for h in sites.hoods(site_id)], room_ids=[r.id for r in rooms])
    sites.record_round(site_id=site_id, by=by, readings=[
        sites.Given(str(r.id), sites.Measured.PRESSURE, Decimal("-0.020" if r.hazardous else "0.030"), now()) for r in rooms])


@dataclass(frozen=True)
class KeptBench:
    """A bench made once for all tests of this process and committed; each test rolls back what it did with it."""

    organization_id: UUID
    made_on: date
    bench: Bench

    @property
    def holds(self) -> bool:
        """Not after midnight: garb, cleaning and readings are of the day."""
        return self.made_on == today("America/Chicago")


@pytest.fixture(scope="session")
def kept_bench(django_db_setup: None, django_db_blocker: pytest_django.DjangoDbBlocker) -> KeptBench:
    with django_db_blocker.unblock():
        made_on, organization_id = today("America/Chicago"), fresh_organization("Test Infusion")
        with entered(organization_id):
            return KeptBench(organization_id, made_on, a_bench(organization_id))


@pytest.fixture
def organization_id(request: pytest.FixtureRequest) -> UUID:
    """A fresh organization, committed; for tests of the bench the one whose bench was made before all tests."""
    kept = request.getfixturevalue("kept_bench") if "bench" in request.fixturenames else None
    if kept is not None and kept.holds:
        return kept.organization_id
    request.getfixturevalue("django_db_setup")
    with request.getfixturevalue("django_db_blocker").unblock():
        return fresh_organization("Test Infusion")



def registered(name: str, intake: Actor, pharmacist: Actor) -> UUID:
    """A patient whose chart holds what an order needs."""
    patient_id = patients.register(demographics=Demographics(
        name, "Amara", date(1968, 7, 14), Sex.FEMALE, Address("2 Sample Way", "", "Springfield", "IL", "62701"),
    ), by=intake)
    patients.record_no_known_allergies(patient_id=patient_id, by=pharmacist)
    for kind, value in (("weight_kg", "71.4"), ("height_cm", "165")):
        patients.record_measurement(patient_id=patient_id, kind=kind, value=Decimal(value), by=pharmacist)
    patients.record_lab(patient_id=patient_id, loinc="2160-0", name="creatinine", value=Decimal("0.9"), unit="mg/dL", by=pharmacist)
    patients.record_line(patient_id=patient_id, type="picc", by=pharmacist)
    return patient_id


@pytest.fixture
def bench(kept_bench: KeptBench, scope: UUID) -> Bench:
    return replace(kept_bench.bench) if scope == kept_bench.organization_id else a_bench(scope)


def a_bench(scope: UUID) -> Bench:
    """The bench, made through the doors."""
    someone = people_of(scope)
    administrator = someone(*Role, name="Ada Fictional")
    catalog.load_catalog(by=administrator)
    site_id = sites.open_site(name="Springfield", kind="pharmacy", timezone="America/Chicago", details=PHARMACY, by=administrator)
    hood_id = sites.add_hood(site_id=site_id, name="Hood 1", room_name="Buffer room", hazardous=False, by=administrator)
    sites.certify_hood(hood_id=hood_id, certified_until=now() + timedelta(days=90), room_failed=False, by=administrator)
    open_for_the_day(site_id, by=administrator)
    sites.record_site_licence(site_id=site_id, kind=sites.LicenceKind.PHARMACY, state="IL", number="054-0001",
                              expires_on=today("America/Chicago") + timedelta(days=200), by=administrator)
    people = {}
    for name, role in (("Ida Intake", Role.INTAKE), ("Pat One", Role.PHARMACIST), ("Pat Two", Role.PHARMACIST),
                       ("Tam One", Role.TECHNICIAN), ("Tam Two", Role.TECHNICIAN)):
        user_id = team.add_person(email=f"{name.replace(' ', '.').lower()}.{scope.hex}@example.org", name=name,
                                  roles=frozenset({role}), by=administrator)
        for element in ("garbing", "garbing", "garbing", "media_fill", "core_training"):
            team.record_competency(user_id=user_id, element=element, on=today("America/Chicago") - timedelta(days=10), passed=True,
                                   by=administrator)
        made = someone(role, name=name, site_id=site_id)
        people[name] = Actor(user_id, name, made.organization_id, made.roles, made.permissions, site_id)
        if role is Role.PHARMACIST:
            team.record_credential(user_id=user_id, kind="pharmacist", state="IL", number=f"051-{name[-3:]}",
                                   expires_on=today("America/Chicago") + timedelta(days=300), by=administrator)
        if role in (Role.TECHNICIAN, Role.PHARMACIST):
            team.attest_garb(site_id=site_id, by=people[name])
    shelf_id = inventory.open_location(site_id=site_id, code="A1", name="Shelf A1", kind=PlaceKind.SHELF, by=administrator)
    patient_id = registered("Sampleton", people["Ida Intake"], people["Pat One"])
    return Bench(site_id, hood_id, shelf_id, patient_id, people["Ida Intake"], people["Pat One"], people["Pat Two"],
                 people["Tam One"], people["Tam Two"], administrator, teller_of(scope))


@dataclass
class Thread:
    """The bench with everybody downstream: from a released preparation to a paid claim."""

    bench: Bench
    plan_id: UUID
    warehouse: Actor
    driver: Actor
    nurse: Actor
    manager: Actor
    biller: Actor

    def stock(self) -> None:
        """What ceftriaxone in an elastomeric device needs, and the supplies of its kit."""
        for name in ("cefTRIAXone 2 g", "cefTRIAXone 1 g", "sodium chloride 0.9% 100 mL", "elastomeric infuser 100 mL"):
            self.bench.receive(name)
        for line in catalog.template("antibiotic").kit:
            inventory.receive_stock(
                product_id=line.product.id, lot=f"K{line.product.ndc11[-6:]}", quantity=Decimal(200),
                expires_on=today("America/Chicago") + timedelta(days=400), location=self.bench.shelf_id, by=self.bench.technician,
            )

    def released(self, *, owner: inventory.Ownership | None = None, **changes: object) -> compounding.PreparationFact:
        """A verified order made and released to dispense; of another owner's stock where that is named."""
        b = self.bench
        prescription_id = b.prescription(**changes)
        b.verify(prescription_id)
        order = compounding.work_orders_of(prescription_id)[0]
        if owner:
            compounding.take_from_owner(work_order_id=order.id, owner=owner, reason="as the payer sent it", by=b.technician)
        for step, by in (("release", b.pharmacist), ("stage", b.technician)):
            compounding.advance_work_order(work_order_id=order.id, step=step, by=by)
        for line in compounding.ingredients(order.id):
            for held in line.held:
                compounding.scan_ingredient(
                    work_order_id=order.id, scan=b.gs1(line.product_id, inventory.lot(held.lot_id)), packages=int(held.quantity),
                    by=b.technician,
                )
        compounding.advance_work_order(work_order_id=order.id, step="pre_check", by=b.second_technician)
        compounding.advance_work_order(work_order_id=order.id, step="start", hood_id=b.hood_id, by=b.technician)
        b.hood(order.id)
        for step in ("finish", "present"):
            compounding.advance_work_order(work_order_id=order.id, step=step, by=b.technician)
        compounding.advance_work_order(work_order_id=order.id, step="verify", by=b.pharmacist.signing("test"))
        compounding.print_label(work_order_id=order.id, by=b.technician)
        compounding.advance_work_order(work_order_id=order.id, step="label", by=b.technician)
        compounding.advance_work_order(work_order_id=order.id, step="dispense", by=b.second_pharmacist.signing("test"))
        b.tell()
        return compounding.preparations_of(order.id)[0]

    def ticket(self, **changes: Any) -> UUID:
        """The delivery a released preparation opened."""
        made = self.released(**changes)
        return delivery.tickets_of(made.therapy_id)[-1].id

    def answers(self, **changes: object) -> delivery.Answers:
        said: dict[str, object] = {
            "spoke_with": "Amara Sampleton", "relation": "self", "doses_on_hand": 0, "doses_missed": 0, "missed_why": "",
            "changes": "", "side_effects": "", "is_address_right": True, "consents": True, "need_by": today("America/Chicago"),
            "said": delivery.nothing_new("antibiotic"),
        }
        return delivery.Answers(**(said | changes))  # type: ignore[arg-type]

    def scans(self, ticket_id: UUID) -> list[str]:
        """A scan for every line of a ticket: the label of a preparation, the code of a supply."""
        return [
            f"]d201{line.scan_code}10K{catalog.product(line.product_id).ndc11[-6:]}" if line.product_id
            else label_code(line.lot_text, 1)
            for line in delivery.ticket(ticket_id).lines
        ]

    def dispatched(self, **changes: Any) -> UUID:
        """A delivery called, picked, packed, checked and on its way."""
        ticket_id = self.ticket(**changes)
        delivery.confirm_by_call(ticket_id=ticket_id, answers=self.answers(), by=self.warehouse)
        delivery.pick_by_scan(ticket_id=ticket_id, scans=self.scans(ticket_id), by=self.warehouse)
        delivery.advance_ticket(ticket_id=ticket_id, step="pick", by=self.warehouse)
        lane = delivery.Lane.COURIER
        chosen = delivery.pack_out_for(ticket_id, lane)
        delivery.choose_pack_out(
            ticket_id=ticket_id, pack_out=chosen.code, lane=lane, by=self.warehouse,
            done_steps=[s.code for s in delivery.steps_of(chosen)],
        )
        delivery.advance_ticket(ticket_id=ticket_id, step="pack", by=self.warehouse)
        delivery.advance_ticket(ticket_id=ticket_id, step="check", by=self.bench.pharmacist.signing("test"))
        delivery.advance_ticket(ticket_id=ticket_id, step="dispatch", by=self.driver)
        return ticket_id

    def delivered(self, **changes: Any) -> UUID:
        """A delivery handed over, and what follows from the news."""
        ticket_id = self.dispatched(**changes)
        delivery.hand_over(
            ticket_id=ticket_id, received_by="Amara Sampleton", relation="self", signature="M10 10 L20 30 L40 10",
            arrived_c=Decimal("5.0"), by=self.driver,
        )
        self.bench.tell()
        return ticket_id

    def first_dose(self, therapy_id: UUID) -> list[nursing.Said]:
        """What a first dose asks for beside the infusion itself: the drug by its label, the kit, teaching, a signature."""
        made = compounding.preparations_of_therapy(therapy_id)[-1]
        return [nursing.Said(code, values) for code, values in {
            "drug": {"code": label_code(made.lot_number, 1)},
            "kit": {"kit_on_hand": "yes", "kit_expires_on": str(today("America/Chicago") + timedelta(days=200))},
            "teaching": {"taught": ["flushing"], "taught_back": "yes"},
            "patient": {"signed_name": "Amara Sampleton", "signed_relation": "self", "strokes": "M10 10 L20 30 L40 10"},
        }.items()]

    def sign_plan(self, therapy_id: UUID) -> None:
        """The plan of treatment, written, sent and signed by the prescriber."""
        made = therapy.write_plan(therapy_id=therapy_id, plan=therapy.PlanText(
            treatment_type="Ceftriaxone by elastomeric pump at home", amount="2 g", duration="14 days",
            frequency="every 24 hours", visits="1 visit a week", safety="anaphylaxis kit at home",
        ), by=self.bench.pharmacist)
        therapy.send_plan(plan_id=made, by=self.bench.pharmacist)
        therapy.sign_plan(plan_id=made, signer_name="Lena Fictional, MD", signed_on=today("America/Chicago"), by=self.bench.pharmacist)


@pytest.fixture
def thread(bench: Bench, someone: Callable[..., Actor], scope: UUID) -> Thread:
    """One patient with coverage, and everybody who works on the way to the payer."""
    return a_thread(bench, someone, scope)


def a_thread(bench: Bench, someone: Callable[..., Actor], scope: UUID) -> Thread:
    """The same, for a test that commits; within the organization's scope."""
    administrator = bench.administrator
    payers.load_payers(by=administrator)
    prove_pack_outs(bench.site_id, today("America/Chicago"), today("America/Chicago") + timedelta(days=90), bench.pharmacist,
                    bench.second_pharmacist)
    plan = next(p for p in payers.plans() if p.code == "meridian_ppo")
    patients.record_coverage(
        patient_id=bench.patient_id, plan_id=plan.id, member_id="MBR0001", first=today("America/Chicago") - timedelta(days=300),
        by=bench.intake,
    )
    people = {}
    for name, role in (("Wes Warehouse", Role.WAREHOUSE), ("Dee Driver", Role.DRIVER), ("Nan Nurse", Role.NURSE),
                       ("Max Manager", Role.NURSE_MANAGER), ("Bil Biller", Role.BILLER)):
        user_id = team.add_person(email=f"{name.replace(' ', '.').lower()}.{scope.hex}@example.org", name=name,
                                  roles=frozenset({role}), by=administrator)
        made = someone(role, name=name, site_id=bench.site_id)
        people[role] = Actor(user_id, name, made.organization_id, made.roles, made.permissions, bench.site_id)
    for one in requirements():
        if one.task == "infusion_nursing":
            team.record_competency(user_id=people[Role.NURSE].id, element=one.element, on=today("America/Chicago") - timedelta(days=10),
                                   passed=True, by=administrator)
    team.record_credential(user_id=people[Role.NURSE].id, kind="nurse", state="IL", number="041-0001",
                           expires_on=today("America/Chicago") + timedelta(days=300), by=administrator)
    made = Thread(bench, plan.id, people[Role.WAREHOUSE], people[Role.DRIVER], people[Role.NURSE], people[Role.NURSE_MANAGER],
                  people[Role.BILLER])
    made.stock()
    return made


@pytest.fixture
def browse(bench: Bench) -> Callable[[Actor], object]:
    """browse(bench.pharmacist) → a client signed in as this person, whose password is PASSWORD."""
    from django.test import Client

    from openinfusion.platform.models import User

    def signed_in(actor: Actor) -> Client:
        user = User.objects.get(pk=actor.id)
        user.set_password(PASSWORD)
        user.home_site_id = bench.site_id
        user.save()
        client = Client()
        client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        return client
    return signed_in
