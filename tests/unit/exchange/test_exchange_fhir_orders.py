# SPDX-License-Identifier: Apache-2.0
"""What an order of a referral says about drug, dose, rate and course: read as said, and left open where it is not one thing."""
from __future__ import annotations

from datetime import date
from decimal import Decimal as D
from typing import Any

import pytest
from tests.unit.exchange.test_exchange_fhir import RXNORM, bundle, faults, read, resource

from openinfusion.intake.events import OrderIn

MEDICATION = {"resourceType": "Medication", "id": "med1", "code": {"text": "cefazolin 2 g", "coding": [
    {"system": RXNORM, "code": "2180", "display": "cefazolin"}]}}
MIXTURE = {"resourceType": "Medication", "id": "med1", "ingredient": [
    {"isActive": False, "itemCodeableConcept": {"text": "sodium chloride"}}, {"itemCodeableConcept": {"text": "cefazolin"}}]}


def order(**changes: Any) -> OrderIn:
    """The order of the bundle with members of its request, or of its dosage (``dosage_…``), changed; None takes one away."""
    raw = bundle()
    request = resource(raw, 3)
    for name, value in changes.items():
        place = request["dosageInstruction"][0] if name.startswith("dosage_") else request
        member = name.removeprefix("dosage_")
        place.pop(member, None)
        if value is not None:
            place[member] = value
    (found,) = read(raw).orders
    return found


def rate(value: dict[str, Any]) -> D | None:
    return order(dosage_doseAndRate=[value]).rate_ml_per_h


def ratio(top: str, over: float, bottom: str, per: float) -> dict[str, Any]:
    return {"rateRatio": {"numerator": {"value": over, "unit": top}, "denominator": {"value": per, "unit": bottom}}}


@pytest.mark.parametrize(("contained", "text", "code"), [
    (MEDICATION, "cefazolin 2 g", "2180"), (MIXTURE, "cefazolin", ""), ({"resourceType": "Medication", "id": "med1"}, "shown", ""),
])
def test_the_drug_may_be_referred_to(contained: dict[str, Any], text: str, code: str) -> None:
    found = order(medicationCodeableConcept=None, medicationReference={"reference": "#med1", "display": "shown"}, contained=[contained])
    assert (found.drug_text, found.rxnorm) == (text, code)


def test_a_drug_that_is_not_in_the_bundle_keeps_its_words_only() -> None:
    found = order(medicationCodeableConcept=None, medicationReference={"reference": "Medication/9", "display": "cefazolin"})
    assert (found.drug_text, found.rxnorm) == ("cefazolin", "")


@pytest.mark.parametrize(("both", "text"), [(True, "is given twice"), (False, "is required")])
def test_no_drug_or_two_is_a_fault(both: bool, text: str) -> None:
    raw = bundle()
    request = resource(raw, 3)
    if both:
        request["medicationReference"] = {"reference": "#x"}
    else:
        del request["medicationCodeableConcept"]
    assert {p.rsplit(".", 1)[-1]: t for p, t in faults(raw).items()} == {"medication[x]": text}


@pytest.mark.parametrize(("said", "expected"), [
    ({"rateQuantity": {"value": 125, "unit": "mL/hr"}}, D(125)),
    ({"rateQuantity": {"value": 2, "code": "mg/min"}}, None),
    (ratio("mL", 250, "h", 2), D(125)),
    (ratio("mL", 250, "hr", 0), None),
    (ratio("mL", 4, "min", 1), None),
    (ratio("mg", 4, "h", 1), None),
])
def test_a_rate_is_read_in_millilitres_an_hour_and_otherwise_left_open(said: dict[str, Any], expected: D | None) -> None:
    assert rate(said) == expected


@pytest.mark.parametrize(("bounds", "supply", "start", "days"), [
    ({"boundsDuration": {"value": 6, "code": "wk"}}, None, None, 42),
    ({"boundsDuration": {"value": 0, "code": "d"}}, {"value": 14, "unit": "days"}, None, 14),
    ({"boundsPeriod": {"start": "2026-11-25"}}, {"value": 2, "code": "fortnight"}, date(2026, 11, 25), None),
    ({}, None, None, None),
])
def test_the_days_of_the_course_come_from_its_bounds_or_its_supply(
    bounds: dict[str, Any], supply: dict[str, Any] | None, start: date | None, days: int | None,
) -> None:
    repeat = {"frequency": 1, "period": 1, "periodUnit": "d"} | bounds
    found = order(dosage_timing={"repeat": repeat}, dispenseRequest=supply and {"expectedSupplyDuration": supply})
    assert (found.start_on, found.days) == (start, days)


def test_an_end_before_the_start_is_a_fault() -> None:
    raw = bundle()
    resource(raw, 3)["dosageInstruction"][0]["timing"]["repeat"]["boundsPeriod"] = {"start": "2026-12-08", "end": "2026-12-07"}
    assert set(faults(raw).values()) == {"lies before the start"}


def test_an_unknown_route_is_shown_as_it_was_written() -> None:
    assert order(dosage_route={"text": "by spoon"}).route == "by spoon"
    assert order(dosage_route={"text": "IV push"}).route == "IV"
    assert order(dosage_route=None).route == ""


def test_of_several_dosages_none_is_picked_and_all_their_words_come_along() -> None:
    raw = bundle()
    request = resource(raw, 3)
    request["dosageInstruction"].insert(0, {"doseAndRate": [{"doseQuantity": {"value": 2, "code": "g"}}], "sequence": 1})
    request["dosageInstruction"].append({"sequence": 3})
    (found,) = read(raw).orders
    assert (found.dose_amount, found.dose_unit, found.interval_hours, found.rate_ml_per_h, found.route, found.days) == (
        None, "", None, None, "", None)
    assert found.text == "vancomycin: 2 g; then: 1.25 g every 12 hours; then: a dosage without words"
