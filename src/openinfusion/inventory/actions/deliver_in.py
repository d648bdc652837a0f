# SPDX-License-Identifier: Apache-2.0
"""A delivery from a supplier: lots with transaction data and serial numbers, line by line against the order."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from openinfusion.catalog import public as catalog
from openinfusion.inventory import permissions
from openinfusion.inventory.actions.partner import licence_of
from openinfusion.inventory.actions.receive import receive_stock
from openinfusion.inventory.actions.suspect import report_suspect
from openinfusion.inventory.domain.number import number_of
from openinfusion.inventory.domain.order import Arrived, OrderFacts, OrderState
from openinfusion.inventory.domain.ownership import OWNED, Pool
from openinfusion.inventory.domain.suspect import Transaction, kept_until
from openinfusion.inventory.models import Lot, PurchaseLine, PurchaseOrder, Receipt, ReceiptLine, Supplier
from openinfusion.inventory.queries import today_at
from openinfusion.kernel.ids import new_id
from openinfusion.kernel.money import Money
from openinfusion.kernel.refusal import Fault, Malformed, Reason, Refused
from openinfusion.platform.action import action, lock
from openinfusion.platform.actor import Actor
from openinfusion.platform.advance import advance
from openinfusion.platform.journal import write


@dataclass(frozen=True, slots=True)
class DeliveryLine:
    """One lot as it came: good packages go into stock, damaged ones are noted and left to the carrier."""

    product_id: UUID
    lot: str
    expires_on: date
    good: Decimal
    invoiced: Money
    damaged: Decimal = Decimal(0)
    serials: tuple[str, ...] = ()


@action
def receive_delivery(
    *, supplier_id: UUID, site_id: UUID, location: UUID, lines: Sequence[DeliveryLine], by: Actor,
    transaction: Transaction = Transaction(), invoice: str = "", order_id: UUID | None = None, pool: Pool = OWNED,  # noqa: B008  (frozen)
) -> UUID:
    """Take in a delivery; the receipt's id. Refused for drugs from an unlicensed partner or without transaction data."""
    by.must(permissions.RECEIVE)
    today = today_at(site_id)
    order = lock(PurchaseOrder, order_id) if order_id else None
    supplier, licence = licence_of(supplier_id)
    transaction.must_fit(today)
    _must_be_sound(lines)
    _refuse_unsafe(lines, supplier, licence.reasons(supplier.name, today), transaction, order)
    id = new_id()
    receipt = Receipt.objects.create(
        id=id, number=f"R{number_of(id, 6)}", supplier=supplier, site_id=site_id, order=order, invoice=invoice.strip(),
        document=transaction.document.strip(), transacted_on=transaction.transacted_on, shipped_on=transaction.shipped_on,
        statement=transaction.statement, licence_number=licence.number, received_by=by.id, receiver_name=by.name,
        kept_until=kept_until(today),
    )
    differences = [d for line in lines for d in _take(receipt, line, location, pool, by)]
    if order:
        _note_progress(order, by)
    told = "{actor} took in {subject} from {supplier}: {lines} line(s){differences}"
    write(by, "inventory.receipt.take", receipt, told, noted={
        "supplier": supplier.name, "lines": len(lines), "kept_until": receipt.kept_until,
        "differences": f" ({'; '.join(differences)})" if differences else ""})
    return receipt.id


def _must_be_sound(lines: Sequence[DeliveryLine]) -> None:
    faults = [] if lines else [Fault("lines", "a delivery has a line")]
    for n, line in enumerate(lines, 1):
        if line.good < 0 or line.damaged < 0 or line.good + line.damaged <= 0 or line.invoiced.cents < 0:
            faults.append(Fault(f"lines/{n}", "say how many came, none below zero"))
        if len(set(line.serials)) != len(line.serials) or (line.serials and len(line.serials) > line.good):
            faults.append(Fault(f"lines/{n}/serials", "each serial number once, and no more than packages"))
    if faults:
        raise Malformed(*faults)


