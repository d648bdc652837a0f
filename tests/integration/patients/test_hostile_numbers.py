# SPDX-License-Identifier: Apache-2.0
"""Hostile numbers and mixed-up units at the doors themselves: pages and API answer 422 or 409, and nothing is recorded."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from openinfusion.kernel.quantity import MG, Quantity
from openinfusion.kernel.refusal import Refused
from openinfusion.patients import public as patients
from openinfusion.patients.models import Lab, Measurement
from openinfusion.therapy.models import Prescription

HOSTILE = (
    "NaN", "Infinity", "-Infinity", "1e400", "1,000", "1.000,5", "1_000", "٣", "１２", "0x10", "5e3", ".5", "5.", "+5", "5 mg", "-70",
    "0", "-0", "",
)  # fmt: skip
TOKENS = ("NaN", "Infinity", "1e400", "5e3", "1_000", "0x10", ".5", "true", "null", "[1]", "-70", "0")


@pytest.fixture
def pharmacist(bench: Any, browse: Callable[[Any], Any]) -> Any:
    return browse(bench.pharmacist)


def test_no_hostile_weight_comes_in_by_page_or_api(bench: Any, pharmacist: Any) -> None:
    url, page = f"/api/patients/{bench.patient_id}/measurements", f"/patients/{bench.patient_id}/record/measurement/"
    before = Measurement.objects.count()
    for text in HOSTILE:
        for body in ({"kind": "weight_kg", "value": text},):
            assert pharmacist.post(url, json.dumps(body), content_type="application/json").status_code == 422, text
        answer = pharmacist.post(page, {"kind": "weight_kg", "value": text})
        assert answer.status_code in (409, 422), (text, answer.status_code)
    for token in TOKENS:
        body = f'{{"kind": "weight_kg", "value": {token}}}'
        assert pharmacist.post(url, body, content_type="application/json").status_code in (400, 422), token
    assert Measurement.objects.count() == before


def order(bench: Any, **changes: Any) -> dict[str, Any]:
    given: dict[str, Any] = {
        "drug_code": "ceftriaxone", "dose": "2000", "dose_unit": "mg", "route": "IV", "start_on": f"{bench.order().start_on}",
        "days": 14, "interval_hours": 24, "infusion_minutes": 30, "prescriber_name": "Lena Fictional, MD",
    }  # fmt: skip
    return given | changes


def test_no_hostile_order_comes_in_by_the_api(bench: Any, browse: Callable[[Any], Any]) -> None:
    client, therapy_id = browse(bench.intake), bench.therapy()
    url = f"/api/therapy/{therapy_id}/prescriptions"
    before = Prescription.objects.count()
    for text in HOSTILE:
        for name in ("dose", "days", "infusion_minutes", "interval_hours"):
            if (name, text) in {("infusion_minutes", "0"), ("infusion_minutes", "-0"), ("interval_hours", "")}:
                continue  # a push takes no time
            answer = client.post(url, json.dumps(order(bench, **{name: text})), content_type="application/json")
            assert answer.status_code in (409, 422), (name, text, answer.status_code, answer.content)
    for unit in ("mg/kg", "mL/h", "ug/min", "MG ", "milligrams", "", "U/mL", "meq/L", "mcg/kg/min"):
        if unit.strip().lower() != "mg":
            answer = client.post(url, json.dumps(order(bench, dose_unit=unit)), content_type="application/json")
            assert answer.status_code == 422, unit
    assert Prescription.objects.count() == before


@pytest.mark.parametrize(("kind", "value"), [("weight_kg", "157.4"), ("height_cm", "65")])
def test_pounds_and_inches_are_asked_about_at_the_first_time_too(bench: Any, kind: str, value: str) -> None:
    Measurement.objects.filter(patient_id=bench.patient_id, kind=kind).update(in_error_at="2026-01-01T00:00Z")
    with pytest.raises(Refused) as no:
        patients.record_measurement(patient_id=bench.patient_id, kind=kind, value=Decimal(value), by=bench.pharmacist)
    assert [r.code for r in no.value.reasons] == ["value-disproportionate"]
    patients.record_measurement(patient_id=bench.patient_id, kind=kind, value=Decimal(value), by=bench.pharmacist, confirmed=True)


def test_a_creatinine_in_another_unit_gives_no_clearance(bench: Any) -> None:
    assert patients.banner(bench.patient_id).crcl is not None
    patients.record_lab(
        patient_id=bench.patient_id, loinc="2160-0", name="creatinine", value=Decimal(80), unit="umol/L", by=bench.pharmacist
    )
    seen = patients.banner(bench.patient_id)
    assert seen.crcl is None and "umol/L" in seen.crcl_unknown
    assert patients.charts([bench.patient_id])[bench.patient_id].crcl is None
    assert Lab.objects.filter(patient_id=bench.patient_id).count() == 2


@pytest.mark.parametrize("amount", ["20000", "200000", "2000000"])
def test_a_tenfold_dose_is_never_verified(bench: Any, amount: str) -> None:
    prescription_id = bench.prescription(dose=Quantity(Decimal(amount), MG))
    with pytest.raises(Refused, match="hard stop"):
        bench.verify(prescription_id)
