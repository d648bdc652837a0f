# SPDX-License-Identifier: Apache-2.0
"""Views of the desk: the board, calls, a delivery from call to check, its logger."""

from __future__ import annotations

from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import HttpResponse

from openinfusion.delivery.actions.call import answer_call, note_attempt
from openinfusion.delivery.actions.concern import answer_concern
from openinfusion.delivery.actions.join import change_supply
from openinfusion.delivery.actions.logger import attach_readings, decide_excursion
from openinfusion.delivery.actions.pack import advance_ticket, choose_pack_out
from openinfusion.delivery.actions.pick import leave_short, pick_by_scan
from openinfusion.delivery.domain.logger_file import read_logger_file, read_logger_text
from openinfusion.delivery.domain.pack_out import Lane, pack_outs
from openinfusion.delivery.domain.pack_step import pack_steps
from openinfusion.delivery.domain.refill_call import Attempt
from openinfusion.delivery.domain.ticket import TicketState
from openinfusion.delivery.permissions import CALL, READ
from openinfusion.delivery.queries import ticket_of
from openinfusion.delivery.queries.packing import services
from openinfusion.delivery.web import board_pages, pages
from openinfusion.delivery.web.forms import (
    AttemptForm,
    DecisionForm,
    LoggerForm,
    PackOutForm,
    ScanForm,
    SupplyForm,
)
from openinfusion.kernel.refusal import Fault, Malformed
from openinfusion.platform.ui.forms import StepForm
from openinfusion.platform.web import Request, filled, read, reads, show, text_table, then, writes
from openinfusion.sites import public as sites


@reads(READ.code)
def board(request: Request) -> HttpResponse:
    ask = request.GET
    return show(
        request, "delivery/board.html", board_pages.board_page(ask.get("state", ""), ask.get("look", ""), ask.get("q", ""))
    )


@reads(READ.code)
def board_table(request: Request) -> HttpResponse:
    ask = request.GET
    page = board_pages.board_page(ask.get("state", ""), ask.get("look", ""), ask.get("q", ""))
    return text_table(
        "deliveries",
        ["number", "patient", "state", "needed by", "who has it", "risk", "cold chain", "doses", "items", "keep", "address"],
        (
            [r.number, r.patient, r.state, r.need_by or "", r.holder, r.risk, r.cold, r.doses, r.items, r.payload, r.address]
            for r in page.rows
        ),
    )


@reads(CALL.code)
def calls(request: Request) -> HttpResponse:
    return show(request, "delivery/calls.html", board_pages.calls_page(request.GET.get("show", "")))


@reads(CALL.code)
def calls_table(request: Request) -> HttpResponse:
    return text_table(
        "calls-due",
        ["number", "patient", "phone", "state", "supply lasts to", "days left", "needed by", "attempts", "call again at"],
        (
            [
                r.number,
                r.patient,
                r.phone,
                r.state,
                r.supply.last if r.supply else "",
                "" if r.days_left is None else r.days_left,
                r.need_by or "",
                r.attempts,
                r.again_at or "",
            ]
            for r in board_pages.call_rows()
        ),
    )


@reads(READ.code)
def ticket(request: Request, ticket_id: UUID) -> HttpResponse:
    return show(request, "delivery/ticket.html", pages.ticket_page(ticket_id, request.actor))


@writes
def call(request: Request, ticket_id: UUID) -> HttpResponse:
    form = pages.call_form_of(ticket_of(ticket_id), request.POST)
    filled(form)
    confirms = bool(request.POST.get("confirm"))
    answer_call(ticket_id=ticket_id, answers=form.answers(), confirms=confirms, by=request.actor)
    if not confirms:
        return then(request, "delivery:ticket", ticket_id, said="The call is written down.")
    if ticket_of(ticket_id).state != TicketState.CONFIRMED.value:
        return then(
            request, "delivery:ticket", ticket_id, said="Written down. An answer waits for somebody; confirm it then."
        )
    return then(request, "delivery:ticket", ticket_id, said="Confirmed.")


