# SPDX-License-Identifier: Apache-2.0
"""How far and how long between two coordinates where no road map is asked: an assumption, dated, and said to be one."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, Decimal
from functools import cache
from math import asin, cos, radians, sin, sqrt
from pathlib import Path

from openinfusion.kernel.refusal import Fault, Malformed
from openinfusion.planning.domain.routes.problem import Place

DATA = Path(__file__).parent / "data" / "travel.toml"
EARTH = 6_371_009  # mean radius, metres (IUGG)

Matrix = tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True)
class TravelRow:
    """The assumption of one branch from a day on. ``bands``: metres below which a speed in km/h holds; 0: all longer ones.

    ``within_zip``: metres driven between two addresses of which only the same ZIP code is known.
    """

    branch: str
    effective_from: date
    factor: Decimal
    park: int
    bands: tuple[tuple[int, int], ...]
    source: str
    status: str
    note: str
    within_zip: int


@dataclass(frozen=True, slots=True)
class Ways:
    """Metres and whole minutes between places, and what to say of them."""

    metres: Matrix
    minutes: Matrix
    approximate: bool
    source: str


@cache
def travel_rows() -> tuple[TravelRow, ...]:
    """Every row, the newest first."""
    rows = tomllib.loads(DATA.read_text(encoding="utf-8"))["travel"]
    found = [
        TravelRow(r["branch"], r["effective_from"], Decimal(r["factor"]), r["park"],
                  tuple((b["below"], b["kmh"]) for b in r["bands"]), r["source"], r["status"], r["note"], r["within_zip"])
        for r in rows
    ]  # fmt: skip
    return tuple(sorted(found, key=lambda r: r.effective_from, reverse=True))


def travel_row(branch: str, on: date) -> TravelRow:
    """The branch's own row in force on a day, else everybody's."""
    held = [r for r in travel_rows() if r.branch in (branch, "") and r.effective_from <= on]
    if not held:
        raise Malformed(Fault("travel", f"no assumption about travel is in force on {on}"))
    return max(held, key=lambda r: (bool(r.branch), r.effective_from))


def ways_between(places: Sequence[Place], row: TravelRow) -> Ways:
    """All ways between these places; Malformed where one has no coordinates."""
    lost = [p.name for p in places if not p.latitude or not p.longitude]
    if lost:
        raise Malformed(*(Fault("places", f"{name} has no coordinates and no ZIP code that is known") for name in lost))
    at = [(radians(Decimal(p.latitude)), radians(Decimal(p.longitude))) for p in places]
    metres = tuple(tuple(_metres(a, b, row) for b in zip(places, at, strict=True)) for a in zip(places, at, strict=True))
    minutes = tuple(tuple(minutes_of(m, row) for m in line) for line in metres)
    return Ways(metres, minutes, any(p.approximate for p in places), said_of(row))


def said_of(row: TravelRow) -> str:
    """What stands behind a row's ways, in a few words."""
    if not row.branch:
        return f"great circle × {row.factor}, an assumption"
    return f"great circle × {row.factor}, the site's own figures from {row.effective_from:%d-%b-%Y}, {row.status}"


def line_metres(a: Place, b: Place) -> int:
    """The great circle between two places that have coordinates; whole metres."""
    return _line(*((radians(Decimal(p.latitude)), radians(Decimal(p.longitude))) for p in (a, b)))


_Point = tuple[float, float]


def _metres(a: tuple[Place, _Point], b: tuple[Place, _Point], row: TravelRow) -> int:
    """The great circle times the factor; two homes at the middle of one ZIP code are not at one place."""
    (one, here), (other, there) = a, b
    if one.approximate and other.approximate and here == there and one.name != other.name:
        return row.within_zip
    return int(_line(here, there) * row.factor)


def _line(a: _Point, b: _Point) -> int:
    """The haversine formula between two points in radians; whole metres."""
    half = sin((b[0] - a[0]) / 2) ** 2 + cos(a[0]) * cos(b[0]) * sin((b[1] - a[1]) / 2) ** 2
    return round(2 * EARTH * asin(min(1.0, sqrt(half))))


def minutes_of(metres: int, row: TravelRow) -> int:
    """Whole minutes, rounded up; none where nothing is driven. A longer way never takes less: bands are driven one by one."""
    if not metres:
        return 0
    spent, done = Decimal(row.park), 0
    for below, kmh in row.bands:
        part = (metres if not below else min(metres, below)) - done
        if part <= 0:
            break
        spent += Decimal(part * 60) / (kmh * 1000)
        done += part
    return int(spent.to_integral_value(ROUND_CEILING))
