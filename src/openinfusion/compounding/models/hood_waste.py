# SPDX-License-Identifier: Apache-2.0
"""Packages and contents that were wasted at the hood, with what took their place and who saw it."""
from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from openinfusion.compounding.domain.hood_waste import HOOD_WASTE, WasteFacts, WasteState
from openinfusion.kernel.machine import Machine
from openinfusion.platform.models import Record, ref, state_field, tracked


@tracked
class HoodWaste(Record):
    """So many closed packages of a lot, or (``opened``) what was left of an opened one; packages are then none."""

    machine: ClassVar[Machine[WasteState, WasteFacts]] = HOOD_WASTE

    state = state_field(HOOD_WASTE)
    work_order = ref("compounding.WorkOrder")
    ingredient = ref("compounding.Ingredient")
    lot = ref("inventory.Lot")
    lot_number = models.TextField()
    name = models.TextField()
    opened = ref("compounding.OpenedContainer", null=True)
    packages = models.PositiveSmallIntegerField()
    replaced = models.PositiveSmallIntegerField(default=0)  # packages that took their place
    reason = models.TextField()
    controlled = models.BooleanField()
    wasted_by = models.UUIDField()
    waster_name = models.TextField()
    witnessed_by = models.UUIDField(null=True)
    witness_name = models.TextField(default="")

    class Meta(Record.Meta):
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="hood_waste_says_why"),
            models.CheckConstraint(
                condition=Q(witnessed_by__isnull=True) | ~Q(witnessed_by=F("wasted_by")), name="hood_waste_witness_is_another",
            ),
            models.CheckConstraint(
                condition=Q(controlled=False) | ~Q(state="done") | Q(witnessed_by__isnull=False),
                name="hood_waste_controlled_is_witnessed",
            ),
            models.CheckConstraint(
                condition=Q(opened__isnull=True, packages__gt=0) | Q(opened__isnull=False, packages=0),
                name="hood_waste_is_closed_or_opened",
            ),
            models.CheckConstraint(condition=Q(replaced__lte=F("packages")), name="hood_waste_replaced_at_most_once"),
        ]
        indexes = [models.Index(fields=["work_order"], name="hood_waste_of_work_order")]

    def __str__(self) -> str:
        what = f"{self.packages} × {self.name}" if self.packages else f"what was left of {self.name}"
        return f"{what}, lot {self.lot_number}"
