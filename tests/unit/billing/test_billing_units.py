# SPDX-License-Identifier: Apache-2.0
"""Drug units, NDC quantities and nursing codes, by the worked examples of the billing reference."""
from __future__ import annotations

from decimal import Decimal

import pytest

from openinfusion.billing.domain.drug_units import DrugUse, UnitsLine, ndc_quantity, unit_lines
from openinfusion.billing.domain.visit_codes import VisitLine, VisitRule, visit_lines
from openinfusion.kernel.quantity import MG, G, Quantity
from openinfusion.kernel.refusal import Refused


def use(given: str, waste: str, unit: str, single: bool = True) -> DrugUse:
    return DrugUse(Quantity(Decimal(given), MG), Quantity(Decimal(waste), MG), Quantity(Decimal(unit), MG), single)


@pytest.mark.parametrize(("made", "want"), [
    (use("415", "85", "10"), (UnitsLine(42, ""), UnitsLine(8, "JW"))),
    (use("390", "10", "10"), (UnitsLine(39, ""), UnitsLine(1, "JW"))),
    (use("28000", "0", "250"), (UnitsLine(112, "JZ"),)),
    (use("17500", "0", "10"), (UnitsLine(1750, "JZ"),)),
    (use("264.6", "0", "5", single=False), (UnitsLine(53, ""),)),
    (use("995", "5", "10"), (UnitsLine(100, "JZ"),)),
])
def test_units_follow_the_worked_examples(made: DrugUse, want: tuple[UnitsLine, ...]) -> None:
    assert unit_lines(made) == want


def test_grams_given_against_a_unit_in_milligrams_are_converted() -> None:
    ivig = DrugUse(Quantity(Decimal(40), G), Quantity(Decimal(0), G), Quantity(Decimal(500), MG), True)
    assert unit_lines(ivig) == (UnitsLine(80, "JZ"),)


def test_nothing_given_is_refused() -> None:
    with pytest.raises(Refused, match="amount given"):
        unit_lines(use("0", "10", "10"))


def test_an_ndc_counts_millilitres_of_a_liquid_and_vials_of_a_powder() -> None:
    assert ndc_quantity(Decimal(4), Decimal(100), False).amount == 400
    assert ndc_quantity(Decimal(4), Decimal(100), False).unit == "ML"
    assert (ndc_quantity(Decimal(5), Decimal(10), True).amount, ndc_quantity(Decimal(5), None, True).unit) == (5, "UN")


@pytest.mark.parametrize(("minutes", "want"), [
    (45, [("99601", 1)]), (120, [("99601", 1)]), (150, [("99601", 1)]), (151, [("99601", 1), ("99602", 1)]),
    (180, [("99601", 1), ("99602", 1)]), (300, [("99601", 1), ("99602", 3)]),
])
def test_a_further_nursing_hour_counts_past_its_midpoint(minutes: int, want: list[tuple[str, int]]) -> None:
    assert visit_lines(minutes, VisitRule()) == tuple(VisitLine(*w) for w in want)


def test_a_visit_without_time_is_refused() -> None:
    with pytest.raises(Refused):
        visit_lines(0, VisitRule())
