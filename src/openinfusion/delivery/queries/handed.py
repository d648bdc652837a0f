# SPDX-License-Identifier: Apache-2.0
"""Packages that were not compounded and were handed to a patient: a factor product, a premixed bag, a vial, by their lots."""
from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from openinfusion.delivery.domain.ticket import TicketState
from openinfusion.delivery.models import TicketLine
from openinfusion.inventory import public as inventory


@dataclass(frozen=True, slots=True)
class HandedPackage:
    """So many packages of one lot that a delivery brought. ``state`` and ``expires_on`` are the lot's, as it stands now."""

    ticket_id: UUID
    number: str
    patient_id: UUID
    therapy_id: UUID
    product_id: UUID
    text: str
    lot: str
    expires_on: date
    state: str
    packages: Decimal
    delivered_at: datetime | None


def packages_handed(products: Iterable[UUID], therapy_id: UUID | None = None) -> list[HandedPackage]:
    """What of these products was delivered, to anybody or for one therapy, lot by lot, the newest delivery first.

    How many of a lot went along is the ledger's word: what was issued to the ticket.
    """
    rows = TicketLine.objects.select_related("ticket").filter(
        product_id__in=list(products), preparation__isnull=True, picked_at__isnull=False,
        ticket__state=TicketState.DELIVERED.value,
    )
    if therapy_id is not None:
        rows = rows.filter(ticket__therapy_id=therapy_id)
    lines = list(rows.order_by("-ticket__delivered_at", "made_at")[:500])
    taken = inventory.taken(purposes={r.ticket_id for r in lines}) if lines else []
    lots = inventory.lots({t.lot_id for t in taken}) if taken else {}
    issued: dict[tuple[UUID, UUID], list[tuple[inventory.LotFact, Decimal]]] = {}
    for t in taken:
        if t.lot_id in lots and t.issued > 0:
            issued.setdefault((t.for_id, lots[t.lot_id].product_id), []).append((lots[t.lot_id], t.issued))
    return [
        HandedPackage(
            r.ticket_id, r.ticket.number, r.ticket.patient_id, r.ticket.therapy_id, r.product_id, r.text, lot.number,
            lot.expires_on, lot.state, packages, r.ticket.delivered_at,
        ) for r in lines if r.product_id for lot, packages in issued.get((r.ticket_id, r.product_id), ())
    ]
