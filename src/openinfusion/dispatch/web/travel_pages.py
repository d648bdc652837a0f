# SPDX-License-Identifier: Apache-2.0
"""What the page of how long ways take receives."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from openinfusion.dispatch.queries.travel import TravelMeasured, travel_measured
from openinfusion.dispatch.web.travel_forms import TravelForm
from openinfusion.planning import public as planning
from openinfusion.platform.actor import Actor
from openinfusion.sites import public as sites
from openinfusion.sites.public import TravelFigures


@dataclass(frozen=True, slots=True)
class FigureLine:
    """One figure: what is in force, what was measured and from what; ``words``: why it is not offered."""

    name: str
    unit: str
    in_force: Decimal
    value: Decimal | None
    made_from: str
    offered: bool
    words: str


@dataclass(frozen=True, slots=True)
class TravelPage:
    site_id: UUID
    sites: tuple[tuple[UUID, str], ...]
    measured: TravelMeasured
    lines: tuple[FigureLine, ...]
    better: bool
    rows: tuple[TravelFigures, ...]
    form: TravelForm | None


def travel_page(site_id: UUID, by: Actor) -> TravelPage:
    """The figures in force beside those measured, and a form to use them from a day on; nothing is taken over by itself."""
    m = travel_measured(site_id)
    rows = tuple(sites.travel_rows(site_id))
    before, after = m.fitted.before, m.fitted.after
    better = bool(before and after and (after.median, after.most) < (before.median, before.most))
    form = TravelForm(initial=_initial(m, rows)) if by.may("sites.travel.set") else None
    there = tuple((s.id, s.name) for s in sites.pharmacies())
    return TravelPage(site_id, there, m, tuple(_lines(m)), better, rows, form)


def _lines(m: TravelMeasured) -> Iterator[FigureLine]:
    yield _line("Road over great circle", "", m.fitted.factor, "days with miles")
    for band in m.fitted.bands:
        yield _line(band_name(band.above, band.below), "km/h", band.speed, "ways")


def _line(name: str, unit: str, found: planning.Measured, of: str) -> FigureLine:
    return FigureLine(name, unit, found.in_force, found.value, f"{found.count} {of}", found.offered, found.words)


def band_name(above: int, below: int) -> str:
    """The first 5 km, from 5 to 25 km, beyond 25 km."""
    if not below:
        return f"Beyond {above // 1000} km"
    return f"From {above // 1000} to {below // 1000} km" if above else f"The first {below // 1000} km"


def _initial(m: TravelMeasured, rows: tuple[TravelFigures, ...]) -> dict[str, Any]:
    """The form with what was measured, each figure without a measured one as it is in force."""
    row, said = m.fitted.row, ""
    if m.fitted.offered and m.fitted.made_until:
        ways, days = sum(b.speed.count for b in m.fitted.bands), m.fitted.factor.count
        said = f"measured on {ways} ways and {days} days with miles, {m.first:%d-%b-%Y} to {m.fitted.made_until:%d-%b-%Y}"
    filled: dict[str, Any] = {
        "effective_from": _free_day(m.last + timedelta(days=2), rows), "factor": _plain(row.factor), "park_minutes": row.park,
        "source": said,
    }  # fmt: skip
    if len(row.bands) == 3:  # the house's row may have others: then a person chooses
        (near, near_kmh), (mid, mid_kmh), (_, far_kmh) = row.bands
        filled |= {"near_km": near // 1000, "near_kmh": near_kmh, "mid_km": mid // 1000, "mid_kmh": mid_kmh, "far_kmh": far_kmh}
    return filled


def _plain(figure: Decimal) -> str:
    return f"{figure.normalize():f}"


def _free_day(day: date, rows: tuple[TravelFigures, ...]) -> date:
    """Tomorrow, or the first day after it from which no figures are set."""
    taken = {r.effective_from for r in rows}
    while day in taken:
        day += timedelta(days=1)
    return day
