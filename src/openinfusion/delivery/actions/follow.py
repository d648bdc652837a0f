# SPDX-License-Identifier: Apache-2.0
"""A ticket for what is left of another one: what was short, what was not handed over."""
from __future__ import annotations

from openinfusion.delivery.models import DeliveryTicket
from openinfusion.kernel.ids import new_id
from openinfusion.platform.actor import Actor
from openinfusion.platform.journal import write


def follow_up(ticket: DeliveryTicket, by: Actor) -> DeliveryTicket:
    """Open an empty draft that follows a ticket. Call it inside an action that has locked the first one."""
    id = new_id()
    later = DeliveryTicket.objects.create(
        id=id, number=f"D{id.hex[-8:].upper()}", patient_id=ticket.patient_id, therapy_id=ticket.therapy_id,
        site_id=ticket.site_id, address=ticket.address, need_by=ticket.need_by, follows_id=ticket.id,
    )
    write(by, "delivery.ticket.open", later, "{actor} opened delivery {subject} for what is left of {before}",
          noted={"before": ticket.number})
    return later
