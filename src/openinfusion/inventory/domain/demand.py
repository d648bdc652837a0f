# SPDX-License-Identifier: Apache-2.0
"""How much will be needed: scheduled doses times the chance that they are given, new starts, and a forecast of the rest.

Known courses are exploded by their dates: each dose counts with the chance that the course still runs on its day,
exp(-stop rate x days), times the share of doses that are kept; courses that begin meanwhile are added at their recent
rate. What hangs on no schedule is forecast from its weekly use. Reorder point: need over the lead time + k x spread.
"""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from functools import cache
from typing import Any

from openinfusion.kernel.figures import rows
from openinfusion.kernel.quantity import shown_number

_ZERO, _ONE = Decimal(0), Decimal(1)
WEEK = 7


@dataclass(frozen=True, slots=True)
class Course:
    """One running course as far as one product goes: packages a dose, and on which days from today doses are due."""

    packages: Decimal
    due_in_days: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Rates:
    """Chance to stop on a day, share of doses kept, courses begun a day and what such a course takes a day (packages)."""

    stops_per_day: Decimal
    kept: Decimal
    starts_per_day: Decimal = _ZERO
    packages_per_day: Decimal = _ZERO


@dataclass(frozen=True, slots=True)
class Exploded:
    """What the schedules ask for in the days ahead: as planned, expected of that, and expected of new starts."""

    planned: Decimal
    expected: Decimal
    new_starts: Decimal

    @property
    def total(self) -> Decimal:
        return self.expected + self.new_starts


def explode(courses: Sequence[Course], rates: Rates, days: int) -> Exploded:
    """Packages over the next ``days``: every dose by its date, kept and still running; and what begins meanwhile."""
    planned = expected = _ZERO
    for course in courses:
        for due in course.due_in_days:
            if 0 <= due < days:
                planned += course.packages
                expected += course.packages * rates.kept * (-rates.stops_per_day * due).exp()
    started = sum((rates.starts_per_day * rates.packages_per_day * (days - d) for d in range(1, days)), _ZERO)
    return Exploded(planned, _places(expected), _places(started * rates.kept))


def _places(x: Decimal) -> Decimal:
    return x.quantize(Decimal("0.01"))


def stop_rate(stopped: int, days_at_risk: int) -> Decimal:
    """Courses stopped early for each day under care; the row's default where too little is known."""
    least = int(_figure("least_days_at_risk"))
    return Decimal(stopped) / days_at_risk if days_at_risk >= least else _figure("stop_rate_per_day")


def kept_rate(given: int, scheduled: int) -> Decimal:
    """Share of scheduled doses that were supplied; the row's default where too little is known."""
    if scheduled < int(_figure("least_doses")):
        return _figure("kept_dose_rate")
    return min(_ONE, Decimal(given) / scheduled)


@cache
def _rows() -> dict[str, dict[str, Any]]:
    return {r["name"]: r for r in rows(__package__, "data/demand.toml")}


def _figure(name: str) -> Decimal:
    return Decimal(_rows()[name]["value"])


def horizon_days() -> int:
    """How far the schedules are looked into."""
    return int(_figure("horizon_days"))


@dataclass(frozen=True, slots=True)
class Rest:
    """The forecast of what hangs on no schedule: packages a week, their spread (standard deviation), and how it was made."""

    weekly: Decimal = _ZERO
    spread: Decimal = _ZERO
    method: str = "none"
    weeks: int = 0


def is_lumpy(weekly: Sequence[Decimal]) -> bool:
    """Whether too many weeks are empty for a smooth method: the share of zeros is above the row's."""
    if not weekly:
        return True
    return Decimal(sum(1 for w in weekly if w == 0)) / len(weekly) > _figure("lumpy_zero_share")


def spread_of(weekly: Sequence[Decimal]) -> Decimal:
    """The standard deviation of the weeks; for fewer than two weeks zero."""
    if len(weekly) < 2:
        return _ZERO
    mean = sum(weekly, _ZERO) / len(weekly)
    variance = sum(((w - mean) ** 2 for w in weekly), _ZERO) / (len(weekly) - 1)
    return _places(variance.sqrt())


def safety_factor(*, cents: int, harm: str) -> tuple[Decimal, str]:
    """k and why: dear stock is held back, what would harm a patient by lacking is not. ``harm``: high, usual or low."""
    dear = cents >= int(_figure("dear_from_cents"))
    name = f"k_{harm}_{'dear' if dear else 'cheap'}"
    return _figure(name), f"k {shown_number(_figure(name))} ({harm} harm if it lacks, {'dear' if dear else 'cheap'})"


@dataclass(frozen=True, slots=True)
class Stand:
    """Where a product stands at a site: free, on order, par level if one is set, days until it comes, packages in a pack."""

    free: Decimal
    on_order: Decimal
    par: Decimal | None
    lead_days: int
    pack: int = 1
    cents: int = 0
    harm: str = "usual"


@dataclass(frozen=True, slots=True)
class Proposal:
    """How many packages to order and every figure behind it, in words."""

    order: Decimal
    reorder_point: Decimal
    target: Decimal
    because: tuple[str, ...]


def propose(stand: Stand, scheduled: Exploded, over_review: Exploded, rest: Rest) -> Proposal:
    """What to order. ``scheduled`` is the need over the lead time, ``over_review`` over lead time and review together."""
    review = int(_figure("review_days"))
    k, why = safety_factor(cents=stand.cents, harm=stand.harm)
    weeks = Decimal(stand.lead_days) / WEEK
    spread = rest.spread * weeks.sqrt()
    lead_need = scheduled.total + rest.weekly * weeks
    point = _places(lead_need + k * spread)
    target = _places(over_review.total + rest.weekly * (weeks + Decimal(review) / WEEK) + k * spread)
    if stand.par is not None:
        target = max(target, stand.par)
        point = max(point, _places(stand.par / 2))
    position = stand.free + stand.on_order
    wanted = max(_ZERO, target - position) if position < point else _ZERO
    packs = (wanted / stand.pack).to_integral_value(rounding=ROUND_CEILING)
    said = [
        f"free {shown_number(stand.free)}, on order {shown_number(stand.on_order)}",
        f"schedules ask for {shown_number(scheduled.planned)} in {stand.lead_days} days, "
        f"{shown_number(scheduled.expected)} expected after stops and missed doses, "
        f"{shown_number(scheduled.new_starts)} of new starts",
        f"unscheduled {shown_number(rest.weekly)} a week ({rest.method}, {rest.weeks} weeks seen), "
        f"spread {shown_number(rest.spread)}",
        why,
        f"reorder at {shown_number(point)}, fill to {shown_number(target)}"
        + (f" (par {shown_number(stand.par)})" if stand.par is not None else ""),
    ]
    return Proposal(packs * stand.pack, point, target, tuple(said))
