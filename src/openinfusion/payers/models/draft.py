# SPDX-License-Identifier: Apache-2.0
"""Drafts of contracts and of new versions: entered by one person, approved by another."""
from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from openinfusion.kernel.machine import Machine
from openinfusion.payers.domain.contract_draft import CONTRACT_DRAFT, ContractDraftFacts, ContractDraftState
from openinfusion.platform.models import Record, ref, state_field, tracked

_OPEN = [ContractDraftState.DRAFT.value, ContractDraftState.PROPOSED.value]


@tracked
class ContractDraft(Record):
    """``based_on`` is the version it follows (empty for a first one), ``made`` the one it became."""

    machine: ClassVar[Machine[ContractDraftState, ContractDraftFacts]] = CONTRACT_DRAFT

    state = state_field(CONTRACT_DRAFT)
    payer = ref("payers.Payer")
    plan = ref("payers.Plan", null=True)
    agreement = models.UUIDField()
    name = models.TextField()
    first_on = models.DateField()
    last_on = models.DateField(null=True)
    content = models.JSONField()  # terms by name; rates and rules as their lines
    source = models.TextField()
    why = models.TextField()
    based_on = ref("payers.Contract", null=True)
    made = ref("payers.Contract", null=True)
    drafted_by = models.UUIDField(editable=False)
    drafter_name = models.TextField(editable=False)
    approved_by = models.UUIDField(null=True, editable=False)
    approver_name = models.TextField(default="", editable=False)
    approved_at = models.DateTimeField(null=True, editable=False)

    class Meta(Record.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "agreement"], condition=Q(state__in=_OPEN), name="payers_one_open_draft"
            ),
            models.CheckConstraint(
                condition=Q(last_on=None) | Q(last_on__gte=F("first_on")), name="payers_draft_in_order"
            ),
            models.CheckConstraint(
                condition=~Q(state=ContractDraftState.APPROVED.value)
                | (Q(approved_by__isnull=False) & ~Q(approved_by=F("drafted_by")) & Q(made__isnull=False)),
                name="payers_draft_by_two",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} from {self.first_on.isoformat()}"
