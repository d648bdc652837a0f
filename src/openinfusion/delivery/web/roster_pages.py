# SPDX-License-Identifier: Apache-2.0
"""The roster of a site's drivers: a week of shifts and time off, who is ill, the vehicles."""
from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from openinfusion.delivery.permissions import ROSTER, TIME_OFF
from openinfusion.delivery.queries.road import routes_where
from openinfusion.delivery.queries.roster import DriverTimeFact, VehicleFact, day_span, times_between, vehicles
from openinfusion.delivery.web.pages import drivers
from openinfusion.delivery.web.roster_forms import DriverTimeForm, SickForm, VehicleForm
from openinfusion.kernel.local_day import day_of
from openinfusion.kernel.refusal import NotFound
from openinfusion.kernel.stretch import SpanKind
from openinfusion.platform.actor import Actor
from openinfusion.platform.clock import now
from openinfusion.sites import public as sites

BEGINS, HOURS = time(8), timedelta(hours=9)  # what the form proposes


@dataclass(frozen=True, slots=True)
class TimeRow:
    """A stretch, and whether the person looking may take it back. ``stops``: open ones of routes that time off falls upon."""

    fact: DriverTimeFact
    day: date  # on which it begins at the site
    may_end: bool
    stops: int


@dataclass(frozen=True, slots=True)
class VehicleRow:
    fact: VehicleFact
    form: VehicleForm | None


@dataclass(frozen=True, slots=True)
class RosterPage:
    site_id: UUID
    site_name: str
    sites: tuple[tuple[UUID, str], ...]
    first: date
    before: date
    after: date
    zone: str
    rows: tuple[TimeRow, ...]
    form: DriverTimeForm | None
    sick: SickForm | None
    vehicles: tuple[VehicleRow, ...]
    vehicle_form: VehicleForm | None
    manages: bool


def roster_page(by: Actor, site_id: UUID | None, day: date | None) -> RosterPage:
    places = [p for p in sites.pharmacies() if p.kind != "suite"]
    own = next((p for p in places if p.id == (site_id or by.site_id)), None)
    site = own or next(iter(places if site_id is None else ()), None)
    if site is None:
        raise NotFound("a pharmacy")
    zone = ZoneInfo(site.timezone)
    on = day or now().astimezone(zone).date()
    monday = on - timedelta(days=on.weekday())
    start, end = day_span(monday, site.id, 7)
    found, manages = times_between(start, end, site_id=site.id), by.may(ROSTER.code)
    stops = _stops(found, site.timezone)
    rows = tuple(TimeRow(t, day_of(t.starts_at, site.timezone), _may_end(t, by), stops.get(t.id, 0)) for t in found)
    return RosterPage(
        site.id, site.name, tuple((p.id, p.name) for p in places), monday, monday - timedelta(days=7), monday + timedelta(days=7),
        site.timezone, rows, time_form(by, site.id, on),
        sick_form(by, site.id, zone),
        tuple(VehicleRow(v, _vehicle_form(v) if manages else None) for v in vehicles(site.id, ended=manages)),
        VehicleForm(auto_id="vehicle-%s") if manages else None, manages,
    )


def _may_end(t: DriverTimeFact, by: Actor) -> bool:
    return by.may(ROSTER.code) or (by.may(TIME_OFF.code) and t.driver == by.id and t.kind == SpanKind.OFF)


def _stops(found: list[DriverTimeFact], zone: str) -> dict[UUID, int]:
    """By time off: how many stops that are not done stand on routes of that driver that leave or are planned in it."""
    off = [t for t in found if t.kind == SpanKind.OFF]
    if not off:
        return {}
    near = (day_of(min(t.starts_at for t in off), zone) - timedelta(days=1), day_of(max(t.ends_at for t in off), zone))
    routes = routes_where(day__range=near, driver__in={t.driver for t in off})
    hit: dict[UUID, int] = {}
    for t in off:
        open_stops = [s for r in routes if r.driver == t.driver for s in r.stops if s.done_at is None
                      and t.starts_at <= (s.planned_at or max(r.leaves_at, s.window_from)) < t.ends_at]
        hit[t.id] = len(open_stops)
    return hit


def choices_of(by: Actor) -> list[tuple[str, str]]:
    """Whose time the person may enter."""
    return [(key, name) for key, name in dict(drivers()).items() if by.may(ROSTER.code) or key == str(by.id)]


def van_choices(site_id: UUID) -> list[tuple[str, str]]:
    return [(str(v.id), v.name) for v in vehicles(site_id)]


def time_form(by: Actor, site_id: UUID, on: date) -> DriverTimeForm | None:
    people = choices_of(by)
    if not people or not (by.may(ROSTER.code) or by.may(TIME_OFF.code)):
        return None
    begins = datetime.combine(on, BEGINS)
    return DriverTimeForm(
        drivers=people, vehicles=van_choices(site_id), may_plan=by.may(ROSTER.code), auto_id="time-%s",
        initial={"starts_at": begins, "ends_at": begins + HOURS},
    )


def sick_form(by: Actor, site_id: UUID, zone: ZoneInfo) -> SickForm | None:
    people = choices_of(by)
    if not people or not (by.may(ROSTER.code) or by.may(TIME_OFF.code)):
        return None
    midnight = datetime.combine(now().astimezone(zone).date() + timedelta(days=1), time(0))
    return SickForm(drivers=people, auto_id="sick-%s", initial={"until": midnight})


def _vehicle_form(v: VehicleFact) -> VehicleForm:
    return VehicleForm(auto_id=f"v-{v.id}-%s", initial={
        "name": v.name, "holds": v.holds, "refrigerated": v.refrigerated, "ended": v.ended,
    })
