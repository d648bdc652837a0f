# SPDX-License-Identifier: Apache-2.0
"""Delivery as JSON: tickets, the call, picking by scan, the pack-out, steps, the proof."""
from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal
from uuid import UUID

from django.http import HttpRequest
from ninja import Schema

from openinfusion.delivery.actions.call import answer_call
from openinfusion.delivery.actions.door_position import keep_door_position
from openinfusion.delivery.actions.hand_over import AtDoor, hand_over
from openinfusion.delivery.actions.pack import advance_ticket, choose_pack_out
from openinfusion.delivery.actions.pick import pick_by_scan
from openinfusion.delivery.domain.failure import Identity
from openinfusion.delivery.domain.pack_out import Lane
from openinfusion.delivery.domain.pack_step import steps_of
from openinfusion.delivery.domain.question import Answer, Said
from openinfusion.delivery.domain.refill_call import Answers, OnHand
from openinfusion.delivery.domain.ticket import TicketState
from openinfusion.delivery.permissions import READ
from openinfusion.delivery.public import pack_outs_for, ticket, tickets_of
from openinfusion.delivery.queries import TicketFact, tickets_where
from openinfusion.delivery.queries.packing import door_of
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


class SaidIn(Schema):
    code: str
    answer: Answer
    words: str = ""


class OnHandIn(Schema):
    line_id: UUID
    count: Whole


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
    said: list[SaidIn] = []
    on_hand: list[OnHandIn] = []
    receives: str = ""
    supplies_wanted: str = ""
    window_from: time | None = None
    window_to: time | None = None
    confirm: bool = False


class ScansIn(Schema):
    scans: list[str]


class PackOutIn(Schema):
    lane: Lane
    pack_out: str = ""
    hours: Whole | None = None
    service_id: UUID | None = None
    done_steps: list[str] = []
    logger: str = ""
    seal: str = ""


class PackStepOut(Schema):
    code: str
    text: str


class PackOutOut(Schema):
    code: str
    hours: int
    packing: str
    source: str
    steps: list[PackStepOut]


class StepIn(Schema):
    reason: str = ""
    tracking_number: str = ""


class ProofIn(Schema):
    received_by: str
    relation: str = "self"
    signature: str
    arrived_c: Amount | None = None
    identity: Identity | None = None
    scans: list[str] = []
    left: list[UUID] = []
    left_why: str = ""
    latitude: Amount | None = None
    longitude: Amount | None = None
    accuracy_m: Whole | None = None
    seal_intact: bool | None = None
    note: str = ""


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
    return [
        PackOutOut(code=p.code, hours=p.hours, packing=p.packing, source=str(p.source),
                   steps=[PackStepOut(code=s.code, text=s.text) for s in steps_of(p)])
        for p in pack_outs_for(ticket_id, lane)
    ]


@router.post("/tickets/{ticket_id}/call", response=TicketOut)
def call(request: HttpRequest, ticket_id: UUID, said: CallIn) -> TicketFact:
    """Write down the pre-delivery call; with ``confirm`` the delivery is confirmed too."""
    given = said.dict()
    confirms = given.pop("confirm")
    texts = {line.id: line.text for line in ticket(ticket_id).lines}
    given["said"] = tuple(Said(**s) for s in given["said"])
    given["on_hand"] = tuple(OnHand(o["line_id"], texts.get(o["line_id"], ""), o["count"]) for o in given["on_hand"])
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
        ticket_id=ticket_id, by=request.actor, **given.dict(),  # type: ignore[attr-defined]
    )
    return ticket(ticket_id)


@router.post("/tickets/{ticket_id}/steps/{step}", response=TicketOut)
def step(request: HttpRequest, ticket_id: UUID, step: str, given: StepIn) -> TicketFact:
    """Take a step; the check needs the header X-Signature."""
    advance_ticket(ticket_id=ticket_id, step=step, by=request.actor, **given.dict())  # type: ignore[attr-defined]
    return ticket(ticket_id)


@router.post("/tickets/{ticket_id}/proof", response=TicketOut)
def proof(request: HttpRequest, ticket_id: UUID, given: ProofIn) -> TicketFact:
    """Record the hand-over: who took it, the signature (strokes as an SVG path, or ``typed:`` and the name)."""
    asks_position = door_of(ticket(ticket_id).site_id).asks_position
    door = AtDoor(
        identity=given.identity, scans=tuple(given.scans), left=tuple(given.left), left_why=given.left_why,
        latitude=given.latitude if asks_position else None, longitude=given.longitude if asks_position else None,
        accuracy_m=given.accuracy_m if asks_position else None, seal_intact=given.seal_intact, note=given.note,
    )
    hand_over(
        ticket_id=ticket_id, received_by=given.received_by, relation=given.relation, signature=given.signature,
        arrived_c=given.arrived_c, door=door, by=request.actor,  # type: ignore[attr-defined]
    )
    return ticket(ticket_id)


@router.post("/tickets/{ticket_id}/door-position", response=TicketOut)
def door_position(request: HttpRequest, ticket_id: UUID) -> TicketFact:
    """Take the position noted at the door for the place of the patient's home."""
    keep_door_position(ticket_id=ticket_id, by=request.actor)  # type: ignore[attr-defined]
    return ticket(ticket_id)
