# SPDX-License-Identifier: Apache-2.0
"""What the house pays for a product, from a day on."""
from __future__ import annotations

from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models import Q

from openinfusion.platform.models import Record, ref


class ProductCost(Record):
    """The acquisition cost of one package from a day on, and where it comes from. Written once; a new cost is a new row.

    Where no row holds yet, the cost that the catalog was loaded with stands (``Product.cost_cents``).
    """

    written_once: ClassVar = True

    product = ref("catalog.Product")
    cost_cents = models.BigIntegerField()
    effective_from = models.DateField()
    source = models.TextField()

    class Meta(Record.Meta):
        triggers = [pgtrigger.Protect(name="cost_is_written_once", operation=pgtrigger.Update | pgtrigger.Delete)]
        constraints = [
            models.CheckConstraint(condition=Q(cost_cents__gte=0), name="catalog_cost_not_negative"),
            models.CheckConstraint(condition=~Q(source=""), name="catalog_cost_has_source"),
        ]
        indexes = [models.Index(fields=["product", "effective_from"], name="catalog_cost_by_day")]

    def __str__(self) -> str:
        return f"the cost of {self.product} from {self.effective_from.isoformat()}"
