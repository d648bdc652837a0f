# SPDX-License-Identifier: Apache-2.0
"""The arithmetic of measures: shares, medians, bars, days sales outstanding."""
from __future__ import annotations

from decimal import Decimal

from openinfusion.insight.domain.measure import bars, days_sales_outstanding, median, percent


def test_a_share_has_one_decimal_and_nothing_has_none() -> None:
    assert percent(1, 3) == "33.3 %"
    assert percent(1, 0) == "–"
    assert percent(-1, 8) == "-12.5 %"


def test_the_median_is_the_middle() -> None:
    assert median([Decimal(3), Decimal(1), Decimal(2)]) == 2
    assert median([Decimal(1), Decimal(2)]) == Decimal("1.5")


def test_bars_are_scaled_to_the_longest_and_losses_have_no_length() -> None:
    assert [b.thousandths for b in bars([("a", 50, ""), ("b", 200, ""), ("c", -5, "")])] == [250, 1000, 0]
    assert [b.thousandths for b in bars([("a", 0, "")])] == [0]
    assert bars([]) == ()


def test_days_sales_outstanding_is_open_over_the_daily_charge() -> None:
    assert days_sales_outstanding(5000, 9000, 90) == "50.0 d"
    assert days_sales_outstanding(5000, 0, 90) == "–"
