# SPDX-License-Identifier: Apache-2.0
"""Cycle counts: open a sheet, count blind, have another count what differs, approve, and the book follows."""
from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

from openinfusion.inventory import permissions
from openinfusion.inventory.actions.ledger import on_hand_row, post
from openinfusion.inventory.domain.count import CountState
from openinfusion.inventory.domain.movement import Kind
from openinfusion.inventory.domain.number import number_of
from openinfusion.inventory.models import CountLine, CountSheet, Location, OnHand
from openinfusion.inventory.queries.count import class_of_products, count_facts, counted
from openinfusion.kernel.ids import new_id
from openinfusion.kernel.refusal import Fault, Malformed, Reason, Refused
from openinfusion.platform.action import action, fetch, lock
from openinfusion.platform.actor import Actor
from openinfusion.platform.advance import advance
from openinfusion.platform.clock import now
from openinfusion.platform.journal import write

_OPEN = (CountState.COUNTING.value, CountState.RECOUNTING.value, CountState.TO_APPROVE.value)


@action
def open_count(*, location_id: UUID, by: Actor, klass: str = "") -> UUID:
    """A sheet of every lot in a place, of one class if one is named. Controlled substances are counted in the vault."""
    by.must(permissions.COUNT)
    place = lock(Location, location_id)
    if CountSheet.objects.filter(location=place, state__in=_OPEN).exists():
        raise Refused(Reason("count-open", f"a count of {place} is open", "finish or cancel it first"))
    rows = OnHand.objects.filter(location=place, on_hand_amount__gt=0, lot__schedule="").select_related("lot")
    lots = [r.lot for r in rows]
    if klass:
        known = class_of_products(place.site_id)
        lots = [lot for lot in lots if known.get(lot.product_id, "C") == klass]
    if not lots:
        raise Refused(Reason("nothing-to-count", f"nothing of this class is in {place}", "choose another class or place"))
    id = new_id()
    row = CountSheet.objects.create(id=id, number=f"C{number_of(id, 6)}", location=place, klass=klass)
    CountLine.objects.bulk_create([CountLine(sheet=row, lot=lot) for lot in lots])
    write(by, "inventory.count.open", row, "{actor} opened {subject} of {place}: {lines} line(s)", to_state=row.state,
          noted={"place": place.name, "lines": len(lots)})
    return row.id


@action
def record_count(*, sheet_id: UUID, amounts: Mapping[UUID, Decimal], by: Actor, version: int | None = None) -> UUID:
    """What was counted, by line. The book is read at this moment and not shown; the second count is another person's."""
    by.must(permissions.COUNT)
    row = lock(CountSheet, sheet_id, version)
    first = row.state == CountState.COUNTING.value
    _must_be_open_for(row, first, by)
    lines = {line.id: line for line in CountLine.objects.filter(sheet=row)}
    if not amounts or set(amounts) - set(lines) or any(a < 0 for a in amounts.values()):
        raise Malformed(Fault("counted", "count lines of this sheet, never below zero"))
    for line_id, amount in sorted(amounts.items()):
        _write_line(lines[line_id], row, amount, first)
    who = {"counted_by": by.id, "counter_name": by.name} if first else {"recounted_by": by.id, "recounter_name": by.name}
    for name, value in who.items():
        setattr(row, name, value)
    row.save(update_fields=list(who))
    write(by, "inventory.count.record", row, "{actor} counted {lines} line(s) of {subject}", noted={
        "lines": len(amounts), "round": 1 if first else 2})
    return row.id


def _must_be_open_for(row: CountSheet, first: bool, by: Actor) -> None:
    if not first and row.state != CountState.RECOUNTING.value:
        raise Refused(Reason("not-counting", f"{row} is {row.state.replace('_', ' ')}", "open a new sheet"))
    if first and row.counted_by not in (None, by.id):
        raise Refused(Reason("other-counter", f"{row.counter_name} counts this sheet", "count the second round, or open another"))
    if not first and row.counted_by == by.id:
        raise Refused(Reason("own-count", "whoever counted first may not count again", "another person recounts"))
    if not first and row.recounted_by not in (None, by.id):
        raise Refused(Reason("other-counter", f"{row.recounter_name} recounts this sheet"))


def _write_line(line: CountLine, sheet: CountSheet, amount: Decimal, first: bool) -> None:
    book = on_hand_row(line.lot_id, sheet.location_id).on_hand_amount
    if (line.counted_amount if first else line.second_amount) is not None:
        raise Refused(Reason("counted-already", f"{line} is written down", "what differs is counted again by another person"))
    if first:
        line.counted_amount, line.book_amount = amount, book
        line.save(update_fields=["counted_amount", "book_amount"])
        return
    if line.counted_amount == line.book_amount:
        raise Refused(Reason("agrees", f"{line} agrees with the book", "count only what differs"))
    line.second_amount, line.second_book_amount = amount, book
    line.save(update_fields=["second_amount", "second_book_amount"])


@action
def explain_count(*, sheet_id: UUID, reasons: Mapping[UUID, str], by: Actor) -> UUID:
    """Why lines differ, before they are approved."""
    by.must(permissions.COUNT)
    row = lock(CountSheet, sheet_id)
    if row.state != CountState.TO_APPROVE.value:
        raise Refused(Reason("not-to-approve", "reasons are given when the counting is done"))
    for line in CountLine.objects.filter(sheet=row, pk__in=list(reasons)):
        line.reason = reasons[line.id].strip()
        line.save(update_fields=["reason"])
    write(by, "inventory.count.explain", row, "{actor} gave reasons for the differences of {subject}",
          noted={"lines": len(reasons)})
    return row.id


@action
def advance_count(
    *, sheet_id: UUID, step: str, by: Actor, reason: str = "", version: int | None = None,
) -> UUID:
    """Finish, ask for a recount, finish it, approve (another person; the book follows) or cancel."""
    row = lock(CountSheet, sheet_id, version)
    facts = count_facts(row, by.id)
    changes: dict[str, Any] = {}
    if step == "approve":
        changes = {"approved_by": by.id, "approver_name": by.name, "posted_at": now()}
    advance(row, step, facts, by=by, reason=reason, noted={"place": fetch(Location, row.location_id).name}, **changes)
    if step == "approve":
        _post(row, by)
    return row.id


def _post(row: CountSheet, by: Actor) -> None:
    """The difference of each line to the ledger, a line without one too: that it was counted is a fact."""
    for line in CountLine.objects.filter(sheet=row).order_by("lot_id"):
        post(on_hand_row(line.lot_id, row.location_id), Kind.COUNT, counted(line).difference, by=by, for_id=row.id,
             reason=line.reason)
