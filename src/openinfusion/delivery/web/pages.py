# SPDX-License-Identifier: Apache-2.0
"""What the templates of delivery receive."""
from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.urls import reverse

from openinfusion.delivery.domain.pack_out import Lane, PackOut, Payload, by_code, choices
from openinfusion.delivery.domain.refill_call import flags
from openinfusion.delivery.domain.ticket import TICKET, TicketState
from openinfusion.delivery.models import DeliveryTicket
from openinfusion.delivery.permissions import CALL, PACK
from openinfusion.delivery.queries import (
    CallFact,
    TicketFact,
    facts_of,
    last_call,
    lines_of,
    ticket_fact,
    tickets_where,
)
from openinfusion.delivery.web.forms import CallForm, HandOverForm, PackOutForm, ScanForm
from openinfusion.patients.public import Banner, banner, patients
from openinfusion.platform.action import fetch
from openinfusion.platform.actor import Actor
from openinfusion.platform.clock import now
from openinfusion.platform.journal import Line, timeline
from openinfusion.platform.ui.parts import Act, acts_of
from openinfusion.therapy.public import therapy

_S = TicketState
_CALLED_FOR = frozenset({_S.DRAFT.value, _S.PRE_DELIVERY_ASSESSMENT.value})


@dataclass(frozen=True, slots=True)
class BoardRow:
    """One delivery on the board."""

    id: UUID
    number: str
    patient: str
    state: str
    tone: str
    need_by: date | None
    late: bool
    doses: int
    items: int
    payload: str
    address: str


@dataclass(frozen=True, slots=True)
class BoardPage:
    rows: tuple[BoardRow, ...]
    counts: tuple[tuple[str, int], ...]
    state: str


def board_page(state: str) -> BoardPage:
    wanted = [state] if state else [s.value for s in _S if TICKET.owner(s)]
    found = tickets_where(state__in=wanted)
    people = patients([t.patient_id for t in found])
    today = now().date()
    rows = tuple(
        BoardRow(
            t.id, t.number, people[t.patient_id].name if t.patient_id in people else "", t.state,
            TICKET.tone(_S(t.state)),
            t.need_by, bool(t.need_by and t.need_by < today and TICKET.owner(_S(t.state))), t.doses, len(t.lines),
            t.payload.value, t.address,
        ) for t in found
    )
    return BoardPage(rows, _counts(), state)


def _counts() -> tuple[tuple[str, int], ...]:
    found = dict.fromkeys((s.value for s in _S), 0)
    for state in DeliveryTicket.objects.values_list("state", flat=True):
        found[state] += 1
    return tuple(found.items())


@dataclass(frozen=True, slots=True)
class TicketPage:
    """One delivery."""

    ticket: TicketFact
    tone: str
    banner: Banner
    therapy: str
    acts: tuple[Act, ...]
    call: CallFact | None
    call_flags: tuple[str, ...]
    call_form: CallForm | None
    scan_form: ScanForm | None
    pack_out_form: PackOutForm | None
    pack_out: PackOut | None
    payload: Payload
    left_to_pick: int
    is_out: bool
    lines: list[Line]
    zone: str


def ticket_page(ticket_id: UUID, by: Actor) -> TicketPage:
    row = fetch(DeliveryTicket, ticket_id)
    lines = lines_of(row)
    t, head, course = ticket_fact(row, lines), banner(row.patient_id), therapy(row.therapy_id)
    call = last_call(row.id)
    acts = acts_of(
        TICKET, row.state, facts_of(row, lines, by), by, leave_out=frozenset({"deliver", "begin_call"}),
        url_for=lambda step: reverse("delivery:step", args=[row.id, step]),
    )
    return TicketPage(
        t, TICKET.tone(_S(t.state)), head, course.drug_name, acts, call[0] if call else None,
        flags(call[0].answers) if call else (), _call_form(t, by),
        ScanForm() if t.state == _S.CONFIRMED.value and by.may(PACK.code) else None, _pack_out_form(t, by),
        by_code(t.pack_out) if t.pack_out else None, t.payload, sum(1 for row in t.lines if row.picked_at is None),
        t.state == _S.DISPATCHED.value, timeline(subject_id=row.id), head.patient.timezone,
    )


def _call_form(t: TicketFact, by: Actor) -> CallForm | None:
    if t.state not in _CALLED_FOR or not by.may(CALL.code):
        return None
    return CallForm(initial={"need_by": t.need_by, "instructions": t.instructions})


def _pack_out_form(t: TicketFact, by: Actor) -> PackOutForm | None:
    if t.state not in {_S.CONFIRMED.value, _S.PICKED.value} or not by.may(PACK.code):
        return None
    fit = tuple(p for lane in Lane for p in choices(t.payload, lane, t.need_by or now().date(), 0))
    return PackOutForm(initial={"lane": t.lane, "pack_out": t.pack_out}, pack_outs=fit)


@dataclass(frozen=True, slots=True)
class DriverRow:
    id: UUID
    number: str
    patient: str
    address: str
    phone: str
    instructions: str
    state: str
    tone: str
    payload: str
    packages: int


@dataclass(frozen=True, slots=True)
class DriverPage:
    """A driver's stops, for a phone."""

    ready: tuple[DriverRow, ...]
    out: tuple[DriverRow, ...]


def driver_page(by: Actor) -> DriverPage:
    found = tickets_where(state__in=[_S.RPH_CHECKED.value, _S.DISPATCHED.value])
    people = patients([t.patient_id for t in found])
    rows = [
        DriverRow(
            t.id, t.number, people[t.patient_id].name, t.address, people[t.patient_id].phone, t.instructions, t.state,
            TICKET.tone(_S(t.state)), t.payload.value, len(t.lines),
        ) for t in found if t.patient_id in people
    ]
    return DriverPage(
        tuple(r for r in rows if r.state == _S.RPH_CHECKED.value),
        tuple(r for r in rows if r.state == _S.DISPATCHED.value),
    )


@dataclass(frozen=True, slots=True)
class StopPage:
    """One stop: what to hand over, and the proof."""

    ticket: TicketFact
    patient: str
    phone: str
    tone: str
    form: HandOverForm
    acts: tuple[Act, ...]
    reads_temperature: bool


def stop_page(ticket_id: UUID, by: Actor) -> StopPage:
    row = fetch(DeliveryTicket, ticket_id)
    lines = lines_of(row)
    t, who = ticket_fact(row, lines), patients([row.patient_id])[row.patient_id]
    acts = acts_of(
        TICKET, row.state, facts_of(row, lines, by), by, leave_out=frozenset({"deliver"}),
        url_for=lambda step: reverse("delivery:step", args=[row.id, step]),
    )
    return StopPage(
        t, who.name, who.phone, TICKET.tone(_S(t.state)),
        HandOverForm(initial={"received_by": f"{who.given} {who.family}"}),
        acts, t.payload is not Payload.ROOM,
    )
