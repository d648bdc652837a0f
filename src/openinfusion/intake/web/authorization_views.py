# SPDX-License-Identifier: Apache-2.0
"""Views of authorizations: each calls at most one action."""
from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse

from openinfusion.intake import public as intake
from openinfusion.intake.permissions import READ
from openinfusion.intake.web import authorization_forms as f
from openinfusion.intake.web import authorization_pages as pages
from openinfusion.intake.web.authorization_paper import letter, packet
from openinfusion.platform.web import Request, read, reads, show, text_table, then, writes


@reads(READ.code)
def authorizations(request: Request) -> HttpResponse:
    page = pages.list_page(request.GET.get("state", ""), request.GET.get("q", ""))
    return show(request, "intake/authorizations.html", page)


@reads(READ.code)
def authorization_table(request: Request) -> HttpResponse:
    """What the list shows, as CSV."""
    page = pages.list_page(request.GET.get("state", ""), request.GET.get("q", ""))
    head = ("number", "state", "patient", "mrn", "drug", "payer", "codes", "from", "to", "answer due", "runs out", "why")
    return text_table("authorizations", head, (
        (x.fact.number, x.fact.state, r.patient.name, r.patient.mrn, x.drug, x.payer, "; ".join(x.fact.units), x.fact.first or "",
         x.fact.last or "", x.fact.due_at.isoformat() if x.fact.due_at else "", (x.burn and x.burn.runs_out_on) or "",
         x.burn.why if x.burn else "")
        for r in page.rows for x in (r.listed,)
    ))


@reads(READ.code)
def authorization(request: Request, authorization_id: UUID) -> HttpResponse:
    return show(request, "intake/authorization.html", pages.case_page(authorization_id, request.actor))


@writes
def authorization_step(request: Request, authorization_id: UUID, step: str) -> HttpResponse:
    said = read(pages.step_form(step), request)
    intake.advance_authorization(authorization_id=authorization_id, step=step, by=request.actor, **said)
    return then(request, "intake:authorization", authorization_id, said="Done.")


@writes
def authorization_note(request: Request, authorization_id: UUID, code: str) -> HttpResponse:
    intake.note_criterion(authorization_id=authorization_id, code=code, by=request.actor, **read(f.NoteForm, request))
    return then(request, "intake:authorization", authorization_id, said="Noted.")


@writes
def authorization_letter(request: Request, authorization_id: UUID) -> HttpResponse:
    intake.write_letter(authorization_id=authorization_id, by=request.actor, **read(f.LetterForm, request))
    return then(request, "intake:authorization", authorization_id, said="The letter is kept.")


@writes
def authorization_message(request: Request, authorization_id: UUID) -> HttpResponse:
    intake.note_message(authorization_id=authorization_id, by=request.actor, **read(f.MessageForm, request))
    return then(request, "intake:authorization", authorization_id, said="Noted.")


@writes
def authorization_renew(request: Request, authorization_id: UUID) -> HttpResponse:
    made = intake.renew_authorization(authorization_id=authorization_id, by=request.actor)
    return then(request, "intake:authorization", made, said="Its renewal is open.")


@reads(READ.code)
def authorization_packet(request: Request, authorization_id: UUID) -> HttpResponse:
    return _paper(packet(authorization_id), "packet")


@reads(READ.code)
def authorization_letter_pdf(request: Request, authorization_id: UUID) -> HttpResponse:
    return _paper(letter(authorization_id), "letter")


def _paper(data: bytes, name: str) -> HttpResponse:
    response = HttpResponse(data, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    response["Cache-Control"] = "no-store"
    return response
