# SPDX-License-Identifier: Apache-2.0
"""A FHIR bundle read as a referral: what was said comes through exactly; every fault is named by its element."""
from __future__ import annotations

import json
from copy import deepcopy
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from openinfusion.exchange.domain.fhir_referral import read_referral
from openinfusion.intake.events import ReferralIn
from openinfusion.kernel.refusal import Malformed

RXNORM, ICD10, LOINC = "http://www.nlm.nih.gov/research/umls/rxnorm", "http://hl7.org/fhir/sid/icd-10-cm", "http://loinc.org"


def bundle() -> dict[str, Any]:
    """A made-up but complete referral for vancomycin."""
    who = {"reference": "Patient/p1"}

    def coded(system: str, code: str, display: str) -> dict[str, Any]:
        return {"coding": [{"system": system, "code": code, "display": display}]}

    resources: list[dict[str, Any]] = [
        {"resourceType": "Patient", "id": "p1", "identifier": [{"system": "urn:example", "value": "77"}],
         "name": [{"use": "official", "family": "Fictional", "given": ["Gil", "B"]}], "gender": "male", "birthDate": "1955-03-04",
         "address": [{"use": "home", "line": ["1 Sample St", "Apt 2"], "city": "Springfield", "state": "IL", "postalCode": "62701"}],
         "telecom": [{"system": "phone", "value": "555-0100"}]},
        {"resourceType": "Practitioner", "id": "d1", "name": [{"family": "Imaginary", "given": ["Sam"]}],
         "identifier": [{"system": "http://hl7.org/fhir/sid/us-npi", "value": "1234567893"}]},
        {"resourceType": "Condition", "id": "c1", "subject": who, "code": coded(ICD10, "M86.9", "Osteomyelitis"),
         "clinicalStatus": {"coding": [{"code": "active"}]}},
        {"resourceType": "MedicationRequest", "id": "m1", "status": "active", "intent": "order", "subject": who,
         "requester": {"reference": "Practitioner/d1"}, "reasonReference": [{"reference": "Condition/c1"}],
         "medicationCodeableConcept": coded(RXNORM, "11124", "vancomycin"), "authoredOn": "2026-11-20",
         "dosageInstruction": [{
             "text": "1.25 g every 12 hours", "route": {"coding": [{"system": "http://snomed.info/sct", "code": "47625008"}]},
             "doseAndRate": [{"doseQuantity": {"value": 1.25, "code": "g"}, "rateQuantity": {"value": 166.7, "code": "mL/h"}}],
             "timing": {"repeat": {"frequency": 2, "period": 1, "periodUnit": "d", "duration": 90, "durationUnit": "min",
                                   "boundsPeriod": {"start": "2026-11-25", "end": "2026-12-08"}}}}]},
        {"resourceType": "AllergyIntolerance", "id": "a1", "patient": who, "code": {"text": "Penicillin"},
         "reaction": [{"manifestation": [{"text": "Anaphylaxis"}], "severity": "severe"}]},
        {"resourceType": "Observation", "id": "o1", "status": "final", "subject": who, "code": coded(LOINC, "29463-7", "Weight"),
         "effectiveDateTime": "2026-11-19", "valueQuantity": {"value": 165.35, "code": "[lb_av]"}},
        {"resourceType": "Observation", "id": "o2", "status": "final", "subject": who, "code": coded(LOINC, "2160-0", "Creatinine"),
         "category": [{"coding": [{"code": "laboratory"}]}], "effectiveDateTime": "2026-11-19T08:00:00-06:00",
         "valueQuantity": {"value": 0.90, "code": "mg/dL"}},
        {"resourceType": "Organization", "id": "i1", "name": "Meridian Example Health"},
        {"resourceType": "Coverage", "id": "v1", "status": "active", "beneficiary": who, "payor": [{"reference": "Organization/i1"}],
         "subscriberId": "M1", "class": [{"type": {"coding": [{"code": "plan"}]}, "value": "ppo", "name": "Meridian PPO"}],
         "relationship": {"coding": [{"code": "self"}]}, "period": {"start": "2026-01-01"}},
    ]
    return {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": r} for r in resources]}


def read(raw: dict[str, Any]) -> ReferralIn:
    return read_referral(json.dumps(raw).encode())[0]


def faults(raw: dict[str, Any]) -> dict[str, str]:
    with pytest.raises(Malformed) as no:
        read(raw)
    return {f.path: f.text for f in no.value.faults}


def resource(raw: dict[str, Any], n: int) -> dict[str, Any]:
    found: dict[str, Any] = raw["entry"][n]["resource"]
    return found


def test_everything_said_comes_through() -> None:
    seen = read(bundle())
    assert (seen.person.family, seen.person.given, seen.person.born_on, seen.person.state) == ("Fictional", "Gil", date(1955, 3, 4), "IL")
    order = seen.orders[0]
    assert (order.drug_text, order.rxnorm, order.dose_amount, order.dose_unit, order.route) == ("vancomycin", "11124", Decimal("1.25"), "g", "IV")
    assert (order.interval_hours, order.infusion_minutes, order.rate_ml_per_h) == (12, 90, Decimal("166.7"))
    assert (order.start_on, order.days, order.icd10) == (date(2026, 11, 25), 14, "M86.9")
    assert (order.prescriber_name, order.prescriber_npi) == ("Sam Imaginary", "1234567893")
    assert seen.allergies[0].severity == "anaphylaxis" and not seen.no_known_allergies
    assert seen.measurements[0].value == Decimal("75.001")  # 165.35 lb, to the gram
    assert (seen.labs[0].value, seen.labs[0].taken_at.hour) == (Decimal("0.9"), 14)
    assert (seen.measurements[0].day_only, seen.labs[0].day_only) == (True, False)
    assert (seen.coverages[0].plan, seen.coverages[0].payer, seen.coverages[0].member_id) == ("Meridian PPO", "Meridian Example Health", "M1")


def test_what_is_not_said_stays_open() -> None:
    raw = bundle()
    raw["entry"] = [raw["entry"][0], raw["entry"][3]]
    del resource(raw, 1)["dosageInstruction"]
    seen = read(raw)
    order = seen.orders[0]
    assert (order.dose_amount, order.route, order.interval_hours, order.days, order.start_on) == (None, "", None, None, None)
    assert seen.allergies == () and not seen.no_known_allergies and seen.coverages == ()


def test_all_faults_are_named_at_once_by_their_elements() -> None:
    raw = bundle()
    resource(raw, 0)["birthDate"] = "1955-13-04"
    resource(raw, 0)["gender"] = "M"
    resource(raw, 3)["status"] = "bogus"
    resource(raw, 3)["medicationReference"] = {"reference": "#x"}
    found = faults(raw)
    assert set(found) == {"Bundle.entry[0].resource.birthDate", "Bundle.entry[0].resource.gender", "Bundle.entry[3].resource.status", "Bundle.entry"}


@pytest.mark.parametrize(("n", "change", "path"), [
    (0, {"birthDate": "1955"}, "Bundle.entry[0].resource.birthDate"),
    (0, {"birthDate": None}, "Bundle.entry[0].resource.birthDate"),
    (0, {"name": []}, "Bundle.entry[0].resource.name"),
    (0, {"name": "Gil"}, "Bundle.entry[0].resource.name"),
    (3, {"medicationReference": {"reference": "Medication/1"}}, "Bundle.entry[3].resource.medication[x]"),
    (3, {"subject": "Patient/p1"}, "Bundle.entry[3].resource.subject"),
    (3, {"intent": ""}, "Bundle.entry[3].resource.intent"),
    (3, {"dosageInstruction": [{"doseAndRate": [{"doseQuantity": {"value": "500"}}]}]},
     "Bundle.entry[3].resource.dosageInstruction[0].doseAndRate[0].doseQuantity.value"),
    (4, {"code": {}}, "Bundle.entry[4].resource.code"),
    (5, {"valueQuantity": {"value": 12, "code": "stone"}}, "Bundle.entry[5].resource.valueQuantity.code"),
    (6, {"effectiveDateTime": "yesterday"}, "Bundle.entry[6].resource.effectiveDateTime"),
    (8, {"status": "maybe"}, "Bundle.entry[8].resource.status"),
])
def test_each_fault_names_its_element(n: int, change: dict[str, Any], path: str) -> None:
    raw = bundle()
    resource(raw, n).update(change)
    assert path in faults(raw)


def test_a_measurement_with_binary_dust_is_read_and_an_order_with_it_is_refused() -> None:
    raw = bundle()
    resource(raw, 5)["valueQuantity"] = {"value": 72.39999999999999, "code": "kg"}
    resource(raw, 6)["valueQuantity"]["value"] = 1.1999999999999997
    seen = read(raw)
    assert [m.value for m in seen.measurements] == [Decimal("72.4")]
    assert [lab.value for lab in seen.labs] == [Decimal("1.2")]
    raw["entry"][3]["resource"]["dosageInstruction"] = [{"doseAndRate": [{"doseQuantity": {"value": 72.39999999999999, "code": "mg"}}]}]
    assert "Bundle.entry[3].resource.dosageInstruction[0].doseAndRate[0].doseQuantity.value" in faults(raw)


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b"null", b"\xff\xfe", b'{"resourceType":"Patient"}', b"[" * 100000, b"1e999999999"])
def test_what_is_no_bundle_is_malformed(data: bytes) -> None:
    with pytest.raises(Malformed):
        read_referral(data)


