# SPDX-License-Identifier: Apache-2.0
"""Code sets: billing codes, diagnoses, side-chain groups."""
from __future__ import annotations

from django.db import models
from django.db.models import Q

from openinfusion.catalog.models.figure import Figure
from openinfusion.platform.models import tracked


@tracked
class Hcpcs(Figure):
    code = models.TextField()
    text = models.TextField()
    klass = models.TextField()
    unit_amount = models.DecimalField(max_digits=18, decimal_places=6)
    unit = models.TextField()
    unit_text = models.TextField()
    exclusive_group = models.TextField(default="")
    effective_to = models.DateField(null=True)

    class Meta(Figure.Meta):
        constraints = [
            models.UniqueConstraint(fields=["organization", "code", "effective_from"], name="catalog_hcpcs_once"),
            models.CheckConstraint(condition=Q(unit_amount__gt=0), name="catalog_hcpcs_unit_positive"),
        ]

    def __str__(self) -> str:
        return self.code


@tracked
class Diagnosis(Figure):
    code = models.TextField()
    text = models.TextField()

    class Meta(Figure.Meta):
        constraints = [models.UniqueConstraint(fields=["organization", "code"], name="catalog_diagnosis_once")]

    def __str__(self) -> str:
        return self.code


@tracked
class SideChain(Figure):
    group = models.TextField()
    ingredient = models.TextField()
    likeness = models.TextField()

    class Meta(Figure.Meta):
        constraints = [
            models.UniqueConstraint(fields=["organization", "group", "ingredient"], name="catalog_side_chain_once")
        ]

    def __str__(self) -> str:
        return f"{self.ingredient} in {self.group}"
