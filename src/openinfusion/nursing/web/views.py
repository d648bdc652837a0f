# SPDX-License-Identifier: Apache-2.0
"""Views of nursing."""
from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import HttpResponse

from openinfusion.kernel.refusal import Fault, Malformed
from openinfusion.kernel.roles import Role
from openinfusion.nursing.actions.record import VisitEntries, write_record
from openinfusion.nursing.actions.schedule import offer_visit, request_visit
from openinfusion.nursing.actions.steps import advance_visit
from openinfusion.nursing.domain.infusion_record import RateStep, ReactionKind, Vitals
from openinfusion.nursing.permissions import READ
from openinfusion.nursing.queries import visit_of, visits_where
from openinfusion.nursing.web import pages
from openinfusion.nursing.web.forms import (
    ClosingForm,
    IdentityForm,
    OfferForm,
    RateForm,
    ReactionForm,
    RequestForm,
    VitalsForm,
)
from openinfusion.patients.public import patient, patients
from openinfusion.platform.ui.forms import StepForm
from openinfusion.platform.web import Request, read, reads, show, text_table, then, writes
from openinfusion.team.public import people


@reads(READ.code)
def visits(request: Request) -> HttpResponse:
    only_mine = request.GET.get("mine", "") == "1"
    return show(request, "nursing/visits.html", pages.visits_page(request.actor, request.GET.get("state", ""),
        only_mine))


@reads(READ.code)
def visits_table(request: Request) -> HttpResponse:
    state = request.GET.get("state", "")
    found = visits_where(states=[state] if state else [])
    who = patients([v.patient_id for v in found])
    return text_table(
        "visits", ["number", "patient", "purpose", "state", "nurse", "planned start", "minutes", "reaction"],
        ([v.number, who[v.patient_id].name, v.purpose, v.state, v.nurse_name, v.planned_start or "", v.minutes,
            v.reaction]
         for v in found),
    )


@reads(READ.code)
def visit(request: Request, visit_id: UUID) -> HttpResponse:
    return show(request, "nursing/visit.html", pages.visit_page(visit_id, request.actor))


@writes
def visit_request(request: Request, therapy_id: UUID) -> HttpResponse:
    made = request_visit(therapy_id=therapy_id, by=request.actor, **read(RequestForm, request))
    return then(request, "nursing:visit", made, said="The visit is asked for.")


@writes
def offer(request: Request, visit_id: UUID) -> HttpResponse:
    zone = _zone(visit_id)
    form = read(OfferForm, request, nurses=[(str(p.id), p.name) for p in people(Role.NURSE)])
    offer_visit(
        visit_id=visit_id, nurse_id=UUID(form["nurse_id"]), planned_start=_at(form["planned_start"], zone),
        planned_end=_at(form["planned_end"], zone), by=request.actor,
    )
    return then(request, "nursing:visit", visit_id, said="The visit is offered.")


@writes
def record(request: Request, visit_id: UUID, part: str) -> HttpResponse:
    writers = {"identity": _identity, "vitals": _vitals, "rate": _rate, "reaction": _reaction, "closing": _closing}
    if part not in writers:
        raise Malformed(Fault("part", "the record has no such part"))
    write_record(visit_id=visit_id, by=request.actor, **writers[part](request, _zone(visit_id)))
    return then(request, "nursing:visit", visit_id, said="Written.")


@writes
def step(request: Request, visit_id: UUID, step: str) -> HttpResponse:
    advance_visit(visit_id=visit_id, step=step, by=request.actor, **read(StepForm, request))
    return then(request, "nursing:visit", visit_id, said="Done.")


def _zone(visit_id: UUID) -> ZoneInfo:
    return ZoneInfo(patient(visit_of(visit_id).patient_id).timezone)


def _at(wall: datetime, zone: ZoneInfo) -> datetime:
    """A wall-clock time where the patient lives, as an instant."""
    return wall.replace(tzinfo=zone)


def _checked(value: str) -> bool | None:
    return {"yes": True, "no": False}.get(value)


def _identity(request: Request, zone: ZoneInfo) -> dict[str, Any]:
    f = read(IdentityForm, request)
    return {"entries": VisitEntries(
        identifiers=tuple(f["identifiers"]), line_site=f["line_site"], line_note=f["line_note"],
        line_flushes=_checked(f["line_flushes"]), line_blood_return=_checked(f["line_blood_return"]),
    )}


def _vitals(request: Request, zone: ZoneInfo) -> dict[str, Any]:
    f = read(VitalsForm, request)
    at = _at(f.pop("vitals_at"), zone)
    return {"entries": VisitEntries(), "vitals": [Vitals(at, **f)]}


def _rate(request: Request, zone: ZoneInfo) -> dict[str, Any]:
    f = read(RateForm, request)
    return {"entries": VisitEntries(), "rates": [RateStep(_at(f["rate_at"], zone), f["rate_ml_per_h"])]}


def _reaction(request: Request, zone: ZoneInfo) -> dict[str, Any]:
    f = read(ReactionForm, request)
    return {"entries": VisitEntries(
        reaction=ReactionKind(f["reaction"]) if f["reaction"] else None, reaction_text=f["reaction_text"],
        reaction_grade=f["reaction_grade"] or 0, reaction_action=f["reaction_action"],
    )}


def _closing(request: Request, zone: ZoneInfo) -> dict[str, Any]:
    f = read(ClosingForm, request)
    return {"entries": VisitEntries(
        taught=tuple(t.strip() for t in f["taught"].splitlines() if t.strip()), taught_back=f["taught_back"],
        wasted_ml=f["wasted_ml"], waste_text=f["waste_text"], note=f["note"],
        started_at=_at(f["started_at"], zone) if f["started_at"] else None,
        ended_at=_at(f["ended_at"], zone) if f["ended_at"] else None,
    )}
