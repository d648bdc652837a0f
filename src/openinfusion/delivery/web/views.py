# SPDX-License-Identifier: Apache-2.0
"""Views of delivery."""
from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse

from openinfusion.delivery.actions.call import answer_call
from openinfusion.delivery.actions.hand_over import hand_over
from openinfusion.delivery.actions.join import change_supply
from openinfusion.delivery.actions.pack import advance_ticket, choose_pack_out, pick_by_scan
from openinfusion.delivery.domain.pack_out import Lane, pack_outs
from openinfusion.delivery.domain.refill_call import Answers
from openinfusion.delivery.domain.ticket import TicketState
from openinfusion.delivery.permissions import DRIVE, READ
from openinfusion.delivery.queries import tickets_where
from openinfusion.delivery.web import pages
from openinfusion.delivery.web.forms import CallForm, HandOverForm, PackOutForm, ScanForm, SupplyForm
from openinfusion.delivery.web.ticket_pdf import ticket_pdf
from openinfusion.patients.public import patients
from openinfusion.platform.ui.forms import StepForm
from openinfusion.platform.web import Request, read, reads, show, text_table, then, writes


@reads(READ.code)
def board(request: Request) -> HttpResponse:
    return show(request, "delivery/board.html", pages.board_page(request.GET.get("state", "")))


@reads(READ.code)
def board_table(request: Request) -> HttpResponse:
    found = tickets_where(state__in=[state] if (state := request.GET.get("state",
        "")) else [s.value for s in TicketState])
    people = patients([t.patient_id for t in found])
    return text_table(
        "deliveries", ["number", "patient", "state", "needed by", "doses", "address", "received by", "delivered at"],
        ([t.number, people[t.patient_id].name, t.state, t.need_by or "", t.doses, t.address, t.received_by,
          t.delivered_at or ""] for t in found),
    )


@reads(READ.code)
def ticket(request: Request, ticket_id: UUID) -> HttpResponse:
    return show(request, "delivery/ticket.html", pages.ticket_page(ticket_id, request.actor))


@reads(READ.code)
def ticket_document(request: Request, ticket_id: UUID) -> HttpResponse:
    response = HttpResponse(ticket_pdf(ticket_id), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="delivery-{ticket_id.hex[-8:]}.pdf"'
    return response


@reads(DRIVE.code)
def driver(request: Request) -> HttpResponse:
    return show(request, "delivery/driver.html", pages.driver_page(request.actor))


@reads(DRIVE.code)
def stop(request: Request, ticket_id: UUID) -> HttpResponse:
    return show(request, "delivery/stop.html", pages.stop_page(ticket_id, request.actor))


@writes
def call(request: Request, ticket_id: UUID) -> HttpResponse:
    answers, confirms = Answers(**read(CallForm, request)), bool(request.POST.get("confirm"))
    answer_call(ticket_id=ticket_id, answers=answers, confirms=confirms, by=request.actor)
    return then(request, "delivery:ticket", ticket_id, said="Confirmed." if confirms else "The call is written down.")


@writes
def scan(request: Request, ticket_id: UUID) -> HttpResponse:
    pick_by_scan(ticket_id=ticket_id, scans=[read(ScanForm, request)["scan"]], by=request.actor)
    return then(request, "delivery:ticket", ticket_id, said="Picked.")


@writes
def pack_out(request: Request, ticket_id: UUID) -> HttpResponse:
    form = read(PackOutForm, request, pack_outs=pack_outs())
    choose_pack_out(ticket_id=ticket_id, pack_out=form["pack_out"], lane=Lane(form["lane"]), by=request.actor)
    return then(request, "delivery:ticket", ticket_id, said="The pack-out is chosen.")


@writes
def supply(request: Request, ticket_id: UUID, line_id: UUID) -> HttpResponse:
    change_supply(ticket_id=ticket_id, line_id=line_id, by=request.actor, **read(SupplyForm, request))
    return then(request, "delivery:ticket", ticket_id, said="The supply is changed.")


@writes
def proof(request: Request, ticket_id: UUID) -> HttpResponse:
    form = read(HandOverForm, request)
    signature = form["strokes"] or (f"typed:{form['typed'].strip()}" if form["typed"].strip() else "")
    hand_over(
        ticket_id=ticket_id, received_by=form["received_by"], relation=form["relation"], signature=signature,
        arrived_c=form["arrived_c"], by=request.actor,
    )
    return then(request, "delivery:driver", said="Handed over.")


@writes
def step(request: Request, ticket_id: UUID, step: str) -> HttpResponse:
    advance_ticket(ticket_id=ticket_id, step=step, by=request.actor, **read(StepForm, request))
    if step in {"dispatch", "fail"}:
        return then(request, "delivery:driver", said="Done.")
    return then(request, "delivery:ticket", ticket_id, said="Done.")


