# SPDX-License-Identifier: Apache-2.0
"""Body size and renal function a second time, in binary floats and written differently; and their algebra."""

from __future__ import annotations

import math
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openinfusion.calculations.domain.body import adjusted, child_ideal, devine, lean, mass_index
from openinfusion.calculations.domain.filtration import calvert, ckd_epi_2021, deindexed
from openinfusion.calculations.domain.renal import cockcroft_gault
from openinfusion.calculations.domain.surface import boyd, du_bois, gehan_george, haycock, mosteller

weights = st.decimals("0.5", "300", places=1)
heights = st.decimals("40", "220", places=1)
ages = st.decimals("18", "100", places=0)
serum = st.decimals("0.2", "12", places=2)


def near(found: Decimal, expected: float) -> bool:
    return float(found) == pytest.approx(expected, rel=1e-9)


@given(weights, heights)
def test_surfaces_agree_with_logarithms(weight: Decimal, height: Decimal) -> None:
    w, h = math.log(float(weight)), math.log(float(height))
    assert near(mosteller(weight, height), math.exp((w + h) / 2) / 60)
    assert near(du_bois(weight, height), math.exp(math.log(0.007184) + 0.425 * w + 0.725 * h))
    assert near(haycock(weight, height), math.exp(math.log(0.024265) + 0.5378 * w + 0.3964 * h))
    assert near(gehan_george(weight, height), math.exp(math.log(0.0235) + 0.51456 * w + 0.42246 * h))
    grams = w + math.log(1000)
    assert near(boyd(weight, height), math.exp(math.log(0.0003207) + 0.3 * h + grams * (0.7285 - 0.0188 * grams / math.log(10))))


@given(weights, heights)
def test_lean_weight_agrees_and_is_less_than_weight_for_all_but_the_thinnest(weight: Decimal, height: Decimal) -> None:
    w, h = float(weight), float(height) / 100
    assert near(lean(weight, height, female=False), 9270 * w * h * h / (6680 * h * h + 216 * w))
    assert near(lean(weight, height, female=True), 9270 * w * h * h / (8780 * h * h + 244 * w))
    if mass_index(weight, height) > 15:
        assert lean(weight, height, female=True) < lean(weight, height, female=False) < weight


@given(heights, st.booleans())
def test_ideal_weights_grow_with_height(height: Decimal, female: bool) -> None:
    assert devine(height + 1, female=female) > devine(height, female=female)
    assert near(devine(height, female=female), 45.5 + (0 if female else 4.5) + 2.3 / 2.54 * (float(height) - 152.4))
    if height < 150 or height > 154:
        assert child_ideal(height + 1, female=female) > child_ideal(height, female=female)


@given(weights, weights, st.decimals("0", "1", places=2))
def test_adjusting_lies_between_ideal_and_actual(weight: Decimal, ideal: Decimal, share: Decimal) -> None:
    assert min(weight, ideal) <= adjusted(weight, ideal, share) <= max(weight, ideal)


@given(ages, weights, serum, st.booleans())
def test_cockcroft_gault_scales_with_weight_and_falls_with_creatinine(
    age: Decimal, weight: Decimal, creatinine: Decimal, female: bool
) -> None:
    def at(weight: Decimal, creatinine: Decimal) -> Decimal:
        return cockcroft_gault(age_years=age, weight_kg=weight, creatinine_mg_per_dl=creatinine, female=female)

    assert at(2 * weight, creatinine) == pytest.approx(2 * at(weight, creatinine))
    assert at(weight, 2 * creatinine) < at(weight, creatinine)
    mine = (140 - float(age)) / 72 * float(weight) / float(creatinine) * (1 - 0.15 * female)
    assert near(at(weight, creatinine), mine)


@given(ages, serum, st.booleans())
def test_ckd_epi_agrees_with_its_branches_written_out(age: Decimal, creatinine: Decimal, female: bool) -> None:
    s, a = float(creatinine), float(age)
    if female:
        mine = 142 * 1.012 * (s / 0.7) ** (-0.241 if s <= 0.7 else -1.2) * 0.9938**a
    else:
        mine = 142 * (s / 0.9) ** (-0.302 if s <= 0.9 else -1.2) * 0.9938**a
    assert near(ckd_epi_2021(age_years=age, creatinine_mg_per_dl=creatinine, female=female), mine)


@given(st.decimals("1", "200", places=1), st.decimals("0.2", "3", places=2), st.decimals("1", "8", places=1))
def test_taking_the_surface_off_and_calvert_are_linear(egfr: Decimal, surface: Decimal, auc: Decimal) -> None:
    assert deindexed(egfr, Decimal("1.73")) == egfr
    assert deindexed(2 * egfr, surface) == pytest.approx(2 * deindexed(egfr, surface))
    assert calvert(auc, egfr) - calvert(auc, Decimal(0)) == auc * egfr
