# SPDX-License-Identifier: Apache-2.0
"""Ending a stop of a route when what it was for is done or has failed."""
from __future__ import annotations

from openinfusion.delivery.models import ComingBack, DeliveryTicket, Stop
from openinfusion.platform.actor import Actor
from openinfusion.platform.clock import now
from openinfusion.platform.journal import write


def end_stop(ticket: DeliveryTicket, outcome: str, by: Actor) -> None:
    """The open stop of a delivery, if it is on a route, is done."""
    if ticket.stop_id is None:
        return
    _end(Stop.objects.filter(pk=ticket.stop_id, done_at__isnull=True).first(), outcome, by)
    ticket.stop_id = None
    ticket.save(update_fields=["stop_id"])


def end_stop_of_return(row: ComingBack, outcome: str, by: Actor) -> None:
    """The open stop of a pick-up, if it is on a route, is done."""
    _end(Stop.objects.filter(coming_back=row, done_at__isnull=True).first(), outcome, by)


def _end(stop: Stop | None, outcome: str, by: Actor) -> None:
    if stop is None:
        return
    stop.done_at, stop.outcome = now(), outcome
    stop.save(update_fields=["done_at", "outcome"])
    write(by, "delivery.stop.end", stop, "{actor} ended {subject}: {outcome}", noted={"outcome": outcome})
