# SPDX-License-Identifier: Apache-2.0
"""One patient, from referral to paid claim, over the API alone; and a patient of a real corpus the same way."""
from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from openinfusion.billing import public as billing
from openinfusion.compounding.public import label_code
from openinfusion.desk.web.pages import chart_page
from openinfusion.exchange import public as exchange
from openinfusion.patients import public as patients
from openinfusion.platform import journal
from openinfusion.platform.scope import entered

FHIR = "application/fhir+json"


def referred(api: Any, bundle: bytes) -> str:
    """The bundle comes in; the same bundle again is the same referral."""
    made = api.post("intake", "/exchange/fhir", bundle, kind=FHIR)
    assert api.post("intake", "/exchange/fhir", bundle, kind=FHIR) == made
    return str(made["referral_id"])


def gathered(api: Any, referral_id: str, **order: object) -> None:
    """Intake completes order, line, consents, home, patient, benefits."""
    here, today = f"/intake/referrals/{referral_id}", str(api.pharmacy.today)
    patient = f"/patients/{api.get('intake', here)['patient_id']}"
    said: dict[str, object] = {
        "drug_code": "ceftriaxone", "dose_amount": "2", "dose_unit": "g", "route": "IV", "interval_hours": 24, "days": 14,
        "start_on": today, "prescriber_name": "Lena Fictional", "prescriber_npi": "1234567893", "infusion_minutes": 30,
        "icd10": "M86.172", "site_id": str(api.pharmacy.site_id)}
    api.steps("intake", here, "review")
    api.post("intake", f"{here}/order", said | order)
    api.post("intake", f"{patient}/lines", {"type": "picc", "placed_on": today})
    for kind in ("treatment", "assignment_of_benefits"):
        api.post("intake", f"{patient}/consents", {"kind": kind, "given_on": today, "signer": "the patient"})
    api.post("intake", f"{patient}/home", {"assessed_on": today} | dict.fromkeys(
        ("refrigerator", "electricity", "running_water", "phone", "caregiver", "safe_entry", "able_to_learn"), True))
    api.post("intake", f"{here}/assessment", dict.fromkeys(
        ("willing", "able_to_learn", "caregiver_willing", "communicates", "first_dose_before"), True))
    api.steps("intake", here, "verify_benefits")
    plan = next(p for p in api.get("intake", "/payers/plans") if p["name"] == "Meridian PPO")
    api.post("intake", f"{here}/benefits", {"plan_id": plan["id"], "in_network": True, "coinsurance_pct": "20"})
    assert api.get("intake", f"{here}/expected-margin")["margin_cents"] > 0


def accepted(api: Any, referral_id: str) -> dict[str, Any]:
    """The pharmacist accepts clinically, intake accepts; the plan of treatment is signed."""
    here = f"/intake/referrals/{referral_id}"
    api.steps("pharmacist", here, "accept_clinically")
    seen = api.steps("intake", here, "accept", "schedule", "start_care")
    course = f"/therapy/{seen['therapy_id']}/plan"
    plan = api.post("intake", course, {
        "treatment_type": "ceftriaxone by elastomeric pump at home", "amount": "2 g", "duration": "14 days",
        "frequency": "every 24 hours", "visits": "one a week", "safety": "anaphylaxis kit at home"})["id"]
    api.post("intake", f"/therapy/plans/{plan}/send")
    api.post("intake", f"/therapy/plans/{plan}/signature", {"signer_name": "Lena Fictional", "signed_on": str(api.pharmacy.today)})
    return dict(seen)


def verified(api: Any, prescription_id: str) -> None:
    """Every finding that asks is answered with a coded reason; then the pharmacist signs."""
    here = f"/clinical/prescriptions/{prescription_id}/review"
    review = api.get("pharmacist", here)
    for finding in (f for f in review["findings"] if f["reasons"] and not f["answered"]):
        api.post("pharmacist", f"/clinical/reviews/{review['review_id']}/answers", {
            "fingerprint": finding["fingerprint"], "reason_code": finding["reasons"][0], "note": "judged with the prescriber"})
    api.post("pharmacist", f"/clinical/reviews/{review['review_id']}/verify", {"step": "verify"}, sign=True)
    assert api.get("pharmacist", here)["verified"]


