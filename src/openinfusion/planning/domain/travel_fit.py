# SPDX-License-Identifier: Apache-2.0
"""How long ways of a site take, worked out from those that were driven: medians, tested on days they were not made from.

The factor is the median over days of a nurse's miles by the great circles of her day. A band's speed is the median of the time
that its ways took beyond parking and the bands below, each weighing by what it drove in the band: the speed with the least sum
of errors in minutes. Pauses that nobody can tell from a slow road move a median little, and a mean much.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal

from openinfusion.planning.domain.travel import TravelRow, minutes_of
from openinfusion.planning.domain.travel_seen import METRES_A_MILE, PER_HOUR, DayDriven, FitFigures, Judged

PLACES = Decimal("0.001")
TENTH = Decimal("0.1")


@dataclass(frozen=True, slots=True)
class Measured:
    """One figure. ``value``: what was measured, None where there is too little; ``offered`` where it may stand in its place;

    ``count``: ways or days it was made from; ``words``: why it is not offered.
    """

    in_force: Decimal
    value: Decimal | None
    count: int
    words: str = ""

    @property
    def offered(self) -> bool:
        return self.value is not None and not self.words

    @property
    def use(self) -> Decimal:
        """The measured one where it is offered, else what is in force."""
        return self.value if self.value is not None and self.offered else self.in_force


@dataclass(frozen=True, slots=True)
class BandMeasured:
    """The speed of ways of a band: those that end above ``above`` metres and not above ``below``; 0: all longer ones."""

    above: int
    below: int
    speed: Measured


@dataclass(frozen=True, slots=True)
class Errors:
    """By how many minutes ways were foretold wrongly: one half of them by no more than ``median``, nine of ten by ``most``."""

    ways: int
    median: Decimal
    most: Decimal


@dataclass(frozen=True, slots=True)
class Fitted:
    """What was measured on the days up to ``made_until``, and how well it foretells the ways of the days after them."""

    factor: Measured
    bands: tuple[BandMeasured, ...]
    days: int
    made_until: date | None
    row: TravelRow
    before: Errors | None
    after: Errors | None

    @property
    def offered(self) -> bool:
        return self.factor.offered or any(b.speed.offered for b in self.bands)


def fitted(ways: Sequence[Judged], driven: Sequence[DayDriven], row: TravelRow, figures: FitFigures) -> Fitted:
    """Figures from the older two thirds of the days, their errors on the newest third. ``row``: what is in force."""
    used, counted = [w for w in ways if w.why is None], [d for d in driven if d.why is None]
    days = sorted({w.way.day for w in used} | {d.day for d in counted})
    until = days[-(-2 * len(days) // 3) - 1] if days else None
    older = [w for w in used if until and w.way.day <= until]
    factor = _factor([d for d in counted if until and d.day <= until], row, figures)
    bands = _bands(older, replace(row, factor=factor.use), figures)
    new = replace(row, factor=factor.use, bands=tuple((b.below, int(b.speed.use)) for b in bands))
    newer = [w for w in used if until and w.way.day > until]
    return Fitted(factor, bands, len(days), until, new, errors_of(newer, row), errors_of(newer, new))


def _factor(days: Sequence[DayDriven], row: TravelRow, figures: FitFigures) -> Measured:
    if len(days) < figures.least_days:
        return Measured(row.factor, None, len(days), f"{_said(len(days), 'day')} with miles; it takes {figures.least_days}")
    found = _median([(d.miles * METRES_A_MILE / d.line, Decimal(1)) for d in days]).quantize(PLACES, ROUND_HALF_UP)
    words = "" if figures.least_factor <= found <= figures.most_factor else (
        f"not between {figures.least_factor} and {figures.most_factor}: see whether nurses begin and end their day at the site, "
        "whether they enter the way back, and whether homes and the site stand right on the map"
    )  # fmt: skip
    return Measured(row.factor, found, len(days), words)


def _bands(ways: Sequence[Judged], row: TravelRow, figures: FitFigures) -> tuple[BandMeasured, ...]:
    """From the shortest on: each band after what those below it came to."""
    found: list[BandMeasured] = []
    above = 0
    for below, kmh in row.bands:
        under = tuple((b.below, int(b.speed.use)) for b in found)
        here = [(m, w.minutes) for w in ways if (m := int(w.line * row.factor)) > above and (not below or m <= below)]
        found.append(BandMeasured(above, below, _speed(here, above, row.park, under, kmh, figures)))
        above = below
    return tuple(found)


def _speed(
    ways: Sequence[tuple[int, Decimal]], above: int, park: int, under: tuple[tuple[int, int], ...], kmh: int,
    figures: FitFigures,
) -> Measured:  # fmt: skip
    if len(ways) < figures.least_ways:
        return Measured(Decimal(kmh), None, len(ways), f"{_said(len(ways), 'way')}; it takes {figures.least_ways}")
    before = park + sum(_legs(above, under))
    pace = _median([((minutes - before) / (metres - above), Decimal(metres - above)) for metres, minutes in ways])
    found = (PER_HOUR / pace).quantize(Decimal(1), ROUND_HALF_UP) if pace > 0 else None
    if found is not None and figures.slowest_kmh <= found <= figures.quickest_kmh:
        return Measured(Decimal(kmh), found, len(ways))
    words = (f"not between {figures.slowest_kmh} and {figures.quickest_kmh} km/h: see whether stops and visits are noted when "
             "they end and begin, and whether the homes stand right on the map")  # fmt: skip
    return Measured(Decimal(kmh), found, len(ways), words)


def _said(count: int, name: str) -> str:
    return f"{count} {name}" if count == 1 else f"{count} {name}s"


def _legs(metres: int, bands: tuple[tuple[int, int], ...]) -> Iterator[Decimal]:
    """Minutes in each band of a way of so many metres."""
    done = 0
    for below, kmh in bands:
        part = min(metres, below) - done
        yield Decimal(part * 60) / (kmh * 1000)
        done += part


def errors_of(ways: Sequence[Judged], row: TravelRow) -> Errors | None:
    """How wrongly a row foretells ways; None without any."""
    off = sorted(abs(w.minutes - minutes_of(int(w.line * row.factor), row)) for w in ways)
    if not off:
        return None
    most = off[int((Decimal(9 * len(off)) / 10).to_integral_value(ROUND_CEILING)) - 1]
    median = off[(len(off) - 1) // 2]
    return Errors(len(off), median.quantize(TENTH, ROUND_HALF_UP), most.quantize(TENTH, ROUND_HALF_UP))


def _median(weighed: Sequence[tuple[Decimal, Decimal]]) -> Decimal:
    """The value at which half of the weight is reached; between two, their middle."""
    found = sorted(weighed)
    half, held = sum((w for _, w in found), Decimal(0)) / 2, Decimal(0)
    for n, (value, weight) in enumerate(found):
        held += weight
        if held > half:
            return value
        if held == half and n + 1 < len(found):
            return (value + found[n + 1][0]) / 2
    return found[-1][0]
