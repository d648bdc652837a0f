# SPDX-License-Identifier: Apache-2.0
"""The one place where decimals become binary floats, for the numeric search, and its estimates become decimals again."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal


def to_float(value: Decimal | str | int) -> float:
    """Into the search; written figures go by way of a decimal."""
    return float(Decimal(value))


def floats(values: Mapping[str, Decimal]) -> dict[str, float]:
    """Parameters by name, for the search."""
    return {name: to_float(value) for name, value in values.items()}


def from_float(value: float) -> Decimal:
    """Out of it: an estimate of ten significant digits, more than it is good for."""
    return Decimal(f"{value:.10g}")
