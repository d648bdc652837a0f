# SPDX-License-Identifier: Apache-2.0
"""How long ways of a site take: the figures in force, what was measured on the days before today, and what was left out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from openinfusion.delivery import public as delivery
from openinfusion.dispatch.queries.gather import zone_of
from openinfusion.dispatch.queries.ways_seen import days_driven, ways_between_visits, ways_driven
from openinfusion.nursing import public as nursing
from openinfusion.planning import public as planning
from openinfusion.platform.clock import now
from openinfusion.platform.environment import environment


@dataclass(frozen=True, slots=True)
class TravelMeasured:
    """``by_road``: a road server is asked first, so that these figures stand in for it only.

    ``approximate``: of the ways that count, those with an end at the middle of a ZIP code.
    """

    site_id: UUID
    first: date
    last: date
    row: planning.TravelRow
    figures: planning.FitFigures
    by_road: bool
    ways: tuple[planning.Judged, ...]
    days: tuple[planning.DayDriven, ...]
    fitted: planning.Fitted

    @property
    def counted(self) -> int:
        return sum(1 for w in self.ways if w.why is None)

    @property
    def approximate(self) -> int:
        return sum(1 for w in self.ways if w.why is None and (w.way.start.approximate or w.way.end.approximate))

    @property
    def ways_left(self) -> tuple[tuple[str, int], ...]:
        return _counted(w.why for w in self.ways)

    @property
    def days_left(self) -> tuple[tuple[str, int], ...]:
        return _counted(d.why for d in self.days)


def _counted(reasons: Iterable[planning.NotCounted | planning.DayNotCounted | None]) -> tuple[tuple[str, int], ...]:
    found = Counter(str(r.value) for r in reasons if r is not None)
    return tuple(sorted(found.items(), key=lambda r: (-r[1], r[0])))


def travel_measured(site_id: UUID) -> TravelMeasured:
    """From the days that are over: today's are not all noted yet."""
    today = now().astimezone(zone_of(site_id)).date()
    figures, row = planning.fit_figures(today), delivery.travel_at(site_id, today)
    first, last = today - timedelta(days=figures.look_back_days), today - timedelta(days=1)
    visits = nursing.visits_gone(first, last)
    rests = nursing.breaks_on(first + timedelta(days=n) for n in range(figures.look_back_days))
    ways = [*ways_driven(site_id, first, last), *ways_between_visits(site_id, visits, rests)]
    found, days = planning.judged(ways, row, figures), days_driven(site_id, visits)
    made = planning.fitted(found, days, row, figures)
    return TravelMeasured(site_id, first, last, row, figures, bool(environment().road_server), found, tuple(days), made)
