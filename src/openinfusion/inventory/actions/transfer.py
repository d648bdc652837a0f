# SPDX-License-Identifier: Apache-2.0
"""Send lots to another place and receive them there; until then they are in transit and nobody picks them."""
from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from uuid import UUID

from openinfusion.inventory import permissions
from openinfusion.inventory.actions.discrepancy import open_discrepancy
from openinfusion.inventory.actions.ledger import on_hand_row, post
from openinfusion.inventory.domain.movement import Kind
from openinfusion.inventory.domain.number import number_of
from openinfusion.inventory.domain.place import PlaceKind
from openinfusion.inventory.domain.transfer import TransferFacts
from openinfusion.inventory.models import Location, Lot, Transfer, TransferLine
from openinfusion.kernel.ids import new_id
from openinfusion.kernel.refusal import Fault, Malformed
from openinfusion.platform.action import action, fetch, lock
from openinfusion.platform.actor import Actor
from openinfusion.platform.advance import advance
from openinfusion.platform.clock import now
from openinfusion.platform.journal import write


@action
def send_transfer(
    *, from_location: UUID, to_location: UUID, lots: Mapping[UUID, Decimal], by: Actor, note: str = "",
) -> UUID:
    """Take these packages from a place and put them on the road to another; the transfer's id."""
    by.must(permissions.MOVE)
    if not lots or any(amount <= 0 for amount in lots.values()) or from_location == to_location:
        raise Malformed(Fault("lots", "send more than nothing of each lot, to another place"))
    here, there = fetch(Location, from_location), fetch(Location, to_location)
    transit, _ = Location.objects.get_or_create(site_id=there.site_id, code="TRANSIT", defaults={
        "name": "In transit", "kind": PlaceKind.IN_TRANSIT.value})
    id = new_id()
    row = Transfer.objects.create(
        id=id, number=f"T{number_of(id, 6)}", from_location=here, to_location=there, transit=transit, sent_by=by.id,
        sender_name=by.name, sent_at=now(), note=note.strip(),
    )
    for lot_id, amount in sorted(lots.items()):
        lot = lock(Lot, lot_id)
        TransferLine.objects.create(transfer=row, lot=lot, sent_amount=amount)
        _carry(lot.id, here.id, transit.id, amount, row, by)
    write(by, "inventory.transfer.send", row, "{actor} sent {subject} from {here} to {there}: {lots} lot(s)",
          to_state=row.state, noted={"here": here.name, "there": there.name, "lots": len(lots)})
    return row.id


def _carry(lot_id: UUID, here: UUID, there: UUID, amount: Decimal, row: Transfer, by: Actor, reason: str = "") -> None:
    """Two legs of one move; the rows are locked in one order."""
    rows = {place: on_hand_row(lot_id, place) for place in sorted((here, there))}
    post(rows[here], Kind.TRANSFER, -amount, by=by, for_id=row.id, reason=reason)
    post(rows[there], Kind.TRANSFER, amount, by=by, for_id=row.id, reason=reason)


@action
def receive_transfer(
    *, transfer_id: UUID, arrived: Mapping[UUID, Decimal], by: Actor, reason: str = "", version: int | None = None,
) -> UUID:
    """Take in what arrived, by lot. What is missing is written off with the reason; of a controlled lot it is a discrepancy."""
    row = lock(Transfer, transfer_id, version)
    lines = list(TransferLine.objects.select_related("lot").filter(transfer=row).order_by("lot_id"))
    if {line.lot_id for line in lines} != set(arrived) or any(a < 0 for a in arrived.values()):
        raise Malformed(Fault("arrived", "say for each lot how many arrived"))
    facts = TransferFacts(tuple(x.sent_amount for x in lines), tuple(arrived[x.lot_id] for x in lines), reason)
    advance(row, "receive", facts, by=by, reason=reason, receiver_name=by.name, received_at=now())
    for line in lines:
        line.arrived_amount = arrived[line.lot_id]
        line.save(update_fields=["arrived_amount"])
        if line.arrived_amount:
            _carry(line.lot_id, row.transit_id, row.to_location_id, line.arrived_amount, row, by, reason)
        _write_off(row, line, reason, by)
    return row.id


def _write_off(row: Transfer, line: TransferLine, reason: str, by: Actor) -> None:
    missing = line.sent_amount - (line.arrived_amount or Decimal(0))
    if not missing:
        return
    if line.lot.schedule:
        book = on_hand_row(line.lot_id, row.transit_id).on_hand_amount
        open_discrepancy(line.lot_id, row.transit_id, book=book, counted=book - missing, by=by)
        return
    post(on_hand_row(line.lot_id, row.transit_id), Kind.ADJUST, -missing, by=by, for_id=row.id, reason=reason)


@action
def turn_back_transfer(*, transfer_id: UUID, reason: str, by: Actor, version: int | None = None) -> UUID:
    """All of it goes back to where it came from."""
    row = lock(Transfer, transfer_id, version)
    advance(row, "turn_back", TransferFacts(), by=by, reason=reason, receiver_name=by.name, received_at=now())
    for line in TransferLine.objects.filter(transfer=row).order_by("lot_id"):
        _carry(line.lot_id, row.transit_id, row.from_location_id, line.sent_amount, row, by, reason)
    return row.id
