# SPDX-License-Identifier: Apache-2.0
"""Verification: hard stops block, soft stops need a coded answer, what changed reopens, and the signer is another person."""
from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from openinfusion.clinical import public as clinical
from openinfusion.clinical.models import FindingAnswer, Review
from openinfusion.clinical.public import Tier
from openinfusion.kernel.quantity import MG, Quantity
from openinfusion.kernel.refusal import Refused
from openinfusion.patients import public as patients
from openinfusion.platform.clock import now
from openinfusion.platform.journal import timeline
from openinfusion.therapy import public as therapy

PASSWORD = "a long test password"


def codes(no: Any) -> set[str]:
    return {r.code for r in no.value.reasons}


def found(prescription_id: Any, rule: str) -> list[Any]:
    return [f for f in clinical.findings_for(prescription_id) if f.rule == rule and f.tier is not Tier.PASSED]


def test_a_transcribed_order_waits_in_the_queue_and_a_clean_one_is_verified_with_a_signature(bench: Any) -> None:
    prescription_id = bench.prescription()
    (waiting,) = clinical.waiting(bench.pharmacist).rows
    assert waiting.id == clinical.review_id_of(prescription_id) and waiting.patient == "SAMPLETON, Amara"
    assert all(f.tier in (Tier.PASSED, Tier.INFO) for f in clinical.findings_for(prescription_id))
    with pytest.raises(Refused) as no:
        clinical.verify(review_id=waiting.id, by=bench.pharmacist)
    assert codes(no) == {"signature-missing"} and not clinical.verified(prescription_id)
    clinical.verify(review_id=waiting.id, by=bench.pharmacist.signing("test"))
    assert clinical.verified(prescription_id) and therapy.prescription(prescription_id).state == "clinically_verified"
    assert "verified the review of cefTRIAXone" in timeline(subject_id=waiting.id)[0].sentence


def test_allergies_that_nobody_asked_about_block(bench: Any) -> None:
    from datetime import date

    from openinfusion.patients.public import Address, Demographics, Sex

    bench.patient_id = patients.register(demographics=Demographics(
        "Unasked", "Bo", date(1960, 1, 1), Sex.MALE, Address("1 Way", "", "Springfield", "IL", "62701")), by=bench.intake)
    prescription_id = bench.prescription()
    assert [f.code for f in found(prescription_id, "allergy")] == ["allergy-not-recorded"]
    with pytest.raises(Refused) as no:
        clinical.verify(review_id=clinical.review_id_of(prescription_id), by=bench.pharmacist.signing("test"))
    assert {"hard-stop", "unanswered"} <= codes(no)


def test_an_allergy_recorded_after_the_page_was_opened_stops_the_signature(bench: Any) -> None:
    prescription_id = bench.prescription(drug_code="cefepime", interval_hours=12)
    review_id = clinical.review_id_of(prescription_id)
    assert not clinical.hard_stops(clinical.findings_for(prescription_id))
    patients.record_allergy(patient_id=bench.patient_id, substance="ceftriaxone", reaction="anaphylaxis",
                            severity="anaphylaxis", by=bench.pharmacist)
    with pytest.raises(Refused) as no:
        clinical.verify(review_id=review_id, by=bench.pharmacist.signing("test"))
    assert "hard-stop" in codes(no)
    assert therapy.prescription(prescription_id).state == "transcribed"


def test_a_hard_stop_takes_no_answer_and_the_database_agrees(bench: Any) -> None:
    patients.record_allergy(patient_id=bench.patient_id, substance="ceftriaxone", reaction="anaphylaxis",
                            severity="anaphylaxis", by=bench.pharmacist)
    prescription_id = bench.prescription()
    review_id = clinical.review_id_of(prescription_id)
    (finding,) = found(prescription_id, "allergy")
    with pytest.raises(Refused) as no:
        clinical.answer_finding(review_id=review_id, fingerprint=finding.fingerprint, reason_code="tolerated", by=bench.pharmacist)
    assert codes(no) == {"no-answer"}
    with pytest.raises(IntegrityError, match="answer_never_to_a_hard_stop"), transaction.atomic():
        FindingAnswer.objects.create(
            review_id=review_id, patient_id=bench.patient_id, fingerprint="x", rule="allergy", code="x", tier="hard", title="x",
            text="x", reason_code="tolerated", answered_by=bench.pharmacist.id, answerer_name="x")


