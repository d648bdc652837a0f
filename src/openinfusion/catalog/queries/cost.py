# SPDX-License-Identifier: Apache-2.0
"""What products cost the house on a day."""
from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from uuid import UUID

from openinfusion.catalog.domain.product import ProductFact
from openinfusion.catalog.models import ProductCost
from openinfusion.catalog.queries.shelf import products_by_id
from openinfusion.kernel.money import Money


def costs_on(product_ids: Iterable[UUID], on: date) -> dict[UUID, Money]:
    """The acquisition cost of one package of each product on a day, by the newest row that holds then, else as loaded."""
    found = {id: p.cost for id, p in products_by_id(product_ids).items()}
    rows = ProductCost.objects.filter(product_id__in=list(found), effective_from__lte=on)
    return found | {
        id: Money(cents) for id, cents in rows.order_by("effective_from", "made_at").values_list("product_id", "cost_cents")
    }


def at_cost(found: Sequence[ProductFact], on: date) -> tuple[ProductFact, ...]:
    """The same products with what each costs on a day."""
    costs = costs_on([p.id for p in found], on)
    return tuple(replace(p, cost=costs[p.id]) for p in found)
