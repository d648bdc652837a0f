# SPDX-License-Identifier: Apache-2.0
"""Write-offs and refunds: who asked, who agreed. The database holds the second person."""
from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from openinfusion.billing.domain.refund import REFUND_MACHINE
from openinfusion.billing.domain.write_off import WRITE_OFF_MACHINE, Side
from openinfusion.kernel.money import Money
from openinfusion.platform.models import Record, choice_field, ref, state_field, tracked


@tracked
class WriteOff(Record):
    """Something given up on one claim, with its reason; above the asker's limit another person has agreed."""

    machine: ClassVar = WRITE_OFF_MACHINE
    claim = ref("billing.Claim")
    state = state_field(WRITE_OFF_MACHINE)
    side = choice_field(Side)
    cents = models.BigIntegerField()
    reason_code = models.TextField()
    avoidable = models.BooleanField()
    note = models.TextField()
    asked_by = models.UUIDField()
    asked_name = models.TextField()
    limit_cents = models.BigIntegerField()
    decided_by = models.UUIDField(null=True)
    decided_name = models.TextField(blank=True)
    posted_on = models.DateField(null=True)

    class Meta(Record.Meta):
        constraints = [
            models.CheckConstraint(name="write_off_positive", condition=Q(cents__gt=0)),
            models.CheckConstraint(
                name="write_off_second_person",
                condition=~Q(state="posted") | Q(cents__lte=F("limit_cents")) | (
                    Q(decided_by__isnull=False) & ~Q(decided_by=F("asked_by"))
                ),
            ),
        ]
        indexes = [models.Index(fields=["claim"], name="write_off_by_claim")]

    def __str__(self) -> str:
        return f"{Money(self.cents)} ({self.reason_code.replace('_', ' ')})"


@tracked
class Refund(Record):
    """A credit balance to be sent back; approved by somebody else than who asked."""

    machine: ClassVar = REFUND_MACHINE
    claim = ref("billing.Claim")
    state = state_field(REFUND_MACHINE)
    side = choice_field(Side)
    cents = models.BigIntegerField()
    note = models.TextField()
    asked_by = models.UUIDField()
    asked_name = models.TextField()
    approved_by = models.UUIDField(null=True)
    approved_name = models.TextField(blank=True)
    paid_on = models.DateField(null=True)
    reference = models.TextField(blank=True)

    class Meta(Record.Meta):
        constraints = [
            models.CheckConstraint(name="refund_positive", condition=Q(cents__gt=0)),
            models.CheckConstraint(
                name="refund_second_person",
                condition=~Q(state__in=["approved", "paid"]) | (Q(approved_by__isnull=False) & ~Q(approved_by=F("asked_by"))),
            ),
        ]
        indexes = [models.Index(fields=["claim"], name="refund_by_claim")]

    def __str__(self) -> str:
        return f"refund of {Money(self.cents)}"
