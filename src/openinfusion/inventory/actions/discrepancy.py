# SPDX-License-Identifier: Apache-2.0
"""Controlled substances: entries that a witness confirms, discrepancies, and the inventory of all of them."""
from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import UUID

from openinfusion.inventory import permissions
from openinfusion.inventory.actions.ledger import Hand, on_hand_row, post
from openinfusion.inventory.domain.controlled import ActFacts, ActKind, DiscrepancyFacts, resolve_by
from openinfusion.inventory.domain.movement import Kind
from openinfusion.inventory.events import DiscrepancyOpened
from openinfusion.inventory.models import ControlledAct, ControlledInventory, Discrepancy, Lot
from openinfusion.inventory.queries import today_at
from openinfusion.inventory.queries.controlled import inventory_lines
from openinfusion.kernel.refusal import Fault, Malformed, Reason, Refused
from openinfusion.platform.action import action, lock
from openinfusion.platform.actor import Actor
from openinfusion.platform.advance import advance
from openinfusion.platform.clock import now
from openinfusion.platform.journal import write

_TAKES = (ActKind.WASTE, ActKind.DESTROY, ActKind.SEND_BACK)


@action
def enter_controlled(
    *, kind: ActKind, lot_id: UUID, location_id: UUID, amount: Decimal, by: Actor, reason: str = "",
) -> UUID:
    """What one person did or counted; it holds once another has witnessed it. A count is entered without seeing the book."""
    by.must(permissions.WITNESS)
    lot = lock(Lot, lot_id)
    if not lot.schedule:
        raise Refused(Reason("not-controlled", f"{lot} is no controlled substance", "correct it on its own page"))
    _must_be_sound(kind, amount, reason)
    held = on_hand_row(lot.id, location_id)
    if kind in _TAKES and amount > held.on_hand_amount - held.reserved_amount:
        raise Refused(Reason("not-enough-stock", "there is not so much free in this place", "count it first"))
    if ControlledAct.objects.filter(lot=lot, location_id=location_id, kind=kind.value, state="to_witness").exists():
        raise Refused(Reason("waits-already", "an entry of this kind waits for its witness", "have it witnessed first"))
    row = ControlledAct.objects.create(
        kind=kind.value, lot=lot, location_id=location_id, amount=amount, reason=reason.strip(), entered_by=by.id,
        enterer_name=by.name, book_amount=held.on_hand_amount if kind is ActKind.COUNT else None,
    )
    write(by, f"inventory.controlled.{kind.value}", row, "{actor} entered {subject}: {amount}", reason=reason,
          to_state=row.state, noted={"amount": f"{amount.normalize():f}"})
    return row.id


def _must_be_sound(kind: ActKind, amount: Decimal, reason: str) -> None:
    faults = []
    if kind in _TAKES and amount <= 0:
        faults.append(Fault("amount", "is more than zero"))
    if kind is ActKind.COUNT and amount < 0:
        faults.append(Fault("amount", "a count is not negative"))
    if kind is ActKind.ADJUST and amount == 0:
        faults.append(Fault("amount", "an adjustment changes something"))
    if kind is not ActKind.COUNT and not reason.strip():
        faults.append(Fault("reason", "say why"))
    if faults:
        raise Malformed(*faults)


@action
def witness_controlled(
    *, act_id: UUID, by: Actor, counted: Decimal | None = None, version: int | None = None,
) -> UUID:
    """A second person has seen it, and signs. Stock moves now; a count that differs from the book opens a discrepancy."""
    row = lock(ControlledAct, act_id, version)
    kind = ActKind(row.kind)
    facts = ActFacts(kind, row.entered_by, by.id, row.amount, counted)
    advance(row, "witness", facts, by=by, witnessed_by=by.id, witness_name=by.name, witnessed_at=now(),
            noted={"amount": row.amount, "entered_by": row.enterer_name})
    hand = Hand(row.entered_by, row.enterer_name, by.id, by.name)
    place = on_hand_row(row.lot_id, row.location_id)
    if kind is not ActKind.COUNT:
        post(place, Kind(kind.value), row.amount, by=hand, for_id=row.id, reason=row.reason)
        return row.id
    post(place, Kind.COUNT, Decimal(0), by=hand, for_id=row.id, reason=row.reason)
    book = row.book_amount if row.book_amount is not None else place.on_hand_amount
    if book != row.amount:
        open_discrepancy(row.lot_id, row.location_id, book=book, counted=row.amount, by=by, hand=hand)
    return row.id


