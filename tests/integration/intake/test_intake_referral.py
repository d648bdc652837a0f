# SPDX-License-Identifier: Apache-2.0
"""A referral from its arrival to acceptance: what is missing is named, the gate opens only when it is there."""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from types import SimpleNamespace
from uuid import UUID

import pytest

from openinfusion.catalog import public as catalog
from openinfusion.intake import public as intake
from openinfusion.intake.events import ReferralAccepted
from openinfusion.intake.models import ItemReceived, Referral
from openinfusion.intake.public import AllergyIn, CoverageIn, OrderIn, ReferralIn
from openinfusion.kernel.refusal import Malformed, Refused
from openinfusion.patients import public as patients
from openinfusion.payers import public as payers
from openinfusion.platform.house_day import house_today
from openinfusion.platform.journal import timeline, verify
from openinfusion.platform.models import Entry
from openinfusion.therapy import public as therapy


def take(house: SimpleNamespace, id: UUID, step: str, by: str = "intake", **extra: object) -> None:
    intake.advance_referral(referral_id=id, step=step, by=getattr(house, by), **extra)  # type: ignore[arg-type]


def gather(house: SimpleNamespace, id: UUID) -> None:
    """Everything an antibiotic wants."""
    patient_id, by = intake.referral(id).patient.id, house.intake
    patients.record_no_known_allergies(patient_id=patient_id, by=by)
    patients.record_measurement(patient_id=patient_id, kind="weight_kg", value=Decimal(70), by=by)
    patients.record_measurement(patient_id=patient_id, kind="height_cm", value=Decimal(168), by=by)
    patients.record_lab(patient_id=patient_id, loinc="2160-0", name="creatinine", value=Decimal("0.9"), unit="mg/dL", by=by)
    patients.record_line(patient_id=patient_id, type="picc", by=by)
    today = house_today()
    for kind in ("treatment", "assignment_of_benefits"):
        patients.record_consent(patient_id=patient_id, kind=kind, given_on=today, signer="Cleo Fictional", by=by)
    patients.record_home_assessment(
        patient_id=patient_id, assessed_on=today, refrigerator=True, electricity=True, running_water=True, phone=True,
        caregiver=True, safe_entry=True, able_to_learn=True, by=by,
    )
    intake.record_assessment(
        referral_id=id, willing=True, able_to_learn=True, caregiver_willing=True, communicates=True, first_dose_before=True, by=by,
    )
    intake.record_benefits(referral_id=id, plan_id=patients.coverage(patient_id)[0].plan_id, in_network=True, by=by)


Received = Callable[..., UUID]


@pytest.fixture
def received(a_referral: Callable[..., ReferralIn]) -> Received:
    def receive(house: SimpleNamespace, fingerprint: str = "one", **changes: object) -> UUID:
        return intake.receive_referral(referral=a_referral(**changes), fingerprint=fingerprint, by=house.intake)
    return receive


def test_a_referral_names_what_it_lacks(house: SimpleNamespace, received: Received) -> None:
    seen = intake.referral(received(house))
    assert seen.drug_code == "ceftriaxone" and seen.state == "received"
    assert {"allergies", "weight", "height", "creatinine", "access device", "home assessment", "benefits"} <= set(seen.missing)
    assert not {"complete order", "diagnosis", "coverage", "delivery address", "prescriber's NPI"} & set(seen.missing)


def test_the_same_fingerprint_is_one_referral(house: SimpleNamespace, received: Received) -> None:
    assert received(house) == received(house)
    assert Referral.objects.count() == 1


