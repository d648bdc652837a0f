# SPDX-License-Identifier: Apache-2.0
"""Drivers' shifts, time off and sick calls, and the vehicles they drive."""
from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction

from openinfusion.delivery.domain.roster import check_vehicle
from openinfusion.delivery.models import DeliveryRoute, DriverTime, Stop, Vehicle
from openinfusion.delivery.permissions import ROSTER, TIME_OFF
from openinfusion.kernel.refusal import Fault, Malformed, Reason, Refused
from openinfusion.kernel.roles import Role
from openinfusion.kernel.stretch import SpanKind, must_be_ordered, overlaps
from openinfusion.platform.action import action, fetch, lock
from openinfusion.platform.actor import Actor
from openinfusion.platform.advance import revise
from openinfusion.platform.clock import now
from openinfusion.platform.journal import write
from openinfusion.sites import public as sites
from openinfusion.team import public as team


@action
def keep_vehicle(
    *, site_id: UUID, name: str, by: Actor, holds: int | None = None, refrigerated: bool = False, ended: bool = False,
    vehicle_id: UUID | None = None, version: int | None = None,
) -> UUID:
    """Enter a vehicle of a site, or change one. ``ended``: it is not driven any more; shifts that name it stay as they are."""
    by.must(ROSTER)
    check_vehicle(name, holds)
    sites.pharmacy(site_id)
    said: dict[str, Any] = {"name": name.strip(), "holds": holds, "refrigerated": refrigerated, "ended": ended}
    if any(v.id != vehicle_id for v in Vehicle.objects.filter(site_id=site_id, name=name.strip())):
        raise Refused(Reason("vehicle-known", f"{name.strip()} is on file already", "change that one"))
    if vehicle_id is not None:
        row = lock(Vehicle, vehicle_id, version)
        if row.site_id != site_id:
            raise Refused(Reason("another-site", f"{row} belongs to another site"))
        revise(row, "delivery.vehicle.change", "{actor} changed vehicle {subject}.", by=by, **said)
        return row.id
    row = Vehicle.objects.create(site_id=site_id, **said)
    write(by, "delivery.vehicle.enter", row, "{actor} entered vehicle {subject}.", noted={"holds": holds})
    return row.id


@action
def plan_driver_time(
    *, driver_id: UUID, site_id: UUID, kind: str, starts_at: datetime, ends_at: datetime, by: Actor,
    vehicle_id: UUID | None = None, note: str = "",
) -> UUID:
    """Plan a shift with its vehicle, or time off. Refused where one of that kind, or the vehicle, is taken.

    Drivers enter their own time off; shifts are planned by whoever keeps the roster.
    """
    if kind not in set(SpanKind):
        raise Malformed(Fault("kind", "works or off"))
    by.must(TIME_OFF if driver_id == by.id and kind == SpanKind.OFF else ROSTER)
    must_be_ordered(starts_at, ends_at)
    sites.pharmacy(site_id)
    if vehicle_id is not None:
        _must_fit(fetch(Vehicle, vehicle_id), site_id, kind)
    row = _planned(driver_id, site_id, SpanKind(kind), starts_at, ends_at, vehicle_id=vehicle_id, note=note.strip()[:200])
    write(by, "delivery.roster.plan", row, "{actor} planned {subject} from {start} to {end}.",
          noted={"start": starts_at, "end": ends_at})
    return row.id


@action
def call_in_sick(*, driver_id: UUID, site_id: UUID, until: datetime, by: Actor, note: str = "") -> UUID:
    """A driver is off from now on, being ill, whatever time off is planned within it: that stays on file.

    Routes that stand stay theirs until somebody gives them away; it is noted.
    """
    by.must(TIME_OFF if driver_id == by.id else ROSTER)
    at = now()
    must_be_ordered(at, until)
    sites.pharmacy(site_id)
    row = _planned(driver_id, site_id, SpanKind.OFF, at, until, sick=True, note=note.strip()[:200])
    left = Stop.objects.filter(route__driver=driver_id, done_at__isnull=True, route__in=DeliveryRoute.objects.filter(
        leaves_at__lt=until, day__gte=at.astimezone(ZoneInfo(sites.zone_of(site_id))).date())).count()
    write(by, "delivery.roster.sick", row, "{actor} noted {subject} until {end}; {left} stops are still theirs.",
          noted={"end": until, "left": left})
    return row.id


def _must_fit(vehicle: Vehicle, site_id: UUID, kind: str) -> None:
    if kind != SpanKind.WORKS:
        raise Malformed(Fault("vehicle_id", "who is off drives nothing"))
    if vehicle.ended or vehicle.site_id != site_id:
        why = "is not driven any more" if vehicle.ended else "belongs to another site"
        raise Refused(Reason("vehicle-not-there", f"{vehicle} {why}", "choose another vehicle"))


def _planned(
    driver_id: UUID, site_id: UUID, kind: SpanKind, starts_at: datetime, ends_at: datetime, *, vehicle_id: UUID | None = None,
    sick: bool = False, note: str = "",
) -> DriverTime:
    driver = team.person(driver_id)
    if not driver.roles & {Role.DRIVER, Role.WAREHOUSE}:
        raise Malformed(Fault("driver_id", f"{driver.name} is no driver"))
    try:
        with transaction.atomic():
            return DriverTime.objects.create(
                driver=driver_id, driver_name=driver.name, site_id=site_id, kind=kind.value, starts_at=starts_at, ends_at=ends_at,
                vehicle_id=vehicle_id, sick=sick, note=note,
            )
    except IntegrityError as no:
        if "driver_time_no_overlap" in str(no):
            raise Refused(overlaps(kind, driver.name, sick=sick)) from no
        if "vehicle_one_shift_at_a_time" in str(no):
            text = "this vehicle is planned for another shift in these hours"
            raise Refused(Reason("vehicle-taken", text, "choose another vehicle, or end that shift")) from no
        raise


@action
def end_driver_time(*, time_id: UUID, by: Actor) -> UUID:
    """Take a planned stretch back."""
    row = lock(DriverTime, time_id)
    by.must(TIME_OFF if row.driver == by.id and row.kind == SpanKind.OFF else ROSTER)
    if row.ended:
        raise Refused(Reason("ended-already", "it was taken back already"))
    revise(row, "delivery.roster.end", "{actor} took back {subject} from {start}.", by=by, ended=True,
           noted={"start": row.starts_at})
    return row.id
