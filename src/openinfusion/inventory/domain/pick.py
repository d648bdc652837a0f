# SPDX-License-Identifier: Apache-2.0
"""A walk through the store: lines of a pick list in the order of the places, each lot named."""
from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID


@dataclass(frozen=True, slots=True)
class PickLine:
    """So many of a lot, from a place, for a purpose."""

    walk: int  # the place's position on the walk
    place: str
    product: str
    lot: str
    expires_on: date
    amount: Decimal
    for_id: UUID | None = None


def in_order(lines: Iterable[PickLine]) -> list[PickLine]:
    """By place along the walk, then product, then the lot that expires first."""
    return sorted(lines, key=lambda line: (line.walk, line.place, line.product, line.expires_on, line.lot))


def summed(lines: Iterable[PickLine]) -> list[PickLine]:
    """One line for each lot and place, whatever it is for."""
    found: dict[tuple[int, str, str, str, date], Decimal] = {}
    for line in lines:
        key = (line.walk, line.place, line.product, line.lot, line.expires_on)
        found[key] = found.get(key, Decimal(0)) + line.amount
    return in_order(PickLine(*key, amount) for key, amount in found.items())
