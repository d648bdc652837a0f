# SPDX-License-Identifier: Apache-2.0
"""Pages of suppliers with licence and prices, and of shortages with what may stand in."""

from __future__ import annotations

from uuid import UUID

from django.urls import reverse

from openinfusion.inventory import permissions
from openinfusion.inventory.domain.supplier import Licence
from openinfusion.inventory.models import Supplier, SupplierProduct
from openinfusion.inventory.web.buy_forms import (
    LicenceForm,
    PriceForm,
    SupplierForm,
    TermsForm,
)
from openinfusion.inventory.web.table import Cell, Entry, Page, cell, facts, table
from openinfusion.inventory.web.working import products_to_choose
from openinfusion.kernel.money import Money
from openinfusion.platform.action import fetch
from openinfusion.platform.actor import Actor
from openinfusion.platform.house_day import house_today
from openinfusion.platform.journal import timeline


def suppliers_page(by: Actor) -> Page:
    entries: tuple[Entry, ...] = ()
    if by.may(permissions.BUY.code):
        entries = (Entry("New supplier", reverse("inventory:supplier_add"), "Add", SupplierForm()),)
    return Page(
        "Suppliers",
        "suppliers",
        "no drug is received from a partner whose licence is not verified",
        entries=entries,
        tables=(
            table(
                "Suppliers",
                ("Code", "Name", "Licence", "Lead time", "Least order", "Payment"),
                [
                    (
                        cell(s.code, href=reverse("inventory:supplier", args=[s.id]), code=True),
                        s.name,
                        _licence_cell(s),
                        f"{s.lead_days} d",
                        Money(s.minimum_cents),
                        s.payment,
                    )
                    for s in Supplier.objects.order_by("name")
                ],
                empty="No supplier",
                text="Add the first one, then verify its licence.",
            ),
        ),
    )


def _licence_cell(s: Supplier) -> Cell:
    against = licence(s).reasons(s.name, house_today())
    return (
        cell("not verified" if s.licence_verified_on is None else "ended", tone="crit")
        if against
        else cell(f"to {s.licence_ends_on:%d-%b-%Y}", tone="ok")
    )


def licence(s: Supplier) -> Licence:
    return Licence(s.licence_number, s.licence_state, s.licence_ends_on, s.licence_verified_on)


def supplier_page(supplier_id: UUID, by: Actor) -> Page:
    row = fetch(Supplier, supplier_id)
    against = licence(row).reasons(row.name, house_today())
    entries: tuple[Entry, ...] = ()
    if by.may(permissions.BUY.code):
        entries = (
            Entry(
                "Verify the licence",
                reverse("inventory:supplier_verify", args=[row.id]),
                "Verified",
                LicenceForm(initial={"number": row.licence_number, "state_code": row.licence_state}),
            ),
            Entry(
                "Price", reverse("inventory:supplier_price", args=[row.id]), "Record", PriceForm(products=products_to_choose())
            ),
            Entry(
                "Terms",
                reverse("inventory:supplier_terms", args=[row.id]),
                "Save",
                TermsForm(
                    initial={
                        "lead_days": row.lead_days,
                        "minimum": Money(row.minimum_cents).dollars,
                        "payment": row.payment,
                        "contact": row.contact,
                    }
                ),
            ),
        )
    prices = (
        SupplierProduct.objects.filter(supplier=row)
        .select_related("product")
        .order_by("product__name", "-effective_from", "-made_at")
    )
    return Page(
        row.name,
        "suppliers",
        row.code,
        notices=tuple(("crit", str(r)) for r in against),
        facts=facts(
            ("Licence", row.licence_number),
            ("State", row.licence_state),
            ("Ends", row.licence_ends_on),
            ("Verified", row.licence_verified_on),
            ("Lead time", f"{row.lead_days} d"),
            ("Least order", Money(row.minimum_cents)),
            ("Payment", row.payment),
            ("Contact", row.contact),
        ),
        tables=(
            table(
                "Prices",
                ("Product", "Item", "Pack", "Price", "From"),
                [(p.product.name, p.item_number, p.pack, Money(p.price_cents), p.effective_from) for p in prices[:300]],
                empty="No price",
                text="Record what a package costs; earlier prices stay on file.",
                sub="every price since the first",
            ),
        ),
        entries=entries,
        lines=tuple(timeline(subject_id=row.id)),
    )


