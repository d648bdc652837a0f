# SPDX-License-Identifier: Apache-2.0
"""Files that went out, and the control numbers that never repeat."""
from __future__ import annotations

from django.db import models
from django.db.models import Q

from openinfusion.platform.models import Record, tracked


@tracked
class ControlNumber(Record):
    """The last interchange number used towards a receiver."""

    receiver = models.TextField()
    last = models.BigIntegerField(default=0)

    class Meta(Record.Meta):
        constraints = [models.UniqueConstraint(fields=["organization", "receiver"], name="control_number_of_receiver")]

    def __str__(self) -> str:
        return f"{self.receiver} {self.last}"


@tracked
class ClaimFileSent(Record):
    """An 837P file as it was written, byte for byte in the file store."""

    receiver = models.TextField()
    control = models.BigIntegerField()
    file_id = models.UUIDField()
    claims = models.PositiveIntegerField()
    charge_cents = models.BigIntegerField()
    left_out = models.JSONField(default=list)
    sent_by = models.UUIDField()
    sender_name = models.TextField()

    class Meta(Record.Meta):
        constraints = [
            models.UniqueConstraint(fields=["organization", "receiver", "control"], name="claim_file_control_once"),
            models.CheckConstraint(condition=Q(control__gt=0), name="claim_file_control_positive"),
        ]

    def __str__(self) -> str:
        return f"claim file {self.control:09d}"
