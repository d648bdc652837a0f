# SPDX-License-Identifier: Apache-2.0
"""Where a code leads that somebody scanned anywhere: a device's serial, a product's lot, a place, an order's number."""

from __future__ import annotations

from openinfusion.inventory.domain.scan import Scan, read_scan
from openinfusion.inventory.models import CountSheet, Location, Lot, Pump, PurchaseOrder, RecallCase, Transfer
from openinfusion.kernel.refusal import Malformed, NotFound

_NUMBERED = ((PurchaseOrder, "orders"), (CountSheet, "counts"), (Transfer, "transfers"), (RecallCase, "recalls"))


def jump_to(code: str) -> str:
    """The path of the page; NotFound where nothing here has this code."""
    text = code.strip().upper()
    scan = _read(code)
    if found := Pump.objects.filter(serial__in=[text, *([scan.serial.upper()] if scan and scan.serial else [])]).first():
        return f"/inventory/pumps/{found.id}/"
    for model, path in _NUMBERED:
        if row := model.objects.filter(number=text).first():
            return f"/inventory/{path}/{row.id}/"
    lots = (
        Lot.objects.filter(product__gtin=scan.gtin, number=scan.lot.upper())
        if scan and scan.lot
        else Lot.objects.filter(number=text)
    )
    if lot := lots.first():
        return f"/inventory/lots/{lot.id}/"
    if Location.objects.filter(code=text).exists():
        return "/inventory/places/"
    raise NotFound(f"nothing has the code {code}")


def _read(code: str) -> Scan | None:
    try:
        return read_scan(code)
    except Malformed:  # no code of a product; it may still be a number of the house
        return None
