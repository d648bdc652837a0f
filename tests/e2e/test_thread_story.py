# SPDX-License-Identifier: Apache-2.0
"""One patient, from referral to paid claim, through the pages: each person with their own login."""
from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from openinfusion.billing import public as billing
from openinfusion.compounding import public as compounding
from openinfusion.compounding.domain.label import label_code
from openinfusion.delivery import public as delivery
from openinfusion.demo.bench import Hands, at_the_hood
from openinfusion.exchange import public as exchange
from openinfusion.intake import public as intake
from openinfusion.inventory import public as inventory
from openinfusion.nursing import public as nursing
from openinfusion.platform import journal
from openinfusion.platform.scope import entered

WALL = "%Y-%m-%dT%H:%M"
PATIENT = "Sampleton, Amara"
PAGES = {
    "intake": ("/", "/?all=1", "/intake/", "/intake/?state=start_of_care", "/intake/new/", "/patients/", "/patients/new/",
               "/therapy/{therapy}/transcribe/"),
    "pharmacist": ("/", "/clinical/?state=verified", "/compounding/", "/catalog/", "/catalog/drugs/ceftriaxone/", "/chart/{patient}/",
                   "/search/?q=sampleton"),
    "buyer": ("/inventory/", "/inventory/receive/", "/inventory/pumps/"),
    "biller": ("/billing/?state=paid", "/billing/denials/", "/billing/remittances/", "/billing/ledger/", "/exchange/claim-files/",
               "/billing/unbilled/", "/exchange/inbox/"),
    "administrator": ("/", "/sites/", "/team/"),
    "nurse_manager": ("/nursing/", "/nursing/board/", "/nursing/roster/", "/nursing/agencies/", "/nursing/miles/", "/nursing/phones/"),
    "executive": ("/insight/", "/insight/therapies/{therapy}/", "/payers/"),
    "compliance": ("/", "/journal/"),
}