def test_acceptance_opens_the_therapy_and_transcribes_the_order(house: SimpleNamespace, received: Received) -> None:
    id = received(house)
    gather(house, id)
    assert intake.referral(id).missing == ()
    for step, by in (("review", "intake"), ("verify_benefits", "intake"), ("accept_clinically", "rph"), ("accept", "intake")):
        take(house, id, step, by)
    seen = intake.referral(id)
    assert seen.state == "accepted" and seen.therapy_id and seen.prescription_id
    order = therapy.prescription(seen.prescription_id).order
    assert (order.drug_code, str(order.dose), order.interval_hours, order.days) == ("ceftriaxone", "2 g", 24, 14)
    told = [n["kind"].rpartition(".")[2] for e in Entry.objects.filter(subject_id=id) for n in e.news]
    assert ReferralAccepted.__name__ in told
    expected = intake.expected_margin(seen.therapy_id)
    assert expected.reimbursement.cents > 0 and expected.cost.cents > 0 and expected.unknowns == ()
    assert sum(line.amount.cents for line in expected.income) == expected.reimbursement.cents
    assert sum(line.amount.cents for line in expected.costs) == expected.cost.cents
    assert {line.kind for line in expected.costs} >= {"drug", "supplies", "preparation", "delivery"} and expected.days == 14
    take(house, id, "schedule")
    take(house, id, "start_care")
    assert intake.referral(id).state == "start_of_care"
    assert list(verify()) == [] and any("accepted referral" in line.sentence for line in timeline(subject_id=id))


def test_the_gate_stays_shut_while_items_are_missing_and_nothing_changes(house: SimpleNamespace, received: Received) -> None:
    id = received(house)
    take(house, id, "review")
    take(house, id, "verify_benefits")
    intake.record_benefits(referral_id=id, plan_id=payers.plans()[0].id, in_network=True, by=house.intake)
    with pytest.raises(Refused, match=r"still missing: allergies, weight"):
        take(house, id, "accept_clinically", "rph")
    seen = intake.referral(id)
    assert seen.state == "benefits_pending" and seen.therapy_id is None


def test_only_a_pharmacist_accepts_clinically(house: SimpleNamespace, received: Received) -> None:
    id = received(house)
    gather(house, id)
    take(house, id, "review")
    take(house, id, "verify_benefits")
    with pytest.raises(Refused, match="clinically_accept"):
        take(house, id, "accept_clinically", "intake")
    assert intake.referral(id).state == "benefits_pending"


def test_a_payer_that_wants_to_be_asked_holds_the_gate_until_it_answers(house: SimpleNamespace, received: Received) -> None:
    id = received(house)
    gather(house, id)
    plan_id = payers.plans()[0].id
    intake.record_benefits(referral_id=id, plan_id=plan_id, in_network=True, authorization_wanted=True, by=house.intake)
    take(house, id, "review")
    take(house, id, "verify_benefits")
    with pytest.raises(Refused, match="authorization is not there"):
        take(house, id, "accept_clinically", "rph")
    take(house, id, "authorize")
    auth = intake.open_authorization(referral_id=id, units={"S9500": 14, "J0696": 112}, by=house.auth)
    intake.advance_authorization(authorization_id=auth, step="submit", by=house.auth)
    with pytest.raises(Refused, match="lacks: number, first day, last day"):
        intake.advance_authorization(authorization_id=auth, step="approve", by=house.auth)
    intake.advance_authorization(
        authorization_id=auth, step="approve", number="A123", first=date(2026, 11, 20), last=date(2026, 12, 31), by=house.auth,
    )
    take(house, id, "accept_clinically", "rph")
    held = intake.authorization_for(date(2026, 11, 25), patient_id=intake.referral(id).patient.id)
    assert [(a.number, a.units["J0696"]) for a in held] == [("A123", 112)]
    assert held[0].covers("S9500", date(2026, 12, 31)) and not held[0].covers("S9500", date(2027, 1, 1))
    assert intake.authorization_for(date(2027, 1, 1), patient_id=intake.referral(id).patient.id) == []


