# SPDX-License-Identifier: Apache-2.0
"""At the hood in a real browser, by scanner, scale and one big key: a batch, a bag of nutrition, a hazardous drug, no network."""
from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, time
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from tests.integration.nutrition_orders import ordered

from openinfusion.catalog import public as catalog
from openinfusion.clinical import public as clinical
from openinfusion.compounding import public as compounding
from openinfusion.compounding.public import Proof, StepReport
from openinfusion.demo import bench as demo
from openinfusion.demo.bench import Hands, proofs_of, stage
from openinfusion.inventory import public as inventory
from openinfusion.kernel.quantity import MG, Quantity
from openinfusion.patients import public as patients
from openinfusion.patients.public import Address, Demographics, Sex
from openinfusion.platform.scope import entered
from openinfusion.sites import public as sites
from openinfusion.therapy import public as therapy
from openinfusion.therapy.public import PrescriptionOrder

PICTURE = str(Path(demo.__file__).parent / "picture.png")


def in_the_hood(pharmacy: Any, tell: Callable[[], int], *, hazardous: bool = False, **said: Any) -> UUID:
    """A verified order whose first supply is staged, checked and begun in the hood by the technician."""
    a, site = pharmacy.actors, pharmacy.site_id
    order = verified(pharmacy, tell, said)
    with entered(pharmacy.organization_id):
        for line in compounding.ingredients(order.id):
            demo.receive(a["buyer"], site, line.product_id, 60, 7)
        compounding.allocate_ingredients(work_order_id=order.id, by=a["technician"])
        compounding.advance_work_order(work_order_id=order.id, step="release", by=a["pharmacist"])
        hood = next(h.id for h in sites.hoods(site) if h.hazardous is hazardous)
        sites.clean_hood(hood_id=hood, agent="sporicidal wipe", by=a["technician"])
        hands = Hands(a["pharmacist"], a["technician"], a["technician4"], hood)
        stage(hands, order.id)
        compounding.advance_work_order(work_order_id=order.id, step="start", hood_id=hood, by=a["technician"])
        return order.id


def verified(pharmacy: Any, tell: Callable[[], int], said: dict[str, Any]) -> compounding.WorkOrderFact:
    """The first supply of an order that was prescribed and verified."""
    by = pharmacy.actors["pharmacist"]
    with entered(pharmacy.organization_id):
        prescription_id = prescribed(pharmacy, said)
    tell()
    with entered(pharmacy.organization_id):
        review = clinical.review_id_of(prescription_id)
        for finding in clinical.unanswered_for(prescription_id):
            reason = clinical.reasons_for(finding)[0].code
            clinical.answer_finding(review_id=review, fingerprint=finding.fingerprint, reason_code=reason, note="judged", by=by)
        clinical.verify(review_id=review, by=by.signing("test"))
    tell()
    with entered(pharmacy.organization_id):
        (order,) = compounding.work_orders_of(prescription_id)
        return order


def prescribed(pharmacy: Any, said: dict[str, Any]) -> UUID:
    a = pharmacy.actors
    family, born = said.pop("patient", ("Sampleton", date(1968, 7, 14)))
    home = Address("2 Sample Way", "", "Springfield", "IL", "62701")
    patient_id = patients.register(demographics=Demographics(family, "Amara", born, Sex.FEMALE, home), by=a["intake"])
    patients.record_no_known_allergies(patient_id=patient_id, by=a["pharmacist"])
    for kind, value in (("weight_kg", "71.4"), ("height_cm", "165")):
        patients.record_measurement(patient_id=patient_id, kind=kind, value=Decimal(value), by=a["pharmacist"])
    patients.record_lab(patient_id=patient_id, loinc="2160-0", name="creatinine", value=Decimal("0.9"), unit="mg/dL", by=a["pharmacist"])
    patients.record_line(patient_id=patient_id, type="picc", by=a["pharmacist"])
    values = {"route": "IV", "start_on": pharmacy.today, "days": 2, "interval_hours": 12, "infusion_minutes": 90,
              "prescriber_name": "Lena Fictional, MD", "prescriber_npi": "1999999976", "first_dose_time": time(8), "diagnosis": "M86.172"}
    order = PrescriptionOrder(**(values | said))
    begun = therapy.begin_therapy(patient_id=patient_id, drug_code=order.drug_code, therapy_class="", diagnosis=order.diagnosis,
                                  site_id=pharmacy.site_id, prescriber="Lena Fictional, MD", start_on=order.start_on, by=a["intake"])
    return therapy.transcribe_prescription(therapy_id=begun, order=order, by=a["intake"])


