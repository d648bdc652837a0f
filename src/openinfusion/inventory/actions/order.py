# SPDX-License-Identifier: Apache-2.0
"""Purchase orders: par levels, proposals out of the demand, lines, approval, sending, closing."""
from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from openinfusion.catalog import public as catalog
from openinfusion.inventory import permissions
from openinfusion.inventory.domain.number import number_of
from openinfusion.inventory.domain.order import OrderState
from openinfusion.inventory.models import ParLevel, PurchaseLine, PurchaseOrder, Supplier
from openinfusion.inventory.queries import today_at
from openinfusion.inventory.queries.demand import Suggestion, suggestions
from openinfusion.inventory.queries.purchase import order_facts, price_at
from openinfusion.kernel.ids import new_id
from openinfusion.kernel.refusal import Fault, Malformed, Reason, Refused
from openinfusion.platform.action import action, fetch, lock
from openinfusion.platform.actor import Actor
from openinfusion.platform.advance import advance, revise
from openinfusion.platform.clock import now
from openinfusion.platform.journal import write
from openinfusion.platform.models import Site

_OPEN = (OrderState.DRAFT.value, OrderState.PROPOSED.value, OrderState.APPROVED.value)


@action
def set_par(*, site_id: UUID, product_id: UUID, par: Decimal, harm: str, by: Actor) -> UUID:
    """What a site wants to have of a product, and how grave it is to lack it: high, usual or low."""
    by.must(permissions.BUY)
    if par < 0 or harm not in ("high", "usual", "low"):
        raise Malformed(Fault("par", "not below zero; the harm is high, usual or low"))
    noted = {"par": f"{par.normalize():f}", "harm": harm}
    row, made = ParLevel.objects.get_or_create(site=fetch(Site, site_id), product_id=catalog.product(product_id).id, defaults={
        "par_amount": par, "harm": harm})
    if made:
        write(by, "inventory.par.set", row, "{actor} set {subject} to {par}", noted=noted)
    else:
        revise(row, "inventory.par.set", "{actor} set {subject} to {par}", by=by, noted=noted, par_amount=par, harm=harm)
    return row.id


@action
def open_order(*, site_id: UUID, supplier_id: UUID, by: Actor, lines: Mapping[UUID, Decimal] | None = None) -> UUID:
    """A draft with these packages of products at the supplier's present prices."""
    by.must(permissions.BUY)
    supplier = fetch(Supplier, supplier_id)
    if not supplier.is_active:
        raise Refused(Reason("supplier-closed", f"nothing is bought from {supplier} any more"))
    row = _draft(fetch(Site, site_id).id, supplier, by)
    for product_id, amount in sorted((lines or {}).items()):
        _put_line(row, product_id, amount, "entered by hand")
    return row.id


def _draft(site_id: UUID, supplier: Supplier, by: Actor) -> PurchaseOrder:
    id = new_id()
    row = PurchaseOrder.objects.create(id=id, number=f"PO{number_of(id, 6)}", site_id=site_id, supplier=supplier)
    write(by, "inventory.order.open", row, "{actor} drafted {subject} to {supplier}", to_state=row.state,
          noted={"supplier": supplier.name})
    return row


def _put_line(row: PurchaseOrder, product_id: UUID, amount: Decimal, reason: str) -> PurchaseLine:
    price = price_at(row.supplier_id, product_id, today_at(row.site_id))
    if price is None:
        name = catalog.product(product_id).name
        raise Refused(Reason("no-price", f"{row.supplier} has no price on file for {name}", "record the price first"))
    if amount <= 0 or amount % price.pack:
        raise Malformed(Fault("amount", f"more than zero, in packs of {price.pack}"))
    line, _ = PurchaseLine.objects.update_or_create(order=row, product_id=product_id, defaults={
        "amount": amount, "price_cents": price.price_cents, "reason": reason[:2000]})
    return line


@action
def change_line(
    *, order_id: UUID, product_id: UUID, amount: Decimal, reason: str, by: Actor, version: int | None = None,
) -> UUID:
    """Another figure for a product of a draft, with the reason; zero takes the line away."""
    by.must(permissions.BUY)
    row = lock(PurchaseOrder, order_id, version)
    if row.state != OrderState.DRAFT.value:
        raise Refused(Reason("not-a-draft", f"{row} is {row.state.replace('_', ' ')}", "have it handed back first"))
    if not reason.strip():
        raise Malformed(Fault("reason", "say why"))
    name = catalog.product(product_id).name
    if amount == 0:
        PurchaseLine.objects.filter(order=row, product_id=product_id).delete()
    else:
        _put_line(row, product_id, amount, reason.strip())
    revise(row, "inventory.order.change", "{actor} set {product} on {subject} to {amount}", by=by, reason=reason,
           noted={"product": name, "amount": f"{amount.normalize():f}"})
    return row.id


@action
def propose_orders(*, site_id: UUID, by: Actor) -> list[UUID]:
    """Drafts of what the demand asks for, one for each supplier, each line with the figures behind it.

    A product that stands on an open draft already is left alone. Refused where nothing is to be ordered.
    """
    by.must(permissions.BUY)
    site = lock(Site, site_id)
    waiting = set(PurchaseLine.objects.filter(order__site=site, order__state__in=_OPEN).values_list("product_id", flat=True))
    wanted: dict[UUID, list[Suggestion]] = defaultdict(list)
    for found in suggestions(site.id):
        if found.proposal.order > 0 and found.supplier_id and found.product_id not in waiting:
            wanted[found.supplier_id].append(found)
    if not wanted:
        raise Refused(Reason("nothing-to-order", "nothing is below its reorder point that a supplier has a price for",
                             "look at the demand, or set par levels and prices"))
    made = []
    for supplier_id, lines in wanted.items():
        row = _draft(site.id, fetch(Supplier, supplier_id), by)
        for found in lines:
            _put_line(row, found.product_id, found.proposal.order, "; ".join(found.proposal.because))
        made.append(row.id)
    return made


@action
def advance_order(*, order_id: UUID, step: str, by: Actor, reason: str = "", version: int | None = None) -> UUID:
    """Propose, hand back, approve (within the limit of the role), send, close short, close or cancel."""
    row = lock(PurchaseOrder, order_id, version)
    if step in ("receive", "complete"):
        raise Refused(Reason("by-delivery", "an order is received by its delivery", "receive against the order"))
    changes: dict[str, Any] = {}
    if step == "propose":
        changes = {"proposed_by": by.id, "proposer_name": by.name}
    if step == "approve":
        changes = {"approved_by": by.id, "approver_name": by.name}
    if step == "send":
        changes = {"sent_at": now(), "expected_on": today_at(row.site_id) + timedelta(days=row.supplier.lead_days)}
    facts = order_facts(row, by)
    advance(row, step, facts, by=by, reason=reason, noted={"total": str(facts.total)}, **changes)
    return row.id
