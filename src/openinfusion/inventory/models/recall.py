# SPDX-License-Identifier: Apache-2.0
"""Recall cases: what is recalled, whom it reached, who was told."""
from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from openinfusion.inventory.domain.recall_case import RECALL, Reach, RecallClass, RecallFacts, RecallState, Told
from openinfusion.kernel.machine import Machine
from openinfusion.platform.models import Record, choice_field, ref, state_field, tracked


@tracked
class RecallCase(Record):
    """A recall as it came in, with what was done about it."""

    machine: ClassVar[Machine[RecallState, RecallFacts]] = RECALL

    state = state_field(RECALL)
    number = models.TextField()
    title = models.TextField()
    klass = choice_field(RecallClass)
    source = models.TextField()  # whose letter, its number and day
    why = models.TextField()
    instructions = models.TextField(default="")  # what patients are told to do
    opened_by = models.UUIDField()
    opener_name = models.TextField()
    check_note = models.TextField(default="")
    checker_name = models.TextField(default="")
    closed_at = models.DateTimeField(null=True)

    class Meta(Record.Meta):
        constraints = [models.UniqueConstraint(fields=["organization", "number"], name="recall_number_once")]

    def __str__(self) -> str:
        return f"recall {self.number}"


@tracked
class RecallLot(Record):
    """A lot of the case."""

    case = ref("inventory.RecallCase")
    lot = ref("inventory.Lot")

    class Meta(Record.Meta):
        constraints = [models.UniqueConstraint(fields=["case", "lot"], name="recall_lot_once")]

    def __str__(self) -> str:
        return f"{self.lot} of a recall"


@tracked
class RecallPump(Record):
    """A device of the case."""

    case = ref("inventory.RecallCase")
    pump = ref("inventory.Pump")

    class Meta(Record.Meta):
        constraints = [models.UniqueConstraint(fields=["case", "pump"], name="recall_pump_once")]

    def __str__(self) -> str:
        return f"{self.pump} of a recall"


@tracked
class RecallNotice(Record):
    """A patient whom the recall reached, through what, and whether they were told."""

    case = ref("inventory.RecallCase")
    patient = ref("patients.Patient")
    reach = choice_field(Reach)
    what = models.TextField()  # "vancomycin, preparation K7Q2M9XD, delivered 3-Nov-2026"
    told = choice_field(Told, default=Told.PENDING.value)
    how = models.TextField(default="")
    note = models.TextField(default="")
    told_by = models.UUIDField(null=True)
    teller_name = models.TextField(default="")
    told_at = models.DateTimeField(null=True)

    class Meta(Record.Meta):
        constraints = [
            models.UniqueConstraint(fields=["case", "patient", "reach", "what"], name="recall_notice_once"),
            models.CheckConstraint(
                condition=Q(told="pending") | (Q(told_by__isnull=False, told_at__isnull=False)), name="recall_told_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(told__in=["unreachable", "not_needed"]) | ~Q(note=""), name="recall_untold_says_why",
            ),
        ]

    def __str__(self) -> str:
        return "a recall notice"
