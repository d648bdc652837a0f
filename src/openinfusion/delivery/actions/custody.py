# SPDX-License-Identifier: Apache-2.0
"""Writing the chain of custody: a link each time a package goes from hand to hand."""
from __future__ import annotations

from uuid import UUID

from openinfusion.delivery.domain.ticket import TicketState
from openinfusion.delivery.models import Custody, DeliveryTicket
from openinfusion.delivery.permissions import DRIVE
from openinfusion.kernel.refusal import Fault, Malformed, Reason, Refused
from openinfusion.platform.action import action, lock
from openinfusion.platform.actor import Actor
from openinfusion.platform.advance import revise
from openinfusion.platform.clock import now
from openinfusion.team import public as team

PHARMACY = "Pharmacy"


def link(
    ticket: DeliveryTicket, giver: str, taker: str, by: Actor, *, place: str = "", seal: str = "",
    seal_intact: bool | None = None, note: str = "",
) -> None:
    """Add a link. Call it inside the action that moves the package."""
    Custody.objects.create(
        ticket=ticket, at=now(), giver=giver, taker=taker, place=place, seal=seal, seal_intact=seal_intact, note=note,
        noted_by=by.id,
    )


@action
def pass_on(
    *, ticket_id: UUID, to_driver: UUID, place: str, seal_intact: bool | None, by: Actor, note: str = "",
    version: int | None = None,
) -> UUID:
    """A driver gives a package that is out to another driver: who, where, and whether the seal was whole."""
    by.must(DRIVE)
    ticket = lock(DeliveryTicket, ticket_id, version)
    if ticket.state != TicketState.DISPATCHED.value:
        raise Refused(Reason("not-out", f"delivery {ticket.number} is {ticket.state.replace('_', ' ')}"))
    if not place.strip():
        raise Malformed(Fault("Where", "say where it changed hands"))
    taker = team.person(to_driver)
    if taker.id == ticket.driver:
        raise Refused(Reason("same-person", f"{taker.name} has it already"))
    link(ticket, ticket.driver_name, taker.name, by, place=place.strip(), seal=ticket.seal,
         seal_intact=seal_intact, note=note.strip())
    revise(ticket, "delivery.custody.pass", "{giver} gave {subject} to {taker} at {place}", by=by,
           noted={"giver": ticket.driver_name, "taker": taker.name, "place": place.strip()}, driver=taker.id,
           driver_name=taker.name)
    return ticket.id
