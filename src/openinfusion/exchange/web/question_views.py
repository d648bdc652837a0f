# SPDX-License-Identifier: Apache-2.0
"""Views of questions to payers: an authorization sent as 278 or FHIR, and a payer's 278 answer taken in."""
from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django import forms
from django.http import HttpResponse

from openinfusion.exchange.actions.eligibility import ask_eligibility, eligibility_text, receive_eligibility
from openinfusion.exchange.actions.payer_questions import authorization_text, receive_review_answers, send_authorization
from openinfusion.exchange.permissions import ASK
from openinfusion.intake import public as intake
from openinfusion.kernel.refusal import Malformed
from openinfusion.platform.web import Request, read, reads, show, then, writes


class AnswerForm(forms.Form):
    file = forms.FileField(label="278 answer", help_text="As the payer or clearing house sent it.")


@dataclass(frozen=True, slots=True)
class QuestionPage:
    """A request before it is sent, in both forms; or what it lacks."""

    question: intake.PayerQuestion
    id: UUID
    x12: str
    fhir: str
    lacks: tuple[str, ...]
    may_send: bool
    form: AnswerForm


@reads(ASK.code)
def authorization(request: Request, authorization_id: UUID) -> HttpResponse:
    question = intake.authorization_question(authorization_id)
    lacks: tuple[str, ...] = ()
    x12 = fhir = ""
    try:
        x12, fhir = authorization_text(authorization_id, "x12", 1), authorization_text(authorization_id, "fhir")
    except Malformed as no:
        lacks = tuple(str(f) for f in no.faults)
    page = QuestionPage(
        question, authorization_id, x12.replace("~", "~\n"), fhir, lacks, not lacks and question.state == "to_submit",
        AnswerForm(),
    )
    return show(request, "exchange/question.html", page)


@writes
def authorization_send(request: Request, authorization_id: UUID, form: str) -> HttpResponse:
    send_authorization(authorization_id=authorization_id, form=form, by=request.actor)
    return then(request, f"/intake/authorizations/{authorization_id}/", said="Written and kept; it counts as submitted.")


@writes
def authorization_answer(request: Request, authorization_id: UUID) -> HttpResponse:
    said = receive_review_answers(data=read(AnswerForm, request)["file"].read(), by=request.actor)
    return then(request, f"/intake/authorizations/{authorization_id}/", said="; ".join(said)[:300])


@dataclass(frozen=True, slots=True)
class EligibilityPage:
    """The question about benefits before it is sent; or what it lacks."""

    question: intake.PayerQuestion
    id: UUID
    x12: str
    lacks: tuple[str, ...]
    form: AnswerForm


@reads(ASK.code)
def eligibility(request: Request, referral_id: UUID) -> HttpResponse:
    lacks: tuple[str, ...] = ()
    x12 = ""
    try:
        x12 = eligibility_text(referral_id, 1)
    except Malformed as no:
        lacks = tuple(str(f) for f in no.faults)
    form = AnswerForm()
    form.fields["file"].label = "271 answer"
    page = EligibilityPage(intake.eligibility_question(referral_id), referral_id, x12.replace("~", "~\n"), lacks, form)
    return show(request, "exchange/eligibility.html", page)


@writes
def eligibility_ask(request: Request, referral_id: UUID) -> HttpResponse:
    file_id = ask_eligibility(referral_id=referral_id, by=request.actor)
    return then(request, f"/files/{file_id}/")


@writes
def eligibility_answer(request: Request, referral_id: UUID) -> HttpResponse:
    said = receive_eligibility(data=read(AnswerForm, request)["file"].read(), by=request.actor)
    return then(request, f"/intake/{referral_id}/", said="; ".join(said)[:300])
