# SPDX-License-Identifier: Apache-2.0
"""The patient's own page: come in, look, answer the refill questions, ask and report, leave."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from openinfusion.delivery import public as delivery
from openinfusion.kernel.refusal import NotFound
from openinfusion.patients import public as patients
from openinfusion.platform.action import keyed
from openinfusion.platform.clock import today
from openinfusion.platform.house_day import house_zone
from openinfusion.platform.web import show
from openinfusion.portal.actions.enter import come_in, leave
from openinfusion.portal.actions.refill import answer_refill
from openinfusion.portal.actions.request import ask
from openinfusion.portal.domain.request import About, signs
from openinfusion.portal.queries import link_by, patient_actor
from openinfusion.portal.queries.own_page import own_page
from openinfusion.portal.web.own_forms import AskForm, DoorForm, RefillForm
from openinfusion.portal.web.own_session import (
    GONE,
    OwnRequest,
    guarded,
    house,
    let_in,
    let_out,
    notice,
    own,
    told,
)
from openinfusion.therapy import public as therapy

WRONG = "The code or the date of birth is not right. After a few wrong tries your link is locked and we give you a new code."
ABOUT = {"delivery": (About.DELIVERY,), "visit": (About.VISIT,), "problem": (About.HEALTH, About.THING)}
TITLES = {"delivery": "Change or stop a delivery", "visit": "Change or stop a visit", "problem": "Report a problem"}
SAID = {
    "confirmed": "Thank you. Your delivery is confirmed.",
    "held": "Thank you. A pharmacist or nurse looks at your answers first and may call you.",
    "asked": "Thank you. We have your message and will call you. Nothing was changed yet.",
    "urgent": "If it is an emergency, call 911 now. We have your message and call you as fast as we can.",
}


@dataclass(frozen=True, slots=True)
class FormPage:
    title: str
    form: Any
    action: str
    submit: str
    phone: str
    warns: bool = False
    signs: tuple[str, ...] = ()
    note: str = ""


@require_http_methods(["GET", "POST"])
def door(request: HttpRequest, token: str) -> HttpResponse:
    """Where the link leads: asks for the code and the date of birth. A link that is no good says the same in every case."""
    try:
        with house(token):
            link = link_by(token)
            return guarded(told(request, lambda: _try(request, link.id, link.patient_id)))
    except NotFound:
        return guarded(notice(request, 404, "Closed", [GONE]))


def _try(request: HttpRequest, link_id: UUID, patient_id: UUID) -> HttpResponse:
    form = DoorForm(request.POST or None)
    if request.method == "GET" or not form.is_valid():
        return show(request, "portal/my_door.html", {"form": form, "wrong": ""}, 422 if request.method == "POST" else 200)
    said = form.cleaned_data
    secret = come_in(link_id=link_id, code=said["code"], born_on=said["born_on"], by=patient_actor(patient_id))
    if not secret:
        return show(request, "portal/my_door.html", {"form": DoorForm(), "wrong": WRONG}, 403)
    return let_in(HttpResponseRedirect(reverse("portal:my")), secret)


@own("GET")
def page(request: OwnRequest) -> HttpResponse:
    said = SAID.get(request.GET.get("said", ""), "")
    return show(request, "portal/my_page.html", {"own": own_page(request.visitor.patient_id), "said": said})


@own("POST")
def leave_page(request: OwnRequest) -> HttpResponse:
    leave(session_id=request.visitor.session_id, by=request.visitor.actor)
    return let_out(notice(request, 200, "Goodbye", ["You have left your page. Open your link to come back."]))


@own("GET", "POST")
def refill(request: OwnRequest, ticket_id: UUID) -> HttpResponse:
    """The questions before a delivery; of this patient's deliveries only."""
    ticket, who = delivery.ticket(ticket_id), patients.patient(request.visitor.patient_id)
    if ticket.patient_id != who.id:
        raise NotFound("delivery")
    place = ", ".join(p for p in (who.address.line1, who.address.city) if p)
    course = therapy.therapy(ticket.therapy_id).therapy_class
    form = RefillForm(request.POST or None, ticket=ticket, therapy_class=course, address=place)
    if request.method == "GET" or not form.is_valid():
        return _form(request, "Your next delivery", form, "Send my answers")
    need_by = ticket.need_by or today(who.timezone or house_zone())
    answers = form.answers(f"{who.given} {who.family}", need_by)
    with keyed(request.POST.get("_key", "")):
        state = answer_refill(ticket_id=ticket_id, answers=answers, by=request.visitor.actor)
    if not answers.is_address_right:
        words = f"The address on file is not right. {answers.instructions}".strip()
        ask(patient_id=who.id, code="change_delivery", words=words, subject_id=ticket_id, by=request.visitor.actor)
    return _back("confirmed" if state == "confirmed" else "held")


@own("GET", "POST")
def ask_page(request: OwnRequest, about: str, subject_id: UUID | None = None) -> HttpResponse:
    """A request or a report; it changes nothing by itself."""
    if about not in ABOUT:
        raise NotFound("page")
    form = AskForm(request.POST or None, about=ABOUT[about])
    if request.method == "GET" or not form.is_valid():
        return _form(request, TITLES[about], form, "Send", warns=about == "problem")
    said = form.cleaned_data
    marked = tuple(said.get("signs", ()))
    with keyed(request.POST.get("_key", "")):
        ask(
            patient_id=request.visitor.patient_id, code=said["code"], words=said["words"], signs=marked, subject_id=subject_id,
            is_reaction=said.get("is_reaction", False), harm=said.get("harm") or "mild", by=request.visitor.actor,
        )  # fmt: skip
    return _back("urgent" if marked else "asked")


def _form(request: OwnRequest, title: str, form: Any, submit: str, *, warns: bool = False) -> HttpResponse:
    own_ = own_page(request.visitor.patient_id)
    found = tuple(s.text for s in signs().values()) if warns else ()
    page = FormPage(title, form, request.path, submit, own_.phone, warns, found)
    return show(request, "portal/my_form.html", page, 422 if request.method == "POST" else 200)


def _back(said: str) -> HttpResponse:
    return HttpResponseRedirect(f"{reverse('portal:my')}?said={said}")
