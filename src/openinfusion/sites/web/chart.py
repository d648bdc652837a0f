# SPDX-License-Identifier: Apache-2.0
"""A log drawn as a line: readings over time against the range they must keep, in a frame of 640 by 200."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from openinfusion.kernel.quantity import shown_number
from openinfusion.sites.domain.reading import Range
from openinfusion.sites.queries.log import ReadingFact

LEFT, RIGHT, TOP, BOTTOM = 56, 630, 10, 170
MOST_DOTS = 300


@dataclass(frozen=True, slots=True)
class Chart:
    """Coordinates ready for SVG; ``band`` is the range's rectangle (y, height)."""

    title: str
    unit: str
    kept: str
    line: str
    dots: tuple[tuple[int, int, bool, str], ...]
    ticks: tuple[tuple[int, str], ...]
    band: tuple[int, int] | None
    first: datetime
    last: datetime
    count: int
    out: int
    table: tuple[ReadingFact, ...]


def chart(title: str, unit: str, kept: Range, readings: Sequence[ReadingFact], zone: str) -> Chart | None:
    """None where there is nothing to draw."""
    if not readings:
        return None
    seen = [r.value for r in readings] + [v for v in (kept.low, kept.high) if v is not None]
    low, high = min(seen), max(seen)
    room = (high - low) / 10 or Decimal(1)
    low, high = low - room, high + room
    first, last = readings[0].at, readings[-1].at
    span = max((last - first).total_seconds(), 1.0)

    def y(value: Decimal) -> int:
        return int(BOTTOM - (BOTTOM - TOP) * (value - low) / (high - low))

    def x(at: datetime) -> int:
        return int(LEFT + (RIGHT - LEFT) * (at - first).total_seconds() / span)

    top = y(kept.high) if kept.high is not None else TOP
    bottom = y(kept.low) if kept.low is not None else BOTTOM
    thinned = [r for n, r in enumerate(readings) if not r.in_range or n % (len(readings) // MOST_DOTS + 1) == 0]
    ticks = [low + (high - low) * n / 4 for n in range(5)]
    places = Decimal("0.001") if unit.startswith("in.") else Decimal("0.1")
    return Chart(
        title,
        unit,
        str(kept),
        " ".join(f"{x(r.at)},{y(r.value)}" for r in readings),
        tuple((x(r.at), y(r.value), r.in_range, f"{r.value} {unit}, {r.at:%d-%b-%Y %H:%M} UTC") for r in thinned),
        tuple((y(t), shown_number(t.quantize(places))) for t in ticks),
        (top, bottom - top) if kept.low is not None or kept.high is not None else None,
        first,
        last,
        len(readings),
        sum(not r.in_range for r in readings),
        tuple(reversed(readings[-60:])),
    )