def test_a_denial_can_be_appealed_and_overturned(house: SimpleNamespace, received: Received) -> None:
    id = received(house)
    auth = intake.open_authorization(referral_id=id, units={"S9500": 14}, by=house.auth)
    for step, extra in (
        ("submit", {}), ("deny", {"reason": "not medically necessary"}), ("appeal", {"reason": "guideline attached"}),
        ("overturn", {"number": "A9", "first": date(2026, 11, 1), "last": date(2026, 11, 30)}), ("activate", {}),
    ):
        intake.advance_authorization(authorization_id=auth, step=step, by=house.auth, **extra)  # type: ignore[arg-type]
    assert intake.authorization(auth).state == "active"


def test_declining_wants_a_coded_reason_and_ends_it(house: SimpleNamespace, received: Received) -> None:
    id = received(house)
    with pytest.raises(Refused, match="coded reason"):
        take(house, id, "decline", reason="too far")
    take(house, id, "decline", reason="too far", turn_away="outside_area")
    assert (intake.referral(id).state, intake.referral(id).turn_away) == ("declined", "outside_area")
    with pytest.raises(Refused, match="not possible while declined"):
        take(house, id, "review")


def test_referring_out_names_the_destination(house: SimpleNamespace, received: Received) -> None:
    id = received(house)
    with pytest.raises(Refused, match="to whom"):
        take(house, id, "refer_out", reason="no nurse", turn_away="no_nurse")
    take(house, id, "refer_out", reason="no nurse", turn_away="no_nurse", referred_to="Neighbour Example Infusion")
    assert intake.referral(id).referred_to == "Neighbour Example Infusion"


def test_money_informs_and_lists_what_is_unknown_but_does_not_block(house: SimpleNamespace, received: Received) -> None:
    id = received(house, "medicare", coverages=(CoverageIn(plan="Medicare Part B", member_id="1EG4", first=date(2026, 1, 1)),))
    expected = intake.expected_before(id)
    assert any("per diem" in u for u in expected.unknowns) and expected.margin.cents < 0


def test_what_the_sender_did_not_say_is_missing_not_guessed(house: SimpleNamespace, received: Received) -> None:
    bare = OrderIn(drug_text="Ceftriaxone", route="IV")
    id = received(house, orders=(bare,), coverages=(CoverageIn(payer="Unheard Of Mutual", member_id="X"),))
    seen = intake.referral(id)
    assert seen.dose is None and seen.interval_hours is None and seen.coverage is None
    assert seen.said_coverage == ("Unheard Of Mutual, member X",)
    assert {"complete order", "diagnosis", "prescriber's NPI", "coverage"} <= set(seen.missing)


def test_two_possible_therapies_leave_the_choice_to_a_person(house: SimpleNamespace, received: Received) -> None:
    orders = (OrderIn(drug_text="Ceftriaxone", route="IV"), OrderIn(drug_text="Vancomycin", route="IV"), OrderIn(drug_text="Aspirin"))
    seen = intake.referral(received(house, orders=orders))
    assert seen.drug_code == "" and seen.other_orders == ("Ceftriaxone", "Vancomycin", "Aspirin")


def test_completing_the_order_names_every_fault_and_changes_nothing(house: SimpleNamespace, received: Received) -> None:
    id = received(house, orders=())
    wrong = {
        "drug_code": "ceftriaxone", "dose_amount": Decimal(0), "dose_unit": "spoon", "route": "epidural", "interval_hours": 24,
        "days": 0, "start_on": date(2026, 12, 1), "prescriber_name": "Dr. X", "prescriber_npi": "1234567890",
    }
    with pytest.raises(Malformed) as no:
        intake.complete_order(referral_id=id, by=house.intake, **wrong)  # type: ignore[arg-type]
    assert {f.path for f in no.value.faults} == {"dose_amount", "dose_unit", "route", "days", "prescriber_npi"}
    assert intake.referral(id).drug_code == ""
    right = wrong | {"dose_amount": Decimal(2), "dose_unit": "g", "route": "IV", "days": 14, "prescriber_npi": "1234567893", "icd10": "i33.0"}
    intake.complete_order(referral_id=id, by=house.intake, **right)  # type: ignore[arg-type]
    seen = intake.referral(id)
    assert (seen.infusion_minutes, seen.icd10) == (30, "I33.0") and "complete order" not in seen.missing


