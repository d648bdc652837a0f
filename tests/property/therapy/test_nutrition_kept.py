# SPDX-License-Identifier: Apache-2.0
"""A formula is kept without losing a digit: what is written is read again, and no fault of it is ever silent."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openinfusion.calculations.public import Ingredient, NutritionOrder, Ramp, stocks_on_file
from openinfusion.kernel.refusal import Malformed
from openinfusion.therapy.domain.nutrition import faults_of, read, said, without_stocks, written

AMOUNT = st.decimals("0.000001", "5000", places=6)
INGREDIENTS = st.lists(
    st.builds(lambda s, a, per: Ingredient(s.code, a, s.unit + per), st.sampled_from(stocks_on_file()), AMOUNT, st.sampled_from(["/d", "/kg/d"])),
    min_size=1, max_size=12, unique_by=lambda i: i.product,
)  # fmt: skip
RAMPS = st.lists(st.builds(Ramp, st.decimals("0.25", "3", places=2), st.decimals("0.1", "1", places=2)), max_size=2).map(tuple)
ORDERS = st.builds(
    NutritionOrder, age_years=st.decimals(0, 120, places=3), weight_kg=st.decimals("0.3", 400, places=3), volume=AMOUNT,
    volume_unit=st.sampled_from(["mL/d", "mL/kg/d"]), ingredients=INGREDIENTS.map(tuple), three_in_one=st.booleans(),
    line=st.sampled_from(["central", "peripheral"]), hours=st.decimals(1, 24, places=2), up=RAMPS, down=RAMPS,
    overfill_ml=st.decimals(0, 2000, places=1), preterm=st.booleans(), critical=st.booleans(), refeeding=st.booleans(),
)  # fmt: skip


@given(ORDERS)
def test_what_is_written_is_read_again(order: NutritionOrder) -> None:
    assert read(json.loads(json.dumps(written(order)))) == without_stocks(order)
    assert len(said(order)) >= 8 + len(order.ingredients), "every ingredient has a line of its own"


@given(ORDERS, st.sampled_from(["age_years", "weight_kg", "volume", "hours", "ingredients", "line", "up"]),
       st.sampled_from([None, "", "x", "1e3", -1, 0.5, [], {}, [["1"]], [{"product": "a"}], "NaN", True]))  # fmt: skip
def test_what_cannot_be_a_formula_is_malformed_and_nothing_else(order: NutritionOrder, field: str, wrong: Any) -> None:
    raw = written(order) | {field: wrong}
    try:
        again = read(raw)
    except Malformed:
        return
    assert not list(faults_of(again))


def test_what_is_no_part_of_a_formula_is_named() -> None:
    with pytest.raises(Malformed, match="sugar"):
        read({"sugar": "1"})
