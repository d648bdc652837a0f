# SPDX-License-Identifier: Apache-2.0
"""Views of sites, rooms, hoods and cold stores."""

from __future__ import annotations

from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import HttpResponse

from openinfusion.kernel.position import read_position
from openinfusion.platform.action import fetch
from openinfusion.platform.ui.forms import StepForm
from openinfusion.platform.web import Request, read, reads, show, then, writes
from openinfusion.sites.actions.certify import advance_hood, advance_room, certify_hood, record_certification
from openinfusion.sites.actions.clean import clean_hood
from openinfusion.sites.actions.measure import record_temperature
from openinfusion.sites.actions.set_up import add_room, locate_site
from openinfusion.sites.domain.certification import Measurements
from openinfusion.sites.domain.cleanroom import RoomKind
from openinfusion.sites.models import Hood
from openinfusion.sites.permissions import READ
from openinfusion.sites.queries.facility import zone_of
from openinfusion.sites.web import pages, place_pages
from openinfusion.sites.web.forms import CertificationForm, CleaningForm, ReadingForm, ReportForm, RoomForm, SitePlaceForm, upload


@reads(READ.code)
def site_list(request: Request) -> HttpResponse:
    return show(request, "sites/sites.html", pages.sites_page())


@reads(READ.code)
def site(request: Request, site_id: UUID) -> HttpResponse:
    """The facility board of one site."""
    return show(request, "sites/site.html", pages.site_page(site_id, request.actor))


@writes
def site_place(request: Request, site_id: UUID) -> HttpResponse:
    text = read(SitePlaceForm, request)["point"].strip()
    locate_site(site_id=site_id, point=read_position(text) if text else None, by=request.actor)
    return then(request, "sites:site", site_id, said="The site is on the map." if text else "Taken off the map.")


@writes
def room_add(request: Request, site_id: UUID) -> HttpResponse:
    said = read(RoomForm, request)
    iso = int(said["iso_class"]) if said["iso_class"] else None
    made = add_room(
        site_id=site_id,
        name=said["name"],
        kind=RoomKind(said["kind"]),
        hazardous=said["hazardous"],
        iso_class=iso,
        by=request.actor,
    )
    return then(request, "sites:room", made, said="The room is added; have it certified.")


@reads(READ.code)
def room(request: Request, room_id: UUID) -> HttpResponse:
    days = place_pages.span_of(request.GET.get("days", ""))
    return show(request, "sites/room.html", place_pages.room_page(room_id, days, request.actor))


@writes
def room_step(request: Request, room_id: UUID, step: str) -> HttpResponse:
    advance_room(room_id=room_id, step=step, by=request.actor, **read(StepForm, request))
    return then(request, "sites:room", room_id, said="Done.")


@writes
def room_report(request: Request, room_id: UUID) -> HttpResponse:
    record_certification(room_id=room_id, by=request.actor, **_report(request))
    return then(request, "sites:room", room_id, said="The certification is recorded.")


@reads(READ.code)
def hood(request: Request, hood_id: UUID) -> HttpResponse:
    return show(request, "sites/hood.html", place_pages.hood_page(hood_id, request.actor))


@writes
def hood_clean(request: Request, hood_id: UUID) -> HttpResponse:
    clean_hood(hood_id=hood_id, by=request.actor, **read(CleaningForm, request))
    return then(request, "sites:hood", hood_id, said="The cleaning is recorded.")


@writes
def hood_certify(request: Request, hood_id: UUID) -> HttpResponse:
    said = read(CertificationForm, request)
    zone = ZoneInfo(zone_of(fetch(Hood, hood_id).site_id))  # what was typed is the site's own clock
    until = said["certified_until"].replace(tzinfo=zone)
    certify_hood(hood_id=hood_id, by=request.actor, **said | {"certified_until": until})
    return then(request, "sites:hood", hood_id, said="The certification is recorded.")


@writes
def hood_report(request: Request, hood_id: UUID) -> HttpResponse:
    record_certification(hood_id=hood_id, by=request.actor, **_report(request))
    return then(request, "sites:hood", hood_id, said="The certification is recorded.")


def _report(request: Request) -> dict[str, Any]:
    said = read(ReportForm, request)
    smoke = {"yes": True, "no": False}.get(said["smoke"])
    measured = Measurements(said["particles"], smoke, said["air_changes"], said["passed"] == "yes")
    kept = {name: said[name] for name in ("certified_on", "certifier", "report_number", "airflow")}
    return {**kept, "measured": measured, "report": upload(said["report"])}


@writes
def hood_step(request: Request, hood_id: UUID, step: str) -> HttpResponse:
    advance_hood(hood_id=hood_id, step=step, by=request.actor, **read(StepForm, request))
    return then(request, "sites:hood", hood_id, said="Done.")


@reads(READ.code)
def cold_store(request: Request, cold_store_id: UUID) -> HttpResponse:
    days = place_pages.span_of(request.GET.get("days", ""))
    return show(request, "sites/cold_store.html", place_pages.cold_store_page(cold_store_id, days, request.actor))


@writes
def reading_add(request: Request, cold_store_id: UUID) -> HttpResponse:
    record_temperature(cold_store_id=cold_store_id, by=request.actor, **read(ReadingForm, request))
    return then(request, "sites:cold_store", cold_store_id, said="The reading is recorded.")
