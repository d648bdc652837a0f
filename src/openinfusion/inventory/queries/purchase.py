# SPDX-License-Identifier: Apache-2.0
"""Reads about buying: orders with their lines, prices and their history, shortages and substitutes."""
from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db.models import F, Sum

from openinfusion.inventory.domain.order import OrderFacts
from openinfusion.inventory.models import PurchaseLine, PurchaseOrder, Shortage, Substitute, SupplierProduct
from openinfusion.kernel.money import Money, total
from openinfusion.platform.actor import Actor


def price_at(supplier_id: UUID, product_id: UUID, on: date) -> SupplierProduct | None:
    """The price in force on a day; None where the supplier has none."""
    return SupplierProduct.objects.filter(
        supplier_id=supplier_id, product_id=product_id, effective_from__lte=on).order_by("-effective_from", "-made_at").first()


def best_prices(on: date) -> dict[UUID, SupplierProduct]:
    """Of each product the cheapest price in force on a day, of suppliers one buys from."""
    newest: dict[tuple[UUID, UUID], SupplierProduct] = {}
    rows = SupplierProduct.objects.filter(supplier__is_active=True, effective_from__lte=on).select_related("supplier")
    for row in rows.order_by("effective_from", "made_at"):
        newest[row.product_id, row.supplier_id] = row
    best: dict[UUID, SupplierProduct] = {}
    for (product_id, _), row in newest.items():
        if product_id not in best or row.price_cents < best[product_id].price_cents:
            best[product_id] = row
    return best


@dataclass(frozen=True, slots=True)
class OrderLineFact:
    product_id: UUID
    product: str
    ndc: str
    amount: Decimal
    price: Money
    reason: str
    received: Decimal
    damaged: Decimal

    @property
    def worth(self) -> Money:
        return self.price * self.amount

    @property
    def left(self) -> Decimal:
        return max(Decimal(0), self.amount - self.received)


def order_lines(order_id: UUID) -> list[OrderLineFact]:
    return [
        OrderLineFact(r.product_id, r.product.name, r.product.ndc11, r.amount, Money(r.price_cents), r.reason, r.received_amount,
                      r.damaged_amount)
        for r in PurchaseLine.objects.filter(order_id=order_id).select_related("product").order_by("product__name")
    ]


def order_facts(row: PurchaseOrder, by: Actor) -> OrderFacts:
    """What the guards look at."""
    lines = order_lines(row.id)
    return OrderFacts(
        total(line.worth for line in lines), Money(row.supplier.minimum_cents), len(lines), row.proposed_by or by.id, by.id,
        frozenset(r.value for r in by.roles), sum((x.amount for x in lines), Decimal(0)),
        sum((min(x.received, x.amount) for x in lines), Decimal(0)),
    )


def on_order(site_id: UUID) -> dict[UUID, Decimal]:
    """Packages that were sent for and have not come, by product."""
    rows = PurchaseLine.objects.filter(order__site_id=site_id, order__state__in=["approved", "sent", "part_received"])
    found = rows.values("product_id").annotate(n=Sum(F("amount") - F("received_amount")))
    return {r["product_id"]: max(Decimal(0), r["n"]) for r in found}


@dataclass(frozen=True, slots=True)
class SubstituteFact:
    id: UUID
    instead_id: UUID
    instead: str
    differs: str
    source: str
    state: str
    signer: str


def substitutes_of(product_id: UUID) -> list[SubstituteFact]:
    """What two pharmacists let stand in for a product, and what waits for the second."""
    rows = Substitute.objects.filter(product_id=product_id, state__in=["proposed", "signed"]).select_related("instead")
    return [SubstituteFact(r.id, r.instead_id, r.instead.name, r.differs, r.source, r.state, r.signer_name)
            for r in rows.order_by("-state", "instead__name")]


def shortages_open() -> list[Shortage]:
    return list(Shortage.objects.filter(ended_on__isnull=True).select_related("product").order_by("since_on"))
