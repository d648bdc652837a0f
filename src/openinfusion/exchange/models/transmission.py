# SPDX-License-Identifier: Apache-2.0
"""The outbox: each file that is to reach a clearing house, once."""
from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from openinfusion.exchange.domain.transmission import TRANSMISSION
from openinfusion.platform.models import Record, ref, state_field, tracked


@tracked
class Transmission(Record):
    """One file and where it stands. The same number towards one receiver, or the same bytes, exist once."""

    machine: ClassVar = TRANSMISSION
    kind = models.TextField()  # 837P, 270 ...
    receiver = models.TextField()
    control = models.BigIntegerField()
    name = models.TextField()
    file_id = models.UUIDField()
    sha256 = models.TextField()
    attempts = models.PositiveIntegerField(default=0)
    report = models.TextField(default="", blank=True)
    sent_at = models.DateTimeField(null=True)
    subject_id = models.UUIDField(null=True)  # the referral a 270, the authorization a 278 asks about
    state = state_field(TRANSMISSION)

    class Meta(Record.Meta):
        constraints = [
            models.UniqueConstraint(fields=["organization", "receiver", "control"], name="transmission_control_once"),
            models.UniqueConstraint(fields=["organization", "sha256"], name="transmission_content_once"),
            models.CheckConstraint(
                condition=~Q(state__in=["sent", "accepted", "partly", "rejected"]) | Q(sent_at__isnull=False),
                name="transmission_sent_when",
            ),
        ]
        indexes = [models.Index(fields=["state"], name="transmission_by_state")]

    def __str__(self) -> str:
        return f"file {self.control:09d}"


@tracked
class TransmittedClaim(Record):
    """A claim in a file of claims (837), or asked about in one (276): which went where, for as long as anybody asks."""

    transmission = ref("exchange.Transmission")
    claim = ref("billing.Claim")
    set_control = models.TextField(default="0001")  # ST02 of the transaction that holds it: a 999 may refuse one of several

    class Meta(Record.Meta):
        constraints = [
            models.UniqueConstraint(fields=["organization", "transmission", "claim"], name="claim_in_transmission_once"),
        ]
        indexes = [models.Index(fields=["claim"], name="transmitted_by_claim")]

    def __str__(self) -> str:
        return "a claim in a file"
