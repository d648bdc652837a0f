# SPDX-License-Identifier: Apache-2.0
"""Quarterly lists of billing codes: brought in, their difference looked at, then taken or dropped."""
from __future__ import annotations

from enum import StrEnum

from django.db import models
from django.db.models import Q

from openinfusion.platform.models import Record, choice_field, tracked


class ListStanding(StrEnum):
    """What became of a list."""

    READ = "read"  # its difference is shown; nothing has changed
    TAKEN = "taken"
    DROPPED = "dropped"


@tracked
class HcpcsList(Record):
    """One file with what it would change on its first day."""

    name = models.TextField()
    file_id = models.UUIDField()
    sha256 = models.TextField()
    first_on = models.DateField()
    source = models.TextField()
    is_whole = models.BooleanField(default=False)
    standing = choice_field(ListStanding, default=ListStanding.READ.value)
    codes = models.PositiveIntegerField()
    rejects = models.JSONField(default=list)
    changes = models.JSONField(default=list)  # kind, code, words: as they were shown, and as they were taken
    read_name = models.TextField()
    taken_name = models.TextField(default="", blank=True)
    taken_at = models.DateTimeField(null=True)

    class Meta(Record.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "sha256", "first_on"], condition=~Q(standing=ListStanding.DROPPED.value),
                name="catalog_hcpcs_list_once",
            ),
        ]

    def __str__(self) -> str:
        return f"the billing codes from {self.first_on.isoformat()}"
