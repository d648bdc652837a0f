# SPDX-License-Identifier: Apache-2.0
"""One compartment, first order, with an infusion (Sawchuk and Zaske 1976): the formulas, on decimals.

Times are hours, amounts mg, levels mg/L. ``infusion`` is how long a dose runs, ``interval`` from start to start.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

LN2: Final = Decimal(2).ln()
DAY: Final = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class Regimen:
    """A dose (mg) run over ``infusion`` hours every ``interval`` hours."""

    dose: Decimal
    infusion: Decimal
    interval: Decimal


@dataclass(frozen=True, slots=True)
class Body:
    """What this body does to the drug: elimination rate k (1/h) and volume (L)."""

    k: Decimal
    volume: Decimal

    @property
    def clearance(self) -> Decimal:
        return self.k * self.volume


def left(k: Decimal, hours: Decimal) -> Decimal:
    """The share that is left after some hours: e^(−k t)."""
    return (-k * hours).exp()


def elimination_rate(early: Decimal, late: Decimal, hours: Decimal) -> Decimal:
    """k, 1/h, from two levels and the time between them: ln(C1/C2) / Δt."""
    return (early / late).ln() / hours


def half_life(k: Decimal) -> Decimal:
    """Hours in which the level falls to half."""
    return LN2 / k


def volume(k: Decimal, dose: Decimal, infusion: Decimal, peak: Decimal, before: Decimal) -> Decimal:
    """Volume, L, from the peak at the end of the infusion and the level just before it began."""
    return dose / infusion * (1 - left(k, infusion)) / (k * (peak - before * left(k, infusion)))


def interval_area(k: Decimal, infusion: Decimal, peak: Decimal, before: Decimal, end: Decimal) -> Decimal:
    """AUC of one interval, mg·h/L: a trapezoid while it runs in, the exponential after."""
    return infusion * (peak + before) / 2 + (peak - end) / k


def steady_level(body: Body, regimen: Regimen, hours: Decimal) -> Decimal:
    """Level at steady state, mg/L, ``hours`` after an infusion began."""
    k, run = body.k, regimen.infusion
    plateau = regimen.dose / (body.clearance * run)
    risen, kept = 1 - left(k, run), 1 - left(k, regimen.interval)
    if hours > run:
        return plateau * risen * left(k, hours - run) / kept
    return plateau * (1 - left(k, hours) + left(k, regimen.interval) * risen * left(k, hours - run) / kept)


def daily_area(clearance: Decimal, dose: Decimal, interval: Decimal) -> Decimal:
    """AUC24 at steady state, mg·h/L: dose / CL × 24 / interval."""
    return dose / clearance * DAY / interval


def dose_for_area(clearance: Decimal, area: Decimal, interval: Decimal) -> Decimal:
    """Dose, mg, that gives this AUC24 at steady state."""
    return area * clearance * interval / DAY


def interval_for(k: Decimal, infusion: Decimal, peak: Decimal, trough: Decimal) -> Decimal:
    """Hours from start to start in which the level falls from the peak to the trough."""
    return infusion + (peak / trough).ln() / k


def dose_for_peak(body: Body, infusion: Decimal, interval: Decimal, peak: Decimal) -> Decimal:
    """Dose, mg, with this peak at steady state."""
    return body.clearance * infusion * peak * (1 - left(body.k, interval)) / (1 - left(body.k, infusion))
