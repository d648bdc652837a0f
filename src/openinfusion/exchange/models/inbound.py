# SPDX-License-Identifier: Apache-2.0
"""What arrived: FHIR bundles, and files of a clearing house with what became of them."""
from __future__ import annotations

from enum import StrEnum

from django.db import models

from openinfusion.platform.models import Record, choice_field, ref, tracked


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


class Outcome(StrEnum):
    """What became of a file that arrived."""

    TAKEN = "taken"
    LEFT = "left"  # something in it could not be taken in, and somebody must look


@tracked
class InboundFile(Record):
    """One file of a clearing house: its bytes in the file store, the kinds in it, and what was done with each."""

    name = models.TextField()
    sha256 = models.TextField()
    file_id = models.UUIDField()
    kinds = models.JSONField(default=list)
    done = models.JSONField(default=list)  # the kinds that were taken in; they are not taken in again
    said = models.JSONField(default=list)
    outcome = choice_field(Outcome)
    times = models.PositiveIntegerField(default=1)
    looked_at = models.DateTimeField(null=True)  # a person settled what was left
    received_name = models.TextField()

    class Meta(Record.Meta):
        constraints = [models.UniqueConstraint(fields=["organization", "sha256"], name="inbound_content_once")]
        indexes = [models.Index(fields=["outcome", "looked_at"], name="inbound_by_outcome")]

    def __str__(self) -> str:
        return self.name
