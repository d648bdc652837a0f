# SPDX-License-Identifier: Apache-2.0
"""Pages of picking: the walk through the store, and the kit of each therapy with what is free of it."""

from __future__ import annotations

from uuid import UUID

from django.urls import reverse

from openinfusion.catalog import public as catalog
from openinfusion.inventory.domain.pick import summed
from openinfusion.inventory.models import OnHand
from openinfusion.inventory.queries import free_by_product
from openinfusion.inventory.queries.pick import pick_lines
from openinfusion.inventory.web.table import Page, Table, cell, table
from openinfusion.inventory.web.working import working_site
from openinfusion.platform.actor import Actor


def picks_page(by: Actor, for_id: UUID | None = None) -> Page:
    site_id = working_site(by)
    tail = f"?for={for_id}" if for_id else ""
    return Page(
        "Picks and kits",
        "picks",
        "what is held, in the order of the walk; then what each therapy takes along",
        links=(
            ("Print the picks", reverse("inventory:picks_print") + tail),
            ("CSV", reverse("inventory:picks_csv") + tail),
            ("Shelf labels", reverse("inventory:shelf_labels")),
        ),
        tables=(pick_table(site_id, for_id), *kit_tables(site_id)),
    )


def pick_table(site_id: UUID, for_id: UUID | None = None) -> Table:
    lines = pick_lines(site_id, [for_id] if for_id else None)
    return table(
        "To pick",
        ("Place", "Product", "Lot", "Expires", "Packages"),
        [(x.place, x.product, cell(x.lot, code=True), x.expires_on, x.amount) for x in summed(lines)],
        empty="Nothing is held",
        text="Work orders hold their stock when they are planned.",
        sub="one line for each lot and place",
    )


def kit_tables(site_id: UUID) -> list[Table]:
    """The kit of every therapy class, by the version of its template in force at the site."""
    found = []
    for klass in sorted({d.therapy_class for d in catalog.drugs()}):
        template = catalog.template_at(klass, site_id)
        if not template.kit:
            continue
        free = free_by_product([line.product.id for line in template.kit], site_id)
        where = _places([line.product.id for line in template.kit], site_id)
        found.append(
            table(
                f"Kit: {template.name}",
                ("Supply", "How many", "Free here", "Place"),
                [
                    (
                        line.product.name,
                        f"{line.quantity} a {line.per}",
                        free.get(line.product.id, 0),
                        where.get(line.product.id, ""),
                    )
                    for line in template.kit
                ],
                sub=f"version of {template.effective_from:%d-%b-%Y}, {template.status}",
            )
        )
    return found


def _places(product_ids: list[UUID], site_id: UUID) -> dict[UUID, str]:
    rows = OnHand.objects.filter(lot__product_id__in=product_ids, location__site_id=site_id, on_hand_amount__gt=0)
    named = rows.order_by("location__pick_order").values_list("lot__product_id", "location__name")
    found: dict[UUID, str] = {}
    for product_id, name in named:
        found.setdefault(product_id, name)
    return found
