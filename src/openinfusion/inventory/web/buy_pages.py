# SPDX-License-Identifier: Apache-2.0
"""Pages of buying: demand with its reasons, orders, what comes in."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse

from openinfusion.inventory import permissions
from openinfusion.inventory.domain.order import ORDER, OrderState, limit_of
from openinfusion.inventory.models import PurchaseOrder, Receipt, Supplier, SupplierProduct
from openinfusion.inventory.queries.demand import suggestions
from openinfusion.inventory.queries.purchase import order_facts, order_lines, shortages_open
from openinfusion.inventory.web.buy_forms import (
    DeliveryForm,
    LineForm,
    OrderForm,
    ParForm,
)
from openinfusion.inventory.web.table import Choice, Entry, Page, Table, cell, facts, table
from openinfusion.inventory.web.working import places_to_choose, products_to_choose, working_site
from openinfusion.kernel.money import total
from openinfusion.platform.action import fetch
from openinfusion.platform.actor import Actor
from openinfusion.platform.journal import timeline
from openinfusion.platform.ui.parts import Act, acts_of


def demand_page(by: Actor, show: str) -> Page:
    """Every product with a need, and each figure behind what is proposed."""
    site_id = working_site(by)
    found = suggestions(site_id)
    short = {s.product_id: s for s in shortages_open()}
    rows = [s for s in found if show == "all" or s.proposal.order > 0]
    acts = (Act("propose", "Draft orders", reverse("inventory:propose"), "pri"),) if by.may(permissions.BUY.code) else ()
    entries: tuple[Entry, ...] = ()
    if by.may(permissions.BUY.code):
        entries = (Entry("Par level", reverse("inventory:par"), "Set", ParForm(products=products_to_choose())),)
    return Page(
        "Demand",
        "demand",
        "running courses by their doses, what begins and stops meanwhile, and a forecast of the rest",
        acts=acts,
        choices=(Choice("show", "Show", (("", "To order"), ("all", "All")), show),),
        entries=entries,
        tables=(
            table(
                "To order" if show != "all" else "All products",
                ("Product", "Order", "Supplier", "Worth", "Why"),
                [
                    (
                        cell(s.product, sub="short on the market" if s.product_id in short else ""),
                        s.proposal.order,
                        s.supplier or cell("no price", tone="warn"),
                        s.price * s.proposal.order if s.price else "",
                        "; ".join(s.proposal.because),
                    )
                    for s in rows
                ],
                empty="Nothing to order",
                text="Nothing is below its reorder point. Set par levels for what hangs on no schedule.",
            ),
        ),
    )


def orders_page(by: Actor, state: str) -> Page:
    rows = PurchaseOrder.objects.select_related("supplier", "site").order_by("-made_at")
    rows = rows.filter(state=state) if state else rows.exclude(state__in=["closed", "cancelled"])
    entries: tuple[Entry, ...] = ()
    if by.may(permissions.BUY.code):
        entries = (Entry("New order", reverse("inventory:order_open"), "Draft", OrderForm(suppliers=suppliers_to_choose())),)
    options = (("", "Open"), *((s.value, s.value.replace("_", " ")) for s in OrderState))
    return Page(
        "Purchase orders",
        "orders",
        f"you approve up to {limit_of(r.value for r in by.roles)}",
        choices=(Choice("state", "State", options, state),),
        entries=entries,
        tables=(
            table(
                "Orders",
                ("Number", "Supplier", "Site", "State", "Worth", "Expected", "Drafted"),
                [
                    (
                        cell(o.number, href=reverse("inventory:order", args=[o.id]), code=True),
                        o.supplier.name,
                        o.site.name,
                        cell(o.state.replace("_", " "), tone=ORDER.tone(OrderState(o.state))),
                        total(x.worth for x in order_lines(o.id)),
                        o.expected_on,
                        o.made_at,
                    )
                    for o in rows[:100]
                ],
                empty="No order",
                text="Draft one here, or let the demand propose them.",
            ),
        ),
    )


def suppliers_to_choose() -> list[tuple[UUID, str]]:
    return [(s.id, s.name) for s in Supplier.objects.filter(is_active=True).order_by("name")]


def order_page(order_id: UUID, by: Actor) -> Page:
    row = fetch(PurchaseOrder, order_id)
    asked, lines = order_facts(row, by), order_lines(row.id)
    entries: list[Entry] = []
    if row.state == OrderState.DRAFT.value and by.may(permissions.BUY.code):
        entries.append(
            Entry("Line", reverse("inventory:order_line", args=[row.id]), "Set", LineForm(products=priced(row.supplier_id)))
        )
    if row.state in (OrderState.SENT.value, OrderState.PART_RECEIVED.value) and by.may(permissions.RECEIVE.code):
        open_lines = [(x.product_id, f"{x.product} ({x.left.normalize():f} open)") for x in lines]
        entries.append(
            Entry(
                "Receive",
                reverse("inventory:delivery"),
                "Take in",
                DeliveryForm(
                    products=open_lines,
                    places=places_to_choose(by),
                    suppliers=[(row.supplier_id, row.supplier.name)],
                    initial={"supplier_id": row.supplier_id, "order_id": row.id},
                ),
            )
        )
    return Page(
        f"Order {row.number}",
        "orders",
        f"{row.supplier} for {row.site}",
        row.state.replace("_", " "),
        ORDER.tone(OrderState(row.state)),
        acts_of(
            ORDER,
            row.state,
            asked,
            by,
            leave_out=frozenset({"receive", "complete"}),
            url_for=lambda step: reverse("inventory:order_step", args=[row.id, step]),
        ),
        links=(("PDF", reverse("inventory:order_pdf", args=[row.id])), ("CSV", reverse("inventory:order_csv", args=[row.id]))),
        facts=facts(
            ("Worth", asked.total),
            ("Least order", asked.minimum),
            ("Proposed by", row.proposer_name),
            ("Approved by", row.approver_name),
            ("Sent", row.sent_at),
            ("Expected", row.expected_on),
        ),
        tables=(lines_table(row.id), _receipts(Receipt.objects.filter(order=row), "Deliveries")),
        entries=tuple(entries),
        lines=tuple(timeline(subject_id=row.id)),
    )


def lines_table(order_id: UUID) -> Table:
    return table(
        "Lines",
        ("Product", "NDC", "Packages", "Price", "Worth", "Came", "Damaged", "Why"),
        [
            (x.product, cell(x.ndc, code=True), x.amount, x.price, x.worth, x.received, x.damaged, x.reason)
            for x in order_lines(order_id)
        ],
        empty="No line",
        text="Add a product that the supplier has a price for.",
    )


def priced(supplier_id: UUID) -> list[tuple[UUID, str]]:
    rows = SupplierProduct.objects.filter(supplier_id=supplier_id).select_related("product")
    return sorted({(r.product_id, r.product.name) for r in rows}, key=lambda pair: pair[1].lower())


def _receipts(rows: QuerySet[Receipt], title: str) -> Table:
    return table(
        title,
        ("Receipt", "Supplier", "Invoice", "Transaction data", "Received", "By"),
        [
            (
                cell(r.number, href=reverse("inventory:receipt_page", args=[r.id]), code=True),
                r.supplier.name,
                r.invoice,
                cell(r.document) if r.document else cell("none", tone="warn"),
                r.made_at,
                r.receiver_name,
            )
            for r in rows.select_related("supplier").order_by("-made_at")[:200]
        ],
        empty="No delivery",
        text="What comes from a supplier is taken in with its papers.",
    )


