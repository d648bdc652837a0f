# SPDX-License-Identifier: Apache-2.0
"""Phones that carry a nurse's visits without a network."""
from __future__ import annotations

from django.db import models

from openinfusion.platform.models import Record, tracked


@tracked
class Phone(Record):
    """A device of one nurse. Revoked, it gets no visits; what it still holds unsent is sent once it is allowed again."""

    nurse = models.UUIDField()
    nurse_name = models.TextField()
    name = models.TextField()
    prepared_at = models.DateTimeField(null=True)
    good_until = models.DateTimeField(null=True)
    visits = models.JSONField(default=list)
    revoked_at = models.DateTimeField(null=True)
    revoker_name = models.TextField(blank=True)

    class Meta(Record.Meta):
        indexes = [models.Index(fields=["nurse"], name="phone_by_nurse")]

    def __str__(self) -> str:
        return self.name
