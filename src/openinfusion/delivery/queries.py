# SPDX-License-Identifier: Apache-2.0
"""Reads of delivery: tickets as frozen facts, and the facts their machine asks for."""
from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from openinfusion.catalog import public as catalog
from openinfusion.compounding.public import preparation
from openinfusion.delivery.domain.pack_out import Payload, strictest
from openinfusion.delivery.domain.refill_call import Answers, against_delivery
from openinfusion.delivery.domain.ticket import TicketFacts, TicketState
from openinfusion.delivery.models import DeliveryTicket, RefillCall, TicketLine
from openinfusion.kernel.refusal import Reason
from openinfusion.patients import public as patients
from openinfusion.platform.action import fetch
from openinfusion.platform.actor import Actor
from openinfusion.platform.clock import today
from openinfusion.platform.rows import rows_by
from openinfusion.sites import public as sites
from openinfusion.therapy import public as therapy


@dataclass(frozen=True, slots=True)
class TicketLineFact:
    """One thing on a ticket."""

    id: UUID
    kind: str
    text: str
    quantity: int
    storage: str
    preparation_id: UUID | None
    prescription_id: UUID | None
    product_id: UUID | None
    scan_code: str
    lot_text: str
    cost_cents: int
    picked_at: datetime | None


@dataclass(frozen=True, slots=True)
class TicketFact:
    """A delivery as other rooms see it."""

    id: UUID
    number: str
    state: str
    patient_id: UUID
    therapy_id: UUID
    site_id: UUID
    covers_first_on: date | None
    covers_last_on: date | None
    doses: int
    need_by: date | None
    instructions: str
    address: str
    lane: str
    pack_out: str
    driver_name: str
    dispatched_at: datetime | None
    delivered_at: datetime | None
    received_by: str
    relation: str
    signature_path: str
    arrived_c: Decimal | None
    since: datetime
    lines: tuple[TicketLineFact, ...]
    version: int

    @property
    def payload(self) -> Payload:
        """The strictest storage among the contents."""
        return strictest([line.storage for line in self.lines])


@dataclass(frozen=True, slots=True)
class CallFact:
    """A pre-delivery call and its answers."""

    called_at: datetime
    caller_name: str
    answers: Answers


def line_fact(row: TicketLine) -> TicketLineFact:
    return TicketLineFact(
        row.id, row.kind, row.text, row.quantity, row.storage, row.preparation_id, row.prescription_id, row.product_id,
        row.scan_code, row.lot_text, row.cost_cents, row.picked_at,
    )


def ticket_fact(t: DeliveryTicket, lines: Iterable[TicketLine]) -> TicketFact:
    return TicketFact(
        t.id, t.number, t.state, t.patient_id, t.therapy_id, t.site_id, t.covers_first_on, t.covers_last_on, t.doses,
        t.need_by, t.instructions, t.address, t.lane, t.pack_out, t.driver_name, t.dispatched_at, t.delivered_at,
        t.received_by, t.relation, t.signature_path, t.arrived_c, t.made_at, tuple(line_fact(row) for row in lines),
        t.version,
    )


def ticket_of(ticket_id: UUID) -> TicketFact:
    row = fetch(DeliveryTicket, ticket_id)
    return ticket_fact(row, lines_of(row))


def lines_of(ticket: DeliveryTicket) -> list[TicketLine]:
    """What is on a ticket: preparations first, then supplies."""
    return rows_by(TicketLine, "ticket", ticket.id, order=("kind", "made_at"))


def tickets_where(*, limit: int = 300, **where: Any) -> list[TicketFact]:
    """Tickets that fit, the most urgent first, with their lines, in two queries."""
    tickets = list(DeliveryTicket.objects.filter(**where).order_by("need_by", "made_at")[:limit])
    lines: dict[UUID, list[TicketLine]] = {t.id: [] for t in tickets}
    for row in TicketLine.objects.filter(ticket__in=tickets).order_by("kind", "made_at"):
        lines[row.ticket_id].append(row)
    return [ticket_fact(t, lines[t.id]) for t in tickets]


def last_call(ticket_id: UUID) -> tuple[CallFact, ...]:
    """The latest call about a ticket; empty where nobody called."""
    row = RefillCall.objects.filter(ticket_id=ticket_id).order_by("-called_at").first()
    if row is None:
        return ()
    return (CallFact(row.called_at, row.caller_name, Answers(
        row.spoke_with, row.relation, row.doses_on_hand, row.doses_missed, row.missed_why, row.changes,
        row.side_effects,
        row.address_right, row.consents, row.need_by, row.instructions,
    )),)


def facts_of(t: DeliveryTicket, lines: Sequence[TicketLine], by: Actor) -> TicketFacts:
    """What the guards of this ticket ask."""
    call = last_call(t.id) if t.state == TicketState.PRE_DELIVERY_ASSESSMENT else ()
    against: list[Reason] = [r for c in call for r in against_delivery(c.answers)]
    payload = strictest([row.storage for row in lines])
    return TicketFacts(
        lines=len(lines), unpicked=tuple(row.text for row in lines if row.picked_at is None),
        call_reasons=tuple(against),
        was_called=bool(call), has_pack_out=bool(t.pack_out), packed_by=t.packed_by, actor=by.id,
        received_by=t.received_by, has_signature=bool(t.signature_path), arrived_c=t.arrived_c,
        needs_temperature=payload is not Payload.ROOM, recalled=recalled_on(t, lines),
        ship_reasons=against_shipping(t, lines),
    )


def against_shipping(t: DeliveryTicket, lines: Sequence[TicketLine]) -> tuple[Reason, ...]:
    """Why the site may not ship to the state where the patient lives; asked only where the ticket could leave next."""
    if t.state not in {TicketState.RPH_CHECKED.value, TicketState.FAILED.value}:
        return ()
    to, on = patients.patient(t.patient_id).address.state, today(sites.zone_of(t.site_id))
    return tuple(sites.shipping_reasons(t.site_id, to, on, controlled=_is_controlled(t, lines)))


def _is_controlled(t: DeliveryTicket, lines: Sequence[TicketLine]) -> bool:
    """Whether a controlled substance goes along: the course's drug, or one among the supplies."""
    along = catalog.products([line.product_id for line in lines if line.product_id]).values()
    codes = {therapy.therapy(t.therapy_id).drug_code, *(p.drug_code for p in along)}
    return any(catalog.controlled(code) for code in codes if code)


_LEAVING = frozenset({TicketState.CONFIRMED.value, TicketState.PICKED.value, TicketState.PACKED.value,
                      TicketState.RPH_CHECKED.value, TicketState.FAILED.value})


def recalled_on(ticket: DeliveryTicket, lines: Sequence[TicketLine]) -> tuple[str, ...]:
    """Preparations on the ticket that were quarantined or recalled since; asked only while they could still leave."""
    if ticket.state not in _LEAVING:
        return ()
    made = [row.preparation_id for row in lines if row.preparation_id is not None]
    return tuple(f"lot {p.lot_number}" for p in (preparation(i) for i in made) if not p.released)
