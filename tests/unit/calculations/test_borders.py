# SPDX-License-Identifier: Apache-2.0
"""Figures on both sides of a formula's borders, where a slip of one sign would show."""

from __future__ import annotations

from decimal import Decimal

import pytest

from openinfusion.calculations.domain.therapies.hydration import holliday_segar
from openinfusion.calculations.domain.therapies.iron import ganzoni


@pytest.mark.parametrize(("kg", "ml"), [("5", "500"), ("10", "1000"), ("12", "1100"), ("20", "1500"), ("20.5", "1510"), ("25", "1600")])
def test_maintenance_fluid_on_both_sides_of_ten_and_twenty_kilograms(kg: str, ml: str) -> None:
    assert holliday_segar(Decimal(kg)) == Decimal(ml)


@pytest.mark.parametrize(("kg", "stores"), [("34.9", "523.5"), ("35", "500"), ("35.5", "500"), ("70", "500")])
def test_iron_stores_are_fifteen_per_kilogram_only_below_thirty_five(kg: str, stores: str) -> None:
    rise = Decimal(5)
    assert ganzoni(Decimal(kg), Decimal(15), Decimal(10)) - Decimal(kg) * rise * Decimal("2.4") == Decimal(stores)
