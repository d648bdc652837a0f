# SPDX-License-Identifier: Apache-2.0
"""The hand-over: who took it, with what signature and at what temperature; and the start of care that follows."""
from __future__ import annotations

import re
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

from openinfusion.delivery.events import Delivered
from openinfusion.delivery.models import DeliveryTicket
from openinfusion.delivery.queries import facts_of, lines_of, ticket_of
from openinfusion.kernel.refusal import Fault, Malformed
from openinfusion.patients.public import patient
from openinfusion.platform.action import action, lock
from openinfusion.platform.actor import Actor
from openinfusion.platform.advance import advance
from openinfusion.platform.clock import now
from openinfusion.platform.journal import write
from openinfusion.therapy.public import activate_prescription, advance_therapy, prescription, therapy

_STROKES = re.compile(r"^M[MLQ0-9 .,\-]{6,30000}$", re.ASCII)
_TYPED = re.compile(r"^typed:.{2,120}$")


@action
def hand_over(
    *, ticket_id: UUID, received_by: str, relation: str, signature: str, by: Actor, arrived_c: Decimal | None = None,
    version: int | None = None,
) -> UUID:
    """Record the proof of delivery. ``signature``: the strokes as an SVG path, or ``typed:`` and the name."""
    ticket = lock(DeliveryTicket, ticket_id, version)
    if signature and not (_STROKES.match(signature) or _TYPED.match(signature)):
        raise Malformed(Fault("signature", "the signature is neither strokes nor a typed name"))
    if arrived_c is not None and not -90 <= arrived_c <= 60:
        raise Malformed(Fault("temperature", f"{arrived_c} °C cannot be; was it read in °F?"))
    at = now()
    ticket.received_by, ticket.relation, ticket.signature_path = received_by.strip(), relation.strip(), signature
    ticket.arrived_c, ticket.delivered_at = arrived_c, at
    day = at.astimezone(ZoneInfo(patient(ticket.patient_id).timezone)).date()
    news = Delivered(ticket_id=ticket.id, therapy_id=ticket.therapy_id, delivered_on=day, patient_id=ticket.patient_id)
    advance(
        ticket, "deliver", facts_of(ticket, lines_of(ticket), by), by=by, news=[news],
        noted={"received_by": ticket.received_by, "relation": ticket.relation or "relation not said",
            "celsius": arrived_c},
        received_by=ticket.received_by, relation=ticket.relation, signature_path=signature, arrived_c=arrived_c,
        delivered_at=at,
    )
    return ticket.id


@action
def begin_care(*, ticket_id: UUID, by: Actor) -> UUID:
    """The first supply has arrived: its prescriptions become active and the therapy begins. Safe to repeat."""
    ticket = ticket_of(ticket_id)
    row = lock(DeliveryTicket, ticket_id)
    for prescription_id in {line.prescription_id for line in ticket.lines if line.prescription_id}:
        if prescription(prescription_id).state == "clinically_verified":
            activate_prescription(prescription_id=prescription_id, by=by)
    if therapy(ticket.therapy_id).state == "planned":
        advance_therapy(therapy_id=ticket.therapy_id, step="start", by=by)
    write(by, "delivery.ticket.begin_care", row, "Delivery {subject} has arrived; its orders run.")
    return ticket_id
