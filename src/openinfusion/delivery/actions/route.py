# SPDX-License-Identifier: Apache-2.0
"""A driver's route of a day: its stops put in order, kept when they are moved, given to another driver."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from openinfusion.compounding import public as compounding
from openinfusion.delivery.domain.coming_back import ReturnState
from openinfusion.delivery.domain.figures import whole
from openinfusion.delivery.domain.roster import StopTime
from openinfusion.delivery.domain.route import StopKind
from openinfusion.delivery.domain.ticket import TicketState
from openinfusion.delivery.models import ComingBack, DeliveryRoute, DeliveryTicket, Stop
from openinfusion.delivery.permissions import DISPATCH
from openinfusion.delivery.queries.road import window_of
from openinfusion.delivery.queries.roster import route_reasons, vehicle_at
from openinfusion.kernel.refusal import Fault, Malformed, Reason, Refused
from openinfusion.kernel.rest import PlannedBreak, break_values, breaks_from, breaks_in
from openinfusion.kernel.roles import Role
from openinfusion.platform.action import action, fetch, lock
from openinfusion.platform.actor import Actor
from openinfusion.platform.clock import now
from openinfusion.platform.journal import write
from openinfusion.sites import public as sites
from openinfusion.team import public as team

MAY_RIDE = frozenset({TicketState.PACKED.value, TicketState.RPH_CHECKED.value, TicketState.DISPATCHED.value,
                      TicketState.FAILED.value, TicketState.CONFIRMED.value, TicketState.PICKED.value})


@dataclass(frozen=True, slots=True)
class StopWanted:
    """A delivery or a pick-up as it should stand on a route. Without a window the agreed one holds, or the house's."""

    ticket_id: UUID | None = None
    return_id: UUID | None = None
    window_from: datetime | None = None
    window_to: datetime | None = None
    service_minutes: int | None = None
    planned_at: datetime | None = None


@action
def assign_route(
    *, site_id: UUID, day: date, name: str, driver_id: UUID, leaves_at: datetime, stops: Sequence[StopWanted], by: Actor,
    vehicle: str = "", route_id: UUID | None = None, version: int | None = None, breaks: Sequence[PlannedBreak] | None = None,
) -> UUID:
    """Make a route, or change one: driver, vehicle and the order of the stops that are not done. The route's id.

    Stops that were open on this route and are not named any more are taken off; one that is open on another route moves.
    ``breaks``: those that a plan gives; None keeps what stands, and those that have begun stay.
    Refused for a driver who is off or does not work then; from one who fell ill stops can still be taken, and put in order.
    """
    by.must(DISPATCH)
    driver = team.person(driver_id)
    if Role.DRIVER not in driver.roles and Role.WAREHOUSE not in driver.roles:
        raise Refused(Reason("not-a-driver", f"{driver.name} is no driver"))
    if not name.strip():
        raise Malformed(Fault("Name", "name the route"))
    said: dict[str, Any] = {"name": name.strip(), "driver": driver.id, "driver_name": driver.name,
            "vehicle": vehicle.strip() or vehicle_at(driver.id, leaves_at), "leaves_at": leaves_at}
    if route_id is None:
        _must_be_there(None, day, leaves_at, driver, stops)
        if DeliveryRoute.objects.filter(site_id=site_id, day=day, name=name.strip()).exists():
            raise Refused(Reason("route-there", f"there is a route {name.strip()} on {day:%d-%b-%Y} already", "change that one"))
        rests = break_values(breaks_from((), breaks or (), now()))
        row = DeliveryRoute.objects.create(site_id=site_id, day=day, breaks=rests, **said)
    else:
        row = lock(DeliveryRoute, route_id, version)
        _must_be_there(row, day, leaves_at, driver, stops)
        held = breaks_in(row.breaks) if row.driver == driver.id else ()  # another driver's breaks are not this one's
        said["breaks"] = break_values(held if breaks is None else breaks_from(held, breaks, now()))
        for field, value in said.items():
            setattr(row, field, value)
        row.version += 1
        row.save(update_fields=[*said, "version"])
    _set_stops(row, stops)
    _tell_the_hoods(row, by)
    write(by, "delivery.route.assign", row, "{actor} gave {subject} to {driver}: {count} stops",
          noted={"driver": driver.name, "count": len(stops), "vehicle": row.vehicle})
    return row.id


def _tell_the_hoods(row: DeliveryRoute, by: Actor) -> None:
    """When this route takes packages along, so that what is made is made for it; a route without any takes nothing."""
    if not Stop.objects.filter(route=row, ticket__isnull=False).exists():
        compounding.drop_departure(source=row.id, by=by)
        return
    leaves = row.leaves_at.astimezone(ZoneInfo(sites.zone_of(row.site_id)))
    departure = compounding.Departure(row.id, f"the route {row.name}", leaves.time(), row.day)
    compounding.keep_departure(site_id=row.site_id, departure=departure, by=by)


