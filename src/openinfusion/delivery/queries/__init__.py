# SPDX-License-Identifier: Apache-2.0
"""Reads of delivery: tickets as frozen facts, and the facts their machine asks for."""
from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from openinfusion.catalog import public as catalog
from openinfusion.compounding.public import preparation
from openinfusion.delivery.domain.carrier import too_late_for
from openinfusion.delivery.domain.pack_out import Payload, by_code, strictest
from openinfusion.delivery.domain.pack_step import not_done
from openinfusion.delivery.domain.ticket import AT_CHAIR, TicketFacts, TicketState
from openinfusion.delivery.models import DeliveryTicket, TicketLine
from openinfusion.delivery.queries.packing import service, still_holds
from openinfusion.delivery.queries.refill import against_call, last_call
from openinfusion.kernel.local_day import moment_at
from openinfusion.kernel.refusal import Reason
from openinfusion.patients import public as patients
from openinfusion.platform.action import fetch
from openinfusion.platform.actor import Actor
from openinfusion.platform.clock import now, today
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
class Road:
    """How a delivery travels and what was noted on the way. ``holds_until``: when the pack-out ends."""

    follows_id: UUID | None
    open_concerns: int
    call_attempts: int
    call_again_at: datetime | None
    window_from: time | None
    window_to: time | None
    validation_id: UUID | None
    done_steps: tuple[str, ...]
    logger_serial: str
    logger_verdict: str
    seal: str
    packed_at: datetime | None
    holds_until: datetime | None
    service_id: UUID | None
    tracking_number: str
    fail_code: str
    fail_next: str
    identity: str
    photo_id: UUID | None
    latitude: Decimal | None
    longitude: Decimal | None
    accuracy_m: int | None
    note: str
    not_before: date | None
    stop_id: UUID | None
    scanned_at_door: int
    driver: UUID | None


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
    road: Road

    @property
    def given_in_suite(self) -> bool:
        """Whether a nurse at the suite took it, at the chair or from a driver: it is given there, not at home."""
        return self.relation.strip().casefold() == AT_CHAIR

    @property
    def payload(self) -> Payload:
        """The strictest storage among the contents."""
        return strictest([line.storage for line in self.lines])


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
        t.version, _road(t),
    )


def _road(t: DeliveryTicket) -> Road:
    return Road(
        t.follows_id, t.open_concerns, t.call_attempts, t.call_again_at, t.window_from, t.window_to, t.validation_id,
        tuple(t.done_steps), t.logger_serial, t.logger_verdict, t.seal, t.packed_at, t.holds_until, t.service_id,
        t.tracking_number, t.fail_code, t.fail_next, t.identity, t.photo_id, t.latitude, t.longitude, t.accuracy_m, t.note,
        t.not_before, t.stop_id, t.scanned_at_door, t.driver,
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


def facts_of(
    t: DeliveryTicket, lines: Sequence[TicketLine], by: Actor, *, service_id: UUID | None = None, asked: bool = True,
) -> TicketFacts:
    """What the guards of this ticket ask, as far as its state lets them ask.

    ``service_id``: the carrier it would go by; not ``asked``: the caller knows what was said on the call.
    """
    call = last_call(t.id) if asked and t.state == TicketState.PRE_DELIVERY_ASSESSMENT else ()
    payload = strictest([row.storage for row in lines])
    chosen = by_code(t.pack_out) if t.pack_out else None
    recalled, expired = unfit_on(t, lines)
    leaving = t.state in _AT_THE_DOOR
    return TicketFacts(
        lines=len(lines), unpicked=tuple(row.text for row in lines if row.picked_at is None),
        call_reasons=tuple(r for c in call for r in against_call(t, c.answers)),
        was_called=bool(call), has_pack_out=bool(t.pack_out), packed_by=t.packed_by, actor=by.id,
        received_by=t.received_by, has_signature=bool(t.signature_path), arrived_c=t.arrived_c,
        needs_temperature=payload is not Payload.ROOM, recalled=recalled, expired=expired,
        open_concerns=t.open_concerns,
        undone=not_done(chosen, t.done_steps) if chosen and t.state == TicketState.PICKED else (),
        lacks_logger=bool(chosen and chosen.needs_logger and not t.logger_serial),
        lacks_validation=payload is not Payload.ROOM and (t.validation_id is None or t.payload != payload),
        against_pack_out=against_pack_out(t) if leaving else (),
        against_lane=against_lane(t, service_id) if leaving else (),
        ship_reasons=against_shipping(t, lines) if leaving else (),
    )


def against_pack_out(t: DeliveryTicket) -> tuple[Reason, ...]:
    """Why the package would not keep its range: its time is over, or its validation ended since it was packed."""
    if t.holds_until is not None and t.holds_until <= now():
        return (Reason("pack-out-ended", f"the pack-out held until {moment_at(t.holds_until, sites.zone_of(t.site_id))}",
                       "receive it back or unpack it; the pharmacist decides"),)
    if t.validation_id is not None and not still_holds(t.validation_id, today(sites.zone_of(t.site_id))):
        return (Reason("validation-ended", "the validation of its pack-out is not in force any more",
                       "unpack it and choose another"),)
    return ()


def against_lane(t: DeliveryTicket, service_id: UUID | None) -> tuple[Reason, ...]:
    """Why it cannot go now by this carrier, or not yet by the payer's window."""
    local = now().astimezone(ZoneInfo(sites.zone_of(t.site_id)))
    found = []
    if t.not_before is not None and local.date() < t.not_before:
        found.append(Reason("refill-early", "the payer does not let this refill arrive yet", f"from {t.not_before:%d-%b-%Y}"))
    if service_id is not None and (no := too_late_for(service(service_id), local)):
        found.append(no)
    return tuple(found)


def against_shipping(t: DeliveryTicket, lines: Sequence[TicketLine]) -> tuple[Reason, ...]:
    """Why the site may not ship to the state where the patient lives."""
    to, on = patients.patient(t.patient_id).address.state, today(sites.zone_of(t.site_id))
    return tuple(sites.shipping_reasons(t.site_id, to, on, controlled=_is_controlled(t, lines)))


def _is_controlled(t: DeliveryTicket, lines: Sequence[TicketLine]) -> bool:
    """Whether a controlled substance goes along: the course's drug, or one among the supplies."""
    along = catalog.products([line.product_id for line in lines if line.product_id]).values()
    codes = {therapy.therapy(t.therapy_id).drug_code, *(p.drug_code for p in along)}
    return any(catalog.controlled(code) for code in codes if code)


_AT_THE_DOOR = frozenset({TicketState.RPH_CHECKED.value, TicketState.FAILED.value})
_LEAVING = frozenset({TicketState.CONFIRMED.value, TicketState.PICKED.value, TicketState.PACKED.value,
                      TicketState.RPH_CHECKED.value, TicketState.FAILED.value})


def unfit_on(ticket: DeliveryTicket, lines: Sequence[TicketLine]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Preparations on the ticket that were quarantined or recalled since, and those beyond their use; asked only while

    they could still leave.
    """
    if ticket.state not in _LEAVING:
        return (), ()
    made = [preparation(row.preparation_id) for row in lines if row.preparation_id is not None]
    at = now()
    return (tuple(f"lot {p.lot_number}" for p in made if not p.released),
            tuple(f"lot {p.lot_number}" for p in made if p.beyond_use_at <= at))
