# SPDX-License-Identifier: Apache-2.0
"""Picking by scan: the right preparation, the right supply, in date; what is short goes later on a ticket of its own."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from uuid import UUID

from openinfusion.compounding.public import preparation, preparation_by_label
from openinfusion.delivery.actions.follow import follow_up
from openinfusion.delivery.domain.ticket import TicketState
from openinfusion.delivery.models import DeliveryTicket, TicketLine
from openinfusion.delivery.permissions import OPEN, PACK
from openinfusion.delivery.queries import lines_of
from openinfusion.inventory.public import Need, issue_directly, read_scan
from openinfusion.kernel.local_day import moment_at
from openinfusion.kernel.refusal import Fault, Malformed, NotFound, Reason, Refused
from openinfusion.platform.action import action, lock
from openinfusion.platform.actor import Actor
from openinfusion.platform.advance import revise
from openinfusion.platform.clock import now, today
from openinfusion.sites import public as sites


@action
def pick_by_scan(*, ticket_id: UUID, scans: Sequence[str], by: Actor) -> UUID:
    """Take what was scanned: preparations by their label, supplies by their package. Something else is refused."""
    by.must(PACK)
    ticket = lock(DeliveryTicket, ticket_id)
    if ticket.state != TicketState.CONFIRMED.value:
        raise Refused(Reason("not-confirmed", f"delivery {ticket.number} is {ticket.state.replace('_', ' ')}; confirm it first"))
    lines = lines_of(ticket)
    taken = _taken(ticket, lines, scans)
    needs = [Need(row.product_id, Decimal(row.quantity), lots) for row, lots in taken.values() if row.product_id]
    issued = issue_directly(needs=needs, site_id=ticket.site_id, for_id=ticket.id, by=by) if needs else {}
    picked = [row for row, _ in taken.values()]
    for row in picked:
        row.picked_at, row.picked_by = now(), by.id
        if row.product_id:
            row.lot_text = ", ".join(issued[row.product_id])
    TicketLine.objects.bulk_update(picked, ["picked_at", "picked_by", "lot_text"])
    revise(
        ticket,
        "delivery.ticket.scan",
        "{actor} picked {what} for delivery {subject}",
        by=by,
        noted={"what": ", ".join(row.text for row in picked)},
    )
    return ticket.id


def _taken(
    ticket: DeliveryTicket,
    lines: Sequence[TicketLine],
    scans: Sequence[str],
) -> dict[UUID, tuple[TicketLine, tuple[str, ...]]]:
    """The lines these scans take, with the lots they name; two scans of one supply are two lots in the hand."""
    taken: dict[UUID, tuple[TicketLine, tuple[str, ...]]] = {}
    for scan in scans:
        row, lot = _meant(ticket, lines, scan.strip())
        before = taken.get(row.id, (row, ()))[1]
        if row.picked_at is not None or (row.id in taken and (row.kind != "supply" or not lot or lot in before)):
            raise Refused(Reason("picked-before", f"{row.text} is already picked"))
        taken[row.id] = (row, (*before, lot) if lot and row.kind == "supply" else before)
    return taken


def _meant(ticket: DeliveryTicket, lines: Sequence[TicketLine], scan: str) -> tuple[TicketLine, str]:
    """The line this scan means, and the lot it names; Refused when it is none of this ticket's, or not fit to go."""
    if not scan:
        raise Malformed(Fault("scan", "nothing was scanned"))
    upper = scan.upper()
    for row in lines:
        if row.kind == "preparation" and row.scan_code and upper.startswith(row.scan_code.upper()):
            _must_be_fit(row)
            return row, row.lot_text
    if upper.startswith("OI1*"):
        _whose(ticket, scan)
    else:
        read = read_scan(scan)
        for row in lines:
            if row.kind != "preparation" and row.scan_code == read.gtin:
                if read.expires_on and read.expires_on < today(sites.zone_of(ticket.site_id)):
                    raise Refused(
                        Reason(
                            "expired",
                            f"this package of {row.text} expired on {read.expires_on:%d-%b-%Y}",
                            "put it into quarantine and take another",
                        )
                    )
                return row, read.lot.upper()
    raise Refused(Reason("not-on-ticket", f"“{scan}” is not on this ticket", "put it back"))


def _must_be_fit(row: TicketLine) -> None:
    """Refused where the preparation was quarantined or recalled since, or is beyond its use."""
    if row.preparation_id is None:
        return
    made = preparation(row.preparation_id)
    if not made.released:
        raise Refused(Reason("recalled", f"lot {made.lot_number} is {made.state.replace('_', ' ')}", "put it into quarantine"))
    if made.beyond_use_at <= now():
        raise Refused(
            Reason(
                "expired",
                f"lot {made.lot_number} was usable until {moment_at(made.beyond_use_at, sites.zone_of(row.ticket.site_id))}",
                "take it off and make it anew",
            )
        )


def _whose(ticket: DeliveryTicket, scan: str) -> None:
    """Refused with the words that matter where the label is another patient's."""
    try:
        made, _ = preparation_by_label(scan)
    except (NotFound, Malformed):
        return
    if made.patient_id != ticket.patient_id:
        raise Refused(
            Reason("another-patient", f"lot {made.lot_number} is another patient's", "put it back and tell the pharmacist")
        )


@action
def leave_short(*, ticket_id: UUID, line_id: UUID, now_quantity: int, by: Actor) -> UUID:
    """A supply is short: so many go now, the rest goes later on a ticket of its own. The id of that ticket."""
    by.must(OPEN)
    ticket = lock(DeliveryTicket, ticket_id)
    row = next((r for r in lines_of(ticket) if r.id == line_id and r.kind == "supply"), None)
    if row is None or not 0 <= now_quantity < row.quantity:
        raise Malformed(Fault("quantity", "choose a supply on this ticket, and fewer than are on it"))
    if row.picked_at is not None or ticket.state != TicketState.CONFIRMED.value:
        raise Refused(Reason("already-picked", "it is already picked", "unpack the delivery first"))
    each, text, short = row.cost_cents // row.quantity, row.text, row.quantity - now_quantity
    later = follow_up(ticket, by)
    TicketLine.objects.create(
        ticket=later,
        kind="supply",
        product_id=row.product_id,
        text=text,
        quantity=short,
        scan_code=row.scan_code,
        storage=row.storage,
        cost_cents=each * short,
    )
    if now_quantity:
        row.quantity, row.cost_cents = now_quantity, each * now_quantity
        row.save(update_fields=["quantity", "cost_cents"])
    else:
        row.delete()
    revise(
        ticket,
        "delivery.ticket.short",
        "{actor} sends {now} of {what} with {subject}, {later} later as {ticket}",
        by=by,
        noted={"now": now_quantity, "what": text, "later": short, "ticket": later.number},
    )
    return later.id
