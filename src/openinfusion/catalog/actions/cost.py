# SPDX-License-Identifier: Apache-2.0
"""What a product costs the house from a day on; what a course is expected to bring hangs on it."""
from __future__ import annotations

from datetime import date
from uuid import UUID

from openinfusion.catalog.events import CostChanged
from openinfusion.catalog.models import Product, ProductCost
from openinfusion.catalog.permissions import RECORD_COST
from openinfusion.catalog.queries import costs_on
from openinfusion.kernel.money import Money
from openinfusion.kernel.refusal import Fault, Malformed
from openinfusion.platform.action import action, lock
from openinfusion.platform.actor import Actor
from openinfusion.platform.journal import write


@action
def record_cost(*, product_id: UUID, cost: Money, first: date, source: str, by: Actor) -> UUID:
    """What one package costs from a day on; earlier costs stay on file."""
    by.must(RECORD_COST)
    if cost.cents < 0 or not source.strip():
        raise Malformed(Fault("cost", "not below zero, with where it comes from"))
    product = lock(Product, product_id)
    before = costs_on([product_id], first)[product_id]
    row = ProductCost(product=product, cost_cents=cost.cents, effective_from=first, source=source.strip())
    row.save(force_insert=True)
    write(by, "catalog.cost.record", row, "{actor} recorded {subject}: {now} instead of {before}", reason=source.strip(),
          noted={"now": str(cost), "before": str(before)},
          news=[CostChanged(cost_id=row.id, product_id=product_id, first=first)])
    return row.id
