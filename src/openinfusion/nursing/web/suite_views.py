# SPDX-License-Identifier: Apache-2.0
"""Views of a suite: the day's board, one appointment, booking and moving."""
from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse

from openinfusion.kernel.refusal import Fault, Malformed, NotFound, Reason, Refused
from openinfusion.kernel.roles import Role
from openinfusion.nursing.actions.appointment import (
    ask_for_second_in_suite,
    book_appointment,
    move_appointment,
    request_appointment,
    set_length,
    undo_move,
)
from openinfusion.nursing.actions.appointment_pin import free_appointment, pin_appointment
from openinfusion.nursing.actions.suite_steps import advance_appointment
from openinfusion.nursing.actions.suite_terms import keep_suite_terms
from openinfusion.nursing.domain.suite_terms import SuiteTerms
from openinfusion.nursing.models import Appointment
from openinfusion.nursing.permissions import READ, SUITE_PLAN
from openinfusion.nursing.queries.suite import on_day
from openinfusion.nursing.queries.suite_terms import zone_at
from openinfusion.nursing.web import appointment_pages, suite_pages
from openinfusion.nursing.web.forms import SecondForm
from openinfusion.nursing.web.suite_ask_pages import ask_page
from openinfusion.nursing.web.suite_forms import AskForm, BookForm, LengthForm, MoveForm, NudgeForm, PinForm, TermsForm
from openinfusion.patients.public import patients
from openinfusion.platform.action import fetch
from openinfusion.platform.clock import now
from openinfusion.platform.ui.forms import StepForm
from openinfusion.platform.web import Request, read, reads, show, text_table, then, writes
from openinfusion.sites import public as sites
from openinfusion.team.public import people


@reads(READ.code)
def suite(request: Request) -> HttpResponse:
    """The board of a day; of the suite the person works at, or the first there is."""
    known = suite_pages.suites_there()
    if not known:
        return show(request, "nursing/no_suite.html", None)
    site_id = _uuid(request, "site") or next((id for id, _ in known if id == request.actor.site_id), known[0][0])
    return show(request, "nursing/suite.html", suite_pages.suite_page(request.actor, site_id, _day(request, site_id),
                                                                       _uuid(request, "moved")))


def _uuid(request: Request, name: str) -> UUID | None:
    text = request.GET.get(name, "")
    try:
        return UUID(text) if text else None
    except ValueError:
        raise Malformed(Fault(name, "no such one")) from None


def _day(request: Request, site_id: UUID) -> date:
    text = request.GET.get("day", "")
    try:
        return date.fromisoformat(text) if text else now().astimezone(zone_at(site_id)).date()
    except ValueError:
        raise Malformed(Fault("day", "a day such as 2026-11-23")) from None


@reads(READ.code)
def suite_table(request: Request) -> HttpResponse:
    site_id = _uuid(request, "site")
    if site_id is None:
        raise Malformed(Fault("site", "which suite"))
    zone, rows = zone_at(site_id), on_day(site_id, _day(request, site_id))
    who = patients([a.patient_id for a in rows])
    head = ["number", "patient", "state", "chair", "nurse", "begins", "infusion ends", "leaves", "chair free", "first dose",
            "acuity", "hold"]
    return text_table("suite-day", head, (
        [a.number, who[a.patient_id].name, a.state, a.chair.name if a.chair else "", a.nurse_name,
         *(t.astimezone(zone).isoformat(timespec="minutes") if t else ""
           for t in (a.starts_at, a.infusion_ends_at, a.observation_ends_at, a.turnover_ends_at)),
         "yes" if a.first_dose else "no", a.acuity, a.hold_why] for a in rows
    ))


@reads(READ.code)
def appointment(request: Request, appointment_id: UUID) -> HttpResponse:
    return show(request, "nursing/appointment.html", appointment_pages.appointment_page(appointment_id, request.actor))


@reads(SUITE_PLAN.code)
def suite_ask(request: Request) -> HttpResponse:
    """Find the therapy an appointment is for."""
    return show(request, "nursing/suite_ask.html", ask_page(request.GET.get("q", "").strip()))


@writes
def appointment_ask(request: Request, therapy_id: UUID) -> HttpResponse:
    form = read(AskForm, request, suites=[(str(id), name) for id, name in suite_pages.suites_there()])
    site_id = UUID(form.pop("site_id"))
    form["wished_at"] = form["wished_at"].replace(tzinfo=zone_at(site_id))
    made = request_appointment(therapy_id=therapy_id, site_id=site_id, by=request.actor, **form)
    return then(request, "nursing:appointment", made, said="The appointment is asked for.")