def compounded(api: Any, prescription_id: str) -> None:
    """The first supply, planned by itself: staged, scanned, checked by another, made, verified, labelled, released."""
    (order,) = api.get("technician", f"/compounding/work-orders?prescription_id={prescription_id}")
    here = f"/compounding/work-orders/{order['id']}"

    def step(who: str, name: str, sign: bool = False, **more: object) -> Any:
        return api.post(who, f"{here}/steps", {"step": name, **more}, sign=sign)

    step("pharmacist", "release")
    codes: dict[str, list[str]] = {}
    for line in step("technician", "stage")["ingredients"]:
        for held in line["held"]:
            expires = datetime.fromisoformat(held["expires_on"])
            code = f"]d201{line['gtin']}17{expires:%y%m%d}10{held['number']}"
            codes.setdefault(line["name"], []).extend([code] * held["packages"])
            api.post("technician", f"{here}/scans", {"scan": code, "packages": held["packages"]})
    step("technician4", "pre_check")
    assert api.get("technician", f"{here}/gate?hood_id={api.pharmacy.hood_id}")["open"]
    step("technician", "start", hood_id=str(api.pharmacy.hood_id))
    reports = []
    for one in api.get("technician", f"{here}/bench")["steps"]:
        code = next(c for name, c in codes.items() if name in one["text"]).pop() if one["asks"] == "scan" else ""
        reports.append({"place": one["place"], "code": code, "weight_g": one["expected_g"]})
    told = api.post("technician", f"{here}/bench", {"reports": reports})
    assert told["done"] == told["of"] > 3
    for name in ("finish", "present"):
        step("technician", name)
    step("pharmacist", "verify", sign=True)
    api.post("technician", f"{here}/label")
    step("technician", "label")
    step("pharmacist", "dispense", sign=True)


def delivered(api: Any, therapy_id: str) -> None:
    """Called, picked, packed, checked, driven, handed over."""
    (ticket,) = api.get("warehouse", f"/delivery/tickets?therapy_id={therapy_id}")
    here = f"/delivery/tickets/{ticket['id']}"
    said = [{"code": q["code"], "answer": "no"} for q in api.get("warehouse", f"{here}/questions")]
    api.post("warehouse", f"{here}/call", {
        "said": said, "spoke_with": "the patient", "is_address_right": True, "consents": True, "need_by": str(api.pharmacy.today), "confirm": True})
    scans = [line["scan_code"] if line["kind"] != "supply" else f"01{line['scan_code']}" for line in ticket["lines"]]
    api.post("warehouse", f"{here}/scans", {"scans": scans})
    fit = api.get("warehouse", f"{here}/pack-outs?lane=courier")
    api.post("warehouse", f"{here}/pack-out", {
        "lane": "courier", "pack_out": fit[0]["code"], "done_steps": [s["code"] for s in fit[0]["steps"]]})
    api.steps("warehouse", here, "pick", "pack")
    api.post("pharmacist", f"{here}/steps/check", sign=True)
    api.steps("driver", here, "dispatch")
    done = api.post("driver", f"{here}/proof", {"received_by": "the patient", "signature": "typed:the patient", "arrived_c": "5.1"})
    assert done["state"] == "delivered"