def test_several_patients_are_one_too_many_unless_the_orders_are_for_one() -> None:
    raw = bundle()
    raw["entry"].append({"resource": {"resourceType": "Patient", "id": "p2", "name": [{"family": "Other", "given": ["O"]}], "birthDate": "2000-01-01"}})
    assert read(raw).person.family == "Fictional"
    del raw["entry"][3]
    assert "several patients" in faults(raw)["Bundle.entry"]


def test_ended_orders_and_refuted_allergies_are_left_out() -> None:
    raw = bundle()
    extra = deepcopy(raw["entry"][3])
    extra["resource"].update(id="m2", status="stopped")
    raw["entry"].append(extra)
    resource(raw, 4)["verificationStatus"] = {"coding": [{"code": "refuted"}]}
    seen = read(raw)
    assert len(seen.orders) == 1 and seen.allergies == ()


def test_no_known_allergy_must_be_said() -> None:
    raw = bundle()
    resource(raw, 4)["code"] = {"coding": [{"system": "http://snomed.info/sct", "code": "716186003"}]}
    assert read(raw).no_known_allergies


def test_the_fingerprint_is_the_identifier_or_the_bytes() -> None:
    raw = bundle()
    data = json.dumps(raw).encode()
    assert read_referral(data)[1] == read_referral(data)[1] != read_referral(data + b" ")[1]
    raw["identifier"] = {"system": "urn:x", "value": "7"}
    assert read_referral(json.dumps(raw).encode())[1] == "identifier:urn:x|7"
