# SPDX-License-Identifier: Apache-2.0
"""The algebra of quantities and money, with pint as the oracle for units."""
from __future__ import annotations

from decimal import Decimal

import pint
import pytest
from hypothesis import given
from hypothesis import strategies as st

from openinfusion.kernel.money import Money, total
from openinfusion.kernel.quantity import MCG, MG, ML, G, L, Quantity, parse_decimal, shown_number

amounts = st.decimals(min_value=0, max_value=10**6, places=3, allow_nan=False)
masses = st.builds(Quantity, amounts, st.sampled_from([MG, MCG, G]))


@given(masses, masses)
def test_adding_then_subtracting_returns_home(a: Quantity, b: Quantity) -> None:
    assert (a + b) - b == a


@given(masses, masses)
def test_addition_commutes_in_meaning_and_order_agrees(a: Quantity, b: Quantity) -> None:
    assert a + b == b + a
    assert (a < b) == (b > a) and (a == b) == (hash(a) == hash(b) and not a < b and not b < a)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@given(amounts, st.sampled_from([(MG, G, "mg", "g"), (MCG, MG, "microgram", "mg"), (ML, L, "mL", "L")]))
def test_conversion_agrees_with_an_independent_library(amount: Decimal, pair) -> None:
    here, there, name, other = pair
    theirs = REGISTRY.Quantity(amount, name).to(other).magnitude
    assert Quantity(amount, here).to(there).amount == Decimal(theirs)


REGISTRY = pint.UnitRegistry(non_int_type=Decimal)


@given(st.decimals(min_value=Decimal("-999999999"), max_value=Decimal("999999999"), places=6, allow_nan=False))
def test_a_printed_number_is_read_back(amount: Decimal) -> None:
    assert parse_decimal(shown_number(amount).replace(",", "")) == amount


@given(st.lists(st.integers(-10**9, 10**9), max_size=20))
def test_money_is_added_to_the_cent(cents: list[int]) -> None:
    assert total(Money(c) for c in cents).cents == sum(cents)
    assert Money.of(total(Money(c) for c in cents).dollars).cents == sum(cents)
