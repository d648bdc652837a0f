# SPDX-License-Identifier: Apache-2.0
"""Count sheets: what was counted, without seeing the book, and what came of it."""
from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from openinfusion.inventory.domain.count import COUNT, CountFacts, CountState
from openinfusion.inventory.models.stock import quantity
from openinfusion.kernel.machine import Machine
from openinfusion.platform.models import Record, ref, state_field, tracked


@tracked
class CountSheet(Record):
    """One round of counting in one place."""

    machine: ClassVar[Machine[CountState, CountFacts]] = COUNT

    state = state_field(COUNT)
    number = models.TextField()
    location = ref("inventory.Location")
    klass = models.TextField(default="")  # A, B or C; empty for all that is there
    counted_by = models.UUIDField(null=True)
    counter_name = models.TextField(default="")
    recounted_by = models.UUIDField(null=True)
    recounter_name = models.TextField(default="")
    approved_by = models.UUIDField(null=True)
    approver_name = models.TextField(default="")
    posted_at = models.DateTimeField(null=True)

    class Meta(Record.Meta):
        constraints = [
            models.UniqueConstraint(fields=["organization", "number"], name="count_number_once"),
            models.CheckConstraint(
                condition=Q(recounted_by__isnull=True) | ~Q(recounted_by=F("counted_by")), name="count_recounter_is_another",
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | (~Q(approved_by=F("counted_by")) & (
                    Q(recounted_by__isnull=True) | ~Q(approved_by=F("recounted_by")))), name="count_approver_is_another",
            ),
        ]

    def __str__(self) -> str:
        return f"count {self.number}"


@tracked
class CountLine(Record):
    """One lot in the place: the book at the moment of counting, and what was counted."""

    sheet = ref("inventory.CountSheet")
    lot = ref("inventory.Lot")
    book_amount = quantity(null=True)
    counted_amount = quantity(null=True)
    second_book_amount = quantity(null=True)
    second_amount = quantity(null=True)
    reason = models.TextField(default="")

    class Meta(Record.Meta):
        constraints = [
            models.UniqueConstraint(fields=["sheet", "lot"], name="count_lot_once"),
            models.CheckConstraint(
                condition=(Q(counted_amount__isnull=True) | Q(counted_amount__gte=0))
                & (Q(second_amount__isnull=True) | Q(second_amount__gte=0)), name="count_not_negative",
            ),
        ]

    def __str__(self) -> str:
        return f"the count of {self.lot}"
