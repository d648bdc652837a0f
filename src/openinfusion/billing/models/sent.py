# SPDX-License-Identifier: Apache-2.0
"""Claims as they went out: one row a sending, kept as it was. A trigger refuses to change or delete it."""

from __future__ import annotations

from typing import ClassVar

import pgtrigger
from django.db import models

from openinfusion.platform.models import Record, ref


class ClaimSent(Record):
    """What a claim said when it was put into a file: its frequency, its sum and every line."""

    written_once: ClassVar = True
    claim = ref("billing.Claim")
    number = models.PositiveIntegerField()  # 1 is the original
    frequency = models.CharField(max_length=1)
    form = models.TextField()
    control = models.TextField()  # of the file
    file_id = models.UUIDField()
    charge_cents = models.BigIntegerField()
    lines = models.JSONField(default=list)
    queued_at = models.DateTimeField()

    class Meta(Record.Meta):
        constraints = [
            models.UniqueConstraint(fields=["organization", "claim", "number"], name="claim_sent_numbered"),
            models.UniqueConstraint(fields=["organization", "claim", "file_id"], name="claim_in_a_file_once"),
        ]
        indexes = [models.Index(fields=["file_id"], name="claim_sent_by_file")]
        triggers = [pgtrigger.Protect(name="claim_sent_append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"sending {self.number}"
