# SPDX-License-Identifier: Apache-2.0
"""Views of nursing."""
from __future__ import annotations

from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import Http404, HttpResponse
from django.urls import reverse

from openinfusion.kernel.roles import Role
from openinfusion.nursing.actions.aftermath import enter_miles, hand_over_to, read_handover
from openinfusion.nursing.actions.rate_plan import name_rate_plan
from openinfusion.nursing.actions.reaction import tell_prescriber
from openinfusion.nursing.actions.schedule import choose_days, offer_visit, wish_hours
from openinfusion.nursing.actions.second import advance_second, ask_for_second, offer_second
from openinfusion.nursing.actions.section import write_section
from openinfusion.nursing.actions.series import request_series
from openinfusion.nursing.actions.shelf_back import take_back_package
from openinfusion.nursing.actions.steps import advance_visit, report_miss
from openinfusion.nursing.domain.shelf_check import Became
from openinfusion.nursing.domain.visit_form import GENERAL
from openinfusion.nursing.domain.visit_form import section as section_of
from openinfusion.nursing.permissions import READ, REQUEST
from openinfusion.nursing.queries import visit_of, visits_where
from openinfusion.nursing.web import pages
from openinfusion.nursing.web.ask_pages import ask_visit_page, said_of
from openinfusion.nursing.web.forms import (
    BackForm,
    DaysForm,
    DespiteForm,
    HandoverForm,
    MilesForm,
    MissForm,
    OfferForm,
    OfferSecondForm,
    SecondForm,
    ToldForm,
    WishForm,
)
from openinfusion.nursing.web.section_forms import SectionForm, said
from openinfusion.patients.public import patient, patients
from openinfusion.platform.ui.forms import StepForm
from openinfusion.platform.web import Request, filled, read, reads, show, text_table, then, writes
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
        ([v.number, who[v.patient_id].name, v.purpose, v.state, v.nurses, v.planned_start or "", v.minutes,
            v.reaction]
         for v in found),
    )


@reads(READ.code)
def visit(request: Request, visit_id: UUID) -> HttpResponse:
    return show(request, "nursing/visit.html", pages.visit_page(visit_id, request.actor))


@reads(REQUEST.code)
def ask(request: Request) -> HttpResponse:
    """Find the therapy that visits are asked for."""
    try:
        therapy_id = UUID(request.GET["therapy"]) if request.GET.get("therapy") else None
    except ValueError:
        raise Http404 from None
    return show(request, "nursing/ask.html", ask_visit_page(request.GET.get("q", "").strip(), therapy_id))


@writes
def visit_request(request: Request, therapy_id: UUID) -> HttpResponse:
    form = said_of(request, therapy_id)
    form["visit_type"] = form["visit_type"] or GENERAL
    made = request_series(therapy_id=therapy_id, by=request.actor, **form)
    said = "The visit is asked for." if len(made) == 1 else f"{len(made)} visits are asked for; this is the first."
    return then(request, "nursing:visit", made[0], said=said)


@writes
def days(request: Request, visit_id: UUID) -> HttpResponse:
    choose_days(visit_id=visit_id, by=request.actor, **read(DaysForm, request))
    return then(request, "nursing:visit", visit_id, said="The days are kept.")


@writes
def wish(request: Request, visit_id: UUID) -> HttpResponse:
    wish_hours(visit_id=visit_id, by=request.actor, **read(WishForm, request))
    return then(request, "nursing:visit", visit_id, said="The wish is kept.")


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
def second(request: Request, visit_id: UUID) -> HttpResponse:
    ask_for_second(visit_id=visit_id, by=request.actor, **read(SecondForm, request))
    return then(request, "nursing:visit", visit_id, said="The visit needs two nurses.")


@writes
def second_offer(request: Request, visit_id: UUID) -> HttpResponse:
    form = read(OfferSecondForm, request, nurses=[(str(p.id), p.name) for p in people(Role.NURSE)])
    offer_second(visit_id=visit_id, nurse_id=UUID(form["nurse_id"]), by=request.actor)
    return then(request, "nursing:visit", visit_id, said="The second place is offered.")


@writes
def second_step(request: Request, visit_id: UUID, step: str) -> HttpResponse:
    advance_second(visit_id=visit_id, step=step, by=request.actor, **read(StepForm, request))
    return then(request, "nursing:visit", visit_id, said="Done.")


@writes
def record(request: Request, visit_id: UUID, part: str) -> HttpResponse:
    zone, form = _zone(visit_id), SectionForm(section_of(part), request.POST)
    filled(form)
    write_section(
        visit_id=visit_id, section=part, values=said(form, zone), base=form.cleaned_data["base"], by=request.actor,
        **read(DespiteForm, request),
    )
    return then(request, f"{reverse('nursing:visit', args=[visit_id])}#part-{part}", said="Written.")


@writes
def shelf_back(request: Request, visit_id: UUID, package_id: UUID) -> HttpResponse:
    form = read(BackForm, request)
    take_back_package(visit_id=visit_id, package_id=package_id, became=Became(form["became"]), why=form["why"], by=request.actor)
    return then(request, f"{reverse('nursing:visit', args=[visit_id])}#entries", said="It is off the record, and not charged.")


@writes
def step(request: Request, visit_id: UUID, step: str) -> HttpResponse:
    advance_visit(visit_id=visit_id, step=step, by=request.actor, **read(StepForm, request))
    return then(request, "nursing:visit", visit_id, said="Done.")


@writes
def miss(request: Request, visit_id: UUID) -> HttpResponse:
    report_miss(visit_id=visit_id, by=request.actor, **read(MissForm, request))
    return then(request, "nursing:visit", visit_id, said="It is on record.")


@writes
def told(request: Request, visit_id: UUID, reaction_id: UUID) -> HttpResponse:
    tell_prescriber(reaction_id=reaction_id, by=request.actor, **read(ToldForm, request))
    return then(request, "nursing:visit", visit_id, said="The prescriber was told.")


@writes
def rate_plan(request: Request, visit_id: UUID) -> HttpResponse:
    plan = str(request.POST.get("plan", ""))
    name_rate_plan(visit_id=visit_id, plan=plan, by=request.actor)
    return then(request, "nursing:visit", visit_id, said="The nurse's rates are judged by these steps.")


@writes
def miles(request: Request, visit_id: UUID) -> HttpResponse:
    enter_miles(visit_id=visit_id, by=request.actor, **read(MilesForm, request))
    return then(request, "nursing:visit", visit_id, said="The miles are entered.")


@writes
def handover(request: Request, visit_id: UUID) -> HttpResponse:
    nurses = [(str(p.id), p.name) for p in people(Role.NURSE)]
    form = read(HandoverForm, request, nurses=nurses)
    for_nurse = UUID(form.pop("for_nurse")) if form["for_nurse"] else form.pop("for_nurse") or None
    hand_over_to(therapy_id=visit_of(visit_id).therapy_id, visit_id=visit_id, for_nurse=for_nurse, by=request.actor, **form)
    return then(request, "nursing:visit", visit_id, said="Handed over.")


@writes
def handover_read(request: Request, visit_id: UUID, handover_id: UUID) -> HttpResponse:
    read_handover(handover_id=handover_id, by=request.actor)
    return then(request, "nursing:visit", visit_id, said="Read.")


def _zone(visit_id: UUID) -> ZoneInfo:
    return ZoneInfo(patient(visit_of(visit_id).patient_id).timezone)


def _at(wall: datetime, zone: ZoneInfo) -> datetime:
    """A wall-clock time where the patient lives, as an instant."""
    return wall.replace(tzinfo=zone)
