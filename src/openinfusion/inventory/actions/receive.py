# SPDX-License-Identifier: Apache-2.0
"""Open places, receive stock, put it away, move it between places."""
from __future__ import annotations

from datetime import date
from decimal import Decimal
from uuid import UUID

from openinfusion.catalog import public as catalog
from openinfusion.inventory import permissions
from openinfusion.inventory.actions.ledger import on_hand_row, post
from openinfusion.inventory.domain.movement import Kind
from openinfusion.inventory.domain.ownership import OWNED, Pool
from openinfusion.inventory.domain.place import PlaceKind
from openinfusion.inventory.domain.scan import read_scan
from openinfusion.inventory.models import Location, Lot
from openinfusion.inventory.queries import today_at
from openinfusion.kernel.ids import new_id
from openinfusion.kernel.money import Money
from openinfusion.kernel.refusal import Fault, Malformed, Reason, Refused
from openinfusion.platform.action import action, fetch, lock
from openinfusion.platform.actor import Actor
from openinfusion.platform.advance import revise
from openinfusion.platform.journal import write


@action
def open_location(
    *, site_id: UUID, code: str, name: str, kind: PlaceKind, by: Actor, pick_order: int = 0, patient_id: UUID | None = None,
) -> UUID:
    """A place at a site; the one with this code, if there is one. Only a patient's home names a patient."""
    by.must(permissions.RECEIVE)
    if not code.strip() or not name.strip():
        raise Malformed(Fault("code", "a place has a code and a name"))
    if patient_id and kind is not PlaceKind.PATIENT_HOME:
        raise Malformed(Fault("patient_id", "only a home is a patient's"))
    row, _ = Location.objects.get_or_create(site_id=site_id, code=code.strip().upper(), defaults={
        "name": name.strip(), "kind": kind.value, "pick_order": pick_order, "patient_id": patient_id})
    write(by, "inventory.location.open", row, "{actor} opened the place {subject}")
    return row.id


@action
def receive_stock(
    *, product_id: UUID, lot: str, expires_on: date, quantity: Decimal, location: UUID, by: Actor,
    cost: Money | None = None, serial: str = "", supplier: str = "", pool: Pool = OWNED,
) -> UUID:
    """Take packages of a lot in, of one owner; the lot's id. Expired or contradicting what is known of the lot: refused.

    The same lot number of another owner is another lot here, so that the two are never mixed.
    """
    by.must(permissions.RECEIVE)
    pool.must_be_sound()
    place = fetch(Location, location)
    product = catalog.product(product_id)
    _check_receipt(lot, expires_on, quantity, today_at(place.site_id))
    listed = catalog.controlled(product.drug_code)
    row, made = Lot.objects.get_or_create(
        product_id=product_id, number=lot.strip().upper(), serial=serial, ownership=pool.ownership.value,
        patient_id=pool.patient_id, defaults={  # type: ignore[misc]
            "expires_on": expires_on, "cost_cents": (cost or product.cost).cents, "supplier": supplier,
            "schedule": listed.schedule if listed else "",
        })
    if not made and row.expires_on != expires_on:
        raise Refused(Reason("expiry-differs", f"{row} is known with expiry {row.expires_on:%d-%b-%Y}",
                             "read the package again, or quarantine it"))
    post(on_hand_row(row.id, place.id), Kind.RECEIVE, quantity, by=by)
    write(by, "inventory.stock.receive", row, "{actor} received {quantity} of {product}, {subject}, into {place}",
          noted={"quantity": quantity.normalize(), "product": product.name, "place": place.name, "expires": expires_on})
    return row.id


def _check_receipt(lot: str, expires_on: date, quantity: Decimal, today: date) -> None:
    faults = []
    if not lot.strip():
        faults.append(Fault("lot", "a lot has a number"))
    if quantity <= 0:
        faults.append(Fault("quantity", "is more than zero"))
    if expires_on < today:
        faults.append(Fault("expires_on", f"expired {expires_on:%d-%b-%Y}; do not take it into stock"))
    if faults:
        raise Malformed(*faults)


@action
def receive_scanned(
    *, scan: str, quantity: Decimal, location: UUID, by: Actor, cost: Money | None = None, pool: Pool = OWNED,
) -> UUID:
    """Receive what a GS1 code names: product, lot and expiry come from the code."""
    read = read_scan(scan)
    if not read.names_lot:
        raise Malformed(Fault("scan", "the code carries no lot and expiry; enter them by hand"))
    product = catalog.product_by_gtin(read.gtin)
    assert read.expires_on
    return receive_stock(
        product_id=product.id, lot=read.lot, expires_on=read.expires_on, quantity=quantity, location=location,
        cost=cost, serial=read.serial, by=by, pool=pool,
    )


@action
def change_location(*, location_id: UUID, name: str, pick_order: int, by: Actor) -> UUID:
    """What a place is called and where it stands on the walk through the store."""
    by.must(permissions.RECEIVE)
    if not name.strip() or pick_order < 0:
        raise Malformed(Fault("name", "a place has a name, and its position is not negative"))
    row = lock(Location, location_id)
    revise(row, "inventory.location.change", "{actor} changed the place {subject}", by=by, name=name.strip(),
           pick_order=pick_order)
    return row.id


def _refuse_transit(*places: Location) -> None:
    if any(p.kind == PlaceKind.IN_TRANSIT.value for p in places):
        raise Refused(Reason("in-transit", "what is on the road is received by its transfer", "open the transfer"))


@action
def transfer_stock(
    *, lot_id: UUID, from_location: UUID, to_location: UUID, quantity: Decimal, by: Actor, reason: str = "",
) -> UUID:
    """Move packages between places: two legs of one transfer. Within a site from receiving it is a put-away."""
    by.must(permissions.MOVE)
    if from_location == to_location or quantity <= 0:
        raise Malformed(Fault("to_location", "move a positive quantity to another place"))
    lot = lock(Lot, lot_id)
    here, there = fetch(Location, from_location), fetch(Location, to_location)
    _refuse_transit(here, there)
    put_away = here.kind == PlaceKind.RECEIVING.value and here.site_id == there.site_id
    kind, transfer_id = (Kind.PUT_AWAY if put_away else Kind.TRANSFER), new_id()
    rows = {place.id: on_hand_row(lot.id, place.id) for place in sorted((here, there), key=lambda p: p.id)}
    post(rows[here.id], kind, -quantity, by=by, for_id=transfer_id, reason=reason)
    post(rows[there.id], kind, quantity, by=by, for_id=transfer_id, reason=reason)
    write(by, f"inventory.stock.{kind.value}", lot, "{actor} moved {quantity} of {subject} from {here} to {there}",
          reason=reason, noted={"quantity": quantity.normalize(), "here": here.name, "there": there.name})
    return transfer_id
