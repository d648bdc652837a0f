# SPDX-License-Identifier: Apache-2.0
"""FHIR bundles that arrived."""
from __future__ import annotations

from django.db import models

from openinfusion.platform.models import Record, ref, tracked


@tracked
class InboundBundle(Record):
    """One message: its fingerprint, its bytes in the file store, and the referral it became."""

    fingerprint = models.TextField()
    file_id = models.UUIDField()
    sender = models.TextField(default="", blank=True)
    received_by = models.UUIDField()
    received_name = models.TextField()
    referral = ref("intake.Referral")
    times = models.PositiveIntegerField(default=1)

    class Meta(Record.Meta):
        constraints = [models.UniqueConstraint(fields=["organization", "fingerprint"], name="exchange_bundle_once")]

    def __str__(self) -> str:
        return "a FHIR bundle"
