# SPDX-License-Identifier: Apache-2.0
"""The ways that drivers and nurses of a site drove, with what speaks against counting one, and nurses' days with their miles."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import groupby, pairwise
from uuid import UUID

from openinfusion.delivery import public as delivery
from openinfusion.kernel.refusal import Broken
from openinfusion.kernel.rest import PlannedBreak
from openinfusion.nursing import public as nursing
from openinfusion.planning import public as planning
from openinfusion.planning.public import DayNotCounted, NotCounted
from openinfusion.sites import public as sites
from openinfusion.team import public as team


def ways_driven(site_id: UUID, first: date, last: date) -> list[planning.WaySeen]:
    """From one done stop of a route to the next: from its end to the end of the next without what that was planned to take."""
    return [_driven(a, b) for stops in delivery.stops_done(site_id, first, last) for a, b in pairwise(stops)]


def _driven(a: delivery.StopDone, b: delivery.StopDone) -> planning.WaySeen:
    reached = b.done_at - timedelta(minutes=b.service_minutes)
    against = None
    if a.zone != b.zone:
        against = NotCounted.ZONE
    elif not b.served:
        against = NotCounted.UNOPENED
    elif _crosses(a.done_at, b.done_at, b.breaks):
        against = NotCounted.BREAK
    return planning.WaySeen(b.driver_name, b.day, a.done_at, reached, a.place, b.place, b.window_from, against)


def ways_between_visits(
    site_id: UUID, visits: Sequence[nursing.VisitGone], rests: Mapping[UUID, Sequence[PlannedBreak]]
) -> list[planning.WaySeen]:
    """From a visit to the next of the same nurse and day, where the next is this site's."""
    return [
        _between(a, b, rests.get(b.nurse, ()))
        for of_day in days_of(visits) for a, b in pairwise(of_day) if b.site_id == site_id and b.started_at is not None
    ]  # fmt: skip


def days_of(visits: Iterable[nursing.VisitGone]) -> Iterator[list[nursing.VisitGone]]:
    """Visits that stand by nurse and time, day by day."""
    for _, found in groupby(visits, key=lambda v: (v.nurse, v.day)):
        yield list(found)


def _between(a: nursing.VisitGone, b: nursing.VisitGone, rests: Iterable[PlannedBreak]) -> planning.WaySeen:
    reached = b.started_at or b.planned_start
    left = a.ended_at or a.started_at or reached
    if left is None or reached is None:
        raise Broken("a visit that was read by its time has none")
    against = None
    if a.ended_at is None or a.in_suite or b.in_suite:
        against = NotCounted.BETWEEN
    elif a.zone != b.zone:
        against = NotCounted.ZONE
    elif _crosses(left, reached, rests):
        against = NotCounted.BREAK
    return planning.WaySeen(b.nurse_name, b.day, left, reached, _home(a), _home(b), b.planned_start, against)


def _crosses(left: datetime, reached: datetime, rests: Iterable[PlannedBreak]) -> bool:
    return any(r.starts_at < reached and left < r.ends_at for r in rests)


def _home(v: nursing.VisitGone) -> planning.Place:
    return planning.place(v.patient, v.zip_code, v.point)


def days_driven(site_id: UUID, visits: Sequence[nursing.VisitGone]) -> list[planning.DayDriven]:
    """Days of nurses who went to a patient of this site, each with her miles and the great circles of the round.

    It begins and ends where her days do: at her home, where that is on file now, else at the site.
    """
    house = sites.pharmacy(site_id)
    base = planning.place(house.name, house.zip_code, house.point)
    homes = nursing.homes_of({v.nurse for v in visits})
    elsewhere = {p.id for p in team.people() if p.home_site_id not in (None, site_id)}
    return [
        _day(of_day, site_id, _begins_at(homes.get(of_day[0].nurse), base), elsewhere) for of_day in days_of(visits)
        if any(v.site_id == site_id and v.started_at and not v.in_suite for v in of_day)
    ]  # fmt: skip


def _begins_at(home: nursing.Whereabouts | None, base: planning.Place) -> planning.Place:
    return planning.place("home", home.zip_code, home.point) if home else base


def _day(of_day: list[nursing.VisitGone], site_id: UUID, base: planning.Place, elsewhere: set[UUID]) -> planning.DayDriven:
    one = of_day[0]
    stops = [base, *(_home(v) for v in of_day), base]
    known = all(p.latitude for p in stops)
    line = sum(planning.line_metres(a, b) for a, b in pairwise(stops)) if known else 0
    miles = sum((v.miles for v in of_day if v.miles is not None), start=Decimal(0))
    why = None
    if one.nurse in elsewhere or any(v.site_id != site_id or v.in_suite for v in of_day):
        why = DayNotCounted.ELSEWHERE
    elif any(v.miles is None for v in of_day):
        why = DayNotCounted.MILES
    elif not line:
        why = DayNotCounted.PLACE
    return planning.DayDriven(one.nurse_name, one.day, line, miles, why)
