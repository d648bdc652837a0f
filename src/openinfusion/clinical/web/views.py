# SPDX-License-Identifier: Apache-2.0
"""Views of the clinical room."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from openinfusion.calculations.public import typed
from openinfusion.clinical import public as clinical
from openinfusion.clinical.actions.break_glass import advance_pass, propose_pass
from openinfusion.clinical.actions.dosing import keep_dosing
from openinfusion.clinical.actions.interactions import load_interactions, withdraw_interactions
from openinfusion.clinical.actions.observations import advance_observation, enter_observation
from openinfusion.clinical.actions.review import answer_finding, clarify, enter_answer, reopen, verify
from openinfusion.clinical.actions.rules import advance_rule
from openinfusion.clinical.domain.interaction_file import read_pairs, text_of
from openinfusion.clinical.permissions import READ
from openinfusion.clinical.web import dosing_pages, nutrition_pages, pages, rule_pages, source_pages
from openinfusion.clinical.web.forms import AnswerForm, DosingForm, ObservationForm, PassForm, SetForm, StepForm, observation_of
from openinfusion.clinical.web.nutrition_form import RevisionSaveForm, SaveForm
from openinfusion.kernel.refusal import NotFound
from openinfusion.platform.web import Request, read, reads, show, then, writes
from openinfusion.therapy import public as therapy

_STEPS: dict[str, tuple[Callable[..., Any], str]] = {
    "verify": (verify, "Verified and signed."),
    "clarify": (clarify, "The prescriber is asked."),
    "answer": (enter_answer, "The answer is entered."),
    "reopen": (reopen, "Back in the queue."),
}


@reads(READ.code)
def queue(request: Request) -> HttpResponse:
    return show(request, "clinical/queue.html", pages.queue_page(request.GET.get("state", "")))


@reads(READ.code)
def dosing(request: Request, prescription_id: UUID) -> HttpResponse:
    return show(request, "clinical/dosing.html", dosing_pages.dosing_page(prescription_id))


@writes
def dosing_keep(request: Request, prescription_id: UUID) -> HttpResponse:
    said = read(DosingForm, request)
    given = typed(said["calculation"], dict(parse_qsl(said["given"])))
    keep_dosing(
        prescription_id=prescription_id, calculation=said["calculation"], given=given, advice=said["advice"], by=request.actor
    )
    return then(request, "clinical:dosing", prescription_id, said="Kept in the chart.")


@reads(READ.code)
def rules(request: Request) -> HttpResponse:
    return show(request, "clinical/rules.html", rule_pages.rules_page(request.actor))


@writes
def rule_step(request: Request, code: str, step: str) -> HttpResponse:
    advance_rule(code=code, step=step, by=request.actor, reason=read(StepForm, request)["reason"])
    return then(request, "clinical:rules", said="Done.")


@reads(READ.code)
def interactions(request: Request) -> HttpResponse:
    return show(request, "clinical/interactions.html", source_pages.interactions_page(request.actor, request.GET.get("q", "")))


@writes
def set_load(request: Request) -> HttpResponse:
    said = read(SetForm, request)
    pairs = read_pairs(text_of(said.pop("file").read()))
    load_interactions(pairs=pairs, by=request.actor, **said)
    return then(request, "clinical:interactions", said=f"{len(pairs)} rows loaded.")


@writes
def set_withdraw(request: Request, set_id: UUID) -> HttpResponse:
    withdraw_interactions(set_id=set_id, by=request.actor, reason=read(StepForm, request)["reason"])
    return then(request, "clinical:interactions", said="Withdrawn.")


@reads(READ.code)
def observations(request: Request) -> HttpResponse:
    page = source_pages.observations_page(request.actor, request.GET.get("state", ""))
    return show(request, "clinical/observations.html", page)


@writes
def observation_enter(request: Request) -> HttpResponse:
    enter_observation(seen=observation_of(read(ObservationForm, request)), by=request.actor)
    return then(request, "clinical:observations", said="Entered; a second person signs it.")


@writes
def observation_step(request: Request, observation_id: UUID, step: str) -> HttpResponse:
    advance_observation(observation_id=observation_id, step=step, by=request.actor, reason=read(StepForm, request)["reason"])
    return then(request, "clinical:observations", said="Done.")


@reads(READ.code)
def review(request: Request, review_id: UUID) -> HttpResponse:
    return show(request, "clinical/review.html", pages.review_page(review_id, request.actor))


@reads(READ.code)
def review_by_prescription(request: Request, prescription_id: UUID) -> HttpResponse:
    return HttpResponseRedirect(reverse("clinical:review", args=[clinical.review_id_of(prescription_id)]))


@writes
def finding_answer(request: Request, review_id: UUID) -> HttpResponse:
    answer_finding(review_id=review_id, by=request.actor, **read(AnswerForm, request))
    return then(request, "clinical:review", review_id, said="Answered.")


@writes
def pass_propose(request: Request, review_id: UUID) -> HttpResponse:
    said = read(PassForm, request)
    reached = said["reached_at"].replace(tzinfo=pages.zone_of_review(review_id))
    propose_pass(review_id=review_id, by=request.actor, **said | {"reached_at": reached})
    return then(request, "clinical:review", review_id, said="Asked for. A second pharmacist confirms it.")


@writes
def pass_step(request: Request, pass_id: UUID, step: str) -> HttpResponse:
    advance_pass(pass_id=pass_id, step=step, by=request.actor, **read(StepForm, request))
    return then(request, "/clinical/rules/#passes", said="Done.")


@writes
def review_step(request: Request, review_id: UUID, step: str) -> HttpResponse:
    if step not in _STEPS:
        raise NotFound(f"step {step}")
    action, said = _STEPS[step]
    action(review_id=review_id, by=request.actor, **read(StepForm, request))
    return then(request, "clinical:review", review_id, said=said)


@reads(READ.code)
def nutrition(request: Request, prescription_id: UUID) -> HttpResponse:
    return _workbench(request, nutrition_pages.desk(prescription_id=prescription_id))


@reads(READ.code)
def nutrition_new(request: Request, therapy_id: UUID) -> HttpResponse:
    return _workbench(request, nutrition_pages.desk(therapy_id=therapy_id))


def _workbench(request: Request, at: nutrition_pages.Desk) -> HttpResponse:
    page = nutrition_pages.workbench_page(at, request.GET, request.actor)
    return show(request, "clinical/nutrition_answer.html" if request.htmx else "clinical/nutrition.html", page)


@writes
def nutrition_revise(request: Request, prescription_id: UUID) -> HttpResponse:
    said = read(RevisionSaveForm, request)
    order = nutrition_pages.order_of(nutrition_pages.desk(prescription_id=prescription_id), request.POST, said)
    made = therapy.revise_prescription(
        prescription_id=prescription_id, order=order, reason=said["reason"], version=said["version"], by=request.actor
    )
    return then(request, "clinical:nutrition", made, said="A new version stands. It must be verified again.")


@writes
def nutrition_write(request: Request, therapy_id: UUID) -> HttpResponse:
    said = read(SaveForm, request)
    order = nutrition_pages.order_of(nutrition_pages.desk(therapy_id=therapy_id), request.POST, said)
    made = therapy.transcribe_prescription(therapy_id=therapy_id, order=order, by=request.actor)
    return then(request, "clinical:nutrition", made, said="Transcribed. A pharmacist verifies it next.")