@action
def refuse_controlled(*, act_id: UUID, reason: str, by: Actor, version: int | None = None) -> UUID:
    """The second person did not see what was entered; nothing moves."""
    row = lock(ControlledAct, act_id, version)
    advance(row, "refuse", ActFacts(), by=by, reason=reason)
    return row.id


def open_discrepancy(
    lot_id: UUID, location_id: UUID, *, book: Decimal, counted: Decimal, by: Actor, hand: Hand | None = None,
) -> Discrepancy:
    """A difference that somebody must resolve. Part of the action that found it."""
    row = Discrepancy.objects.create(
        lot_id=lot_id, location_id=location_id, book_amount=book, counted_amount=counted, late_at=resolve_by(now()),
        found_by=hand.id if hand else by.id, finder_name=hand.name if hand else by.name,
        witnessed_by=hand.witnessed_by if hand else None, witness_name=hand.witness_name if hand else "",
    )
    write(by, "inventory.discrepancy.open", row, "{subject} was found: book {book}, counted {counted}", to_state=row.state,
          noted={"book": f"{book.normalize():f}", "counted": f"{counted.normalize():f}"},
          news=[DiscrepancyOpened(
              discrepancy_id=row.id, lot_id=lot_id, site_id=row.location.site_id, at=row.made_at,
              title=f"{row.lot}, {row.location}: book {book.normalize():f}, counted {counted.normalize():f}")])
    return row


@action
def report_discrepancy(*, discrepancy_id: UUID, report: str, reason: str, by: Actor, version: int | None = None) -> UUID:
    """Theft or loss was reported; the report is named (DEA Form 106 and its number)."""
    row = lock(Discrepancy, discrepancy_id, version)
    advance(row, "report", DiscrepancyFacts(row.found_by, by.id, report), by=by, reason=reason, report=report.strip())
    return row.id


@action
def resolve_discrepancy(
    *, discrepancy_id: UUID, reason: str, by: Actor, adjust: bool, version: int | None = None,
) -> UUID:
    """Somebody who did not count says what it was. ``adjust``: the book follows the count; else the count was wrong."""
    row = lock(Discrepancy, discrepancy_id, version)
    changes: dict[str, Any] = {"finding": reason.strip(), "resolved_by": by.id, "resolver_name": by.name}
    advance(row, "resolve", DiscrepancyFacts(row.found_by, by.id), by=by, reason=reason, noted={"adjusted": adjust}, **changes)
    if adjust:
        hand = Hand(row.found_by, row.finder_name, by.id, by.name)
        post(on_hand_row(row.lot_id, row.location_id), Kind.COUNT, row.counted_amount - row.book_amount, by=hand,
             for_id=row.id, reason=reason)
    return row.id


@action
def take_controlled_inventory(*, site_id: UUID, at_opening: bool, by: Actor) -> UUID:
    """The inventory of every controlled substance of a site, as the last witnessed counts have it.

    Refused where a lot was not counted today, or a discrepancy is open.
    """
    by.must(permissions.RESOLVE)
    lines, against = inventory_lines(site_id), []
    uncounted = [line for line in lines if not line["counted_today"]]
    if uncounted:
        named = ", ".join(f"{line['product']} lot {line['lot']}" for line in uncounted[:5])
        against.append(Reason("not-counted", f"not counted today: {named}", "count with a witness first"))
    if Discrepancy.objects.filter(location__site_id=site_id).exclude(state="resolved").exists():
        against.append(Reason("discrepancy-open", "a discrepancy is open", "resolve it first"))
    if against:
        raise Refused(*against)
    row = ControlledInventory.objects.create(
        site_id=site_id, taken_on=today_at(site_id), at_opening=at_opening, lines=lines, taken_by=by.id, taker_name=by.name)
    write(by, "inventory.controlled.inventory", row, "{actor} took {subject}: {count} line(s)", noted={"count": len(lines)})
    return row.id
