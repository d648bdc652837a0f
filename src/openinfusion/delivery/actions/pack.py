# SPDX-License-Identifier: Apache-2.0
"""Choosing the pack-out, and the plain steps of a ticket."""
from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from openinfusion.compounding import public as compounding
from openinfusion.delivery.actions.custody import PHARMACY, link
from openinfusion.delivery.domain.carrier import tracking
from openinfusion.delivery.domain.failure import Failure, Next
from openinfusion.delivery.domain.figures import whole
from openinfusion.delivery.domain.pack_out import Lane, PackOut, Payload, by_code, season_of, strictest
from openinfusion.delivery.domain.pack_step import not_done
from openinfusion.delivery.domain.ticket import TicketState
from openinfusion.delivery.models import DeliveryTicket, Stop, TicketLine
from openinfusion.delivery.permissions import PACK
from openinfusion.delivery.queries import facts_of, lines_of
from openinfusion.delivery.queries.packing import proven_hours, service, validation_for
from openinfusion.delivery.queries.refill import earliest_for, last_call
from openinfusion.kernel.refusal import Fault, Malformed, Reason, Refused
from openinfusion.platform.action import action, lock
from openinfusion.platform.actor import Actor
from openinfusion.platform.advance import advance, revise
from openinfusion.platform.clock import now, today
from openinfusion.platform.house_day import house_today
from openinfusion.sites import public as sites

_PACKABLE = frozenset({TicketState.CONFIRMED.value, TicketState.PICKED.value})


@action
def choose_pack_out(
    *, ticket_id: UUID, pack_out: str, lane: Lane, by: Actor, hours: int | None = None, service_id: UUID | None = None,
    done_steps: Sequence[str] = (), logger: str = "", seal: str = "",
) -> UUID:
    """Choose how it travels and how it is packed. The pack-out must be on file for this lane, season and content, hold so

    many ``hours`` (at least the carrier's, or the lane's usual), and where it must stay cold have a validation that shows it.
    ``done_steps``: its steps that are done; ``logger``: the serial number scanned; ``seal``: the seal's number.
    """
    by.must(PACK)
    ticket = lock(DeliveryTicket, ticket_id)
    chosen = by_code(pack_out)
    payload = strictest([row.storage for row in lines_of(ticket)])
    _fits(chosen, payload, lane, ticket)
    carrier = service(service_id) if service_id else None
    if carrier is not None and carrier.lane is not lane:
        raise Malformed(Fault("Carrier", f"{carrier} goes {carrier.lane.value.replace('_', ' ')}"))
    least = carrier.hours if carrier else whole(f"hours_{lane.value}")
    if hours is not None and hours < least:
        raise Refused(Reason("hours-short", f"{carrier or lane.value.replace('_', ' ')} takes up to {least} hours, not {hours}",
                             "leave the hours empty, or choose a faster carrier"))
    needed = max(hours or least, _on_the_road(ticket))
    if chosen.hours < needed:
        raise Refused(Reason("pack-out-short", f"{chosen.code} holds {chosen.hours} hours; {needed} are needed",
                             "choose one that holds longer, or a faster lane"))
    not_done(chosen, done_steps)
    proved = None
    if payload is not Payload.ROOM:
        proved = validation_for(ticket.site_id, chosen.code, today(sites.zone_of(ticket.site_id)), needed).id
    revise(
        ticket, "delivery.ticket.pack_out", "{actor} chose pack-out {code} for delivery {subject}", by=by,
        noted={"code": chosen.code, "hours": chosen.hours, "needed": needed, "source": str(chosen.source),
               "validation": proved},
        pack_out=chosen.code, lane=lane.value, payload=payload.value, validation_id=proved, done_steps=list(done_steps),
        logger_serial=_serial(logger) or ticket.logger_serial, seal=seal.strip()[:40], service_id=service_id,
    )
    return ticket.id


