# SPDX-License-Identifier: Apache-2.0
"""Whole numbers of what cannot be divided: vials, sites, drops, doses."""

from __future__ import annotations

from decimal import Decimal

from openinfusion.kernel.quantity import Rounding, rounded

_ONE = Decimal(1)


def at_least(amount: Decimal) -> int:
    """The least whole number that is not below the amount: 158.2 cartons are 159."""
    return int(rounded(amount, _ONE, Rounding.UP))


def at_most(amount: Decimal) -> int:
    """The greatest whole number that is not above the amount: 5.9 days of supply are 5."""
    return int(rounded(amount, _ONE, Rounding.DOWN))


def nearest(amount: Decimal) -> int:
    """The nearest whole number; a half goes up."""
    return int(rounded(amount, _ONE))