class Hood:
    """The technician at the hood's screen, and the second person at another one."""

    def __init__(self, technician: Any, second: Any, pharmacy: Any, order_id: UUID) -> None:
        self.at, self.second, self.pharmacy, self.order_id = technician, second, pharmacy, order_id
        self.page = technician.page
        self.looks = 0
        # for the whole story: asked for at each picture, the chooser sometimes opened before the browser had been told to report it
        self.page.on("filechooser", lambda chooser: chooser.set_files(PICTURE))
        technician.go(f"/compounding/{order_id}/hood/")

    def proofs(self) -> list[StepReport]:
        with entered(self.pharmacy.organization_id):
            return proofs_of(self.order_id)

    def asks(self) -> dict[int, Proof]:
        with entered(self.pharmacy.organization_id):
            return {s.step.place: s.step.asks for s in compounding.steps(self.order_id)}

    def type(self, text: str) -> None:
        """What a scanner or a scale does."""
        self.page.keyboard.type(text)
        self.page.keyboard.press("Enter")

    def press(self) -> None:
        """The one big key, or the pedal."""
        self.page.keyboard.press("Enter")

    def reached(self, place: int) -> None:
        self.page.locator("#now-step", has_text=re.compile(rf"^Step {place} of ")).wait_for()

    def do(self, proof: StepReport, asks: Proof) -> None:
        self.reached(proof.place)
        if asks is Proof.SCAN:
            return self.type(proof.code)
        if asks is Proof.WEIGHT:
            return self.type(f"{proof.weight_g:.2f} g")
        if asks is Proof.PHOTO:
            self.press()  # opens the camera, which answers with the picture
            self.page.get_by_text("Picture taken").wait_for()
        return self.press()

    def settled(self) -> str:
        """How the screen stands once the server has answered."""
        self.page.locator("#line").wait_for(state="hidden")
        return str(self.page.locator("#now").get_attribute("data-s"))

    def look(self) -> None:
        self.looks += 1
        self.second.go(f"/compounding/{self.order_id}/look/")
        self.second.act("It is right")
        self.page.locator("#now:not([data-s=wait])").wait_for()  # the screen asks by itself
        self.page.wait_for_timeout(900)  # and takes no key for a moment

    def work(self) -> None:
        """Every step, without typing a word."""
        asks = self.asks()
        for proof in self.proofs():
            self.do(proof, asks[proof.place])
            if self.settled() == "wait":
                self.look()
        self.page.get_by_text("Every step is done").wait_for()
        with self.page.expect_navigation():
            self.press()
        with entered(self.pharmacy.organization_id):
            assert compounding.work_order(self.order_id).state == "compounded"


@pytest.fixture
def hood(visitor: Callable[..., Any], pharmacy: Any, tell_news: Callable[[], int]) -> Callable[..., Hood]:
    def begun(**said: Any) -> Hood:
        order_id = in_the_hood(pharmacy, tell_news, **said)
        return Hood(visitor("technician"), visitor("technician4"), pharmacy, order_id)

    return begun


VANCOMYCIN = {"drug_code": "vancomycin", "dose": Quantity(Decimal(1250), MG), "days": 1}  # 2.5 g of three vials


def test_a_vancomycin_batch_is_made_by_scanner_alone_and_its_record_tells_all(hood: Any, visitor: Any, troubles: list[str]) -> None:
    at = hood(**VANCOMYCIN)
    at.work()
    phone = visitor("technician", phone=True)
    phone.go(f"/compounding/{at.order_id}/record/")
    assert "Weighed" in phone.text()
    phone.go("/compounding/opened/")
    assert "vancomycin" in phone.text()
    pharmacist = visitor("pharmacist")
    pharmacist.go(f"/compounding/{at.order_id}/record/")
    assert "steps done" in pharmacist.text()
    assert at.looks == 0 and troubles == []


