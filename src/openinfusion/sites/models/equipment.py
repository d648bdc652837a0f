# SPDX-License-Identifier: Apache-2.0
"""Equipment and its calibrations."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from openinfusion.platform.models import Record, choice_field, ref, state_field, tracked
from openinfusion.sites.domain.equipment import EQUIPMENT, EquipmentKind


@tracked
class Equipment(Record):
    """A scale, gauge, compounder, refrigerator, probe: what must be calibrated. Where it stands in a room, it gates it."""

    machine: ClassVar = EQUIPMENT
    site = ref("platform.Site")
    room = ref("sites.Cleanroom", null=True)
    cold_store = ref("sites.ColdStore", null=True)
    kind = choice_field(EquipmentKind)
    name = models.TextField()
    serial = models.TextField(default="", blank=True)
    calibrated_until = models.DateField(null=True)  # the first day on which it is due
    state = state_field(EQUIPMENT)

    class Meta(Record.Meta):
        constraints = [models.UniqueConstraint(fields=["organization", "site", "name"], name="equipment_name_once")]
        indexes = [models.Index(fields=["room"], name="equipment_of_room")]

    def __str__(self) -> str:
        return self.name


@tracked
class Calibration(Record):
    """One calibration: who did it, against which traceable standard, what it showed."""

    equipment = ref("sites.Equipment")
    calibrated_on = models.DateField()
    passed = models.BooleanField()
    done_by = models.TextField()  # the person or the firm
    standard = models.TextField()  # what it was traced to
    note = models.TextField(default="", blank=True)
    report_file = ref("platform.StoredFile", null=True)
    recorded_by = models.UUIDField()

    class Meta(Record.Meta):
        constraints = [
            models.CheckConstraint(condition=~Q(done_by="") & ~Q(standard=""), name="calibration_is_traceable"),
            models.CheckConstraint(condition=Q(passed=True) | ~Q(note=""), name="calibration_failed_says_why"),
        ]

    def __str__(self) -> str:
        return f"calibration of {self.calibrated_on:%d-%b-%Y}"