def visited(api: Any, therapy_id: str) -> None:
    """Offered, made, written down, signed."""
    asked = api.get("nurse_manager", f"/nursing/visits?therapy_id={therapy_id}")[0]
    here, at = f"/nursing/visits/{asked['id']}", datetime.now(ZoneInfo("America/Chicago"))
    begun = at - timedelta(minutes=95)

    def later(minutes: int) -> str:
        return (begun + timedelta(minutes=minutes)).isoformat()

    api.post("nurse_manager", f"{here}/offer", {
        "nurse_id": str(api.pharmacy.actors["nurse"].id), "planned_start": (at + timedelta(hours=1)).isoformat(),
        "planned_end": (at + timedelta(hours=3)).isoformat()})
    api.steps("nurse", here, "accept", "confirm", "set_out", "arrive")
    api.post("nurse", f"{here}/sections/drug", {"values": {"code": dose_label(api, therapy_id)}})
    api.post("nurse", f"{here}/record", {
        "identifiers": ["name", "birth date"], "line_site": "clean and dry", "line_flushes": True, "line_blood_return": True,
        "reaction": "none", "taught": ["aseptic technique"], "taught_back": True, "started_at": later(0), "ended_at": later(90),
        "rates": [{"at": later(10), "rate_ml_per_h": "200"}, {"at": later(40), "rate_ml_per_h": "0"}],
        "vitals": [{"at": later(5), "temperature_c": "36.8", "pulse_per_min": 76, "respirations_per_min": 16,
                    "systolic_mmhg": 124, "diastolic_mmhg": 76, "spo2_percent": 98}]})
    for section, values in FIRST_DOSE.items():
        api.post("nurse", f"{here}/sections/{section}", {"values": values})
    api.post("nurse", f"{here}/sections/kit", {"values": {"kit_on_hand": "yes", "kit_expires_on": str(at.date() + timedelta(days=200))}})
    api.steps("nurse", here, "document")
    api.post("nurse", f"{here}/steps/sign", sign=True)


FIRST_DOSE = {
    "teaching": {"taught": ["flushing"], "taught_back": "yes"},
    "patient": {"signed_name": "the patient", "signed_relation": "self", "strokes": "M10 10 L20 30 L40 10"},
}


def dose_label(api: Any, therapy_id: str) -> str:
    """What the label of the first delivered container says to a scanner: the lot, then which one it is."""
    (ticket,) = api.get("warehouse", f"/delivery/tickets?therapy_id={therapy_id}")
    return next(label_code(line["scan_code"].split("*")[1], 1) for line in ticket["lines"] if line["kind"] == "preparation")


def paid(api: Any, therapy_id: str) -> dict[str, Any]:
    """The claim is ready by itself, goes out, and is paid by the payer's answer."""
    (claim,) = api.get("biller", f"/billing/claims?therapy_id={therapy_id}")
    assert claim["state"] == "ready", claim["holds"]
    file = api.post("biller", "/exchange/claim-files")
    assert file["claims"] == 1 and not file["left_out"]
    (waiting,) = api.get("biller", "/exchange/outbox?state=queued")
    assert api.post("biller", f"/exchange/outbox/{waiting['id']}/by_hand", {})["state"] == "sent"
    with entered(api.pharmacy.organization_id):
        text = exchange.simulated_remittance([UUID(claim["id"])], trace="API1", paid_on=api.pharmacy.today,
                                             fates={claim["control"]: exchange.Fate.PAID})
    (posted,) = api.post("biller", "/exchange/remittances?name=payer.835", text.encode("ascii"), kind="application/edi-x12")
    assert posted["posted"] == 1 and not posted["findings"]
    return dict(api.get("biller", f"/billing/claims/{claim['id']}"))


def carried(api: Any, referral_id: str) -> dict[str, Any]:
    """From a referral that lacks nothing to the paid claim."""
    seen = accepted(api, referral_id)
    verified(api, seen["prescription_id"])
    compounded(api, seen["prescription_id"])
    delivered(api, seen["therapy_id"])
    visited(api, seen["therapy_id"])
    return paid(api, seen["therapy_id"])


def test_one_patient_goes_from_referral_to_paid_claim_over_the_api_alone(
    api: Any, pharmacy: Any, fictional_bundle: Callable[..., bytes],
) -> None:
    pharmacy.stock("cefTRIAXone 2 g", "sodium chloride 0.9% 100 mL", "elastomeric infuser 100 mL")
    referral_id = referred(api, fictional_bundle())
    gathered(api, referral_id)
    claim = carried(api, referral_id)
    assert claim["state"] == "paid" and claim["open_cents"] == 0
    assert {line["code"] for line in claim["lines"]} >= {"J0696", "S9500", "99601"}
    ledger = api.get("biller", "/billing/ledger")
    assert ledger["difference"] == 0 and ledger["transfers"] > 0
    margin = api.get("executive", f"/insight/margins/{claim['therapy_id']}")
    assert margin["expected_reimbursement_cents"] and margin["paid_cents"] and margin["margin_cents"] == (
        margin["paid_cents"] + margin["patient_cents"] - margin["cost_cents"])
    with entered(pharmacy.organization_id):
        assert billing.ledger_balance().cents == 0
        assert list(journal.verify()) == []


