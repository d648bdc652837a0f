# SPDX-License-Identifier: Apache-2.0
"""Devices by serial number: pumps and poles, their programs, their care, and their stays with patients."""
from __future__ import annotations

from typing import Any, ClassVar

import pgtrigger
from django.db import models
from django.db.models import F, Q

from openinfusion.inventory.domain.device import CareKind
from openinfusion.inventory.domain.program import PROGRAM, Mode, ProgramFacts, ProgramState
from openinfusion.inventory.domain.pump import PUMP, PumpFacts, PumpState
from openinfusion.kernel.machine import Machine
from openinfusion.platform.models import Record, choice_field, ref, state_field, tracked


def setting(**options: Any) -> Any:
    return models.DecimalField(max_digits=12, decimal_places=4, **options)


@tracked
class Pump(Record):
    """An infusion pump, or another device, by its serial number."""

    machine: ClassVar[Machine[PumpState, PumpFacts]] = PUMP

    state = state_field(PUMP)
    site = ref("platform.Site")
    product = ref("catalog.Product")
    serial = models.TextField()
    maintenance_due_on = models.DateField(null=True)
    patient = ref("patients.Patient", null=True)
    last_patient = ref("patients.Patient", null=True)
    therapy = ref("therapy.Therapy", null=True)

    class Meta(Record.Meta):
        constraints = [
            models.UniqueConstraint(fields=["organization", "product", "serial"], name="pump_once"),
            models.CheckConstraint(
                condition=~Q(state__in=["assigned", "at_patient", "return_due"]) | Q(patient__isnull=False),
                name="pump_out_has_patient",
            ),
        ]

    def __str__(self) -> str:
        return f"pump {self.serial}"


@tracked
class PumpProgram(Record):
    """What one pump is set to for one order, as entered, and who checked it."""

    machine: ClassVar[Machine[ProgramState, ProgramFacts]] = PROGRAM

    state = state_field(PROGRAM)
    pump = ref("inventory.Pump")
    prescription = ref("therapy.Prescription")
    patient = ref("patients.Patient")
    mode = choice_field(Mode)
    concentration = setting()
    rate_ml_per_h = setting()
    volume_ml = setting(default=0)
    every_hours = setting(null=True)
    bolus_ml = setting(default=0)
    lockout_minutes = models.PositiveIntegerField(null=True)
    hourly_limit_ml = setting(null=True)
    entered_by = models.UUIDField()
    enterer_name = models.TextField()
    checked_by = models.UUIDField(null=True)
    checker_name = models.TextField(default="")
    checked_at = models.DateTimeField(null=True)

    class Meta(Record.Meta):
        constraints = [
            models.UniqueConstraint(fields=["pump"], condition=~Q(state="replaced"), name="pump_has_one_program"),
            models.CheckConstraint(
                condition=Q(checked_by__isnull=True) | ~Q(checked_by=F("entered_by")), name="program_checker_is_another",
            ),
            models.CheckConstraint(
                condition=~Q(state="checked") | Q(checked_by__isnull=False), name="program_checked_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"the program of {self.pump}"


class DeviceCare(Record):
    """A cleaning, a maintenance or a repair. Written once."""

    written_once: ClassVar = True

    pump = ref("inventory.Pump")
    kind = choice_field(CareKind)
    done_on = models.DateField()
    how = models.TextField()
    passed = models.BooleanField()
    next_due_on = models.DateField(null=True)
    done_by = models.UUIDField()
    doer_name = models.TextField()

    class Meta(Record.Meta):
        triggers = [pgtrigger.Protect(name="device_care_is_written_once", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.kind} of a device"


@tracked
class Placement(Record):
    """One stay of a device with a patient."""

    pump = ref("inventory.Pump")
    patient = ref("patients.Patient")
    therapy = ref("therapy.Therapy", null=True)
    first_on = models.DateField()
    last_on = models.DateField(null=True)

    class Meta(Record.Meta):
        constraints = [
            models.UniqueConstraint(fields=["pump"], condition=Q(last_on__isnull=True), name="device_is_at_one_patient"),
            models.CheckConstraint(
                condition=Q(last_on__isnull=True) | Q(last_on__gte=F("first_on")), name="placement_days_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pump} with a patient"
