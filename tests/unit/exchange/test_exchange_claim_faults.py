# SPDX-License-Identifier: Apache-2.0
"""A claim that is wrong is not written, and the fault names its place: each fault by itself, and a sound claim has none."""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal as D

import pytest
from tests.unit.exchange.test_exchange_claim_complete import DOCTOR, INSTITUTIONAL, PHARMACY, PRIMARY, SECONDARY

from openinfusion.exchange.domain.x12.claim import NOT_OTHERWISE_CLASSIFIED, ClaimOut, LineOut
from openinfusion.exchange.domain.x12.claim_faults import claim_faults

Change = Callable[[ClaimOut], ClaimOut]


def of_line(**changes: object) -> Change:
    """The claim with its first line changed."""
    return lambda c: replace(c, lines=(replace(c.lines[0], **changes), *c.lines[1:]))  # type: ignore[arg-type]


def of_stay(**changes: object) -> Change:
    def change(c: ClaimOut) -> ClaimOut:
        assert c.institutional is not None
        return replace(c, institutional=replace(c.institutional, **changes))  # type: ignore[arg-type]

    return change


def of_claim(**changes: object) -> Change:
    return lambda c: replace(c, **changes)  # type: ignore[arg-type]


def of_other(**changes: object) -> Change:
    return lambda c: replace(c, others=(replace(PRIMARY, **changes),))  # type: ignore[arg-type]


def lines_of(count: int) -> tuple[LineOut, ...]:
    return tuple(replace(INSTITUTIONAL.lines[0], control=f"L{n}", charge=D(200) / count) for n in range(count))


WRONG_NPI = replace(DOCTOR, npi="1993999999")


@pytest.mark.parametrize(("change", "place"), [
    (of_claim(patient_control="a-1"), "CLM01"),
    (of_claim(patient_control="A" * 18), "CLM01"),
    (of_claim(charge=D("200.01")), "CLM02"),
    (of_claim(lines=(), charge=D(0), others=()), "2400"),
    (of_claim(lines=lines_of(51), charge=sum((x.charge for x in lines_of(51)), D(0)), others=()), "2400"),
    (of_claim(member_id=" "), "NM1*IL"),
    (of_claim(frequency="7"), "REF*F8"),
    (of_claim(frequency="8"), "REF*F8"),
    (of_claim(subscriber=None), "PAT01"),
    (of_claim(relation="18"), "PAT01"),
    (of_line(control="L2"), "REF*6R"),
    (of_claim(others=tuple(replace(PRIMARY, paid=None) for _ in range(11))), "2320"),
    (of_claim(diagnoses=()), "HI"),
    (of_claim(diagnoses=("M86.9",) * 13), "HI"),
    (of_claim(diagnoses=("M86.9", "86.9")), "HI"),
    (of_claim(billing=replace(PHARMACY, npi="1234567890")), "NM1*85"),
    (of_claim(referring=WRONG_NPI), "NM1*DN"),
    (of_claim(supervising=WRONG_NPI), "NM1*DQ"),
    (of_claim(billing=replace(PHARMACY, address=None)), "2010AA"),
    (of_claim(billing=replace(PHARMACY, tax_id="")), "2010AA"),
    (of_line(control="l-1"), "line 1"),
    (of_line(code="S950"), "line 1"),
    (of_line(modifiers=("SH", "SJ", "KX", "RR", "JW")), "line 1"),
    (of_line(modifiers=("S",)), "line 1"),
    (of_line(units=D(0)), "line 1"),
    (of_line(last_on=date(2026, 1, 31)), "line 1"),
    (of_line(pointers=()), "line 1"),
    (of_line(pointers=(3,)), "line 1"),
    (of_line(code=next(iter(sorted(NOT_OTHERWISE_CLASSIFIED)))), "line 1"),
    (of_line(ndc="123"), "line 1"),
    (of_line(ndc="00004196501", ndc_quantity=D(1), ndc_unit="XX"), "line 1"),
    (of_line(ordering=WRONG_NPI), "line 1"),
    (of_other(member_id=""), "other payer 1"),
    (of_other(payer=replace(PRIMARY.payer, id="")), "other payer 1"),
    (of_other(paid=D(151)), "other payer 1"),
    (of_other(adjustments=()), "other payer 1"),
    (of_line(adjudications=(replace(SECONDARY.lines[0].adjudications[0], paid=D(71)),)), "other payer 1"),
])
def test_each_fault_of_a_claim_is_found_and_named(change: Change, place: str) -> None:
    assert place in {f.path for f in claim_faults(change(SECONDARY))}


@pytest.mark.parametrize(("change", "place"), [
    (of_stay(last_on=date(2026, 1, 31)), "DTP*434"),
    (of_stay(bill_type="3"), "CLM05"),
    (of_stay(patient_status=""), "CLM05"),
    (of_stay(attending=None), "NM1*71"),
    (of_stay(attending=WRONG_NPI), "NM1*71"),
    (of_line(revenue="64"), "line 1"),
])
def test_each_fault_of_an_institutional_claim_is_found_and_named(change: Change, place: str) -> None:
    assert place in {f.path for f in claim_faults(change(INSTITUTIONAL))}


def test_sound_claims_have_none_and_an_institutional_one_may_be_long() -> None:
    assert claim_faults(SECONDARY) == () == claim_faults(INSTITUTIONAL)
    assert claim_faults(replace(INSTITUTIONAL, lines=lines_of(100), charge=D(200))) == ()


def test_an_earlier_payer_that_has_not_answered_needs_no_sums_and_one_without_a_day_is_named() -> None:
    assert claim_faults(of_other(paid=None, paid_on=None, adjustments=())(SECONDARY)) == ()
    unanswered = replace(SECONDARY, lines=tuple(replace(x, adjudications=()) for x in SECONDARY.lines))
    said = {f.text for f in claim_faults(of_other(paid_on=None, paid=D(195))(unanswered))}
    assert said == {"the day on which it answered is missing"}