def _refuse_unsafe(
    lines: Sequence[DeliveryLine], supplier: Supplier, against: list[Reason], transaction: Transaction,
    order: PurchaseOrder | None,
) -> None:
    drugs = [p for p in catalog.products(line.product_id for line in lines).values() if p.kind == "drug"]
    found = against if drugs else []
    if drugs and not transaction.complete:
        found = [*found, Reason("no-transaction-data", f"{drugs[0].name} came without transaction data",
                                "get document, date and statement from the supplier; until then leave it in receiving")]
    if order and order.supplier_id != supplier.id:
        found = [*found, Reason("other-supplier", f"{order} is with another supplier")]
    if order and order.state not in (OrderState.SENT, OrderState.PART_RECEIVED):
        found = [*found, Reason("order-not-sent", f"{order} is {order.state.replace('_', ' ')}", "send it first")]
    if found:
        raise Refused(*found)


def _take(receipt: Receipt, line: DeliveryLine, location: UUID, pool: Pool, by: Actor) -> tuple[str, ...]:
    """One line into stock and against the order; what differs."""
    if line.good:
        lot_id = receive_stock(
            product_id=line.product_id, lot=line.lot, expires_on=line.expires_on, quantity=line.good, location=location,
            cost=line.invoiced, supplier=receipt.supplier.name, pool=pool, by=by)
    else:
        lot_id = _lot_of_damaged(line, receipt, pool)
    ordered = PurchaseLine.objects.select_for_update(of=("self",)).filter(
        order_id=receipt.order_id, product_id=line.product_id).first() if receipt.order_id else None
    differences: tuple[str, ...] = ()
    if ordered:
        differences = Arrived(ordered.amount, ordered.received_amount, line.good, line.damaged, ordered.price_cents,
                              line.invoiced.cents).differences()
        ordered.received_amount += line.good
        ordered.damaged_amount += line.damaged
        ordered.save(update_fields=["received_amount", "damaged_amount"])
    elif receipt.order_id:
        differences = ("not on the order",)
    again = sorted(set(line.serials) & _known_serials(line))
    ReceiptLine.objects.create(
        receipt=receipt, lot_id=lot_id, order_line=ordered, good_amount=line.good, damaged_amount=line.damaged,
        invoiced_cents=line.invoiced.cents, serials=list(line.serials), differences=list(differences),
    )
    if again:
        report_suspect(lot_id=lot_id, why=f"serial number {', '.join(again[:3])} came before", by=by)
    return tuple(f"{line.lot.strip().upper()}: {d}" for d in differences)


def _known_serials(line: DeliveryLine) -> set[str]:
    if not line.serials:
        return set()
    rows = ReceiptLine.objects.filter(lot__product_id=line.product_id, serials__overlap=list(line.serials))
    return {s for found in rows.values_list("serials", flat=True) for s in found}


def _lot_of_damaged(line: DeliveryLine, receipt: Receipt, pool: Pool) -> UUID:
    """A lot of which nothing good came is known too, with nothing on hand."""
    listed = catalog.controlled(catalog.product(line.product_id).drug_code)
    row, _ = Lot.objects.get_or_create(
        product_id=line.product_id, number=line.lot.strip().upper(), serial="", ownership=pool.ownership.value,
        patient_id=pool.patient_id, defaults={  # type: ignore[misc]
            "expires_on": line.expires_on, "cost_cents": line.invoiced.cents, "supplier": receipt.supplier.name,
            "schedule": listed.schedule if listed else ""})
    return row.id


def _note_progress(order: PurchaseOrder, by: Actor) -> None:
    lines = list(PurchaseLine.objects.filter(order=order))
    facts = OrderFacts(
        ordered=sum((x.amount for x in lines), Decimal(0)),
        received=sum((min(x.received_amount, x.amount) for x in lines), Decimal(0)),
    )
    came = facts.received >= facts.ordered
    advance(order, "complete" if came else "receive", facts, by=by)
