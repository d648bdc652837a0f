# SPDX-License-Identifier: Apache-2.0
"""What the bench asks at the hood: syringes, withdrawal, the band of a weight."""

from __future__ import annotations

from decimal import Decimal as D

import pytest

from openinfusion.calculations.public import syringes_for, weight_band, withdraws_first


@pytest.mark.parametrize(("ml", "closed", "size", "count", "measurable"), [
    ("0.1", False, 1, 1, False), ("0.2", False, 1, 1, True), ("0.75", False, 1, 1, True), ("0.76", False, 3, 1, True),
    ("0.76", True, 1, 1, True), ("25", False, 60, 1, True), ("45", False, 60, 1, True), ("45.1", False, 60, 2, True),
    ("54", True, 60, 1, True), ("892.5", False, 60, 20, True),
])
def test_the_smallest_syringe_at_the_allowed_filling_and_more_than_one_beyond_it(
    ml: str, closed: bool, size: int, count: int, measurable: bool
) -> None:
    found = syringes_for(D(ml), closed=closed)
    assert (found.nominal_ml, found.count, found.measurable) == (size, count, measurable)


@pytest.mark.parametrize(("added", "bag", "chemotherapy", "first"), [
    ("25", "250", False, False), ("25.01", "250", False, True), ("5", "99", False, True), ("5", "100", False, False),
    ("1", "500", True, True),
])
def test_the_drug_s_volume_is_taken_out_first_where_the_policy_says_so(
    added: str, bag: str, chemotherapy: bool, first: bool
) -> None:
    assert withdraws_first(D(added), D(bag), chemotherapy=chemotherapy) is first


def test_a_weight_passes_between_its_bounds_and_at_them() -> None:
    band = weight_band(D(25), D("1.04"))
    assert (band.expected_g, band.low_g, band.high_g) == (D("26.00"), D("24.70"), D("27.30"))
    assert band.holds(D("24.70")) and band.holds(D("27.30"))
    assert not band.holds(D("24.69")) and not band.holds(D("27.31"))
    assert weight_band(D(25), D("1.04"), percent=D(3)).low_g == D("25.22")


def test_a_small_volume_is_judged_no_finer_than_its_scale_can() -> None:
    band = weight_band(D("0.5"), D(1), percent=D(5), scale_sd_g=D("0.02"))
    assert (band.low_g, band.high_g) == (D("0.46"), D("0.54"))
