# SPDX-License-Identifier: Apache-2.0
"""What lies on the shelves of a site, lot by lot: how much of it is free, and for what the rest is held."""
from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db.models import F

from openinfusion.inventory.domain.ownership import OWNED, Pool, pool_of
from openinfusion.inventory.models import OnHand, Reservation
from openinfusion.inventory.queries import PICKABLE


@dataclass(frozen=True, slots=True)
class ShelfLot:
    """Packages of one lot on the shelves of one site. ``held_for``: the purposes that hold what is not free."""

    lot_id: UUID
    product_id: UUID
    number: str
    expires_on: date
    state: str
    pool: Pool
    free: Decimal
    held: Decimal
    held_for: tuple[UUID, ...] = ()

    def may_be_for(self, patient_id: UUID) -> bool:
        """Whether this patient may have it without further ado: the house's own, or bought for this patient."""
        return self.pool == OWNED or self.pool.patient_id == patient_id


def shelf_lots(site_id: UUID, product_ids: Iterable[UUID], number: str = "") -> list[ShelfLot]:
    """The lots of these products on the shelves of a site, whatever speaks against them; the earliest expiry first."""
    rows = OnHand.objects.select_related("lot").filter(
        lot__product_id__in=list(product_ids), on_hand_amount__gt=0, location__site_id=site_id, location__kind__in=PICKABLE,
    )
    if number:
        rows = rows.filter(lot__number=number)
    found: dict[UUID, ShelfLot] = {}
    for r in rows.order_by("lot__expires_on", "lot__number", "id"):
        free, before = r.on_hand_amount - r.reserved_amount, found.get(r.lot_id)
        if before is None:
            found[r.lot_id] = ShelfLot(
                r.lot_id, r.lot.product_id, r.lot.number, r.lot.expires_on, r.lot.state,
                pool_of(r.lot.ownership, r.lot.patient_id), free, r.reserved_amount,
            )
        else:
            found[r.lot_id] = replace(before, free=before.free + free, held=before.held + r.reserved_amount)
    purposes = _holding([x.lot_id for x in found.values() if x.held], site_id)
    return [replace(x, held_for=tuple(purposes.get(x.lot_id, ()))) for x in found.values()]


def _holding(lot_ids: list[UUID], site_id: UUID) -> dict[UUID, list[UUID]]:
    found: dict[UUID, list[UUID]] = {}
    if lot_ids:
        rows = Reservation.objects.filter(lot_id__in=lot_ids, location__site_id=site_id,
                                          held_amount__gt=F("issued_amount") + F("released_amount"))
        for lot_id, for_id in rows.values_list("lot_id", "for_id"):
            found.setdefault(lot_id, []).append(for_id)
    return found
