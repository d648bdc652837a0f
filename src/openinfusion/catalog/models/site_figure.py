# SPDX-License-Identifier: Apache-2.0
"""Figures of parenteral nutrition that a site sets: limits, stock solutions, calcium-phosphate curves. Two people each."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q

from openinfusion.catalog.domain.site_figure import (
    NUTRITION_CURVE,
    NUTRITION_LIMIT,
    NUTRITION_STOCK,
    SiteFigureFacts,
    SiteFigureState,
)
from openinfusion.kernel.machine import Machine
from openinfusion.platform.models import Record, ref, state_field, tracked

_HELD = [s.value for s in (SiteFigureState.IN_FORCE, SiteFigureState.LEAVING)]
_SIGNED = [*_HELD, SiteFigureState.REPLACED.value, SiteFigureState.ENDED.value]


def figure(*, null: bool = False) -> Any:
    return models.DecimalField(max_digits=18, decimal_places=6, null=null)


def two_people(name: str) -> list[models.CheckConstraint]:
    """In force only by the signature of a second person; ended likewise."""
    return [
        models.CheckConstraint(
            condition=~Q(state__in=_SIGNED) | (Q(confirmed_by__isnull=False) & ~Q(confirmed_by=F("proposed_by"))),
            name=f"{name}_in_force_by_two",
        ),
        models.CheckConstraint(
            condition=~Q(state=SiteFigureState.ENDED.value) | (Q(ended_by__isnull=False) & ~Q(ended_by=F("end_proposed_by"))),
            name=f"{name}_ended_by_two",
        ),
    ]


def once(name: str, *fields: str) -> models.UniqueConstraint:
    """One of a kind in force at a site."""
    return models.UniqueConstraint(fields=["organization", "site", *fields], condition=Q(state__in=_HELD), name=f"{name}_once")


class SiteFigure(Record):
    """What the three have in common: the site, the source, who proposed and who signed, coming and going."""

    machine: ClassVar[Machine[SiteFigureState, SiteFigureFacts]]

    state = state_field(NUTRITION_LIMIT)  # all three kinds have the same states
    site = ref("platform.Site")
    source = models.TextField()
    why = models.TextField()
    proposed_by = models.UUIDField()
    proposer_name = models.TextField()
    confirmed_by = models.UUIDField(null=True)
    confirmer_name = models.TextField(default="")
    confirmed_at = models.DateTimeField(null=True)
    end_proposed_by = models.UUIDField(null=True)
    end_proposer_name = models.TextField(default="")
    ended_by = models.UUIDField(null=True)
    ender_name = models.TextField(default="")

    class Meta(Record.Meta):
        abstract = True


@tracked
class NutritionLimit(SiteFigure):
    """The four bounds of one gauge for one group, as they hold: what the site left blank is written as it is on file."""

    machine = NUTRITION_LIMIT
    name = models.TextField()
    group = models.TextField()
    unit = models.TextField()
    soft_low = figure(null=True)
    soft_high = figure(null=True)
    hard_low = figure(null=True)
    hard_high = figure(null=True)

    class Meta(SiteFigure.Meta):
        constraints = [
            *two_people("nutrition_limit"),
            once("nutrition_limit", "name", "group"),
            models.CheckConstraint(
                condition=(Q(hard_low__isnull=True) | Q(soft_low__isnull=True) | Q(hard_low__lte=F("soft_low")))
                & (Q(soft_low__isnull=True) | Q(soft_high__isnull=True) | Q(soft_low__lte=F("soft_high")))
                & (Q(soft_high__isnull=True) | Q(hard_high__isnull=True) | Q(soft_high__lte=F("hard_high")))
                & (Q(hard_low__isnull=True) | Q(hard_high__isnull=True) | Q(hard_low__lte=F("hard_high"))),
                name="nutrition_limit_in_order",
            ),
            models.CheckConstraint(
                condition=Q(soft_low__isnull=False)
                | Q(soft_high__isnull=False)
                | Q(hard_low__isnull=False)
                | Q(hard_high__isnull=False),
                name="nutrition_limit_has_a_bound",
            ),
        ]

    def __str__(self) -> str:
        return f"the limit of {self.name.replace('_', ' ')} ({self.group.replace('_', ' ')})"


@tracked
class NutritionStock(SiteFigure):
    """A stock solution of the site, in front of the one on file with the same code."""

    machine = NUTRITION_STOCK
    code = models.TextField()
    label = models.TextField()
    kind = models.TextField()
    unit = models.TextField()
    per_ml = figure()
    contents = models.JSONField(default=dict)  # amounts as text
    osmolarity = figure(null=True)
    specific_gravity = figure(null=True)
    aluminium = figure(null=True)
    energy = models.TextField(default="")
    product = ref("catalog.Product", null=True)

    class Meta(SiteFigure.Meta):
        constraints = [
            *two_people("nutrition_stock"),
            once("nutrition_stock", "code"),
            models.CheckConstraint(condition=Q(per_ml__gt=0), name="nutrition_stock_has_strength"),
        ]

    def __str__(self) -> str:
        return f"the stock solution {self.label}"


@tracked
class NutritionCurve(SiteFigure):
    """A published solubility curve of one product, as it was entered point by point."""

    machine = NUTRITION_CURVE
    product_code = models.TextField()
    amino_acid_percent = figure()
    dextrose_percent = figure()
    cysteine = models.BooleanField(default=False)
    temperature_c = figure()
    points = models.JSONField()  # pairs of text: phosphate mmol/L, calcium mEq/L

    class Meta(SiteFigure.Meta):
        constraints = [
            *two_people("nutrition_curve"),
            once("nutrition_curve", "product_code", "amino_acid_percent", "dextrose_percent", "cysteine", "temperature_c"),
            models.CheckConstraint(condition=Q(points__1__isnull=False), name="nutrition_curve_has_points"),
        ]

    def __str__(self) -> str:
        percents = f"{self.amino_acid_percent.normalize():f} % amino acids, {self.dextrose_percent.normalize():f} % dextrose"
        return f"the calcium-phosphate curve of {self.product_code} at {percents}, {self.temperature_c.normalize():f} °C"
