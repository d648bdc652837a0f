# SPDX-License-Identifier: Apache-2.0
"""Drugs and products."""
from __future__ import annotations

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from openinfusion.catalog.domain.drug import TherapyClass
from openinfusion.catalog.domain.product import ProductKind, Storage
from openinfusion.catalog.models.figure import Figure
from openinfusion.platform.models import choice_field, ref, tracked


def texts() -> Any:
    return ArrayField(models.TextField(), default=list)


@tracked
class Drug(Figure):
    code = models.TextField()
    name = models.TextField()
    tall_man = models.TextField()
    therapy_class = choice_field(TherapyClass)
    routes = texts()
    hazardous = models.BooleanField()
    vesicant = models.TextField(default="")
    allergy_groups = texts()
    atc = models.TextField(default="")
    refrigerated = models.BooleanField()
    ingredients = texts()
    rxnorm = texts()
    synonyms = texts()
    hcpcs = models.TextField(default="")

    class Meta(Figure.Meta):
        constraints = [models.UniqueConstraint(fields=["organization", "code"], name="catalog_drug_code_once")]

    def __str__(self) -> str:
        return self.tall_man


@tracked
class Product(Figure):
    drug = ref("catalog.Drug", null=True)
    kind = choice_field(ProductKind)
    name = models.TextField()
    labeler = models.TextField()
    ndc11 = models.TextField()
    gtin = models.TextField()
    strength_amount = models.DecimalField(max_digits=18, decimal_places=6)
    strength_unit = models.TextField()
    volume_ml = models.DecimalField(max_digits=18, decimal_places=6)
    reconstitute_ml = models.DecimalField(max_digits=18, decimal_places=6)
    form = models.TextField()
    container = models.TextField()
    single_dose = models.BooleanField()
    storage = choice_field(Storage)
    cost_cents = models.BigIntegerField()
    hcpcs = models.TextField(default="")
    hcpcs_amount = models.DecimalField(max_digits=18, decimal_places=6, null=True)
    hcpcs_unit = models.TextField(default="")

    class Meta(Figure.Meta):
        constraints = [
            models.UniqueConstraint(fields=["organization", "ndc11"], name="catalog_product_ndc_once"),
            models.UniqueConstraint(fields=["organization", "gtin"], name="catalog_product_gtin_once"),
            models.CheckConstraint(condition=Q(strength_amount__gt=0), name="catalog_product_strength_positive"),
            models.CheckConstraint(condition=Q(cost_cents__gte=0), name="catalog_product_cost_not_negative"),
        ]

    def __str__(self) -> str:
        return self.name
