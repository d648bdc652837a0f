# SPDX-License-Identifier: Apache-2.0
"""Versions of what payers want to see before they authorize."""
from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from openinfusion.kernel.machine import Machine
from openinfusion.payers.domain.contract import PayerType
from openinfusion.payers.domain.criteria_version import CRITERIA, CriteriaFacts, CriteriaState
from openinfusion.platform.models import Record, ref, state_field, tracked

_OPEN = [CriteriaState.DRAFT.value, CriteriaState.PROPOSED.value]


@tracked
class CriteriaVersion(Record):
    """One version. ``series`` is the same in all versions, and in the block on file that it takes the place of.

    Empty ``payer``, ``types``, ``classes`` and ``drugs`` stand for all.
    """

    machine: ClassVar[Machine[CriteriaState, CriteriaFacts]] = CRITERIA

    state = state_field(CRITERIA)
    series = models.TextField()
    payer = ref("payers.Payer", null=True)
    types = ArrayField(models.TextField(choices=[(t.value, t.value) for t in PayerType]), default=list)
    classes = ArrayField(models.TextField(), default=list)
    drugs = ArrayField(models.TextField(), default=list)
    lines = models.JSONField(default=list)
    first_on = models.DateField()
    source = models.TextField()
    why = models.TextField()
    drafted_by = models.UUIDField(editable=False)
    drafter_name = models.TextField(editable=False)
    approved_by = models.UUIDField(null=True, editable=False)
    approver_name = models.TextField(default="", editable=False)
    approved_at = models.DateTimeField(null=True, editable=False)

    class Meta(Record.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "series"], condition=Q(state__in=_OPEN), name="payers_one_open_criteria"
            ),
            models.UniqueConstraint(
                fields=["organization", "series", "first_on"], condition=Q(state=CriteriaState.APPROVED.value),
                name="payers_criteria_once",
            ),
            models.CheckConstraint(
                condition=~Q(state=CriteriaState.APPROVED.value)
                | (Q(approved_by__isnull=False) & ~Q(approved_by=F("drafted_by"))),
                name="payers_criteria_by_two",
            ),
        ]

    def __str__(self) -> str:
        return f"the criteria {self.series.replace('_', ' ')} from {self.first_on.isoformat()}"
