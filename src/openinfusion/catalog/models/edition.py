# SPDX-License-Identifier: Apache-2.0
"""Which edition of the catalog is in force: a mark that changes with every change of its rows."""
from __future__ import annotations

from django.db import models

from openinfusion.kernel.ids import new_id
from openinfusion.platform.models import Record, tracked


@tracked
class Edition(Record):
    """One row an organization. Readers keep facts in memory under this mark and forget them when it changes."""

    mark = models.UUIDField(default=new_id)

    class Meta(Record.Meta):
        constraints = [models.UniqueConstraint(fields=["organization"], name="catalog_one_edition")]

    def __str__(self) -> str:
        return "the catalog's edition"
