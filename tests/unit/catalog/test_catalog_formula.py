# SPDX-License-Identifier: Apache-2.0
"""Stability, dose rules, per-diem codes and billing units."""
from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from openinfusion.calculations.public import ndc11
from openinfusion.catalog.domain.codes import HcpcsFact
from openinfusion.catalog.domain.formula import DoseRule, StabilityFact, judge_stability
from openinfusion.catalog.domain.product import check_digit, is_gtin
from openinfusion.catalog.domain.template import TherapyTemplate
from openinfusion.kernel.quantity import MCG, MG, UNITS, Quantity
from openinfusion.kernel.refusal import Malformed, Refused
from openinfusion.kernel.standing import Source, Standing

SOURCE = Source("a test", date(2026, 1, 1), Standing.UNVERIFIED)


def mg(amount: str) -> Quantity:
    return Quantity(Decimal(amount), MG)


def keeps(least: str, most: str, hours: int, storage: str = "refrigerated") -> StabilityFact:
    return StabilityFact("made_up", "bag", storage, mg(least), mg(most), hours, SOURCE)


def test_the_shortest_row_that_covers_a_preparation_counts() -> None:
    rows = [keeps("1", "10", 240), keeps("5", "20", 48)]
    assert judge_stability(rows, "made_up", mg("8"), "bag", "refrigerated").hours == 48
    assert judge_stability(rows, "made_up", Quantity(Decimal(2000), MCG), "bag", "refrigerated").hours == 240


@pytest.mark.parametrize(("concentration", "container", "storage"), [
    (mg("21"), "bag", "refrigerated"), (mg("8"), "syringe", "refrigerated"), (mg("8"), "bag", "room"),
    (Quantity(Decimal(8), UNITS), "bag", "refrigerated"),
])
def test_where_the_data_cannot_judge_it_says_so(concentration: Quantity, container: str, storage: str) -> None:
    with pytest.raises(Refused, match="no stability data"):
        judge_stability([keeps("1", "20", 48)], "made_up", concentration, container, storage)


def test_a_dose_rule_covers_its_renal_band_and_age() -> None:
    rule = DoseRule(
        "made_up", "IV", "single", "flat", mg("1"), mg("2"), mg("4"), Decimal(30), Decimal(60), 18, None, None, None, SOURCE,
    )
    assert rule.covers(age=50, crcl=Decimal(30)) and not rule.covers(age=50, crcl=Decimal(60))
    assert not rule.covers(age=17, crcl=Decimal(40))
    assert rule.covers(age=None, crcl=None)


def test_the_per_diem_code_follows_the_dosing_interval_or_the_litres() -> None:
    template = TherapyTemplate(
        "antibiotic", "Anti-infective", "S9494", ((Decimal(8), "S9502"), (Decimal(24), "S9500")),
        ((Decimal(1), "S9374"), (Decimal(2), "S9375")), (), (), (), (), 1, "infusion_nursing", False, SOURCE,
    )
    assert template.per_diem(interval_h=Decimal(8)) == "S9502"
    assert template.per_diem(interval_h=Decimal(12)) == "S9500"
    assert template.per_diem(litres_per_day=Decimal("1.5")) == "S9375"
    assert template.per_diem() == "S9494"


def test_billing_units_are_rounded_up_once_for_the_whole_line() -> None:
    code = HcpcsFact("J0696", "ceftriaxone", "drug", mg("250"), "250 mg", "", None, SOURCE)
    assert code.units(mg("2000")) == 8
    assert code.units(mg("2001")) == 9


def test_an_ended_code_does_not_hold_after_its_last_day() -> None:
    code = HcpcsFact("J3370", "vancomycin", "drug", mg("500"), "500 mg", "", date(2026, 3, 31), SOURCE)
    assert code.holds_on(date(2026, 3, 31)) and not code.holds_on(date(2026, 4, 1))


@pytest.mark.parametrize(("printed", "plain"), [
    ("0002-1433-80", "00002143380"), ("50242-040-62", "50242004062"), ("60575-4112-1", "60575411201"), ("00002143380", "00002143380"),
])
def test_an_ndc_becomes_eleven_digits(printed: str, plain: str) -> None:
    assert ndc11(printed) == plain


@pytest.mark.parametrize("text", ["0002143380", "abc", "1-2-3", ""])
def test_an_ambiguous_ndc_is_refused(text: str) -> None:
    with pytest.raises(Malformed):
        ndc11(text)


def test_a_changed_digit_breaks_a_gtin() -> None:
    good = "0399901000111"
    assert is_gtin(good + check_digit(good))
    assert not is_gtin(good + str((int(check_digit(good)) + 1) % 10))
