# SPDX-License-Identifier: Apache-2.0
"""What was not handed over: it comes back, and goes again on a ticket of its own."""
from __future__ import annotations

from collections.abc import Sequence

from openinfusion.compounding.public import preparation
from openinfusion.delivery.actions.follow import follow_up
from openinfusion.delivery.domain.coming_back import ReturnFacts, ReturnKind
from openinfusion.delivery.models import ComingBack, DeliveryTicket, TicketLine
from openinfusion.platform.actor import Actor
from openinfusion.platform.advance import advance, revise
from openinfusion.platform.clock import now, today
from openinfusion.sites import public as sites


def leave_behind(ticket: DeliveryTicket, lines: Sequence[TicketLine], why: str, by: Actor) -> DeliveryTicket:
    """Move these lines to a ticket that follows, and expect them back. What was delivered keeps its days and doses."""
    later = follow_up(ticket, by)
    doses, on = 0, today(sites.zone_of(ticket.site_id))
    for row in lines:
        row.ticket_id = later.id
        if row.preparation_id is not None:
            made = preparation(row.preparation_id)
            doses += made.doses
            later.covers_first_on = min(later.covers_first_on or made.first_on, made.first_on)
            later.covers_last_on = max(later.covers_last_on or made.last_on, made.last_on)
        row.picked_at, row.picked_by = None, None
        row.save(update_fields=["ticket", "picked_at", "picked_by"])
        kind = ReturnKind.PREPARATION if row.kind == "preparation" else ReturnKind.SUPPLY
        back = ComingBack.objects.create(
            patient_id=ticket.patient_id, site_id=ticket.site_id, ticket_id=ticket.id, kind=kind.value, text=row.text,
            quantity=row.quantity, line_id=row.id, left_home=False, wanted_on=on, note=why,
        )
        advance(back, "collect", ReturnFacts(kind, False), by=by, collected_at=now())
    what = ", ".join(row.text for row in lines)
    revise(later, "delivery.ticket.left", "{what} of {before} was not handed over; it goes again with {subject}", by=by,
           reason=why, noted={"what": what, "before": ticket.number}, doses=doses, covers_first_on=later.covers_first_on,
           covers_last_on=later.covers_last_on)
    first, last = _still_covered(ticket)
    revise(ticket, "delivery.ticket.partial", "{actor} did not hand over {what} of {subject}; it goes again with {later}", by=by,
           reason=why, noted={"what": what, "later": later.number}, doses=max(ticket.doses - doses, 0),
           covers_first_on=first, covers_last_on=last)
    return later


def _still_covered(ticket: DeliveryTicket) -> tuple[object, object]:
    """The days that what was handed over covers; none where no preparation was."""
    made = [preparation(row.preparation_id) for row in TicketLine.objects.filter(ticket=ticket) if row.preparation_id is not None]
    return min((p.first_on for p in made), default=None), max((p.last_on for p in made), default=None)
