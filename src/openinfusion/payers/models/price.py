# SPDX-License-Identifier: Apache-2.0
"""Imported price lists: the file with what was rejected of it, and its prices for the days they hold."""
from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from openinfusion.payers.domain.rate import Basis
from openinfusion.platform.models import Record, choice_field, ref, tracked


@tracked
class PriceFile(Record):
    """A price list as it came: what it was, what was taken and what was not."""

    basis = choice_field(Basis)
    name = models.TextField()
    file_id = models.UUIDField()
    sha256 = models.TextField()
    first_on = models.DateField()
    last_on = models.DateField()
    source = models.TextField()
    taken = models.PositiveIntegerField()
    rejects = models.JSONField(default=list)  # line, text, why
    imported_by = models.UUIDField()
    importer_name = models.TextField()
    withdrawn = models.BooleanField(default=False)

    class Meta(Record.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "basis", "sha256", "first_on"], condition=Q(withdrawn=False),
                name="payers_price_file_once",
            ),
            models.CheckConstraint(condition=Q(last_on__gte=F("first_on")), name="payers_price_file_in_order"),
        ]

    def __str__(self) -> str:
        return f"the {self.basis.upper()} list from {self.first_on.isoformat()}"


@tracked
class ListPrice(Record):
    """One price of a list: dollars for one billing unit."""

    file = ref("payers.PriceFile")
    basis = choice_field(Basis)
    code = models.TextField()
    ndc11 = models.TextField(default="", blank=True)
    dollars = models.DecimalField(max_digits=15, decimal_places=6)
    first_on = models.DateField()
    last_on = models.DateField()

    class Meta(Record.Meta):
        constraints = [
            models.UniqueConstraint(fields=["organization", "file", "code", "ndc11"], name="payers_list_price_once"),
            models.CheckConstraint(condition=Q(dollars__gt=0), name="payers_list_price_positive"),
        ]
        indexes = [models.Index(fields=["organization", "code", "first_on"], name="payers_list_price_ix")]

    def __str__(self) -> str:
        return f"the {self.basis.upper()} price of {self.code}"
