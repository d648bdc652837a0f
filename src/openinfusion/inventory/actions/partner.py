# SPDX-License-Identifier: Apache-2.0
"""Suppliers: their licence, their terms, their prices."""
from __future__ import annotations

from datetime import date
from uuid import UUID

from openinfusion.catalog import public as catalog
from openinfusion.inventory import permissions
from openinfusion.inventory.domain.supplier import Licence, Terms
from openinfusion.inventory.models import Supplier, SupplierProduct
from openinfusion.inventory.queries.purchase import best_prices
from openinfusion.kernel.money import Money
from openinfusion.kernel.refusal import Fault, Malformed, Reason, Refused
from openinfusion.platform.action import action, fetch, lock
from openinfusion.platform.actor import Actor
from openinfusion.platform.advance import revise
from openinfusion.platform.house_day import house_today
from openinfusion.platform.journal import write


@action
def add_supplier(*, code: str, name: str, by: Actor, terms: Terms = Terms(), contact: str = "") -> UUID:  # noqa: B008  (frozen)
    """A new trading partner; its licence is verified by another step before a drug is received from it."""
    by.must(permissions.BUY)
    terms.must_be_sound()
    if not code.strip() or not name.strip():
        raise Malformed(Fault("code", "a supplier has a code and a name"))
    if Supplier.objects.filter(code=code.strip().upper()).exists():
        raise Refused(Reason("code-taken", f"a supplier has the code {code.strip().upper()}", "choose another"))
    row = Supplier.objects.create(
        code=code.strip().upper(), name=name.strip(), lead_days=terms.lead_days, minimum_cents=terms.minimum_cents,
        payment=terms.payment.strip(), contact=contact.strip(),
    )
    write(by, "inventory.supplier.add", row, "{actor} added the supplier {subject}")
    return row.id


@action
def change_terms(*, supplier_id: UUID, terms: Terms, contact: str, by: Actor, version: int | None = None) -> UUID:
    by.must(permissions.BUY)
    terms.must_be_sound()
    row = lock(Supplier, supplier_id, version)
    revise(row, "inventory.supplier.change", "{actor} changed the terms of {subject}", by=by, lead_days=terms.lead_days,
           minimum_cents=terms.minimum_cents, payment=terms.payment.strip(), contact=contact.strip())
    return row.id


@action
def verify_licence(
    *, supplier_id: UUID, number: str, state_code: str, ends_on: date, source: str, by: Actor, version: int | None = None,
) -> UUID:
    """The licence was looked up today: where, under which number, until when."""
    by.must(permissions.BUY)
    today = house_today()
    faults = [Fault(name, "is needed") for name, value in (("number", number), ("state_code", state_code), ("source", source))
              if not value.strip()]
    if ends_on < today:
        faults.append(Fault("ends_on", f"ended {ends_on:%d-%b-%Y}: not verified"))
    if faults:
        raise Malformed(*faults)
    row = lock(Supplier, supplier_id, version)
    revise(row, "inventory.supplier.verify", "{actor} verified the licence of {subject}: {number}, {state}, to {until}", by=by,
           noted={"number": number.strip(), "state": state_code.strip().upper(), "until": ends_on, "source": source.strip()},
           licence_number=number.strip(), licence_state=state_code.strip().upper(), licence_ends_on=ends_on,
           licence_verified_on=today)
    return row.id


@action
def set_price(
    *, supplier_id: UUID, product_id: UUID, price: Money, by: Actor, pack: int = 1, item_number: str = "",
    effective_from: date | None = None,
) -> UUID:
    """What the supplier asks for one package from a day on; earlier prices stay on file.

    The cheapest price in force of those one buys from is what the product costs the house from then on.
    """
    by.must(permissions.BUY)
    if price.cents < 0 or pack < 1:
        raise Malformed(Fault("price", "not below zero, in packs of at least one"))
    supplier, product = lock(Supplier, supplier_id), catalog.product(product_id)
    row = SupplierProduct.objects.create(
        supplier=supplier, product_id=product.id, item_number=item_number.strip(), pack=pack, price_cents=price.cents,
        effective_from=effective_from or house_today(),
    )
    write(by, "inventory.price.set", row, "{actor} recorded {price} for {product} from {supplier}",
          noted={"price": str(price), "product": product.name, "supplier": supplier.name})
    _keep_cost(product.id, row.effective_from, by)
    return row.id


def _keep_cost(product_id: UUID, first: date, by: Actor) -> None:
    """The catalog learns what the product costs from a day on, where that is not what it knows."""
    best = best_prices(first).get(product_id)
    if best is not None and (cost := Money(best.price_cents)) != catalog.costs_on([product_id], first)[product_id]:
        catalog.record_cost(product_id=product_id, cost=cost, first=first, by=by,
                            source=f"the cheapest price on file, of {best.supplier.name}")


def licence_of(supplier_id: UUID) -> tuple[Supplier, Licence]:
    """The supplier and its licence as on record."""
    row = fetch(Supplier, supplier_id)
    return row, Licence(row.licence_number, row.licence_state, row.licence_ends_on, row.licence_verified_on)
