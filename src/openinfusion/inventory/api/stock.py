# SPDX-License-Identifier: Apache-2.0
"""The inventory room as JSON: stock in, moved, corrected, traced."""
from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.http import HttpRequest
from ninja import Schema

from openinfusion.inventory import permissions, public
from openinfusion.inventory.public import LotFact, Ownership, PlaceKind, Pool
from openinfusion.kernel.quantity import parse_decimal
from openinfusion.platform.api import Whole, router_for

router = router_for("inventory")


class PlaceIn(Schema):
    site_id: UUID
    code: str
    name: str
    kind: PlaceKind


class ReceiptIn(Schema):
    """Packages received. Quantity is a string, so that no digit is lost."""

    product_id: UUID
    lot: str
    expires_on: date
    quantity: str
    location: UUID
    serial: str = ""
    supplier: str = ""
    ownership: Ownership = Ownership.OWNED
    patient_id: UUID | None = None


class ScanIn(Schema):
    scan: str
    quantity: str = "1"
    location: UUID


class CorrectionIn(Schema):
    location_id: UUID
    quantity: str
    reason: str = ""


class StepIn(Schema):
    step: str
    reason: str = ""
    version: Whole | None = None


class LotOut(Schema):
    id: UUID
    product_id: UUID
    number: str
    serial: str
    expires_on: date
    state: str
    on_hand: Decimal
    reserved: Decimal
    ownership: str
    schedule: str


class MovementOut(Schema):
    at: datetime
    kind: str
    location: str
    on_hand: Decimal
    reserved: Decimal
    for_id: UUID | None
    reason: str
    mover: str


class LevelOut(Schema):
    product_id: UUID
    site_id: UUID
    on_hand: Decimal


class Made(Schema):
    id: UUID


def _lot(f: LotFact) -> LotOut:
    return LotOut(id=f.id, product_id=f.product_id, number=f.number, serial=f.serial, expires_on=f.expires_on,
                  state=f.state, on_hand=f.on_hand, reserved=f.reserved, ownership=f.ownership, schedule=f.schedule)


@router.post("/locations", response=Made)
def place(request: HttpRequest, given: PlaceIn) -> Made:
    """Open a place at a site."""
    return Made(id=public.open_location(**given.model_dump(), by=request.actor))  # type: ignore[attr-defined]


@router.post("/receipts", response=Made)
def receive(request: HttpRequest, given: ReceiptIn) -> Made:
    """Receive packages of a lot."""
    values = given.model_dump() | {"quantity": parse_decimal(given.quantity, field="quantity")}
    values["pool"] = Pool(values.pop("ownership"), values.pop("patient_id"))
    return Made(id=public.receive_stock(**values, by=request.actor))  # type: ignore[attr-defined]


@router.post("/receipts/scan", response=Made)
def receive_scan(request: HttpRequest, given: ScanIn) -> Made:
    """Receive by a GS1 barcode."""
    return Made(id=public.receive_scanned(
        scan=given.scan, quantity=parse_decimal(given.quantity, field="quantity"), location=given.location,
        by=request.actor,  # type: ignore[attr-defined]
    ))


@router.get("/levels/{product_id}", response=LevelOut)
def level(request: HttpRequest, product_id: UUID, site_id: UUID) -> LevelOut:
    """What is on hand of a product at a site."""
    request.actor.must(permissions.READ)  # type: ignore[attr-defined]
    return LevelOut(product_id=product_id, site_id=site_id, on_hand=public.on_hand(product_id, site_id))


@router.get("/scan", response=LotOut)
def by_scan(request: HttpRequest, code: str) -> LotOut:
    """The lot that a barcode names."""
    request.actor.must(permissions.READ)  # type: ignore[attr-defined]
    return _lot(public.scanned_lot(code))


@router.get("/lots/{lot_id}", response=LotOut)
def lot(request: HttpRequest, lot_id: UUID) -> LotOut:
    """A lot with what is on hand."""
    request.actor.must(permissions.READ)  # type: ignore[attr-defined]
    return _lot(public.lot(lot_id))


@router.get("/lots/{lot_id}/movements", response=list[MovementOut])
def movements(request: HttpRequest, lot_id: UUID) -> list[MovementOut]:
    """The ledger of a lot, newest first."""
    request.actor.must(permissions.READ)  # type: ignore[attr-defined]
    return [
        MovementOut(at=m.at, kind=m.kind, location=m.location, on_hand=m.on_hand, reserved=m.reserved, for_id=m.for_id,
                    reason=m.reason, mover=m.mover)
        for m in public.movements(lot_id)
    ]


@router.post("/lots/{lot_id}/steps", response=Made)
def step(request: HttpRequest, lot_id: UUID, taken: StepIn) -> Made:
    """Quarantine, clear, recall or record the destruction of a lot."""
    return Made(id=public.advance_lot(lot_id=lot_id, by=request.actor, **taken.model_dump()))  # type: ignore[attr-defined]


@router.post("/lots/{lot_id}/adjustments", response=Made)
def adjust(request: HttpRequest, lot_id: UUID, given: CorrectionIn) -> Made:
    """Adjust what is on hand, with a reason."""
    return Made(id=public.adjust_stock(
        lot_id=lot_id, location_id=given.location_id, quantity=parse_decimal(given.quantity), reason=given.reason,
        by=request.actor,  # type: ignore[attr-defined]
    ))


@router.post("/lots/{lot_id}/counts", response=Made)
def count(request: HttpRequest, lot_id: UUID, given: CorrectionIn) -> Made:
    """Write down a count."""
    return Made(id=public.count_stock(
        lot_id=lot_id, location_id=given.location_id, counted=parse_decimal(given.quantity), reason=given.reason,
        by=request.actor,  # type: ignore[attr-defined]
    ))