def _place(request: Request, form: type[BookForm] | type[MoveForm], row: Appointment) -> dict[str, Any]:
    chairs = [(str(id), name) for id, name in sites.chairs(row.site_id)]
    said = read(form, request, chairs=chairs, nurses=[(str(p.id), p.name) for p in people(Role.NURSE)])
    starts_at: datetime = said["starts_at"]
    return said | {"chair_id": UUID(said["chair_id"]), "nurse_id": UUID(said["nurse_id"]),
                   "starts_at": starts_at.replace(tzinfo=zone_at(row.site_id))}


@writes
def appointment_book(request: Request, appointment_id: UUID) -> HttpResponse:
    said = _place(request, BookForm, fetch(Appointment, appointment_id))
    book_appointment(appointment_id=appointment_id, by=request.actor, **said)
    return then(request, _board(appointment_id), said="Booked.")


@writes
def appointment_move(request: Request, appointment_id: UUID) -> HttpResponse:
    said = _place(request, MoveForm, fetch(Appointment, appointment_id))
    move_appointment(appointment_id=appointment_id, by=request.actor, **said)
    return then(request, _board(appointment_id, moved=True), said="Moved.")


@writes
def appointment_nudge(request: Request, appointment_id: UUID) -> HttpResponse:
    """A quarter of an hour, or a chair: what the arrow keys ask for."""
    said, row = read(NudgeForm, request), fetch(Appointment, appointment_id)
    if row.starts_at is None:
        raise Refused(Reason("not-booked", "only a booked appointment is moved"))
    starts_at = row.starts_at + timedelta(minutes=int(said["minutes"] or 0))
    order = [id for id, _ in sorted(sites.chairs(row.site_id), key=lambda c: (len(c[1]), c[1]))]
    at = order.index(row.chair_id) + int(said["chairs"] or 0) if row.chair_id in order else 0
    if not 0 <= at < len(order):
        raise Refused(Reason("no-chair", "there is no further chair"))
    place = {"starts_at": starts_at, "chair_id": order[at], "version": said["version"]}
    move_appointment(appointment_id=appointment_id, by=request.actor, **place)
    return then(request, _board(appointment_id, moved=True), said="Moved.")


@writes
def appointment_undo(request: Request, appointment_id: UUID) -> HttpResponse:
    undo_move(appointment_id=appointment_id, by=request.actor)
    return then(request, _board(appointment_id), said="Moved back.")


@writes
def appointment_pin(request: Request, appointment_id: UUID) -> HttpResponse:
    row = fetch(Appointment, appointment_id)
    said = read(PinForm, request, booked=row.starts_at is not None)
    at = said["at"].replace(tzinfo=zone_at(row.site_id)) if said.get("at") else None
    pin_appointment(appointment_id=appointment_id, why=said["why"], at=at, by=request.actor)
    return then(request, "nursing:appointment", appointment_id, said="Its time is pinned.")


@writes
def appointment_free(request: Request, appointment_id: UUID) -> HttpResponse:
    free_appointment(appointment_id=appointment_id, by=request.actor)
    return then(request, "nursing:appointment", appointment_id, said="The pin is off.")


@writes
def appointment_length(request: Request, appointment_id: UUID) -> HttpResponse:
    set_length(appointment_id=appointment_id, by=request.actor, **read(LengthForm, request))
    return then(request, "nursing:appointment", appointment_id, said="The length is on record.")


@writes
def appointment_second(request: Request, appointment_id: UUID) -> HttpResponse:
    ask_for_second_in_suite(appointment_id=appointment_id, by=request.actor, **read(SecondForm, request))
    return then(request, "nursing:appointment", appointment_id, said="Two nurses make it; the second place is on the visit.")


@writes
def appointment_step(request: Request, appointment_id: UUID, step: str) -> HttpResponse:
    advance_appointment(appointment_id=appointment_id, step=step, by=request.actor, **read(StepForm, request))
    return then(request, "nursing:appointment", appointment_id, said="Done.")


@writes
def suite_terms(request: Request, site_id: UUID) -> HttpResponse:
    if site_id not in dict(suite_pages.suites_there()):
        raise NotFound(f"suite {site_id}")
    keep_suite_terms(site_id=site_id, terms=SuiteTerms(**read(TermsForm, request), status=""), by=request.actor)
    return then(request, f"{reverse('nursing:suite')}?site={site_id}", said="The terms are on file.")


def _board(appointment_id: UUID, moved: bool = False) -> str:
    """The board of the appointment's day, with the appointment in sight."""
    row = fetch(Appointment, appointment_id)
    assert row.starts_at is not None
    day = row.starts_at.astimezone(zone_at(row.site_id)).date()
    query = f"?site={row.site_id}&day={day.isoformat()}" + (f"&moved={row.id}" if moved else "")
    return f"{reverse('nursing:suite')}{query}#a-{row.id}"