def test_a_real_patient_of_the_simulated_hospital_is_carried_to_a_paid_claim(api: Any, pharmacy: Any, shared: Path) -> None:
    pharmacy.stock("cefTRIAXone", "sodium chloride 0.9% 100 mL", "elastomeric infuser 100 mL")
    referral_id = referred(api, simulated_hospital(shared))
    seen = api.get("intake", f"/intake/referrals/{referral_id}")
    assert seen["drug_code"] == "ceftriaxone", "the drug is known by what the hospital called it"
    completed(api, seen)
    gathered(api, referral_id)
    claim = carried(api, referral_id)
    assert claim["state"] == "paid" and claim["patient_id"] == seen["patient_id"]
    with entered(pharmacy.organization_id):
        told = [line.sentence for line in chart_page(UUID(seen["patient_id"]), pharmacy.actors["pharmacist"], "").lines]
        assert billing.ledger_balance().cents == 0 and list(journal.verify()) == []
    assert any("came in for cefTRIAXone" in one for one in told) and any("paid in full" in one for one in told)


def simulated_hospital(shared: Path) -> bytes:
    """The first patient with ceftriaxone ordered, and all that the corpus says about them, as one bundle."""
    rows = {f.stem: [json.loads(line) for line in f.read_text().splitlines()]
            for f in (shared / "samples/fhir/clinosim_seed11").glob("*.ndjson")}
    order = next(m for m in rows["MedicationRequest"] if m["medicationCodeableConcept"].get("text") == "Ceftriaxone")
    order["status"], who = "active", order["subject"]["reference"]
    theirs = [r for kind in ("AllergyIntolerance", "Condition", "Coverage", "Observation") for r in rows[kind]
              if any(r.get(k, {}).get("reference") == who for k in ("subject", "patient", "beneficiary"))]
    person = [p for p in rows["Patient"] if f"Patient/{p['id']}" == who]
    found = [*person, order, *theirs, *rows["Organization"]]
    return json.dumps({"resourceType": "Bundle", "type": "collection", "entry": [{"resource": r} for r in found]}).encode()


def completed(api: Any, seen: dict[str, Any]) -> None:
    """What the hospital did not say is asked for: where the patient lives, allergies, weight, creatinine, who pays."""
    patient, today = f"/patients/{seen['patient_id']}", api.pharmacy.today
    with entered(api.pharmacy.organization_id):
        who = patients.patient(UUID(seen["patient_id"]))
        patients.change_demographics(patient_id=who.id, by=api.pharmacy.actors["intake"], demographics=patients.Demographics(
            who.family, who.given, who.born_on, patients.Sex(who.sex),
            patients.Address("3 Fiction Lane", "", "Springfield", "IL", "62701"), "2175550199"))
    banner = api.get("intake", patient)
    if banner["allergy_state"] == "not_recorded":
        api.post("intake", f"{patient}/no-known-allergies")
    for kind, value in (("weight_kg", "70.5"), ("height_cm", "168")):
        if banner[kind] is None:
            api.post("intake", f"{patient}/measurements", {"kind": kind, "value": value})
    api.post("intake", f"{patient}/labs", {"loinc": "2160-0", "name": "creatinine", "value": "0.9", "unit": "mg/dL"})
    plan = next(p for p in api.get("intake", "/payers/plans") if p["name"] == "Meridian PPO")
    api.post("intake", f"{patient}/coverage", {
        "plan_id": plan["id"], "member_id": "DEMO0000002", "first": str(today.replace(month=1, day=1))})
