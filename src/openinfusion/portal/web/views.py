# SPDX-License-Identifier: Apache-2.0
"""Views for staff: who has a page, give, renew, revoke, the letter, what patients asked for."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse

from openinfusion.patients import public as patients
from openinfusion.platform.action import fetch
from openinfusion.platform.web import Request, read, reads, show, text_table, then, writes
from openinfusion.portal.actions.link import give_link, renew_link, revoke_link
from openinfusion.portal.actions.request import advance_request
from openinfusion.portal.domain.link import CodeWay
from openinfusion.portal.models import PatientLink, PatientRequest
from openinfusion.portal.permissions import READ
from openinfusion.portal.web import pages
from openinfusion.portal.web.forms import GiveForm, LetterForm
from openinfusion.portal.web.letter import letter_pdf


@reads(READ.code)
def board(request: Request) -> HttpResponse:
    return show(request, "portal/board.html", pages.board_page(request.GET.get("show", ""), request.actor))


@reads(READ.code)
def requests_csv(request: Request) -> HttpResponse:
    head = ("asked_at", "due_at", "patient", "kind", "words", "signs", "for", "state", "taken_by", "answer")
    found = pages.shown_requests(request.GET.get("show", "open"), request.actor)
    rows = (
        (r.asked_at.isoformat(timespec="minutes"), r.due_at.isoformat(timespec="minutes"), r.patient, r.text, r.words,
         "; ".join(r.signs), r.role, r.state, r.taker_name, r.answer)
        for r in found
    )  # fmt: skip
    return text_table("patient-requests", head, rows)


@reads(READ.code)
def patient(request: Request, patient_id: UUID) -> HttpResponse:
    return show(request, "portal/patient.html", pages.patient_page(patient_id, request.actor))


@writes
def give(request: Request, patient_id: UUID) -> HttpResponse:
    said = read(GiveForm, request)
    made = give_link(patient_id=patient_id, code_way=said["code_way"], by=request.actor)
    return _given(request, patient_id, made, said["code_way"])


@writes
def renew(request: Request, link_id: UUID) -> HttpResponse:
    said = read(GiveForm, request)
    made = renew_link(link_id=link_id, code_way=said["code_way"], by=request.actor)
    return _given(request, fetch(PatientLink, link_id).patient_id, made, said["code_way"])


def _given(request: Request, patient_id: UUID, made: dict[str, str], way: str) -> HttpResponse:
    """Show link and code this once."""
    address = request.build_absolute_uri(reverse("portal:my_door", args=[made["token"]]))
    page = pages.GivenPage(
        patients.patient(patient_id), UUID(made["id"]), address, made["token"], made["code"], way == CodeWay.LETTER
    )
    answer = show(request, "portal/given.html", page)
    if request.htmx:  # a whole page takes the place of the one with the dialog
        answer["HX-Retarget"], answer["HX-Reswap"], answer["HX-Reselect"] = "#main", "outerHTML", "#main"
    return answer


@writes
def revoke(request: Request, link_id: UUID) -> HttpResponse:
    revoke_link(link_id=link_id, reason=request.POST.get("reason", ""), by=request.actor)
    patient_id = fetch(PatientLink, link_id).patient_id
    return then(request, "portal:patient", patient_id, said="Revoked. Nobody comes in by it any more.")


@writes
def letter(request: Request, link_id: UUID) -> HttpResponse:
    """The letter as PDF, printable only while link and code are on the screen."""
    said = read(LetterForm, request)
    address = request.build_absolute_uri(reverse("portal:my_door", args=[said["token"]]))
    made = letter_pdf(link_id, said["token"], said["code"], address, request.actor)
    answer = HttpResponse(made, content_type="application/pdf")
    answer["Content-Disposition"], answer["Cache-Control"] = 'inline; filename="own-page.pdf"', "no-store"
    return answer


@writes
def step(request: Request, request_id: UUID, step: str) -> HttpResponse:
    row = fetch(PatientRequest, request_id)
    advance_request(request_id=request_id, step=step, reason=request.POST.get("reason", ""), by=request.actor)
    return then(request, f"{reverse('portal:patient', args=[row.patient_id])}#requests", said="Written down.")
