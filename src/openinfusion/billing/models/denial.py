# SPDX-License-Identifier: Apache-2.0
"""Denials, the appeals against them, and lines paid below the contract."""
from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from openinfusion.billing.domain.denial_work import DENIAL
from openinfusion.billing.domain.underpayment import UNDERPAYMENT
from openinfusion.kernel.money import Money
from openinfusion.platform.models import Record, ref, state_field, tracked


@tracked
class Denial(Record):
    """One refusal by a payer that somebody must work: the codes, what they mean, what is next, until when.

    ``worth_cents`` is the amount times the assumed share that comes back: the queue's order.
    """

    machine: ClassVar = DENIAL
    claim = ref("billing.Claim")
    line = ref("billing.ClaimLine", null=True)
    remittance = ref("billing.Remittance")
    state = state_field(DENIAL)
    group = models.TextField()
    carc = models.TextField()
    rarcs = models.JSONField(default=list)
    cents = models.BigIntegerField()
    worth_cents = models.BigIntegerField(default=0)
    meaning = models.TextField()
    action_class = models.TextField()
    cause = models.TextField(blank=True)
    edit = models.TextField(blank=True)
    next_step = models.TextField()
    source = models.TextField()
    told_on = models.DateField()
    due_on = models.DateField()
    level = models.PositiveSmallIntegerField(default=0)
    worker_id = models.UUIDField(null=True)
    worker_name = models.TextField(blank=True)
    is_open = models.BooleanField(default=True)
    outcome = models.TextField(blank=True)

    class Meta(Record.Meta):
        indexes = [
            models.Index(fields=["is_open", "due_on"], name="denial_by_due"),
            models.Index(fields=["claim"], name="denial_by_claim"),
        ]

    def __str__(self) -> str:
        return f"{self.group}-{self.carc}"


@tracked
class Appeal(Record):
    """One appeal of one level: the letter, the packet as it was filed, and until when the payer must answer."""

    denial = ref("billing.Denial")
    claim = ref("billing.Claim")
    level = models.PositiveSmallIntegerField()
    letter = models.TextField()
    packet_file_id = models.UUIDField()
    contents = models.JSONField(default=list)
    missing = models.JSONField(default=list)
    prepared_by = models.UUIDField()
    prepared_name = models.TextField()
    filed_on = models.DateField(null=True)
    answer_due_on = models.DateField(null=True)
    sent_by = models.TextField(blank=True)  # fax, portal, mail
    answer = models.TextField(blank=True)

    class Meta(Record.Meta):
        constraints = [
            models.UniqueConstraint(fields=["organization", "denial", "level"], name="appeal_level_once"),
            models.CheckConstraint(name="appeal_level_known", condition=Q(level__gte=1, level__lte=3)),
        ]

    def __str__(self) -> str:
        return f"appeal, level {self.level}"


@tracked
class Underpayment(Record):
    """A line that a payer paid below its contract."""

    machine: ClassVar = UNDERPAYMENT
    claim = ref("billing.Claim")
    line = ref("billing.ClaimLine")
    remittance = ref("billing.Remittance")
    state = state_field(UNDERPAYMENT)
    expected_cents = models.BigIntegerField()
    allowed_cents = models.BigIntegerField()
    cents = models.BigIntegerField()
    found_on = models.DateField()
    outcome = models.TextField(blank=True)

    class Meta(Record.Meta):
        constraints = [
            models.CheckConstraint(
                name="underpayment_is_the_difference",
                condition=Q(cents__gt=0, cents=F("expected_cents") - F("allowed_cents")),
            ),
        ]
        indexes = [models.Index(fields=["claim"], name="underpayment_by_claim")]

    def __str__(self) -> str:
        return f"underpayment of {Money(self.cents)}"
