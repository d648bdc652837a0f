# SPDX-License-Identifier: Apache-2.0
"""Delivery as JSON: tickets, the call, picking by scan, the pack-out, steps, the proof."""
from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.http import HttpRequest
from ninja import Schema

from openinfusion.delivery.actions.call import answer_call
from openinfusion.delivery.actions.hand_over import hand_over
from openinfusion.delivery.actions.pack import advance_ticket, choose_pack_out, pick_by_scan
from openinfusion.delivery.domain.pack_out import Lane
from openinfusion.delivery.domain.refill_call import Answers
from openinfusion.delivery.domain.ticket import TicketState
from openinfusion.delivery.permissions import READ
from openinfusion.delivery.public import pack_outs_for, ticket, tickets_of
from openinfusion.delivery.queries import TicketFact, tickets_where
from openinfusion.platform.api import Amount, Whole, router_for

router = router_for("delivery")


class LineOut(Schema):
    id: UUID
    kind: str
    text: str
    quantity: int
    storage: str
    scan_code: str
    lot_text: str
    preparation_id: UUID | None
    picked_at: datetime | None


class TicketOut(Schema):
    id: UUID
    number: str
    state: str
    patient_id: UUID
    therapy_id: UUID
    doses: int
    need_by: date | None
    address: str
    lane: str
    pack_out: str
    delivered_at: datetime | None
    received_by: str
    arrived_c: Decimal | None
    version: int
    lines: list[LineOut]


class CallIn(Schema):
    spoke_with: str
    relation: str = "self"
    doses_on_hand: Whole = 0
    doses_missed: Whole = 0
    missed_why: str = ""
    changes: str = ""
    side_effects: str = ""
    is_address_right: bool
    consents: bool
    need_by: date
    instructions: str = ""
    confirm: bool = False


class ScansIn(Schema):
    scans: list[str]


class PackOutIn(Schema):
    lane: Lane
    pack_out: str = ""


class PackOutOut(Schema):
    code: str
    hours: int
    packing: str
    source: str


class StepIn(Schema):
    reason: str = ""


class ProofIn(Schema):
    received_by: str
    relation: str = "self"
    signature: str
    arrived_c: Amount | None = None


@router.get("/tickets", response=list[TicketOut])
def ticket_list(request: HttpRequest, state: str = "", therapy_id: UUID | None = None) -> list[TicketFact]:
    """Deliveries, the most urgent first; of a state or a therapy if one is given."""
    request.actor.must(READ)  # type: ignore[attr-defined]
    if therapy_id is not None:
        return tickets_of(therapy_id)
    return tickets_where(state__in=[state] if state else [s.value for s in TicketState])


@router.get("/tickets/{ticket_id}", response=TicketOut)
def ticket_one(request: HttpRequest, ticket_id: UUID) -> TicketFact:
    """One delivery with its lines."""
    request.actor.must(READ)  # type: ignore[attr-defined]
    return ticket(ticket_id)


@router.get("/tickets/{ticket_id}/pack-outs", response=list[PackOutOut])
def pack_out_list(request: HttpRequest, ticket_id: UUID, lane: Lane = Lane.COURIER) -> list[PackOutOut]:
    """The pack-outs on file that hold its contents on a lane."""
    request.actor.must(READ)  # type: ignore[attr-defined]
    return [PackOutOut(code=p.code, hours=p.hours, packing=p.packing,
        source=str(p.source)) for p in pack_outs_for(ticket_id, lane)]


@router.post("/tickets/{ticket_id}/call", response=TicketOut)
def call(request: HttpRequest, ticket_id: UUID, said: CallIn) -> TicketFact:
    """Write down the pre-delivery call; with ``confirm`` the delivery is confirmed too."""
    given = said.dict()
    confirms = given.pop("confirm")
    answer_call(
        ticket_id=ticket_id, answers=Answers(**given), confirms=confirms, by=request.actor,  # type: ignore[attr-defined]
    )
    return ticket(ticket_id)


@router.post("/tickets/{ticket_id}/scans", response=TicketOut)
def scans(request: HttpRequest, ticket_id: UUID, given: ScansIn) -> TicketFact:
    """Pick by scan: labels of preparations, codes of packages."""
    pick_by_scan(ticket_id=ticket_id, scans=given.scans, by=request.actor)  # type: ignore[attr-defined]
    return ticket(ticket_id)


@router.post("/tickets/{ticket_id}/pack-out", response=TicketOut)
def pack_out(request: HttpRequest, ticket_id: UUID, given: PackOutIn) -> TicketFact:
    """Choose lane and pack-out."""
    choose_pack_out(
        ticket_id=ticket_id, pack_out=given.pack_out, lane=given.lane, by=request.actor,  # type: ignore[attr-defined]
    )
    return ticket(ticket_id)


@router.post("/tickets/{ticket_id}/steps/{step}", response=TicketOut)
def step(request: HttpRequest, ticket_id: UUID, step: str, given: StepIn) -> TicketFact:
    """Take a step; the check needs the header X-Signature."""
    advance_ticket(ticket_id=ticket_id, step=step, reason=given.reason, by=request.actor)  # type: ignore[attr-defined]
    return ticket(ticket_id)


@router.post("/tickets/{ticket_id}/proof", response=TicketOut)
def proof(request: HttpRequest, ticket_id: UUID, given: ProofIn) -> TicketFact:
    """Record the hand-over: who took it, the signature (strokes as an SVG path, or ``typed:`` and the name)."""
    hand_over(
        ticket_id=ticket_id, received_by=given.received_by, relation=given.relation, signature=given.signature,
        arrived_c=given.arrived_c, by=request.actor,  # type: ignore[attr-defined]
    )
    return ticket(ticket_id)