def test_a_soft_stop_needs_a_coded_reason_that_dies_when_the_facts_change(bench: Any) -> None:
    prescription_id = bench.prescription(drug_code="vancomycin", dose=Quantity(Decimal(1750), MG), interval_hours=12, infusion_minutes=120)
    review_id = clinical.review_id_of(prescription_id)
    soft = [f for f in found(prescription_id, "dose_range") if f.tier is Tier.SOFT]
    assert [f.code for f in soft] == ["dose-single-over"]
    with pytest.raises(Refused) as no:
        clinical.verify(review_id=review_id, by=bench.pharmacist.signing("test"))
    assert codes(no) == {"unanswered"}
    with pytest.raises(Refused) as no:
        clinical.answer_finding(review_id=review_id, fingerprint=soft[0].fingerprint, reason_code="because", by=bench.pharmacist)
    assert codes(no) == {"reason-unknown"}
    clinical.answer_finding(review_id=review_id, fingerprint=soft[0].fingerprint, reason_code="dose_by_level", by=bench.pharmacist)
    assert not clinical.unanswered_for(prescription_id)
    kept = FindingAnswer.objects.get(review_id=review_id)
    assert "71.400000" in kept.evidence and kept.answerer_name == "Pat One"
    patients.record_measurement(patient_id=bench.patient_id, kind="weight_kg", value=Decimal("66"), by=bench.pharmacist, confirmed=True)
    assert clinical.unanswered_for(prescription_id), "the answer was given for another weight"


def test_a_small_dose_by_weight_is_not_shown_as_nothing(bench: Any, browse: Any) -> None:
    prescription_id = bench.prescription(dose=Quantity(Decimal(2), MG))
    page = browse(bench.pharmacist).get(f"/clinical/reviews/{clinical.review_id_of(prescription_id)}/").content.decode()
    assert "Dose by weight" in page and " 0 mg/kg" not in page and ">0 mg/kg" not in page and " mg/kg" in page


def test_without_weight_or_creatinine_the_dose_cannot_be_judged_and_a_pharmacist_must_say_on_what(bench: Any) -> None:
    from datetime import date

    from openinfusion.patients.public import Address, Demographics, Sex

    bench.patient_id = patients.register(demographics=Demographics(
        "Unweighed", "Cy", date(1960, 1, 1), Sex.MALE, Address("1 Way", "", "Springfield", "IL", "62701")), by=bench.intake)
    patients.record_no_known_allergies(patient_id=bench.patient_id, by=bench.pharmacist)
    patients.record_line(patient_id=bench.patient_id, type="picc", by=bench.pharmacist)
    prescription_id = bench.prescription(drug_code="daptomycin", dose=Quantity(Decimal(500), MG))
    review_id = clinical.review_id_of(prescription_id)
    unjudged = [f for f in found(prescription_id, "dose_range") if f.tier is Tier.CANNOT_JUDGE]
    assert {f.code for f in unjudged} == {"dose-no-weight", "dose-no-renal"}
    with pytest.raises(Refused) as no:
        clinical.answer_finding(review_id=review_id, fingerprint=unjudged[0].fingerprint, reason_code="other_source", by=bench.pharmacist)
    assert codes(no) == {"note-missing"}
    with pytest.raises(Refused) as no:
        clinical.answer_finding(review_id=review_id, fingerprint=unjudged[0].fingerprint, reason_code="other_source", note="chart", by=bench.technician)
    assert codes(no) == {"not-permitted"}
    for f in unjudged:
        clinical.answer_finding(review_id=review_id, fingerprint=f.fingerprint, reason_code="other_source", note="hospital chart", by=bench.pharmacist)
    clinical.verify(review_id=review_id, by=bench.pharmacist.signing("test"))


def test_a_second_order_of_the_same_drug_is_a_hard_duplicate(bench: Any) -> None:
    bench.verify(bench.prescription())
    second = bench.prescription()
    assert [(f.code, f.tier) for f in found(second, "duplicate")] == [("duplicate-same-drug", Tier.HARD)]


