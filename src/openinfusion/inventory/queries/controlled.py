# SPDX-License-Identifier: Apache-2.0
"""Reads about controlled substances: what is in the vault, what waits for a witness, what is open, what was taken."""
from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Max

from openinfusion.inventory.domain.controlled import next_inventory_on
from openinfusion.inventory.models import ControlledAct, ControlledInventory, OnHand
from openinfusion.inventory.queries import today_at, zone_at


@dataclass(frozen=True, slots=True)
class VaultRow:
    """One controlled lot in one place: what the book says, and when two people last counted it."""

    lot_id: UUID
    location_id: UUID
    site_id: UUID
    schedule: str
    product: str
    ndc: str
    lot: str
    expires_on: date
    place: str
    state: str
    book: Decimal
    reserved: Decimal
    counted_at: datetime | None


def vault(site_id: UUID | None) -> list[VaultRow]:
    """Every controlled lot that is on hand, by schedule and product."""
    rows = OnHand.objects.filter(on_hand_amount__gt=0).exclude(lot__schedule="").select_related("lot__product", "location")
    if site_id:
        rows = rows.filter(location__site_id=site_id)
    counted = {
        (r["lot_id"], r["location_id"]): r["last"] for r in ControlledAct.objects.filter(
            kind="count", state="witnessed").values("lot_id", "location_id").annotate(last=Max("witnessed_at"))
    }
    return [
        VaultRow(r.lot_id, r.location_id, r.location.site_id, r.lot.schedule, r.lot.product.name, r.lot.product.ndc11,
                 r.lot.number, r.lot.expires_on, r.location.name, r.lot.state, r.on_hand_amount, r.reserved_amount,
                 counted.get((r.lot_id, r.location_id)))
        for r in rows.order_by("lot__schedule", "lot__product__name", "lot__number", "location__name")
    ]


def inventory_lines(site_id: UUID) -> list[dict[str, Any]]:
    """The lines of the inventory of a site, as they would be kept."""
    today, zone = today_at(site_id), zone_at(site_id)
    return [
        {
            "schedule": r.schedule, "product": r.product, "ndc": r.ndc, "lot": r.lot, "expires": r.expires_on.isoformat(),
            "place": r.place, "amount": f"{r.book.normalize():f}", "state": r.state,
            "counted_today": r.counted_at is not None and r.counted_at.astimezone(zone).date() == today,
        }
        for r in vault(site_id)
    ]


def inventory_due_on(site_id: UUID) -> date | None:
    """The last day for the next inventory of controlled substances; None where none was ever taken."""
    last = ControlledInventory.objects.filter(site_id=site_id).order_by("-taken_on").first()
    return next_inventory_on(last.taken_on) if last else None
