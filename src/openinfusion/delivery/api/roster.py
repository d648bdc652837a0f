# SPDX-License-Identifier: Apache-2.0
"""The drivers' roster as JSON: shifts, time off, sick calls, vehicles, and the drivers of a day."""
from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.http import HttpRequest
from ninja import Schema

from openinfusion.delivery.actions.roster import call_in_sick, end_driver_time, keep_vehicle, plan_driver_time
from openinfusion.delivery.api.ticket import router
from openinfusion.delivery.permissions import READ
from openinfusion.delivery.queries.roster import DriverOfDay, DriverTimeFact, VehicleFact, drivers_of, times_between, vehicles
from openinfusion.platform.api import Instant, Whole


class VehicleIn(Schema):
    site_id: UUID
    name: str
    holds: Whole | None = None
    refrigerated: bool = False
    ended: bool = False
    vehicle_id: UUID | None = None
    version: Whole | None = None


class VehicleOut(Schema):
    id: UUID
    site_id: UUID
    name: str
    holds: int | None
    refrigerated: bool
    ended: bool
    version: int


class DriverTimeIn(Schema):
    driver_id: UUID
    site_id: UUID
    kind: str
    starts_at: Instant
    ends_at: Instant
    vehicle_id: UUID | None = None
    note: str = ""


class DriverTimeOut(Schema):
    id: UUID
    driver: UUID
    driver_name: str
    site_id: UUID
    kind: str
    starts_at: datetime
    ends_at: datetime
    vehicle: VehicleOut | None
    sick: bool
    note: str


class SickIn(Schema):
    driver_id: UUID
    site_id: UUID
    until: Instant
    note: str = ""


class DriverShiftOut(Schema):
    starts_at: datetime
    ends_at: datetime
    vehicle: VehicleOut | None


class DriverOfDayOut(Schema):
    id: UUID
    name: str
    home_site_id: UUID | None
    shifts: list[DriverShiftOut]
    off: list[tuple[datetime, datetime]]
    plans_shifts: bool
    against: list[str]


class TimeMade(Schema):
    id: UUID


@router.get("/roster", response=list[DriverTimeOut])
def roster(request: HttpRequest, start: Instant, end: Instant, driver_id: UUID | None = None) -> list[DriverTimeFact]:
    """Drivers' shifts and time off that touch these hours."""
    request.actor.must(READ)  # type: ignore[attr-defined]
    return times_between(start, end, driver=driver_id)


@router.post("/roster", response=TimeMade)
def roster_plan(request: HttpRequest, given: DriverTimeIn) -> dict[str, UUID]:
    """Plan a shift or time off; 409 where one of that kind overlaps or the vehicle is taken."""
    return {"id": plan_driver_time(by=request.actor, **given.dict())}  # type: ignore[attr-defined]


@router.post("/roster/sick", response=TimeMade)
def roster_sick(request: HttpRequest, given: SickIn) -> dict[str, UUID]:
    """A driver is off from now on because of illness."""
    return {"id": call_in_sick(by=request.actor, **given.dict())}  # type: ignore[attr-defined]


@router.post("/roster/{time_id}/end", response=TimeMade)
def roster_end(request: HttpRequest, time_id: UUID) -> dict[str, UUID]:
    """Take a planned stretch back."""
    return {"id": end_driver_time(time_id=time_id, by=request.actor)}  # type: ignore[attr-defined]


@router.get("/vehicles", response=list[VehicleOut])
def vehicle_list(request: HttpRequest, site_id: UUID | None = None) -> list[VehicleFact]:
    """Vehicles by name, also those that are not driven any more."""
    request.actor.must(READ)  # type: ignore[attr-defined]
    return vehicles(site_id, ended=True)


@router.post("/vehicles", response=TimeMade)
def vehicle_keep(request: HttpRequest, given: VehicleIn) -> dict[str, UUID]:
    """Enter a vehicle, or with ``vehicle_id`` change one."""
    return {"id": keep_vehicle(by=request.actor, **given.dict())}  # type: ignore[attr-defined]


@router.get("/planning/drivers", response=list[DriverOfDayOut])
def plan_drivers(request: HttpRequest, day: date, site_id: UUID) -> list[DriverOfDay]:
    """Drivers of a day with shifts, vehicles and time off."""
    request.actor.must(READ)  # type: ignore[attr-defined]
    return drivers_of(day, site_id)
