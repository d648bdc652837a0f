# SPDX-License-Identifier: Apache-2.0
"""When the drug of a therapy is in the home: there already, on its way with a time, or nothing known."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Q

from openinfusion.delivery.domain.figures import whole
from openinfusion.delivery.domain.ticket import TicketState
from openinfusion.delivery.models import DeliveryTicket, Stop, TicketLine
from openinfusion.delivery.queries.road import routes_where, window_of
from openinfusion.platform.clock import now
from openinfusion.sites import public as sites

_THERE = (TicketState.DELIVERED.value, TicketState.RECONCILED.value)
_NEVER = (TicketState.CANCELLED.value, TicketState.RETURNED.value, TicketState.FAILED.value)


@dataclass(frozen=True, slots=True)
class DrugComing:
    """A delivery that a dose of this day needs. ``at``: when the driver leaves the home again; ``planned``: by a route.

    Without a route ``at`` is the end of the window that was agreed, on the day it is needed by where that comes before the
    day of the dose: nobody may count on an earlier one.
    """

    therapy_id: UUID
    ticket_id: UUID
    number: str
    at: datetime
    planned: bool


def drug_coming(day: date, therapies: Iterable[UUID]) -> dict[UUID, DrugComing]:
    """Of these therapies those whose drug for the day is still to be delivered. Nothing is said of the others.

    A therapy with a delivery that has arrived and covers the day waits for nothing; of several that are on their way and
    cover it the first will do.
    """
    ids = list(therapies)
    covers = Q(covers_first_on__lte=day, covers_last_on__gte=day)
    made = TicketLine.objects.filter(preparation__isnull=False).values("ticket_id")
    loose = Q(covers_first_on__isnull=True, pk__in=made, need_by__range=(day - timedelta(days=7), day + timedelta(days=1)))
    rows = DeliveryTicket.objects.filter(therapy_id__in=ids).filter(covers | loose)
    there = set(rows.filter(covers, state__in=_THERE).values_list("therapy_id", flat=True))
    rows = rows.exclude(state__in=(*_THERE, *_NEVER)).exclude(therapy_id__in=there)
    ahead = list(rows.order_by("need_by", "made_at"))
    driven = _driven(ahead)
    found: dict[UUID, DrugComing] = {}
    for ticket in ahead:
        planned = driven.get(ticket.id)
        at = planned or window_of(_by(ticket, day), ticket.patient_id, ticket)[1] + timedelta(minutes=whole("service_minutes"))
        standing = found.get(ticket.therapy_id)
        if standing is None or at < standing.at:
            found[ticket.therapy_id] = DrugComing(ticket.therapy_id, ticket.id, ticket.number, at, planned is not None)
    return found


def _by(ticket: DeliveryTicket, day: date) -> date:
    """The day up to which a delivery on no route may be counted on to have come: not today, which may be too short for it."""
    need = ticket.need_by
    return day if need is None or need >= day or need <= now().astimezone(_zone(ticket)).date() else need


def _zone(ticket: DeliveryTicket) -> ZoneInfo:
    return ZoneInfo(sites.zone_of(ticket.site_id))


def _driven(tickets: Iterable[DeliveryTicket]) -> dict[UUID, datetime]:
    """When the driver has been there, by the routes of today and of days to come: as planned, or later where it runs late."""
    rows = list(tickets)
    ids, today = [t.id for t in rows], min((now().astimezone(_zone(t)).date() for t in rows), default=None)
    ahead = Stop.objects.filter(ticket__in=ids, done_at__isnull=True)
    routes = set(ahead.filter(route__day__gte=today).values_list("route_id", flat=True)) if today else set()
    found = {}
    for route in routes_where(pk__in=list(routes)) if routes else ():
        for stop in route.stops:
            times = [t for t in (stop.planned_at, stop.arrival.at if stop.arrival else None) if t is not None]
            if stop.ticket_id in ids and stop.done_at is None and times:
                found[stop.ticket_id] = max(times) + timedelta(minutes=stop.service_minutes)
    return found
