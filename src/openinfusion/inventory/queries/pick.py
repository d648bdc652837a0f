# SPDX-License-Identifier: Apache-2.0
"""Reads for the walk through the store: what is held and not taken yet, and what a kit needs."""
from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db.models import F

from openinfusion.inventory.domain.pick import PickLine, in_order
from openinfusion.inventory.models import Reservation


def pick_lines(site_id: UUID, for_ids: Iterable[UUID] | None = None) -> list[PickLine]:
    """Everything that is held at a site, or held for these purposes, in the order of the walk."""
    rows = Reservation.objects.filter(
        location__site_id=site_id, held_amount__gt=F("issued_amount") + F("released_amount"),
    ).select_related("lot__product", "location")
    if for_ids is not None:
        rows = rows.filter(for_id__in=list(for_ids))
    return in_order(
        PickLine(r.location.pick_order, r.location.name, r.lot.product.name, r.lot.number, r.lot.expires_on,
                 r.held_amount - r.issued_amount - r.released_amount, r.for_id) for r in rows)
