# SPDX-License-Identifier: Apache-2.0
"""What is given in a suite does not travel: its ticket is handed over at the chair, and the charge follows as with any other."""
from __future__ import annotations

from collections.abc import Collection
from uuid import UUID
from zoneinfo import ZoneInfo

from openinfusion.delivery.domain.ticket import AT_CHAIR, IN_HOUSE
from openinfusion.delivery.events import Delivered
from openinfusion.delivery.models import DeliveryTicket, TicketLine
from openinfusion.delivery.queries import facts_of, lines_of
from openinfusion.platform.action import action, lock
from openinfusion.platform.actor import Actor
from openinfusion.platform.advance import advance
from openinfusion.platform.clock import now
from openinfusion.sites import public as sites


def ticket_given_whole(preparations: Collection[UUID]) -> UUID | None:
    """The ticket still in the house whose every preparation is among these; None where some of it goes home another way."""
    rows = TicketLine.objects.filter(preparation_id__in=list(preparations), ticket__state__in=[s.value for s in IN_HOUSE])
    for ticket_id in dict.fromkeys(rows.values_list("ticket_id", flat=True)):
        held = set(TicketLine.objects.filter(ticket_id=ticket_id, kind="preparation").values_list("preparation_id", flat=True))
        if held <= set(preparations):
            return ticket_id
    return None


@action
def hand_over_in_suite(*, ticket_id: UUID, visit_number: str, by: Actor) -> UUID:
    """Hand a ticket over at the chair, to the nurse who gives it. Supplies that nobody picked for the way stay on the shelf."""
    ticket = lock(DeliveryTicket, ticket_id)
    TicketLine.objects.filter(ticket=ticket, picked_at=None).exclude(kind="preparation").delete()
    at, lines = now(), lines_of(ticket)
    ticket.received_by = by.name
    day = at.astimezone(ZoneInfo(sites.zone_of(ticket.site_id))).date()
    news = Delivered(ticket_id=ticket.id, therapy_id=ticket.therapy_id, delivered_on=day, patient_id=ticket.patient_id)
    advance(
        ticket, "give", facts_of(ticket, lines, by), by=by, news=[news], noted={"visit": visit_number}, received_by=by.name,
        relation=AT_CHAIR, signature_path=f"typed:{by.name}", delivered_at=at,
    )
    return ticket.id
