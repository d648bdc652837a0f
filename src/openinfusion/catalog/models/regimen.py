# SPDX-License-Identifier: Apache-2.0
"""Regimens as a pharmacist signs them: one row an edition, its text never edited."""
from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import Q

from openinfusion.catalog.models.figure import Figure
from openinfusion.platform.models import tracked


@tracked
class Regimen(Figure):
    code = models.TextField()
    edition = models.PositiveSmallIntegerField()
    name = models.TextField()
    body = models.JSONField()  # lines, days, doses and holds as the file has them, amounts as text

    class Meta(Figure.Meta):
        constraints = [
            models.UniqueConstraint(fields=["organization", "code", "edition"], name="catalog_regimen_once"),
            models.CheckConstraint(condition=Q(body__has_keys=["line", "cycle_days", "cycles"]), name="catalog_regimen_is_whole"),
        ]
        triggers = [pgtrigger.ReadOnly(name="regimen_is_never_edited", fields=["code", "edition", "body"])]

    def __str__(self) -> str:
        return f"regimen {self.name}, edition {self.edition}"
