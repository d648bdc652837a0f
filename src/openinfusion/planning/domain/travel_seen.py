# SPDX-License-Identifier: Apache-2.0
"""Which of the ways that people drove tell how long a way takes: those on which nobody can have waited or paused.

Whether somebody could wait is decided by when they left and what the map says, never by how long they took: a choice by the
time itself would find what it looks for.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from openinfusion.kernel.figures import rows
from openinfusion.kernel.refusal import Broken
from openinfusion.planning.domain.routes.problem import Place
from openinfusion.planning.domain.travel import TravelRow, line_metres, minutes_of

METRES_A_MILE = Decimal("1609.344")
PER_HOUR = Decimal("0.06")  # of metres a minute: km/h


@dataclass(frozen=True, slots=True)
class FitFigures:
    """How far one looks back, how many ways it takes, and what is plausible: a dated row of data/travel_fit.toml."""

    look_back_days: int
    least_ways: int
    least_days: int
    pause_factor: int
    haste: Decimal
    fastest_kmh: int
    least_factor: Decimal
    most_factor: Decimal
    slowest_kmh: int
    quickest_kmh: int
    effective_from: date
    source: str
    status: str


def fit_figures(on: date) -> FitFigures:
    """The newest row in force on a day; Broken where there is none."""
    held = [r for r in rows(__package__, "data/travel_fit.toml") if r["effective_from"] <= on]
    if not held:
        raise Broken(f"no figures of measuring ways are in force on {on}")
    row = max(held, key=lambda r: r["effective_from"])
    exact = {name: Decimal(row[name]) for name in ("haste", "least_factor", "most_factor")}
    return FitFigures(**(row | exact))


class NotCounted(StrEnum):
    """Why a way is not counted."""

    PLACE = "a place is not known"
    SAME = "both ends are at one place on the map"
    ZONE = "it crosses a time zone"
    BETWEEN = "it was not driven straight: a visit between had no times, or was in a suite"
    UNOPENED = "the stop at its end failed, so its minutes are not known"
    BREAK = "a break was planned on it"
    WAIT = "there was time to wait before the next one began"
    PAUSE = "it took so long that somebody paused"
    TOGETHER = "it is faster than anybody drives: both ends were noted at once"


@dataclass(frozen=True, slots=True)
class WaySeen:
    """Somebody left one place and reached the next. ``wanted``: work there was to begin no sooner; ``against``: what speaks

    against counting it and only who read it can know.
    """

    who: str
    day: date
    left: datetime
    reached: datetime
    start: Place
    end: Place
    wanted: datetime | None
    against: NotCounted | None = None


@dataclass(frozen=True, slots=True)
class Judged:
    """A way with its great circle in metres, what it took, what the figures in force say, and why it is left out if it is."""

    way: WaySeen
    line: int
    minutes: Decimal
    assumed: int
    why: NotCounted | None


class DayNotCounted(StrEnum):
    """Why the miles of a day are not counted."""

    MILES = "a visit of the day has no miles"
    PLACE = "a place is not known, or all are one place on the map"
    ELSEWHERE = "the day led to another site, into a suite, or began at another one"


@dataclass(frozen=True, slots=True)
class DayDriven:
    """A nurse's day: her miles, and the great circles from her site through her visits and back."""

    who: str
    day: date
    line: int
    miles: Decimal
    why: DayNotCounted | None = None


def judged(ways: Iterable[WaySeen], row: TravelRow, figures: FitFigures) -> tuple[Judged, ...]:
    """Each way with why it does not count, the first reason that holds."""
    return tuple(_judged(way, row, figures) for way in ways)


def _judged(way: WaySeen, row: TravelRow, figures: FitFigures) -> Judged:
    spent = Decimal(int((way.reached - way.left).total_seconds())) / 60
    if not (way.start.latitude and way.end.latitude):
        return Judged(way, 0, spent, 0, NotCounted.PLACE)
    line = line_metres(way.start, way.end)
    assumed = minutes_of(int(line * row.factor), row)
    return Judged(way, line, spent, assumed, next(_against(way, line, spent, assumed, figures), None))


def _against(way: WaySeen, line: int, spent: Decimal, assumed: int, figures: FitFigures) -> Iterator[NotCounted]:
    if way.against is not None:
        yield way.against
    if not line:
        yield NotCounted.SAME
    soonest = way.left + timedelta(seconds=int(assumed * figures.haste * 60))
    if way.wanted is None or soonest < way.wanted:
        yield NotCounted.WAIT
    if spent > assumed * figures.pause_factor:
        yield NotCounted.PAUSE
    if spent <= 0 or line * PER_HOUR > spent * figures.fastest_kmh:
        yield NotCounted.TOGETHER
