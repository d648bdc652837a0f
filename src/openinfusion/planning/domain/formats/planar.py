# SPDX-License-Identifier: Apache-2.0
"""Ways on a plane between published coordinates, as whole ticks, by the conventions of the published values."""

from __future__ import annotations

from decimal import Decimal
from math import isqrt

Matrix = tuple[tuple[int, ...], ...]


def cut(points: list[tuple[Decimal, Decimal]]) -> Matrix:
    """Tenths, cut off: the convention of the DIMACS challenge."""
    return tuple(tuple(isqrt(int(100 * _square(a, b))) for b in points) for a in points)


def rounded(points: list[tuple[Decimal, Decimal]]) -> Matrix:
    """Thousandths, rounded: the convention of PyVRP's multi-depot instances."""
    return tuple(tuple((isqrt(int(4_000_000 * _square(a, b))) + 1) // 2 for b in points) for a in points)


def _square(a: tuple[Decimal, Decimal], b: tuple[Decimal, Decimal]) -> Decimal:
    return (a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2