def test_a_bag_of_nutrition_waits_for_one_look_at_all_its_syringes(hood: Any, troubles: list[str]) -> None:
    at = hood(**ordered(days=1), diagnosis="K90.829")
    at.work()
    assert at.looks >= 1 and troubles == []


def test_a_hazardous_dose_waits_for_another_person_at_every_syringe(hood: Any, troubles: list[str]) -> None:
    at = hood(hazardous=True, drug_code="ganciclovir", dose=Quantity(Decimal(350), MG), infusion_minutes=60, days=1)
    at.work()
    assert at.looks == 2 and troubles == []


def test_the_wrong_product_stops_the_work_until_it_is_acknowledged_and_is_kept(hood: Any, visitor: Any, pharmacy: Any) -> None:
    at = hood(**VANCOMYCIN)
    with entered(pharmacy.organization_id):
        wrong = catalog.products_of("cefepime")[0]
        lot = demo.receive(pharmacy.actors["buyer"], pharmacy.site_id, wrong.id, 3, 8) or inventory.find("D", pharmacy.actors["buyer"])
    assert lot is not None
    at.reached(1)
    at.type(f"(01){wrong.gtin}(17)281231(10)NOTOURS")
    at.page.locator("#now[data-s=bad]").wait_for()
    assert "instead of" in at.page.locator("#now-say").text_content()
    proof = at.proofs()[0]
    at.type(proof.code)  # the right one does not help while the work is stopped
    at.press()  # seen
    at.page.locator("#now:not([data-s=bad])").wait_for()
    at.page.wait_for_timeout(900)
    at.do(proof, Proof.SCAN)
    at.reached(2)
    pharmacist = visitor("pharmacist")
    pharmacist.go(f"/compounding/{at.order_id}/record/")
    assert "wrong product" in pharmacist.text() and wrong.name in pharmacist.text()
    pharmacist.act("Reviewed", {"reason": "packages stand apart from now on"})
    assert "reviewed" in pharmacist.text()


def test_a_keyed_lot_waits_for_another_person_who_may_refuse_it(hood: Any, pharmacy: Any) -> None:
    at = hood(**VANCOMYCIN)
    with entered(pharmacy.organization_id):
        lot = compounding.ingredients(at.order_id)[0].lots[0].number
    at.page.get_by_role("button", name="Key a code").click()
    at.page.get_by_label("Lot number, or the whole code").fill(lot)
    at.page.get_by_role("button", name="Take it as keyed").click()
    assert at.settled() == "wait"
    at.second.go(f"/compounding/{at.order_id}/look/")
    at.second.act("It is not right", {"reason": "the package says another lot"})
    at.page.locator("#now[data-s=bad]").wait_for()
    at.press()
    at.page.locator("#now:not([data-s=bad])").wait_for()
    at.reached(1)


def test_a_minute_without_a_network_loses_no_step_and_does_none_twice(hood: Any, pharmacy: Any, troubles: list[str]) -> None:
    at = hood(**VANCOMYCIN)
    asks, proofs = at.asks(), at.proofs()
    at.do(proofs[0], asks[1])
    at.reached(2)
    at.page.context.set_offline(True)
    offline = proofs[1:6]
    for proof in offline:
        at.do(proof, asks[proof.place])
    at.reached(7)
    assert "No connection. 5 steps kept on this screen" in at.page.locator("#line").text_content()
    with entered(pharmacy.organization_id):
        assert compounding.progress(at.order_id).done == 1
    at.page.context.set_offline(False)
    at.page.locator("#line").wait_for(state="hidden")
    with entered(pharmacy.organization_id):
        assert compounding.progress(at.order_id).done == 6
        assert [len(s.doings) for s in compounding.steps(at.order_id)][:7] == [1, 1, 1, 1, 1, 1, 0]
    at.page.reload()
    at.reached(7)
    assert [t for t in troubles if "ERR_INTERNET_DISCONNECTED" not in t] == []
