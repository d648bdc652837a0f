# SPDX-License-Identifier: Apache-2.0
"""Views of the nurse manager: the board, the roster, agencies, miles, phones."""
from __future__ import annotations

from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import HttpResponse

from openinfusion.kernel.money import Money
from openinfusion.kernel.position import read_position
from openinfusion.kernel.refusal import Fault, Malformed
from openinfusion.kernel.roles import Role
from openinfusion.nursing.actions.home import drop_home, keep_home
from openinfusion.nursing.actions.phone import allow_phone, revoke_phone
from openinfusion.nursing.actions.roster import end_time_of, keep_agency, plan_time_of, send_from_agency
from openinfusion.nursing.permissions import MAKE, OFFER, READ
from openinfusion.nursing.queries import visits_where
from openinfusion.nursing.queries.board import visits_waiting
from openinfusion.nursing.web import roster_pages as pages
from openinfusion.nursing.web.forms import AgencyForm, HomeForm, SendForm, StretchForm, WhyForm
from openinfusion.platform.web import Request, read, reads, show, text_table, then, writes
from openinfusion.team.public import people


def _day(request: Request, name: str) -> date | None:
    text = request.GET.get(name, "")
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise Malformed(Fault(name, "a day such as 2026-11-23")) from None


def _site(request: Request) -> UUID | None:
    text = request.GET.get("site", "")
    try:
        return UUID(text) if text else None
    except ValueError:
        raise Malformed(Fault("site", "no such site")) from None


def _nurses() -> list[tuple[str, str]]:
    return [(str(p.id), p.name) for p in people(Role.NURSE)]


@reads(OFFER.code)
def board(request: Request) -> HttpResponse:
    page = pages.board_page(request.actor, _site(request), _day(request, "day"), request.GET.get("q", "").strip())
    return show(request, "nursing/board.html", page)


@reads(OFFER.code)
def board_table(request: Request) -> HttpResponse:
    site, day = pages.site_of(_site(request), request.actor), _day(request, "day")
    if day is None:
        raise Malformed(Fault("day", "which day"))
    return text_table(
        "visits-of-a-day",
        ["number", "patient", "state", "what for", "minutes", "address", "planned start", "nurse", "second nurse"],
        ([v.number, v.patient, v.state, v.purpose, v.minutes, v.address, v.planned_start or "", v.nurse_name,
          (v.second.nurse_name or "wanted") if v.second else ""]
         for v in visits_waiting(day, site.id)),
    )


@reads(READ.code)
def roster(request: Request) -> HttpResponse:
    return show(request, "nursing/roster.html", pages.roster_page(request.actor, _day(request, "day")))


@writes
def roster_plan(request: Request) -> HttpResponse:
    form = read(StretchForm, request, nurses=_nurses())
    zone = ZoneInfo(pages.site_of(None, request.actor).timezone)
    plan_time_of(
        nurse_id=UUID(form["nurse_id"]), kind=form["kind"], starts_at=form["starts_at"].replace(tzinfo=zone),
        ends_at=form["ends_at"].replace(tzinfo=zone), note=form["note"], sick=form["sick"],
        overtime_minutes=form["overtime_minutes"] or 0, by=request.actor,
    )
    return then(request, f"/nursing/roster/?day={form['starts_at']:%Y-%m-%d}", said="Planned.")


@writes
def roster_end(request: Request, availability_id: UUID) -> HttpResponse:
    end_time_of(availability_id=availability_id, by=request.actor)
    return then(request, "nursing:roster", said="Taken back.")


@writes
def home_keep(request: Request) -> HttpResponse:
    form = read(HomeForm, request, nurses=_nurses())
    text = form["point"].strip()
    keep_home(nurse_id=UUID(form["nurse_id"]), zip_code=form["zip_code"], point=read_position(text) if text else None,
              by=request.actor)
    return then(request, "/nursing/roster/#homes", said="From the next plan on the days begin and end there.")


@writes
def home_drop(request: Request, nurse_id: UUID) -> HttpResponse:
    drop_home(nurse_id=nurse_id, by=request.actor)
    return then(request, "/nursing/roster/#homes", said="The days begin and end at the site again.")


@reads(READ.code)
def agencies(request: Request) -> HttpResponse:
    return show(request, "nursing/agencies.html", pages.agencies_page(request.actor))


@writes
def agency_keep(request: Request, agency_id: UUID | None = None) -> HttpResponse:
    keep_agency(agency_id=agency_id, by=request.actor, **read(AgencyForm, request))
    return then(request, "nursing:agencies", said="On file.")


@writes
def agency_send(request: Request, agency_id: UUID) -> HttpResponse:
    form = read(SendForm, request, nurses=_nurses())
    send_from_agency(agency_id=agency_id, nurse_id=UUID(form["nurse_id"]), by=request.actor)
    return then(request, "nursing:agencies", said="The nurse comes from this agency.")


@reads(READ.code)
def miles(request: Request) -> HttpResponse:
    return show(request, "nursing/miles.html", pages.miles_page(request.actor, _day(request, "first"), _day(request, "last")))


@reads(READ.code)
def miles_table(request: Request) -> HttpResponse:
    page = pages.miles_page(request.actor, _day(request, "first"), _day(request, "last"))
    numbers = {v.id: v.number for v in visits_where(limit=5000)}
    return text_table(
        "miles", ["day", "nurse", "visit", "miles", "cents a mile", "amount"],
        ([r.driven_on, r.nurse_name, numbers.get(r.visit_id, ""), r.miles, r.cents_per_mile, Money(r.cents).dollars]
         for r in page.rows),
    )


@reads(MAKE.code)
def phones(request: Request) -> HttpResponse:
    return show(request, "nursing/phones.html", pages.phones_page(request.actor))


@writes
def phone_revoke(request: Request, device_id: UUID) -> HttpResponse:
    revoke_phone(device_id=device_id, by=request.actor, **read(WhyForm, request))
    return then(request, "nursing:phones", said="Revoked.")


@writes
def phone_allow(request: Request, device_id: UUID) -> HttpResponse:
    allow_phone(device_id=device_id, by=request.actor, **read(WhyForm, request))
    return then(request, "nursing:phones", said="Allowed again.")
