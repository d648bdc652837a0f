# SPDX-License-Identifier: Apache-2.0
"""Views of the drivers' roster."""
from __future__ import annotations

from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import HttpResponse

from openinfusion.delivery.actions.roster import call_in_sick, end_driver_time, keep_vehicle, plan_driver_time
from openinfusion.delivery.permissions import READ
from openinfusion.delivery.web import roster_pages as pages
from openinfusion.delivery.web.roster_forms import DriverTimeForm, SickForm, VehicleForm
from openinfusion.kernel.refusal import Fault, Malformed
from openinfusion.platform.web import Request, read, reads, show, then, writes
from openinfusion.sites import public as sites


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise Malformed(Fault("day", "a day such as 2026-11-23")) from None


def _site(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        raise Malformed(Fault("site", "no such site")) from None


@reads(READ.code)
def roster(request: Request) -> HttpResponse:
    page = pages.roster_page(request.actor, _site(request.GET.get("site", "")), _day(request.GET.get("day", "")))
    return show(request, "delivery/roster.html", page)


@writes
def plan(request: Request, site_id: UUID) -> HttpResponse:
    said = read(DriverTimeForm, request, drivers=pages.choices_of(request.actor), vehicles=pages.van_choices(site_id))
    zone = ZoneInfo(sites.zone_of(site_id))
    plan_driver_time(
        site_id=site_id, driver_id=UUID(said["driver_id"]), kind=said["kind"], starts_at=said["starts_at"].replace(tzinfo=zone),
        ends_at=said["ends_at"].replace(tzinfo=zone), vehicle_id=UUID(said["vehicle_id"]) if said["vehicle_id"] else None,
        note=said["note"], by=request.actor,
    )
    return then(request, f"/delivery/roster/?site={site_id}&day={said['starts_at']:%Y-%m-%d}", said="Planned.")


@writes
def sick(request: Request, site_id: UUID) -> HttpResponse:
    said = read(SickForm, request, drivers=pages.choices_of(request.actor))
    until = said["until"].replace(tzinfo=ZoneInfo(sites.zone_of(site_id)))
    call_in_sick(site_id=site_id, driver_id=UUID(said["driver_id"]), until=until, note=said["note"], by=request.actor)
    return then(request, f"/delivery/roster/?site={site_id}", said="Noted. Give their stops away, or plan the day again.")


@writes
def end(request: Request, time_id: UUID) -> HttpResponse:
    end_driver_time(time_id=time_id, by=request.actor)
    return then(request, "delivery:roster", said="Taken back.")


@writes
def vehicle_new(request: Request, site_id: UUID) -> HttpResponse:
    keep_vehicle(site_id=site_id, by=request.actor, **read(VehicleForm, request))
    return then(request, f"/delivery/roster/?site={site_id}", said="The vehicle is on file.")


@writes
def vehicle_change(request: Request, site_id: UUID, vehicle_id: UUID) -> HttpResponse:
    keep_vehicle(site_id=site_id, vehicle_id=vehicle_id, by=request.actor, **read(VehicleForm, request))
    return then(request, f"/delivery/roster/?site={site_id}", said="The vehicle is changed.")