class Story:
    """What the people of the story know of each other's work: only ids, taken from addresses."""

    def __init__(self, visitor: Callable[..., Any], pharmacy: Any, tmp_path: Any, bundle: bytes) -> None:
        self.visitor, self.pharmacy, self.tmp_path, self.bundle = visitor, pharmacy, tmp_path, bundle
        self.referral = self.patient = self.therapy = ""

    def signing(self) -> dict[str, str]:
        return {"signature": self.pharmacy.password}

    def upload(self) -> None:
        """The hospital's bundle is uploaded from the referral board."""
        who, file = self.visitor("intake"), self.tmp_path / "referral.json"
        file.write_bytes(self.bundle)
        who.go("/intake/")
        who.follow(who.page.get_by_role("link", name="Upload a FHIR bundle"))
        who.page.locator("[name=bundle]").set_input_files(file)
        who.follow(who.page.get_by_role("button", name="Bring it in"))
        assert PATIENT.upper() in who.text().upper() and "cefTRIAXone" in who.text()
        self.referral = who.page.url
        self.patient = who.page.get_by_role("link", name=PATIENT).get_attribute("href").strip("/").split("/")[-1]
        self.coordinator = who

    def gather(self) -> None:
        """Intake completes what is missing: order, line, consents, home, patient, benefits."""
        who, today = self.coordinator, str(self.pharmacy.today)
        who.act("Start review")
        who.act("Complete the order", {"start_on": today, "ordered_on": today})
        who.go(f"/patients/{self.patient}/")
        who.act("Record a line", {"type": "picc", "placed_on": today})
        for kind in ("treatment", "assignment_of_benefits"):
            who.act("Record consent", {"kind": kind, "given_on": today, "signer": "the patient"})
        who.act("Assess the home", {"assessed_on": today} | dict.fromkeys(
            ("refrigerator", "electricity", "running_water", "phone", "caregiver", "safe_entry", "able_to_learn"), True))
        who.go(self.referral)
        who.act("Assess the patient", dict.fromkeys(
            ("willing", "able_to_learn", "caregiver_willing", "communicates", "first_dose_before"), True))
        who.act("Verify benefits")
        who.act("Record benefits", {
            "deductible": "1500", "deductible_met": "900", "coinsurance_pct": "20", "out_of_pocket_left": "2200",
            "call_reference": "REF00001"})
        assert re.search(r"Margin ?\$[\d,]+\.\d\d", who.text()), "the expected margin is shown before acceptance"

    def accept(self) -> None:
        """The pharmacist accepts clinically, intake accepts and schedules; the plan of treatment is written and signed."""
        pharmacist, who = self.visitor("pharmacist"), self.coordinator
        pharmacist.go(self.referral)
        pharmacist.act("Accept clinically")
        self.pharmacist = pharmacist
        who.go(self.referral)
        who.act("Accept the patient")
        who.act("Schedule start of care", {"start_on": str(self.pharmacy.today)})
        who.act("Start of care")
        who.follow(who.page.get_by_role("link", name="Therapy", exact=True))
        self.therapy = who.page.url.strip("/").split("/")[-1]
        who.submit("form[action$='/plan/']", {"safety": "anaphylaxis kit on order; the patient knows whom to call"})
        who.act("Send to prescriber")
        who.act("Record signature", {"signed_on": str(self.pharmacy.today)})
        assert "signed by Lena Fictional" in who.text()

    def verify(self) -> None:
        """The pharmacist finds the order in the queue, answers what must be answered, and signs."""
        who = self.pharmacist
        who.go("/clinical/")
        who.follow(who.page.get_by_role("link", name=PATIENT))
        while (form := who.page.locator("form[action$='/answers/']")).count():
            code = form.first.locator("[name=reason_code] option:not([value=''])").first.get_attribute("value")
            who.fill(form.first, {"reason_code": code, "note": "judged with the prescriber"})
            who.follow(form.first.locator("button[type=submit]"))
        who.act("Verify and sign", self.signing())
        assert "and signed" in who.text()

    def compound(self) -> None:
        """Released by a pharmacist, staged and scanned by one technician, checked by another, made, verified, labelled."""
        who = self.pharmacist
        who.go("/compounding/")
        who.follow(who.page.get_by_role("link", name=re.compile("cefTRIAXone")))
        who.act("Release to bench")
        order = who.page.url
        technician, second = self.visitor("technician"), self.visitor("technician4")
        technician.go(order)
        technician.act("Stage")
        for barcode, packages in self._packages(order):
            technician.fill(technician.page, {"packages": packages})
            technician.scan(barcode)
        second.go(order)
        second.act("Check ingredients")
        technician.go(order)
        technician.act("Start in the hood", {"hood_id": self.pharmacy.hood_id})
        with entered(self.pharmacy.organization_id):  # the screen at the hood has a story of its own
            a = self.pharmacy.actors
            hands = Hands(a["pharmacist"], a["technician"], a["technician4"], self.pharmacy.hood_id)
            at_the_hood(hands, UUID(order.strip("/").split("/")[-1]))
        technician.go(order)
        technician.act("Compounded")
        technician.act("To final check")
        assert "Beyond-use date" in technician.text()
        who.go(order)
        who.act("Verify product", self.signing())
        technician.go(order)
        technician.act("Print label")
        technician.act("Label applied")
        who.go(order)
        who.act("Release to dispense", self.signing())

    def _packages(self, order: str) -> list[tuple[str, int]]:
        """What stands on the packages that are held: GTIN, expiry and lot, in GS1."""
        with entered(self.pharmacy.organization_id):
            held = [(line, a) for line in compounding.ingredients(UUID(order.strip("/").split("/")[-1])) for a in line.held]
            return [(f"]d201{line.gtin}17{a.expires_on:%y%m%d}10{inventory.lot(a.lot_id).number}", int(a.quantity)) for line, a in held]

    def deliver(self) -> None:
        """Called, picked by scan, packed and checked; then driven and handed over with a name and a signature, on a phone."""
        who = self.visitor("warehouse")
        who.go("/delivery/")
        who.follow(who.page.locator("tbody a"))
        who.submit("form[action$='/call/']", {
            "spoke_with": "Amara Sampleton", "doses_on_hand": 0, "need_by": str(self.pharmacy.today), "is_address_right": True,
            "consents": True, **{f"said_{s.code}": s.answer.value for s in delivery.nothing_new("antibiotic")}}, "button[name=confirm]")
        while (line := who.page.locator("tr", has_text="to pick")).count():
            code = line.first.locator(".mono").first.inner_text()
            who.scan(f"01{code}" if code.isdigit() else code)
        steps = who.page.locator("form[action$='/pack-out/'] [name=steps]").evaluate_all("all => all.map((one) => one.value)")
        who.submit("form[action$='/pack-out/']", {"lane": "courier", "steps": steps})
        who.act("Picked")
        who.act("Packed")
        ticket = who.page.url
        self.pharmacist.go(ticket)
        self.pharmacist.act("Check", self.signing())
        driver = self.visitor("driver", phone=True)
        driver.go("/delivery/driver/")
        driver.follow(driver.page.get_by_role("button", name="Take it out"))
        driver.follow(driver.page.get_by_role("link", name="Hand over"))
        driver.submit("form[action$='/proof/']", {"received_by": "Amara Sampleton", "arrived_c": "5.1", "typed": "Amara Sampleton",
            "identity": "name_and_date_of_birth"})
        who.go(ticket)
        assert "Handed to" in who.text() and "Amara Sampleton (self)" in who.text()

    def visit(self) -> None:
        """The manager offers the visit; the nurse makes it and writes the record on a phone, and signs."""
        zone = ZoneInfo("America/Chicago")
        at = datetime.now(zone)
        manager, nurse = self.visitor("nurse_manager"), self.visitor("nurse", phone=True)
        manager.go("/nursing/")
        manager.follow(manager.page.get_by_role("link", name=PATIENT))
        manager.submit("form[action$='/offer/']", {
            "nurse_id": self.pharmacy.actors["nurse"].id, "planned_start": (at + timedelta(hours=1)).strftime(WALL),
            "planned_end": (at + timedelta(hours=3)).strftime(WALL)})
        nurse.go("/nursing/?mine=1")
        nurse.follow(nurse.page.get_by_role("link", name=PATIENT))
        for step in ("Accept", "Confirmed with the patient", "Set out", "Arrived"):
            nurse.act(step)
        self._record(nurse, at - timedelta(minutes=95))
        nurse.act("Finish the record")
        nurse.act("Sign", self.signing())
        assert "signed the record" in nurse.text()

    def _record(self, nurse: Any, begun: datetime) -> None:
        def wall(minutes: int) -> str:
            return (begun + timedelta(minutes=minutes)).strftime(WALL)

        def write(part: str, said: dict[str, Any]) -> None:
            nurse.submit(f"#part-{part} form", said)

        write("identity", {"identifiers": ("name", "birth date")})
        write("drug", {"code": self.label()})
        write("kit", {"kit_on_hand": "yes", "kit_expires_on": str(self.pharmacy.today + timedelta(days=200))})
        write("line", {"line_site": "clean, dry, dressing intact", "line_flushes": "yes", "line_blood_return": "yes"})
        write("vitals", {"vitals_at": wall(5), "temperature_c": "36.8", "pulse_per_min": 76, "respirations_per_min": 16,
                         "systolic_mmhg": 124, "diastolic_mmhg": 76, "spo2_percent": 98})
        for minutes, rate in ((10, "200"), (40, "0")):
            write("rate", {"rate_at": wall(minutes), "rate_ml_per_h": rate})
        write("reaction", {"reaction": "none"})
        write("teaching", {"taught": "aseptic technique\nwhom to call, day and night", "taught_back": "yes"})
        write("closing", {"started_at": wall(0), "ended_at": wall(90)})
        write("patient", {"signed_name": "Amara Sampleton", "signed_relation": "self", "unsigned_why": "the pad did not work"})

    def label(self) -> str:
        """What stands on the label of the drug that was delivered."""
        with entered(self.pharmacy.organization_id):
            return label_code(compounding.preparations_of_therapy(UUID(self.therapy))[-1].lot_number, 1)

    def bill(self) -> None:
        """The claim is ready by itself; the file goes out; the payer's answer comes in and pays it."""
        who = self.visitor("biller")
        who.go("/billing/")
        who.follow(who.page.locator("tbody a"))
        assert "ready" in who.text()
        claim = who.page.url
        who.go("/billing/")
        who.act("Send 1 ready")
        assert "ISA*" in who.text() and "J0696" in who.text() and "99601" in who.text()
        who.go("/exchange/outbox/")
        who.follow(who.page.locator("tbody a").first)
        who.act("Uploaded by hand")
        file = self.tmp_path / "payer.835"
        with entered(self.pharmacy.organization_id):
            ours = billing.claims_of(UUID(self.therapy))
            text = exchange.simulated_remittance([c.id for c in ours], trace="STORY1", paid_on=self.pharmacy.today,
                                                 fates={c.control: exchange.Fate.PAID for c in ours})
        file.write_bytes(text.encode("ascii"))
        who.go("/exchange/remittance/")
        who.page.locator("[name=file]").set_input_files(file)
        who.follow(who.page.get_by_role("button", name="Read and post"))
        who.go(claim)
        assert "paid" in who.text()

    def look_around(self) -> None:
        """The other pages of the house, at a desk and on a phone, with work in them."""
        for key, paths in PAGES.items():
            who = self.visitor(key)
            for width in (1280, 390):
                who.page.set_viewport_size({"width": width, "height": 900})
                for path in paths:
                    who.go(path.format(patient=self.patient, therapy=self.therapy))

    def result(self) -> None:
        """The chart tells it in prose, from referral to payment; the margin stands expected against actual."""
        who = self.visitor("executive")
        who.go("/")
        who.go(f"/insight/therapies/{self.therapy}/")
        assert "Expected of the course" in who.text() and "$" in who.text()
        self.pharmacist.go(f"/chart/{self.patient}/")
        told = self.pharmacist.page.locator("#timeline").text_content()
        for words in ("came in for cefTRIAXone", "accepted", "verified", "compounded", "labelled", "handed", "signed the record", "paid"):
            assert words in told, f"the timeline does not tell “{words}”"


@pytest.fixture
def story(visitor: Callable[..., Any], pharmacy: Any, tmp_path: Any, fictional_bundle: Callable[..., bytes]) -> Story:
    pharmacy.stock("cefTRIAXone 2 g", "sodium chloride 0.9% 100 mL", "elastomeric infuser 100 mL")
    return Story(visitor, pharmacy, tmp_path, fictional_bundle())


def test_one_patient_goes_from_referral_to_paid_claim_through_the_pages(story: Story, pharmacy: Any, troubles: list[str]) -> None:
    for chapter in (story.upload, story.gather, story.accept, story.verify, story.compound, story.deliver, story.visit, story.bill,
                    story.result, story.look_around):
        chapter()
    with entered(pharmacy.organization_id):
        assert [c.state for c in billing.claims_of(UUID(story.therapy))] == ["paid"]
        assert nursing.visits_of(UUID(story.therapy))[0].state == "billable"
        assert intake.referral(UUID(story.referral.strip("/").split("/")[-1])).state == "start_of_care"
        assert billing.ledger_balance().cents == 0
        assert list(journal.verify()) == []
    assert not troubles, "\n".join(troubles)