def _on_the_road(ticket: DeliveryTicket) -> int:
    """The hours from the start of its route to its door, where it is on one that was planned; begun ones count whole."""
    stop = Stop.objects.filter(ticket=ticket, done_at__isnull=True, planned_at__isnull=False).select_related("route").first()
    if stop is None:
        return 0
    return max(0, -(-int((stop.planned_at - stop.route.leaves_at).total_seconds()) // 3600))


def _fits(chosen: PackOut, payload: Payload, lane: Lane, ticket: DeliveryTicket) -> None:
    on = ticket.need_by or house_today()
    if (chosen.payload, chosen.lane, chosen.season) != (payload, lane, season_of(on)):
        holds = f"{chosen.payload.value}, {chosen.lane.value.replace('_', ' ')}, {chosen.season.value}"
        wants = f"{payload.value}, {lane.value.replace('_', ' ')}, {season_of(on).value}"
        raise Refused(Reason(
            "pack-out-mismatch", f"{chosen.code} is for {holds}; this is {wants}", "choose another pack-out",
        ))
    if ticket.state not in _PACKABLE:
        raise Refused(Reason("too-late", f"the delivery is {ticket.state.replace('_', ' ')}"))


def _serial(scanned: str) -> str:
    """A logger's serial number as its barcode gives it."""
    found = scanned.strip().upper()
    if found and not (4 <= len(found) <= 40 and found.replace("-", "").isalnum() and found.isascii()):
        raise Malformed(Fault("Logger", "scan the logger's serial number: 4 to 40 letters and digits"))
    return found


@action
def put_in_logger(*, ticket_id: UUID, scan: str, by: Actor) -> UUID:
    """The temperature logger that goes into this package, by its scan. One that is in another open package is refused."""
    by.must(PACK)
    ticket = lock(DeliveryTicket, ticket_id)
    if ticket.state not in _PACKABLE:
        raise Refused(Reason("too-late", f"the delivery is {ticket.state.replace('_', ' ')}"))
    serial = _serial(scan)
    if not serial:
        raise Malformed(Fault("Logger", "nothing was scanned"))
    on_the_way = (TicketState.DELIVERED.value, TicketState.RECONCILED.value, TicketState.CANCELLED.value)
    other = DeliveryTicket.objects.filter(logger_serial=serial).exclude(pk=ticket.id).exclude(state__in=on_the_way).first()
    if other is not None:
        raise Refused(Reason("logger-elsewhere", f"logger {serial} is in delivery {other.number}", "take another logger"))
    revise(ticket, "delivery.ticket.logger", "{actor} put logger {serial} into delivery {subject}", by=by,
           noted={"serial": serial}, logger_serial=serial)
    return ticket.id


_BY_ITSELF = frozenset({"deliver", "give"})


@action
def advance_ticket(
    *, ticket_id: UUID, step: str, by: Actor, reason: str = "", version: int | None = None, tracking_number: str = "",
) -> UUID:
    """Take one step of a ticket. The hand-over has its own action, because it brings the proof."""
    if step in _BY_ITSELF:
        raise Refused(Reason("needs-proof", "a hand-over brings who took it, the signature and the temperature"))
    ticket = lock(DeliveryTicket, ticket_id, version)
    lines = lines_of(ticket)
    who = _who_takes_it(ticket, by) if step == "dispatch" else ""
    changes = _changes(ticket, step, by, who)
    if step == "dispatch" and ticket.service_id:
        changes["tracking_number"] = tracking(tracking_number)
    if step == "confirm" and (call := last_call(ticket.id)) and (earliest := earliest_for(ticket, call[0].answers)):
        changes["not_before"] = earliest
    advance(
        ticket, step, facts_of(ticket, lines, by, service_id=ticket.service_id), by=by, reason=reason,
        noted={"pack_out": ticket.pack_out, "with_whom": f" by {who}" if ticket.service_id else ""}, **changes,
    )
    if step == "unpack":
        TicketLine.objects.filter(ticket=ticket, kind="preparation").update(picked_at=None, picked_by=None)
    if step == "dispatch":
        compounding.keep_usual_carrier(therapy_id=ticket.therapy_id, source=ticket.service_id, by=by)
        link(ticket, PHARMACY, who, by, seal=ticket.seal)
    if step == "take_back":
        link(ticket, ticket.driver_name, PHARMACY, by, seal=ticket.seal)
    return ticket.id


def _who_takes_it(ticket: DeliveryTicket, by: Actor) -> str:
    return str(service(ticket.service_id)) if ticket.service_id else by.name


def _changes(t: DeliveryTicket, step: str, by: Actor, who: str) -> dict[str, Any]:
    at = now()
    changes: dict[str, dict[str, Any]] = {
        "pack": {"packed_by": by.id, "packed_at": at},
        "check": {"checked_by": by.id},
        "unpack": {"packed_by": None, "pack_out": "", "validation_id": None, "done_steps": [], "holds_until": None,
                   "logger_serial": "", "seal": "", "service_id": None},
        "dispatch": {"driver": by.id, "driver_name": who, "dispatched_at": at, "holds_until": _holds_until(t, at)},
        "fail": {"fail_code": Failure.OTHER.value, "fail_next": Next.BRING_IT_BACK.value},
    }
    return changes.get(step, {})


def _holds_until(t: DeliveryTicket, at: datetime) -> datetime | None:
    """When the pack-out ends. Its hours run from when it leaves the cold store; with dry ice from when it was packed.

    Never longer than the study on file shows.
    """
    if t.holds_until is not None or not t.pack_out:
        return t.holds_until
    begins = t.packed_at if t.payload == Payload.FROZEN.value and t.packed_at else at
    hours = by_code(t.pack_out).hours
    if t.validation_id is not None:
        hours = min(hours, proven_hours(t.validation_id))
    return begins + timedelta(hours=hours)