def test_a_new_version_is_no_duplicate_of_the_old_one(bench: Any) -> None:
    first = bench.prescription()
    bench.verify(first)
    second = therapy.revise_prescription(prescription_id=first, order=bench.order(days=21), reason="longer", by=bench.intake)
    bench.tell()
    assert not found(second, "duplicate")
    assert not clinical.verified(first) and not clinical.verified(second)
    assert Review.objects.get(prescription_id=first).state == "withdrawn"


def test_whoever_transcribed_may_not_verify(bench: Any) -> None:
    bench.intake = bench.pharmacist
    prescription_id = bench.prescription()
    with pytest.raises(Refused) as no:
        clinical.verify(review_id=clinical.review_id_of(prescription_id), by=bench.pharmacist.signing("test"))
    assert codes(no) == {"own-transcription"}
    clinical.verify(review_id=clinical.review_id_of(prescription_id), by=bench.second_pharmacist.signing("test"))


def test_clarification_waits_for_the_prescriber_and_comes_back(bench: Any) -> None:
    prescription_id = bench.prescription()
    review_id = clinical.review_id_of(prescription_id)
    with pytest.raises(Refused):
        clinical.clarify(review_id=review_id, reason=" ", by=bench.pharmacist)
    clinical.clarify(review_id=review_id, reason="2 g or 1 g?", by=bench.pharmacist)
    assert therapy.prescription(prescription_id).state == "clarification"
    with pytest.raises(Refused):
        clinical.verify(review_id=review_id, by=bench.pharmacist.signing("test"))
    clinical.enter_answer(review_id=review_id, reason="2 g, said Dr. Fictional", by=bench.pharmacist)
    assert therapy.prescription(prescription_id).state == "transcribed"


def test_a_verified_order_is_reopened_when_a_lab_comes_in(bench: Any) -> None:
    prescription_id = bench.prescription()
    review_id = bench.verify(prescription_id)
    clinical.reopen(review_id=review_id, reason="creatinine 3.1 today", by=bench.pharmacist)
    assert not clinical.verified(prescription_id) and therapy.prescription(prescription_id).state == "transcribed"
    clinical.verify(review_id=review_id, by=bench.second_pharmacist.signing("test"))
    assert clinical.verified(prescription_id)


def test_the_page_shows_source_order_and_checks_and_takes_answer_and_signature(bench: Any, browse: Any) -> None:
    prescription_id = bench.prescription(drug_code="vancomycin", dose=Quantity(Decimal(1750), MG), interval_hours=12,
                                         infusion_minutes=120, source_text="Vanco 1750 q12")
    review_id = clinical.review_id_of(prescription_id)
    client = browse(bench.pharmacist)
    page = client.get(f"/clinical/reviews/{review_id}/").content.decode()
    assert "Vanco 1750 q12" in page and "Single dose above the range" in page and "1 to answer" in page
    assert "24.5 mg/kg" in page and "disabled" in page
    (soft,) = [f for f in found(prescription_id, "dose_range") if f.tier is Tier.SOFT]
    refused = client.post(f"/clinical/reviews/{review_id}/verify/", {"signature": PASSWORD})
    assert refused.status_code == 409 and not clinical.verified(prescription_id)
    assert client.post(f"/clinical/reviews/{review_id}/answers/", {"fingerprint": soft.fingerprint, "reason_code": "dose_by_level"}).status_code == 302
    assert client.post(f"/clinical/reviews/{review_id}/verify/", {"signature": PASSWORD}).status_code == 302
    assert clinical.verified(prescription_id)
    assert "All verified" in client.get("/clinical/").content.decode()


def test_the_api_gives_findings_and_takes_a_signed_verification(bench: Any, browse: Any) -> None:
    prescription_id = bench.prescription()
    client = browse(bench.pharmacist)
    (queued,) = client.get("/api/clinical/queue").json()
    seen = client.get(f"/api/clinical/prescriptions/{prescription_id}/review").json()
    assert seen["review_id"] == queued["review_id"] and not seen["verified"] and len(seen["findings"]) >= 5
    path = f"/api/clinical/reviews/{queued['review_id']}/verify"
    assert client.post(path, {}, content_type="application/json").status_code == 409
    assert client.post(path, {}, content_type="application/json", headers={"X-Signature": PASSWORD}).status_code == 200
    assert clinical.verified(prescription_id)
    assert now() >= Review.objects.get(pk=queued["review_id"]).verified_at  # type: ignore[operator]
