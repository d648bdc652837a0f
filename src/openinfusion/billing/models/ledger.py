# SPDX-License-Identifier: Apache-2.0
"""The ledger of money, and what the work cost. Both only grow: a trigger refuses to change or delete a row."""
from __future__ import annotations

from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models import F, Q

from openinfusion.billing.domain.ledger import Account, Kind
from openinfusion.billing.models.period import refuses_closed_months
from openinfusion.platform.models import Record, choice_field, ref


class LedgerTransfer(Record):
    """One movement: the debit and the credit in one row, so that the database itself holds the balance."""

    written_once: ClassVar = True
    kind = choice_field(Kind)
    debit = choice_field(Account)
    credit = choice_field(Account)
    cents = models.BigIntegerField()
    on = models.DateField()
    claim = ref("billing.Claim", null=True)
    line = ref("billing.ClaimLine", null=True)
    therapy = ref("therapy.Therapy", null=True)
    plan = ref("payers.Plan", null=True)
    remittance = ref("billing.Remittance", null=True)
    answer = ref("billing.RemittanceClaim", null=True)
    about = ref("billing.Claim", null=True)  # the claim that a provider adjustment names; its own balance is untouched
    note = models.TextField(blank=True)

    class Meta(Record.Meta):
        constraints = [
            models.CheckConstraint(name="transfer_positive", condition=Q(cents__gt=0)),
            models.CheckConstraint(name="transfer_between_two", condition=~Q(debit=F("credit"))),
        ]
        indexes = [
            models.Index(fields=["claim"], name="transfer_by_claim"),
            models.Index(fields=["therapy", "kind"], name="transfer_by_therapy"),
            models.Index(fields=["on"], name="transfer_by_day"),
        ]
        triggers = [
            pgtrigger.Protect(name="transfer_append_only", operation=pgtrigger.Update | pgtrigger.Delete),
            refuses_closed_months("transfer_in_open_month"),
        ]

    def __str__(self) -> str:
        return f"{self.debit} from {self.credit}"


class Cost(Record):
    """What one delivery or visit cost the pharmacy: drug, supplies, delivery, nursing."""

    written_once: ClassVar = True
    therapy = ref("therapy.Therapy")
    kind = models.TextField()
    cents = models.BigIntegerField()
    on = models.DateField()
    source_key = models.TextField()
    note = models.TextField(blank=True)

    class Meta(Record.Meta):
        constraints = [
            models.UniqueConstraint(fields=["organization", "source_key", "kind"], name="cost_once"),
            models.CheckConstraint(name="cost_not_negative", condition=Q(cents__gte=0)),
        ]
        indexes = [models.Index(fields=["therapy"], name="cost_by_therapy")]
        triggers = [
            pgtrigger.Protect(name="cost_append_only", operation=pgtrigger.Update | pgtrigger.Delete),
            refuses_closed_months("cost_in_open_month"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.cents}"