@writes
def attempt(request: Request, ticket_id: UUID) -> HttpResponse:
    said = read(AttemptForm, request)
    zone = ZoneInfo(sites.zone_of(ticket_of(ticket_id).site_id))
    again = said["again_at"].replace(tzinfo=zone) if said["again_at"] else None
    note_attempt(ticket_id=ticket_id, outcome=Attempt(said["outcome"]), again_at=again, note=said["note"], by=request.actor)
    return then(request, "delivery:calls", said="Noted.")


@writes
def concern(request: Request, concern_id: UUID, step: str) -> HttpResponse:
    ticket_id = answer_concern(concern_id=concern_id, step=step, by=request.actor, **read(StepForm, request))
    return then(request, "delivery:ticket", ticket_id, said="Answered.")


@writes
def scan(request: Request, ticket_id: UUID) -> HttpResponse:
    pick_by_scan(ticket_id=ticket_id, scans=[read(ScanForm, request)["scan"]], by=request.actor)
    return then(request, "delivery:ticket", ticket_id, said="Picked.")


@writes
def pack_out(request: Request, ticket_id: UUID) -> HttpResponse:
    site_id = ticket_of(ticket_id).site_id
    form = read(PackOutForm, request, pack_outs=pack_outs(), steps=pack_steps(), services=[s for _, s in services(site_id)])
    choose_pack_out(
        ticket_id=ticket_id,
        pack_out=form["pack_out"],
        lane=Lane(form["lane"]),
        hours=form["hours"],
        logger=form["logger"],
        service_id=UUID(form["service"]) if form["service"] else None,
        done_steps=form["steps"],
        seal=form["seal"],
        by=request.actor,
    )
    return then(request, "delivery:ticket", ticket_id, said="The pack-out is chosen.")


@writes
def supply(request: Request, ticket_id: UUID, line_id: UUID) -> HttpResponse:
    change_supply(ticket_id=ticket_id, line_id=line_id, by=request.actor, **read(SupplyForm, request))
    return then(request, "delivery:ticket", ticket_id, said="The supply is changed.")


@writes
def short(request: Request, ticket_id: UUID, line_id: UUID) -> HttpResponse:
    leave_short(ticket_id=ticket_id, line_id=line_id, now_quantity=read(SupplyForm, request)["quantity"], by=request.actor)
    return then(request, "delivery:ticket", ticket_id, said="The rest goes later, on a delivery of its own.")


@writes
def logger(request: Request, ticket_id: UUID) -> HttpResponse:
    said = read(LoggerForm, request)
    data = said["file"].read(2_000_000) if said["file"] else b""
    if not data and not said["keyed"].strip():
        raise Malformed(Fault("Readings", "attach the logger's file, or key its readings"))
    readings = read_logger_file(data) if data else read_logger_text(said["keyed"])
    name = said["file"].name if said["file"] else ""
    attach_readings(ticket_id=ticket_id, serial=said["serial"], readings=readings, file_name=name, data=data, by=request.actor)
    return then(request, f"/delivery/{ticket_id}/#logger", said="The readings are attached.")


@writes
def logger_decide(request: Request, record_id: UUID) -> HttpResponse:
    said = read(DecisionForm, request)
    ticket_id = decide_excursion(record_id=record_id, usable=said["usable"] == "yes", reason=said["reason"], by=request.actor)
    return then(request, "delivery:ticket", ticket_id, said="Your decision is recorded.")


@writes
def step(request: Request, ticket_id: UUID, step: str) -> HttpResponse:
    said = read(StepForm, request)
    tracking = request.POST.get("tracking_number", "")[:60]
    advance_ticket(ticket_id=ticket_id, step=step, tracking_number=tracking, by=request.actor, **said)
    if step == "dispatch" and not ticket_of(ticket_id).road.service_id:
        return then(request, "delivery:driver", said="Done.")
    return then(request, "delivery:ticket", ticket_id, said="Done.")
