# SPDX-License-Identifier: Apache-2.0
"""Views of the therapy room."""
from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse

from openinfusion.platform.ui.forms import StepForm
from openinfusion.platform.web import Request, read, reads, show, then, writes
from openinfusion.therapy.actions.begin import advance_therapy
from openinfusion.therapy.actions.plan import chase_plan, send_plan, sign_plan, supersede_plan, write_plan
from openinfusion.therapy.actions.steer import steer_prescription
from openinfusion.therapy.actions.transcribe import revise_prescription, transcribe_prescription
from openinfusion.therapy.domain.plan import PlanText
from openinfusion.therapy.permissions import READ, TRANSCRIBE
from openinfusion.therapy.queries import prescription_by_id
from openinfusion.therapy.web import pages
from openinfusion.therapy.web.forms import ChaseForm, OrderForm, PlanForm, RevisionForm, SignatureForm, order_from


@reads(READ.code)
def therapy(request: Request, therapy_id: UUID) -> HttpResponse:
    return show(request, "therapy/therapy.html", pages.therapy_page(therapy_id, request.actor))


@writes
def therapy_step(request: Request, therapy_id: UUID, step: str) -> HttpResponse:
    advance_therapy(therapy_id=therapy_id, step=step, by=request.actor, **read(StepForm, request))
    return then(request, "therapy:therapy", therapy_id, said="Done.")


@reads(TRANSCRIBE.code)
def transcribe(request: Request, therapy_id: UUID) -> HttpResponse:
    return show(request, "therapy/order.html", pages.transcribe_page(therapy_id))


@writes
def transcription(request: Request, therapy_id: UUID) -> HttpResponse:
    order = order_from(read(OrderForm, request))
    made = transcribe_prescription(therapy_id=therapy_id, order=order, by=request.actor)
    return then(request, "therapy:prescription", made, said="Transcribed. A pharmacist verifies it next.")


@reads(READ.code)
def prescription(request: Request, prescription_id: UUID) -> HttpResponse:
    return show(request, "therapy/prescription.html", pages.prescription_page(prescription_id, request.actor))


@reads(TRANSCRIBE.code)
def revise(request: Request, prescription_id: UUID) -> HttpResponse:
    return show(request, "therapy/order.html", pages.revise_page(prescription_id))


@writes
def revision(request: Request, prescription_id: UUID) -> HttpResponse:
    values = read(RevisionForm, request)
    order = order_from(values, prescription_by_id(prescription_id).order.nutrition)
    made = revise_prescription(
        prescription_id=prescription_id, order=order, reason=values["reason"], version=values["version"],
        by=request.actor,
    )
    return then(request, "therapy:prescription", made, said="A new version stands. It must be verified again.")


@writes
def prescription_step(request: Request, prescription_id: UUID, step: str) -> HttpResponse:
    steer_prescription(prescription_id=prescription_id, step=step, by=request.actor, **read(StepForm, request))
    return then(request, "therapy:prescription", prescription_id, said="Done.")


@writes
def plan_write(request: Request, therapy_id: UUID) -> HttpResponse:
    write_plan(therapy_id=therapy_id, plan=PlanText(**read(PlanForm, request)), by=request.actor)
    return then(request, "therapy:therapy", therapy_id, said="The plan of treatment is written.")


@writes
def plan_send(request: Request, therapy_id: UUID, plan_id: UUID) -> HttpResponse:
    send_plan(plan_id=plan_id, by=request.actor)
    return then(request, "therapy:therapy", therapy_id, said="The plan is on its way to the prescriber.")


@writes
def plan_sign(request: Request, therapy_id: UUID, plan_id: UUID) -> HttpResponse:
    sign_plan(plan_id=plan_id, by=request.actor, **read(SignatureForm, request))
    return then(request, "therapy:therapy", therapy_id, said="The signature is on file.")


@writes
def plan_chase(request: Request, therapy_id: UUID, plan_id: UUID) -> HttpResponse:
    chase_plan(plan_id=plan_id, by=request.actor, **read(ChaseForm, request))
    return then(request, f"/therapy/{therapy_id}/#plan", said="The attempt is logged.")


@writes
def plan_supersede(request: Request, therapy_id: UUID, plan_id: UUID) -> HttpResponse:
    supersede_plan(plan_id=plan_id, by=request.actor, **read(StepForm, request))
    return then(request, "therapy:therapy", therapy_id, said="Superseded. Write the next one.")
