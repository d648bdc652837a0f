# SPDX-License-Identifier: Apache-2.0
"""Packages that were not compounded and were handed to a patient: a factor product, a premixed bag, a vial, by their lots."""
from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.db.models import QuerySet

from openinfusion.compounding import public as compounding
from openinfusion.delivery.domain.ticket import TicketState
from openinfusion.delivery.models import TicketLine
from openinfusion.delivery.queries.left_range import left_range
from openinfusion.inventory import public as inventory
from openinfusion.kernel.refusal import Broken


@dataclass(frozen=True, slots=True)
class HandedPackage:
    """So many packages of one lot that a delivery brought. ``state`` and ``expires_on`` are the lot's, as it stands now.

    ``left_range``: in words that it left its temperature range and no pharmacist found it usable; empty where it did not.
    """

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
    left_range: str = ""


def packages_handed(
    products: Iterable[UUID], *, therapy_id: UUID | None = None, lot: str | None = None,
) -> list[HandedPackage]:
    """What of these products was delivered, for one therapy or of one lot number, lot by lot, the newest delivery first.

    Every such line is read, however many there are: a cap would hide the one that is asked for. How many of a lot went along is
    the ledger's word: what was issued to the ticket.
    """
    if therapy_id is None and lot is None:
        raise Broken("deliveries of every patient and every lot are never read at once: name a therapy or a lot")
    wanted = set(products)
    dispensed = _dispensed(wanted, therapy_id, lot)
    rows = TicketLine.objects.select_related("ticket").filter(
        product_id__in=wanted, preparation__isnull=True, picked_at__isnull=False, ticket__state=TicketState.DELIVERED.value,
    )
    if therapy_id is not None:
        rows = rows.filter(ticket__therapy_id=therapy_id)
    if lot is not None:
        named = {f.id: f for f in inventory.lots_numbered(lot) if f.product_id in wanted}
        taken = inventory.taken(lots=named) if named else []
        rows = rows.filter(ticket_id__in={t.for_id for t in taken})
        lines = _first_of_each(rows)
    else:
        lines = _first_of_each(rows)
        taken = inventory.taken(purposes={r.ticket_id for r in lines.values()}) if lines else []
        named = inventory.lots({t.lot_id for t in taken}) if taken else {}
    issued: dict[tuple[UUID, UUID], list[tuple[inventory.LotFact, Decimal]]] = {}
    for t in taken:
        if t.lot_id in named and t.issued > 0:
            issued.setdefault((t.for_id, named[t.lot_id].product_id), []).append((named[t.lot_id], t.issued))
    warm = left_range({r.ticket_id for r in lines.values()}) if lines else {}
    return dispensed + [
        HandedPackage(
            r.ticket_id, r.ticket.number, r.ticket.patient_id, r.ticket.therapy_id, product_id, r.text, f.number,
            f.expires_on, f.state, packages, r.ticket.delivered_at, warm.get((r.ticket_id, r.storage), ""),
        ) for (_, product_id), r in lines.items() for f, packages in issued.get((r.ticket_id, product_id), ())
    ]


def _first_of_each(rows: QuerySet[TicketLine]) -> dict[tuple[UUID, UUID], TicketLine]:
    """One line of each product on each ticket, the newest delivery first: the ledger counts by ticket, not by line."""
    lines: dict[tuple[UUID, UUID], TicketLine] = {}
    for r in rows.order_by("-ticket__delivered_at", "made_at"):
        if r.product_id:
            lines.setdefault((r.ticket_id, r.product_id), r)
    return lines


def _dispensed(products: set[UUID], therapy_id: UUID | None, lot: str | None) -> list[HandedPackage]:
    """The same of what the bench dispensed as its maker supplied it: by the lots that were scanned for it."""
    rows = TicketLine.objects.select_related("ticket").filter(
        preparation__isnull=False, picked_at__isnull=False, ticket__state=TicketState.DELIVERED.value)
    if therapy_id is not None:
        rows = rows.filter(ticket__therapy_id=therapy_id)
    if lot is not None:
        lots = [f.id for f in inventory.lots_numbered(lot) if f.product_id in products]
        made = compounding.made_with(lots) if lots else []
        rows = rows.filter(preparation_id__in=[m.id for m in made])
    lines = {r.preparation_id: r for r in rows.order_by("-ticket__delivered_at", "made_at") if r.preparation_id}
    parts = [(id, i) for id, inside in compounding.dispensed(lines).items() for i in inside if i.product_id in products]
    kept = inventory.lots({u.lot_id for _, i in parts for u in i.lots}) if parts else {}
    warm = left_range({r.ticket_id for r in lines.values()}) if parts else {}
    return [
        HandedPackage(r.ticket_id, r.ticket.number, r.ticket.patient_id, r.ticket.therapy_id, i.product_id, r.text, f.number,
                      f.expires_on, f.state, Decimal(u.packages), r.ticket.delivered_at,
                      warm.get((r.ticket_id, r.storage), ""))
        for id, i in parts for u in i.lots if (f := kept[u.lot_id]) and (r := lines[id]) and lot in (None, f.number)
    ]
