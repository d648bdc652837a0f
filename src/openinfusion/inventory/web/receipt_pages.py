# SPDX-License-Identifier: Apache-2.0
"""The pages of deliveries that were taken in."""
from __future__ import annotations

from decimal import Decimal
from uuid import UUID

from django.urls import reverse

from openinfusion.inventory import permissions
from openinfusion.inventory.models import Receipt, ReceiptLine
from openinfusion.inventory.web.buy_forms import (
    DeliveryForm,
)
from openinfusion.inventory.web.buy_pages import _receipts, suppliers_to_choose
from openinfusion.inventory.web.table import Entry, Page, cell, facts, table
from openinfusion.inventory.web.working import places_to_choose, products_to_choose
from openinfusion.kernel.money import Money
from openinfusion.platform.action import fetch
from openinfusion.platform.actor import Actor
from openinfusion.platform.journal import timeline


def receipts_page(by: Actor, text: str) -> Page:
    rows = Receipt.objects.all()
    if text:
        rows = rows.filter(invoice__icontains=text) | rows.filter(document__icontains=text) | rows.filter(number=text.upper())
    entries: tuple[Entry, ...] = ()
    if by.may(permissions.RECEIVE.code):
        entries = (
            Entry(
                "Take in a delivery",
                reverse("inventory:delivery"),
                "Take in",
                DeliveryForm(products=products_to_choose(), places=places_to_choose(by), suppliers=suppliers_to_choose()),
            ),
        )
    return Page(
        "Deliveries in",
        "receipts",
        "with transaction information and statement, kept six years",
        search=text,
        entries=entries,
        tables=(_receipts(rows, "Receipts"),),
    )


def receipt_page(receipt_id: UUID, by: Actor) -> Page:
    row = fetch(Receipt, receipt_id)
    lines = ReceiptLine.objects.filter(receipt=row).select_related("lot__product").order_by("id")
    return Page(
        f"Receipt {row.number}",
        "receipts",
        row.supplier.name,
        facts=facts(
            ("Received", row.made_at),
            ("By", row.receiver_name),
            ("Invoice", row.invoice),
            ("Order", cell(row.order.number, href=reverse("inventory:order", args=[row.order_id])) if row.order else ""),
            ("Transaction information", row.document),
            ("Transaction day", row.transacted_on),
            ("Shipped", row.shipped_on),
            ("Transaction statement", "given" if row.statement else "not given"),
            ("Partner's licence", row.licence_number),
            ("Kept until", row.kept_until),
        ),
        tables=(
            table(
                "Lots",
                ("Product", "Lot", "Good", "Damaged", "Invoiced", "Serial numbers", "Differences"),
                [
                    (
                        x.lot.product.name,
                        cell(x.lot.number, href=reverse("inventory:lot", args=[x.lot_id]), code=True),
                        x.good_amount,
                        x.damaged_amount or Decimal(0),
                        Money(x.invoiced_cents),
                        cell(", ".join(x.serials), code=True),
                        "; ".join(x.differences),
                    )
                    for x in lines
                ],
            ),
        ),
        lines=tuple(timeline(subject_id=row.id)),
    )