def _must_be_there(
    row: DeliveryRoute | None, day: date, leaves_at: datetime, driver: team.PersonFact, stops: Sequence[StopWanted]
) -> None:
    """The driver is there for what is new to them: all of a new route or of another's, else the stops that are added."""
    theirs = row is not None and row.driver == driver.id
    there = set[UUID | None]()
    if theirs:
        there = {s.ticket_id or s.coming_back_id for s in Stop.objects.filter(route=row, done_at__isnull=True)}
    new = [w for w in stops if (w.ticket_id or w.return_id) not in there]
    if theirs and not new:
        return
    if against := route_reasons(driver.id, driver.name, day, max(leaves_at, now()), [_time(day, w) for w in new]):
        raise Refused(*against)


def _time(day: date, w: StopWanted) -> StopTime:
    """When a stop is wanted. NotFound where there is no such delivery or pick-up."""
    ticket = fetch(DeliveryTicket, w.ticket_id) if w.ticket_id else None
    back = fetch(ComingBack, w.return_id) if w.return_id and ticket is None else None
    if ticket is None and back is None:
        raise Malformed(Fault("stops", "each stop is one delivery or one pick-up, and stands there once"))
    agreed = window_of(day, (ticket or back).patient_id, ticket)  # type: ignore[union-attr]
    usual = whole("service_minutes" if ticket else "pick_up_minutes")
    return StopTime(w.window_from or agreed[0], w.window_to or agreed[1], w.planned_at,
                    usual if w.service_minutes is None else w.service_minutes)


def _set_stops(row: DeliveryRoute, stops: Sequence[StopWanted]) -> None:
    """Replace the stops that are not done, in this order, behind those that are."""
    old = list(Stop.objects.filter(route=row, done_at__isnull=True))
    DeliveryTicket.objects.filter(stop_id__in=[s.id for s in old]).update(stop_id=None)
    for stop in old:
        stop.delete()
    first = 1 + max((s.position for s in Stop.objects.filter(route=row)), default=0)
    seen: set[UUID] = set()
    for position, wanted in enumerate(stops, first):
        key = wanted.ticket_id or wanted.return_id
        if key is None or key in seen or (wanted.ticket_id and wanted.return_id):
            raise Malformed(Fault("stops", "each stop is one delivery or one pick-up, and stands there once"))
        seen.add(key)
        _add_stop(row, position, wanted)


def _add_stop(row: DeliveryRoute, position: int, w: StopWanted) -> None:
    ticket = _ticket(row, w.ticket_id) if w.ticket_id else None
    back = _back(row, w.return_id) if w.return_id else None
    agreed = window_of(row.day, (ticket or back).patient_id, ticket)  # type: ignore[union-attr]
    begins, ends = w.window_from or agreed[0], w.window_to or agreed[1]
    if begins >= ends:
        raise Malformed(Fault("stops", "a window ends before it begins"))
    usual = whole("service_minutes" if ticket else "pick_up_minutes")
    stop = Stop.objects.create(
        route=row, position=position, kind=(StopKind.DELIVERY if ticket else StopKind.PICK_UP).value, ticket=ticket,
        coming_back=back, window_from=begins, window_to=ends,
        service_minutes=usual if w.service_minutes is None else w.service_minutes, planned_at=w.planned_at,
    )
    if ticket is not None:
        ticket.stop_id = stop.id
        ticket.save(update_fields=["stop_id"])


def _ticket(row: DeliveryRoute, ticket_id: UUID) -> DeliveryTicket:
    ticket = lock(DeliveryTicket, ticket_id)
    if ticket.state not in MAY_RIDE or ticket.service_id:
        by_what = "goes by a carrier" if ticket.service_id else f"is {ticket.state.replace('_', ' ')}"
        raise Refused(Reason("cannot-ride", f"delivery {ticket.number} {by_what}", "take it off the route"))
    if ticket.site_id != row.site_id:
        raise Refused(Reason("another-site", f"delivery {ticket.number} leaves from another site"))
    Stop.objects.filter(ticket=ticket, done_at__isnull=True).delete()
    return ticket


def _back(row: DeliveryRoute, return_id: UUID) -> ComingBack:
    back = lock(ComingBack, return_id)
    if back.state != ReturnState.ASKED.value or back.site_id != row.site_id:
        raise Refused(Reason("cannot-ride", f"{back} is {back.state.replace('_', ' ')}, or another site's"))
    Stop.objects.filter(coming_back=back, done_at__isnull=True).delete()
    return back
