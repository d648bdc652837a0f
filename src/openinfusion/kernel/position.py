# SPDX-License-Identifier: Apache-2.0
"""A point on the earth, as maps write it: degrees north and east, to five places (about a metre)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal

from openinfusion.kernel.refusal import Fault, Malformed

_PLACES = Decimal("0.00001")
_PAIR = re.compile(r"\s*(-?\d{1,3}(?:\.\d{1,15})?)\s*°?\s*[,;\s]\s*(-?\d{1,3}(?:\.\d{1,15})?)\s*°?\s*", re.ASCII)


@dataclass(frozen=True, slots=True)
class Position:
    """``latitude`` in degrees north, ``longitude`` in degrees east: west of Greenwich, as in America, it is negative."""

    latitude: Decimal
    longitude: Decimal

    def __str__(self) -> str:
        return f"{self.latitude}, {self.longitude}"


def position_faults(latitude: Decimal | None, longitude: Decimal | None) -> list[Fault]:
    """What is wrong with a pair of degrees; nothing where there is neither."""
    found = []
    if (latitude is None) != (longitude is None):
        found.append(Fault("Position", "latitude and longitude go together"))
    if latitude is not None and not -90 <= latitude <= 90:
        found.append(Fault("Position", "the latitude is between -90 and 90"))
    if longitude is not None and not -180 <= longitude <= 180:
        found.append(Fault("Position", "the longitude is between -180 and 180"))
    return found


def position_of(latitude: Decimal | None, longitude: Decimal | None) -> Position | None:
    """The point of two degrees, rounded to five places; None without them, Malformed where they cannot be."""
    if found := position_faults(latitude, longitude):
        raise Malformed(*found)
    if latitude is None or longitude is None:
        return None
    return Position(*(d.quantize(_PLACES, rounding=ROUND_HALF_EVEN) for d in (latitude, longitude)))


def read_position(text: str) -> Position:
    """The point that a map gives as text, such as “39.80172, -89.64371”; Malformed where it is no such pair."""
    found = _PAIR.fullmatch(text)
    if found is None:
        raise Malformed(Fault("Position", "write latitude and longitude in degrees as a map does, such as 39.80172, -89.64371"))
    point = position_of(Decimal(found[1]), Decimal(found[2]))
    assert point is not None
    return point
