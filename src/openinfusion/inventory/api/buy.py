# SPDX-License-Identifier: Apache-2.0
"""Buying as JSON: demand, orders, deliveries in."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from uuid import UUID

from django.http import HttpRequest
from ninja import Schema

from openinfusion.inventory import permissions, public
from openinfusion.inventory.api.stock import Made, StepIn, router
from openinfusion.inventory.public import DeliveryLine, Ownership, Pool, Transaction
from openinfusion.inventory.queries.demand import suggestions
from openinfusion.kernel.money import Money
from openinfusion.platform.api import Amount


class DemandOut(Schema):
    product_id: UUID
    product: str
    order: Decimal
    reorder_point: Decimal
    target: Decimal
    because: list[str]


class LineIn(Schema):
    product_id: UUID
    amount: Amount


class OrderIn(Schema):
    site_id: UUID
    supplier_id: UUID
    lines: list[LineIn] = []


class LotIn(Schema):
    """One lot of a delivery; money in dollars."""

    product_id: UUID
    lot: str
    expires_on: date
    good: Amount
    damaged: Amount = Decimal(0)
    invoiced: Amount
    serials: list[str] = []


class DeliveryIn(Schema):
    supplier_id: UUID
    site_id: UUID
    location: UUID
    lines: list[LotIn]
    order_id: UUID | None = None
    invoice: str = ""
    document: str = ""
    transacted_on: date | None = None
    shipped_on: date | None = None
    statement: bool = False
    ownership: Ownership = Ownership.OWNED
    patient_id: UUID | None = None


class OrdersOut(Schema):
    ids: list[UUID]


@router.get("/demand", response=list[DemandOut])
def demand(request: HttpRequest, site_id: UUID) -> list[DemandOut]:
    """What a site will need, with every figure behind what is proposed."""
    request.actor.must(permissions.READ)  # type: ignore[attr-defined]
    return [
        DemandOut(
            product_id=s.product_id,
            product=s.product,
            order=s.proposal.order,
            reorder_point=s.proposal.reorder_point,
            target=s.proposal.target,
            because=list(s.proposal.because),
        )
        for s in suggestions(site_id)
    ]


@router.post("/orders/proposals", response=OrdersOut)
def propose(request: HttpRequest, site_id: UUID) -> OrdersOut:
    """Draft what the demand asks for, one order a supplier."""
    return OrdersOut(ids=public.propose_orders(site_id=site_id, by=request.actor))  # type: ignore[attr-defined]


@router.post("/orders", response=Made)
def order(request: HttpRequest, given: OrderIn) -> Made:
    """Draft an order."""
    return Made(
        id=public.open_order(
            site_id=given.site_id,
            supplier_id=given.supplier_id,
            lines={x.product_id: x.amount for x in given.lines},
            by=request.actor,  # type: ignore[attr-defined]
        )
    )


@router.post("/orders/{order_id}/steps", response=Made)
def step(request: HttpRequest, order_id: UUID, taken: StepIn) -> Made:
    """Propose, approve, send, close or cancel an order."""
    return Made(id=public.advance_order(order_id=order_id, by=request.actor, **taken.model_dump()))  # type: ignore[attr-defined]


@router.post("/deliveries", response=Made)
def deliver(request: HttpRequest, given: DeliveryIn) -> Made:
    """Take in a delivery with its transaction data."""
    lines = [
        DeliveryLine(x.product_id, x.lot, x.expires_on, x.good, Money.rounded(x.invoiced), x.damaged, tuple(x.serials))
        for x in given.lines
    ]
    return Made(
        id=public.receive_delivery(
            supplier_id=given.supplier_id,
            site_id=given.site_id,
            location=given.location,
            lines=lines,
            order_id=given.order_id,
            invoice=given.invoice,
            pool=Pool(given.ownership, given.patient_id),
            transaction=Transaction(given.document, given.transacted_on, given.shipped_on, given.statement),
            by=request.actor,  # type: ignore[attr-defined]
        )
    )
