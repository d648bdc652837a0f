# SPDX-License-Identifier: Apache-2.0
"""Clinical figures: stability and dose rules."""
from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import F, Q

from openinfusion.catalog.domain.drug import Route
from openinfusion.catalog.domain.product import Storage
from openinfusion.catalog.models.figure import Figure
from openinfusion.platform.models import choice_field, ref, tracked


def amount(*, null: bool = False) -> Any:
    return models.DecimalField(max_digits=18, decimal_places=6, null=null)


@tracked
class Stability(Figure):
    drug = ref("catalog.Drug")
    container = models.TextField()
    storage = choice_field(Storage)
    min_amount = amount()
    max_amount = amount()
    unit = models.TextField()
    hours = models.PositiveIntegerField()

    class Meta(Figure.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "drug", "container", "storage", "min_amount", "unit", "effective_from"],
                name="catalog_stability_once",
            ),
            models.CheckConstraint(condition=Q(min_amount__lte=F("max_amount")), name="catalog_stability_in_order"),
        ]

    def __str__(self) -> str:
        return f"the stability of {self.drug} in a {self.container}, {self.storage}"


@tracked
class DoseRule(Figure):
    drug = ref("catalog.Drug")
    number = models.PositiveSmallIntegerField()
    route = choice_field(Route)
    measure = models.TextField()
    per = models.TextField()
    usual_low = amount()
    usual_high = amount()
    hard_high = amount()
    unit = models.TextField()
    crcl_from = amount(null=True)
    crcl_below = amount(null=True)
    age_from = models.PositiveSmallIntegerField(null=True)
    age_below = models.PositiveSmallIntegerField(null=True)
    min_interval_h = amount(null=True)
    max_interval_h = amount(null=True)

    class Meta(Figure.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "drug", "number", "effective_from"], name="catalog_dose_rule_once"
            ),
            models.CheckConstraint(
                condition=Q(usual_low__lte=F("usual_high")) & Q(usual_high__lte=F("hard_high")),
                name="catalog_dose_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"the {self.measure} dose rule of {self.drug} {self.route}"
