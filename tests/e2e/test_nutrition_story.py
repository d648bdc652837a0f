# SPDX-License-Identifier: Apache-2.0
"""Nutrition in a real browser: the review follows what is typed, the version is saved, two people set a limit, also by phone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from tests.integration.nutrition_orders import ordered

from openinfusion.patients import public as patients
from openinfusion.patients.public import Address, Demographics, Sex
from openinfusion.platform.scope import entered
from openinfusion.therapy import public as therapy
from openinfusion.therapy.public import PrescriptionOrder


def prescribed(pharmacy: Any) -> UUID:
    """An adult's order, transcribed."""
    a = pharmacy.actors
    with entered(pharmacy.organization_id):
        home = Address("2 Sample Way", "", "Springfield", "IL", "62701")
        patient_id = patients.register(
            demographics=Demographics("Sampleton", "Amara", date(1968, 7, 14), Sex.FEMALE, home), by=a["intake"]
        )
        patients.record_no_known_allergies(patient_id=patient_id, by=a["pharmacist"])
        patients.record_measurement(patient_id=patient_id, kind="weight_kg", value=Decimal("71.4"), by=a["pharmacist"])
        patients.record_line(patient_id=patient_id, type="picc", by=a["pharmacist"])
        order = PrescriptionOrder(
            **ordered(), route="IV", start_on=pharmacy.today, prescriber_name="Lena Fictional, MD", diagnosis="K90.829"
        )
        therapy_id = therapy.begin_therapy(
            patient_id=patient_id, drug_code=order.drug_code, therapy_class="", diagnosis="K90.829", site_id=pharmacy.site_id,
            prescriber="Lena Fictional, MD", start_on=order.start_on, by=a["intake"],
        )  # fmt: skip
        return therapy.transcribe_prescription(therapy_id=therapy_id, order=order, by=a["intake"])


def test_the_review_follows_what_is_typed_and_two_people_set_a_limit(
    visitor: Callable[..., Any], pharmacy: Any, troubles: list[str], tell_news: Callable[[], int]
) -> None:
    prescription_id = prescribed(pharmacy)
    tell_news()
    one = visitor("pharmacist")
    one.go(f"/therapy/prescriptions/{prescription_id}/")
    one.follow(one.page.get_by_role("link", name="Nutrition", exact=True))
    answer = one.page.locator("#nutrition-answer")
    assert "a pharmacist decides" in answer.text_content()
    one.page.get_by_label("Potassium chloride", exact=True).fill("800")
    one.page.get_by_text("beyond a hard limit: Potassium").wait_for()
    assert "raised 1,500 %" in answer.text_content()
    one.page.get_by_label("Potassium chloride", exact=True).fill("40")
    one.page.get_by_text("lowered 20 %").wait_for()
    one.submit("form.act[action*=revision]", {"reason": "potassium 5.2"}, "button[type=submit]")
    assert "A new version stands" in one.text()
    newest = one.page.url
    one.follow(one.page.get_by_role("link", name="Verification"))
    one.go(f"/catalog/nutrition/?site={pharmacy.site_id}")
    one.page.locator("summary", has_text="Propose one").first.click()
    said = {"limit": "potassium|adult", "soft_high": "0.5", "hard_high": "0.9", "soft_low": "0.1", "source": "Policy 12", "why": "cardiac"}
    one.submit("form[action*=limits]", said)
    assert "whoever proposed it may not sign it" in one.text()
    two = visitor("pharmacist2")
    two.go(f"/catalog/nutrition/?site={pharmacy.site_id}")
    two.act("Put in force", {"signature": pharmacy.password})
    assert "in force" in two.text()
    two.go(newest)
    assert "beyond a hard limit: Potassium" in two.text()
    phone = visitor("pharmacist", phone=True)
    for path in (newest, f"/catalog/nutrition/?site={pharmacy.site_id}"):
        phone.go(path)
    assert troubles == []