def test_an_item_is_received_once_and_can_be_taken_back(house: SimpleNamespace, received: Received) -> None:
    id = received(house)
    intake.receive_item(referral_id=id, code="letter_of_medical_necessity", by=house.intake)
    with pytest.raises(Refused, match="received already"):
        intake.receive_item(referral_id=id, code="letter_of_medical_necessity", by=house.intake)
    intake.take_back_item(referral_id=id, code="letter_of_medical_necessity", reason="another patient's", by=house.intake)
    assert not ItemReceived.objects.filter(taken_back=False).exists()
    with pytest.raises(Refused, match="must stand in the record itself"):
        intake.receive_item(referral_id=id, code="allergies", by=house.intake)


def test_a_driver_may_not_enter_a_referral(house: SimpleNamespace, a_referral: Callable[..., ReferralIn]) -> None:
    with pytest.raises(Refused, match=r"intake\.referral\.receive"):
        intake.receive_referral(referral=a_referral(), fingerprint="x", by=house.driver)
    assert Referral.objects.count() == 0


def test_the_queue_says_whose_turn_it_is_and_what_is_missing(house: SimpleNamespace, received: Received) -> None:
    id = received(house)
    waits = intake.waiting(house.intake).rows
    assert [(w.owner, w.patient, w.url) for w in waits] == [("intake", "FICTIONAL, Cleo", f"/intake/{id}/")]
    assert "allergies" in waits[0].missing
    gather(house, id)
    take(house, id, "review")
    take(house, id, "verify_benefits")
    assert [w.owner for w in intake.waiting(house.rph).rows] == ["pharmacist"]


def test_an_allergy_that_came_along_stands_in_the_chart_once(house: SimpleNamespace, received: Received) -> None:
    said = (AllergyIn(substance="Penicillin", severity="severe"), AllergyIn(substance="penicillin", severity="severe"))
    id = received(house, allergies=said)
    assert [a.substance for a in patients.allergies(intake.referral(id).patient.id).items] == ["Penicillin"]


def test_an_accepted_referral_keeps_the_items_it_was_accepted_by(house: SimpleNamespace, received: Received) -> None:
    accepted, waiting = received(house), received(house, "two")
    gather(house, accepted)
    for step, by in (("review", "intake"), ("verify_benefits", "intake"), ("accept_clinically", "rph"), ("accept", "intake")):
        take(house, accepted, step, by)
    before = intake.referral(accepted).items
    template = catalog.template("antibiotic")
    wanted = replace(catalog.text_of(template), required_items=(*template.required_items, "ferritin"))
    by_day = house_today()
    made = catalog.draft_template(therapy_class="antibiotic", effective_from=by_day, source="s", why="w", content=wanted, by=house.rph)
    catalog.advance_template_draft(draft_id=made, step="propose", by=house.rph)
    another = replace(house.rph, id=house.intake.id, name="Another Pharmacist").signing("test")
    catalog.advance_template_draft(draft_id=made, step="sign", by=another)
    assert intake.referral(accepted).items == before and intake.referral(accepted).missing == ()
    assert "ferritin" in intake.referral(waiting).missing, "one that is not accepted is judged by the version of today"


def test_the_assessment_asks_about_pregnancy_and_the_chart_keeps_it(house: SimpleNamespace, received: Received) -> None:
    id = received(house)
    patient_id = intake.referral(id).patient.id
    said = {"willing": True, "able_to_learn": True, "caregiver_willing": True, "communicates": True, "first_dose_before": True}
    intake.record_assessment(referral_id=id, by=house.intake, **said)
    assert patients.asked(patient_id) == []
    intake.record_assessment(referral_id=id, pregnancy="impossible", lactation="not_asked", by=house.intake, **said)
    assert {a.words for a in patients.asked(patient_id)} == {"cannot become pregnant", "lactation: not asked"}
