# SPDX-License-Identifier: Apache-2.0
"""Picking by scan, choosing the pack-out, and the plain steps of a ticket."""
from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from openinfusion.delivery.domain.pack_out import Lane, by_code, season_of, strictest
from openinfusion.delivery.domain.ticket import TicketState
from openinfusion.delivery.models import DeliveryTicket, TicketLine
from openinfusion.delivery.permissions import PACK
from openinfusion.delivery.queries import facts_of, lines_of
from openinfusion.inventory.public import Need, issue_directly, read_scan
from openinfusion.kernel.refusal import Fault, Malformed, Reason, Refused
from openinfusion.platform.action import action, lock
from openinfusion.platform.actor import Actor
from openinfusion.platform.advance import advance, revise
from openinfusion.platform.clock import now


@action
def pick_by_scan(*, ticket_id: UUID, scans: Sequence[str], by: Actor) -> UUID:
    """Take what was scanned: preparations by their label, supplies by their package. Something else is refused."""
    by.must(PACK)
    ticket = lock(DeliveryTicket, ticket_id)
    if ticket.state != TicketState.CONFIRMED.value:
        raise Refused(Reason("not-confirmed",
            f"delivery {ticket.number} is {ticket.state.replace('_', ' ')}; confirm it first"))
    lines = lines_of(ticket)
    taken = _taken(lines, scans)
    needs = [Need(row.product_id, Decimal(row.quantity), lots) for row, lots in taken.values() if row.product_id]
    issued = issue_directly(needs=needs, site_id=ticket.site_id, for_id=ticket.id, by=by) if needs else {}
    picked = [row for row, _ in taken.values()]
    for row in picked:
        row.picked_at, row.picked_by = now(), by.id
        if row.product_id:
            row.lot_text = ", ".join(issued[row.product_id])
    TicketLine.objects.bulk_update(picked, ["picked_at", "picked_by", "lot_text"])
    revise(
        ticket, "delivery.ticket.scan", "{actor} picked {what} for delivery {subject}", by=by,
        noted={"what": ", ".join(row.text for row in picked)},
    )
    return ticket.id


def _taken(lines: Sequence[TicketLine], scans: Sequence[str]) -> dict[UUID, tuple[TicketLine, tuple[str, ...]]]:
    """The lines these scans take, with the lots they name; two scans of one supply are two lots in the hand."""
    taken: dict[UUID, tuple[TicketLine, tuple[str, ...]]] = {}
    for scan in scans:
        row, lot = _meant(lines, scan.strip())
        before = taken.get(row.id, (row, ()))[1]
        if row.picked_at is not None or (row.id in taken and (row.kind != "supply" or not lot or lot in before)):
            raise Refused(Reason("picked-before", f"{row.text} is already picked"))
        taken[row.id] = (row, (*before, lot) if lot and row.kind == "supply" else before)
    return taken


def _meant(lines: Sequence[TicketLine], scan: str) -> tuple[TicketLine, str]:
    """The line this scan means, and the lot it names; Refused when it is none of this ticket's."""
    if not scan:
        raise Malformed(Fault("scan", "nothing was scanned"))
    upper = scan.upper()
    for row in lines:
        if row.kind == "preparation" and row.scan_code and upper.startswith(row.scan_code.upper()):
            return row, row.lot_text
    if not upper.startswith("OI1*"):
        read = read_scan(scan)
        for row in lines:
            if row.kind != "preparation" and row.scan_code == read.gtin:
                return row, read.lot.upper()
    raise Refused(Reason("not-on-ticket", f"“{scan}” is not on this ticket", "put it back"))


@action
def choose_pack_out(*, ticket_id: UUID, pack_out: str, lane: Lane, by: Actor) -> UUID:
    """Choose how it travels and how it is packed; the pack-out must be on file for this lane, season and content."""
    by.must(PACK)
    ticket = lock(DeliveryTicket, ticket_id)
    chosen = by_code(pack_out)
    payload = strictest([row.storage for row in lines_of(ticket)])
    on = ticket.need_by or now().date()
    if (chosen.payload, chosen.lane, chosen.season) != (payload, lane, season_of(on)):
        holds = f"{chosen.payload.value}, {chosen.lane.value.replace('_', ' ')}, {chosen.season.value}"
        wants = f"{payload.value}, {lane.value.replace('_', ' ')}, {season_of(on).value}"
        raise Refused(Reason(
            "pack-out-mismatch", f"{chosen.code} is for {holds}; this is {wants}", "choose another pack-out",
        ))
    if ticket.state not in {TicketState.CONFIRMED.value, TicketState.PICKED.value}:
        raise Refused(Reason("too-late", f"the delivery is {ticket.state.replace('_', ' ')}"))
    revise(
        ticket, "delivery.ticket.pack_out", "{actor} chose pack-out {code} for delivery {subject}", by=by,
        noted={"code": chosen.code, "hours": chosen.hours, "source": str(chosen.source)}, pack_out=chosen.code,
        lane=lane.value,
    )
    return ticket.id


_BY_ITSELF = frozenset({"deliver"})


@action
def advance_ticket(*, ticket_id: UUID, step: str, by: Actor, reason: str = "", version: int | None = None) -> UUID:
    """Take one step of a ticket. The hand-over has its own action, because it brings the proof."""
    if step in _BY_ITSELF:
        raise Refused(Reason("needs-proof", "a hand-over brings who took it, the signature and the temperature"))
    ticket = lock(DeliveryTicket, ticket_id, version)
    lines = lines_of(ticket)
    advance(
        ticket, step, facts_of(ticket, lines, by), by=by, reason=reason, noted={"pack_out": ticket.pack_out},
        **_changes(step, by),
    )
    if step == "unpack":
        TicketLine.objects.filter(ticket=ticket, kind="preparation").update(picked_at=None, picked_by=None)
    return ticket.id


def _changes(step: str, by: Actor) -> dict[str, Any]:
    changes: dict[str, dict[str, Any]] = {
        "pack": {"packed_by": by.id},
        "check": {"checked_by": by.id},
        "unpack": {"packed_by": None, "pack_out": ""},
        "dispatch": {"driver": by.id, "driver_name": by.name, "dispatched_at": now()},
    }
    return changes.get(step, {})
