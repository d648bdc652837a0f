# SPDX-License-Identifier: Apache-2.0
"""Opened containers with their clocks, and what later preparations took out of them."""
from __future__ import annotations

from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models import F, Q

from openinfusion.compounding.domain.opened import OPENED, OpenedFacts, OpenedState
from openinfusion.compounding.models.bench import measure
from openinfusion.kernel.machine import Machine
from openinfusion.platform.models import Record, ref, state_field, tracked


@tracked
class OpenedContainer(Record):
    """A punctured vial or bag. ``drawn_ml`` is what preparations have taken of it; never more than it held."""

    machine: ClassVar[Machine[OpenedState, OpenedFacts]] = OPENED

    state = state_field(OPENED)
    code = models.TextField()
    product = ref("catalog.Product")
    name = models.TextField()
    lot = ref("inventory.Lot")
    lot_number = models.TextField()
    lot_expires_on = models.DateField()
    site = ref("platform.Site")
    hood = ref("sites.Hood")
    work_order = ref("compounding.WorkOrder")  # for which it was opened
    ingredient = ref("compounding.Ingredient")
    opened_at = models.DateTimeField()
    opened_by = models.UUIDField()
    opener_name = models.TextField()
    good_until = models.DateTimeField()
    because = models.TextField()
    volume_ml = measure()
    drawn_ml = measure()
    waste_reason = models.TextField(default="")

    class Meta(Record.Meta):
        constraints = [
            models.UniqueConstraint(fields=["organization", "code"], name="opened_container_code_once"),
            models.CheckConstraint(
                condition=Q(drawn_ml__gte=0) & Q(drawn_ml__lte=F("volume_ml")), name="opened_container_not_overdrawn",
            ),
            models.CheckConstraint(condition=Q(good_until__gt=F("opened_at")), name="opened_container_clock_runs"),
            models.CheckConstraint(condition=~Q(state="wasted") | ~Q(waste_reason=""), name="opened_container_waste_has_reason"),
        ]
        indexes = [models.Index(fields=["hood", "product", "state"], name="opened_container_in_hood")]

    def __str__(self) -> str:
        return f"{self.name}, lot {self.lot_number}"


class Carry(Record):
    """So much of an opened container went into another preparation than the one it was opened for."""

    written_once: ClassVar = True

    opened = ref("compounding.OpenedContainer")
    work_order = ref("compounding.WorkOrder")
    ingredient = ref("compounding.Ingredient")
    volume_ml = measure()
    carried_by = models.UUIDField()

    class Meta(Record.Meta):
        constraints = [models.CheckConstraint(condition=Q(volume_ml__gt=0), name="carry_positive")]
        indexes = [models.Index(fields=["work_order"], name="carry_of_work_order")]
        triggers = [pgtrigger.Protect(name="carry_is_written_once", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return "carry"
