# SPDX-License-Identifier: Apache-2.0
"""Remittances as posted, what became of each claim in them, and the bank's deposits they came by."""
from __future__ import annotations

from enum import StrEnum

from django.db import models
from django.db.models import Q

from openinfusion.platform.models import Record, choice_field, ref, tracked


class Outcome(StrEnum):
    POSTED = "posted"
    REVERSED = "reversed"
    SUSPENDED = "suspended"
    RESOLVED = "resolved"
    PARKED = "in_suspense"


APPLIED = (Outcome.POSTED.value, Outcome.REVERSED.value, Outcome.RESOLVED.value)


@tracked
class Remittance(Record):
    """One payment by one payer. The same payment is posted once, whatever its file is called."""

    payer_name = models.TextField()
    payer_key = models.TextField()
    trace = models.TextField()
    cents = models.BigIntegerField()
    paid_on = models.DateField()
    method = models.TextField(blank=True)
    fingerprint = models.TextField()
    file_name = models.TextField(blank=True)
    file_id = models.UUIDField(null=True)
    gap_cents = models.BigIntegerField(default=0)
    findings = models.JSONField(default=list)
    posted_cents = models.BigIntegerField(default=0)
    claims = models.PositiveIntegerField(default=0)
    suspended = models.PositiveIntegerField(default=0)
    deposit = ref("billing.Deposit", null=True)

    class Meta(Record.Meta):
        constraints = [
            models.UniqueConstraint(fields=["organization", "fingerprint"], name="remittance_content_once"),
            models.UniqueConstraint(
                fields=["organization", "payer_key", "trace", "cents", "paid_on"], name="remittance_payment_once",
                condition=~Q(trace=""),
            ),
        ]
        indexes = [models.Index(fields=["-paid_on"], name="remittance_by_day")]

    def __str__(self) -> str:
        return f"{self.trace} of {self.payer_name}"


@tracked
class Deposit(Record):
    """Money as the bank received it, entered or imported; it agrees with the payments it brought, or says why not."""

    on = models.DateField()
    cents = models.BigIntegerField()
    method = models.TextField()  # eft, check, card, cash
    trace = models.TextField(blank=True)
    sender = models.TextField(blank=True)
    source_key = models.TextField(blank=True)
    explained = models.TextField(blank=True)
    explained_by = models.TextField(blank=True)

    class Meta(Record.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "source_key"], name="deposit_once", condition=~Q(source_key=""),
            ),
        ]
        indexes = [models.Index(fields=["-on"], name="deposit_by_day")]

    def __str__(self) -> str:
        return f"deposit {self.trace or self.method}"


@tracked
class RemittanceClaim(Record):
    """One claim of a remittance: matched and posted, or suspended with the finding."""

    remittance = ref("billing.Remittance")
    claim = ref("billing.Claim", null=True)
    patient_control = models.TextField(blank=True)
    payer_control = models.TextField(blank=True)
    patient_name = models.TextField(blank=True)
    status = models.TextField()
    charge_cents = models.BigIntegerField()
    paid_cents = models.BigIntegerField()
    matched_by = models.TextField(blank=True)
    outcome = choice_field(Outcome)
    findings = models.JSONField(default=list)
    said = models.JSONField(default=dict)
    fingerprint = models.TextField(blank=True)
    reverses = ref("billing.RemittanceClaim", null=True)

    class Meta(Record.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "fingerprint"], name="remitted_claim_once",
                condition=Q(outcome__in=APPLIED) & ~Q(fingerprint=""),
            ),
            models.UniqueConstraint(
                fields=["organization", "reverses"], name="answer_reversed_once", condition=Q(outcome__in=APPLIED),
            ),
        ]
        indexes = [
            models.Index(fields=["remittance"], name="remitted_by_remittance"),
            models.Index(fields=["claim"], name="remitted_by_claim"),
            models.Index(fields=["outcome"], name="remitted_by_outcome"),
        ]

    def __str__(self) -> str:
        return self.patient_control
