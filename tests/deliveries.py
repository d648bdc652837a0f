# SPDX-License-Identifier: Apache-2.0
"""A delivery of one supply at room temperature, for tests that are about the road and not about what is on it."""
from __future__ import annotations

from uuid import UUID

from openinfusion.delivery import public as delivery
from openinfusion.delivery.models import DeliveryTicket, TicketLine
from openinfusion.platform.actor import Actor
from openinfusion.platform.clock import today

GTIN = "00399901000111"


def a_checked_delivery(therapy_id: UUID, patient_id: UUID, site_id: UUID, by: Actor, checker: Actor, number: str = "DROAD") -> UUID:
    """Called, picked, packed and checked: ready to go out. Call it in the organization's scope."""
    ticket = DeliveryTicket.objects.create(
        number=number, patient_id=patient_id, therapy_id=therapy_id, site_id=site_id, address="2 Sample Way, Springfield, IL 62701")
    TicketLine.objects.create(ticket=ticket, kind="equipment", text="pole", scan_code=GTIN)
    said = delivery.nothing_new("antibiotic")
    on = today("America/Chicago")
    delivery.confirm_by_call(ticket_id=ticket.id, by=by, answers=delivery.Answers(
        "Amara", "self", 0, 0, "", "", "", True, True, on, said=said))
    delivery.pick_by_scan(ticket_id=ticket.id, scans=[f"01{GTIN}"], by=by)
    delivery.advance_ticket(ticket_id=ticket.id, step="pick", by=by)
    chosen = delivery.pack_out_for(ticket.id, delivery.Lane.COURIER)
    delivery.choose_pack_out(ticket_id=ticket.id, pack_out=chosen.code, lane=delivery.Lane.COURIER, by=by,
                             done_steps=[s.code for s in delivery.steps_of(chosen)])
    delivery.advance_ticket(ticket_id=ticket.id, step="pack", by=by)
    delivery.advance_ticket(ticket_id=ticket.id, step="check", by=checker.signing("test"))
    return ticket.id
