# SPDX-License-Identifier: Apache-2.0
"""What a day's plan assumes and weighs, by kind of plan: dated rows in data/figures.toml."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, time

from openinfusion.dispatch.domain.day_plan import PlanKind
from openinfusion.kernel.figures import rows
from openinfusion.kernel.refusal import Broken
from openinfusion.planning import public as planning


@dataclass(frozen=True, slots=True)
class DayFigures:
    """The hours where no shift is planned, minutes a visit may be moved, prices in points, and the row's standing.

    ``fair``: points a minute of whoever is away longest over the days of a plan of several.
    """

    begins: time
    ends: time
    overtime: int
    flexible: int
    agreed: int
    prices: planning.Prices
    moved: int
    fair: int
    source: str
    status: str


def figures_for(kind: PlanKind, first: date, last: date) -> DayFigures:
    """The figures of a plan of these days: where there are several, fairness over them has its price."""
    found = figures_on(kind, first)
    return found if first == last else replace(found, prices=replace(found.prices, longest_week=found.fair))


def figures_on(kind: PlanKind, day: date) -> DayFigures:
    """The newest row of a kind in force on a day; Broken where there is none."""
    held = [r for r in rows(__package__, "data/figures.toml") if r["kind"] == kind.value and r["effective_from"] <= day]
    if not held:
        raise Broken(f"no figures of dispatch for {kind.value} are in force on {day}")
    r = max(held, key=lambda x: x["effective_from"])
    return DayFigures(
        time.fromisoformat(r["day_begins"]), time.fromisoformat(r["day_ends"]), r["overtime"], r["flexible"], r["agreed"],
        planning.Prices(**r["prices"]), r["moved"], r["fair"], r["source"], r["status"],
    )  # fmt: skip
