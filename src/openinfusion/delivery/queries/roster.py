# SPDX-License-Identifier: Apache-2.0
"""Reads of drivers' time and of vehicles: who drives on a day, with which van, and who is off."""
from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from openinfusion.delivery.domain.roster import StopTime, against_route
from openinfusion.delivery.models import DriverTime, Vehicle
from openinfusion.kernel.refusal import Reason
from openinfusion.kernel.roles import Role
from openinfusion.kernel.stretch import SpanKind, Stretch
from openinfusion.sites import public as sites
from openinfusion.team import public as team

SHIFTS_SEEN = timedelta(days=3)
SICK = "sick"


@dataclass(frozen=True, slots=True)
class VehicleFact:
    """A van. ``holds`` None: nobody has measured it."""

    id: UUID
    site_id: UUID
    name: str
    holds: int | None
    refrigerated: bool
    ended: bool
    version: int


@dataclass(frozen=True, slots=True)
class DriverTimeFact:
    """A planned stretch of a driver's time."""

    id: UUID
    driver: UUID
    driver_name: str
    site_id: UUID
    kind: str
    starts_at: datetime
    ends_at: datetime
    vehicle: VehicleFact | None
    sick: bool
    note: str


@dataclass(frozen=True, slots=True)
class DriverShift:
    """A shift of a day with the van it is driven with, if one is named."""

    starts_at: datetime
    ends_at: datetime
    vehicle: VehicleFact | None


@dataclass(frozen=True, slots=True)
class DriverOfDay:
    """A driver on a day. ``plans_shifts``: shifts are planned around that day; without any here, they do not drive then."""

    id: UUID
    name: str
    home_site_id: UUID | None
    shifts: tuple[DriverShift, ...]
    off: tuple[tuple[datetime, datetime], ...]
    plans_shifts: bool
    against: tuple[str, ...] = ()  # a driving licence that has expired


def _vehicle(v: Vehicle | None) -> VehicleFact | None:
    return None if v is None else VehicleFact(v.id, v.site_id, v.name, v.holds, v.refrigerated, v.ended, v.version)


def vehicles(site_id: UUID | None = None, *, ended: bool = False) -> list[VehicleFact]:
    """The vehicles of a site or of all, by name; with those that are not driven any more where asked."""
    rows = Vehicle.objects.order_by("name")
    if site_id is not None:
        rows = rows.filter(site_id=site_id)
    return [f for v in (rows if ended else rows.filter(ended=False)) if (f := _vehicle(v))]


def day_span(day: date, site_id: UUID, days: int = 1) -> tuple[datetime, datetime]:
    """The instants at which a calendar day, or so many, begin and end at a site."""
    zone = ZoneInfo(sites.zone_of(site_id))
    start, end = (datetime.combine(d, time(0), zone).astimezone(UTC) for d in (day, day + timedelta(days=days)))
    return start, end


def times_between(
    start: datetime, end: datetime, *, driver: UUID | None = None, site_id: UUID | None = None,
) -> list[DriverTimeFact]:
    """Every stretch that touches these hours, by driver and time."""
    rows = DriverTime.objects.filter(ended=False, starts_at__lt=end, ends_at__gt=start).select_related("vehicle")
    if driver is not None:
        rows = rows.filter(driver=driver)
    if site_id is not None:
        rows = rows.filter(site_id=site_id)
    return [
        DriverTimeFact(r.id, r.driver, r.driver_name, r.site_id, r.kind, r.starts_at, r.ends_at, _vehicle(r.vehicle), r.sick,
                       r.note)
        for r in rows.order_by("driver_name", "starts_at")[:2000]
    ]


def plan_shifts(drivers: Iterable[UUID], start: datetime, end: datetime) -> set[UUID]:
    """Those of these drivers whose shifts are planned around these hours."""
    return set(DriverTime.objects.filter(
        driver__in=list(drivers), ended=False, kind=SpanKind.WORKS.value, starts_at__lt=end + SHIFTS_SEEN,
        ends_at__gt=start - SHIFTS_SEEN,
    ).values_list("driver", flat=True))


def drivers_of(day: date, site_id: UUID) -> list[DriverOfDay]:
    """Who drives for a site on a day: its drivers and those of no site, and whoever has a shift there."""
    start, end = day_span(day, site_id)
    spans = times_between(start, end)
    on_shift = {s.driver for s in spans if s.kind == SpanKind.WORKS and s.site_id == site_id}
    elsewhere = {s.driver for s in spans if s.kind == SpanKind.WORKS} - on_shift
    own = {p.id: p for p in team.people(Role.DRIVER) if p.home_site_id in (None, site_id)}
    own |= {p.id: p for p in team.people(Role.WAREHOUSE) if p.id in on_shift}
    own |= {p.id: p for p in team.people(Role.DRIVER) if p.id in on_shift}
    planned = plan_shifts(own, start, end)
    return [
        DriverOfDay(
            p.id, p.name, p.home_site_id,
            tuple(DriverShift(s.starts_at, s.ends_at, s.vehicle) for s in spans
                  if s.driver == p.id and s.kind == SpanKind.WORKS and s.site_id == site_id),
            tuple((s.starts_at, s.ends_at) for s in spans if s.driver == p.id and s.kind == SpanKind.OFF),
            p.id in planned, tuple(str(r) for r in team.driving_reasons(p.id, day)),
        ) for p in sorted(own.values(), key=lambda p: p.name) if p.id not in elsewhere
    ]


def route_reasons(driver: UUID, name: str, day: date, leaves_at: datetime, stops: Sequence[StopTime]) -> list[Reason]:
    """Why a driver cannot have a route: time off, no shift then, a driving licence that has expired."""
    start = min([leaves_at, *(s.window_from for s in stops), *(s.planned_at for s in stops if s.planned_at)])
    end = max([leaves_at, *(s.window_to for s in stops), *(s.planned_at for s in stops if s.planned_at)]) + timedelta(days=1)
    planned = [
        Stretch(SpanKind(t.kind), t.starts_at, t.ends_at, SICK if t.sick else t.note)
        for t in times_between(start, end, driver=driver)
    ]
    judged = bool(plan_shifts([driver], leaves_at, leaves_at))
    return [*against_route(planned, leaves_at, stops, name, judged), *team.driving_reasons(driver, day)]


def vehicle_at(driver: UUID, at: datetime) -> str:
    """The van of the shift a driver is on then; empty where none is named."""
    row = DriverTime.objects.filter(
        driver=driver, ended=False, vehicle__isnull=False, starts_at__lte=at, ends_at__gt=at,
    ).select_related("vehicle").first()
    return row.vehicle.name if row and row.vehicle else ""
