# SPDX-License-Identifier: Apache-2.0
"""A patient's regimen, its cycles, the orders of their lines, and what was given elsewhere before."""
from __future__ import annotations

from typing import ClassVar

import pgtrigger
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from openinfusion.kernel.machine import Machine
from openinfusion.platform.models import Record, ref, state_field, tracked
from openinfusion.therapy.domain.cycle import CYCLE, CycleFacts, CycleState
from openinfusion.therapy.domain.cycle_day import CYCLE_DAY, DayFacts, DayState
from openinfusion.therapy.domain.regimen_course import COURSE, CourseFacts, CourseState


@tracked
class RegimenCourse(Record):
    """One edition of a regimen, started for a therapy. The edition stays what it was."""

    machine: ClassVar[Machine[CourseState, CourseFacts]] = COURSE

    state = state_field(COURSE)
    therapy = ref("therapy.Therapy")
    patient = ref("patients.Patient")
    regimen_code = models.TextField()
    regimen_name = models.TextField()
    edition = models.PositiveSmallIntegerField()
    cycles_planned = models.PositiveSmallIntegerField()
    start_on = models.DateField()

    class Meta(Record.Meta):
        constraints = [
            models.UniqueConstraint(fields=["therapy"], condition=Q(state="running"), name="regimen_one_runs_per_therapy"),
            models.CheckConstraint(condition=Q(cycles_planned__gte=1), name="regimen_has_cycles"),
        ]
        triggers = [pgtrigger.ReadOnly(name="regimen_edition_stays", fields=["regimen_code", "edition", "therapy", "patient"])]

    def __str__(self) -> str:
        return f"regimen {self.regimen_name}"


@tracked
class RegimenCycle(Record):
    """One cycle: day 1, the share of the full dose, its clearance with what was judged, and what was given."""

    machine: ClassVar[Machine[CycleState, CycleFacts]] = CYCLE

    state = state_field(CYCLE)
    course = ref("therapy.RegimenCourse")
    patient = ref("patients.Patient")
    number = models.PositiveSmallIntegerField()
    day1_on = models.DateField()
    dose_percent = models.PositiveSmallIntegerField(default=100, validators=[MinValueValidator(1), MaxValueValidator(100)])
    cleared_by = models.UUIDField(null=True)
    clearer_name = models.TextField(default="")
    cleared_at = models.DateTimeField(null=True)
    judged = models.JSONField(default=list)  # each hold parameter as it was judged at the clearance
    override_code = models.TextField(default="")
    override_note = models.TextField(default="")
    approved_by = models.TextField(default="")  # the prescriber who approved the override
    given_on = models.DateField(null=True)  # day 1 as given
    surface_m2 = models.DecimalField(max_digits=6, decimal_places=4, null=True)
    given = models.JSONField(default=list)  # line, drug, amount of a day, unit, days

    class Meta(Record.Meta):
        constraints = [
            models.UniqueConstraint(fields=["course", "number"], name="cycle_number_once"),
            models.CheckConstraint(condition=Q(dose_percent__gte=1, dose_percent__lte=100), name="cycle_share_of_a_dose"),
            models.CheckConstraint(
                condition=~Q(state__in=["cleared", "given"]) | Q(cleared_by__isnull=False, cleared_at__isnull=False),
                name="cycle_is_cleared_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(state="given") | (Q(given_on__isnull=False, surface_m2__gt=0) & ~Q(given=[])),
                name="cycle_given_says_what",
            ),
            models.CheckConstraint(
                condition=Q(override_code="") | ~Q(approved_by=""), name="cycle_override_has_a_prescriber",
            ),
        ]
        indexes = [models.Index(fields=["organization", "state", "day1_on"], name="cycle_by_state_and_day")]

    def __str__(self) -> str:
        return f"cycle {self.number}"


@tracked
class CycleDay(Record):
    """A later day of a cycle that asks for a fresh result before its dose, with the judgement it was cleared on."""

    machine: ClassVar[Machine[DayState, DayFacts]] = CYCLE_DAY

    state = state_field(CYCLE_DAY)
    cycle = ref("therapy.RegimenCycle")
    patient = ref("patients.Patient")
    day = models.PositiveSmallIntegerField()
    cleared_by = models.UUIDField(null=True)
    clearer_name = models.TextField(default="")
    cleared_at = models.DateTimeField(null=True)
    judged = models.JSONField(default=list)
    override_code = models.TextField(default="")
    override_note = models.TextField(default="")
    approved_by = models.TextField(default="")

    class Meta(Record.Meta):
        constraints = [
            models.UniqueConstraint(fields=["cycle", "day"], name="cycle_day_once"),
            models.CheckConstraint(condition=Q(day__gte=2), name="cycle_day_is_a_later_one"),
            models.CheckConstraint(
                condition=~Q(state="cleared") | Q(cleared_by__isnull=False, cleared_at__isnull=False),
                name="cycle_day_is_cleared_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(override_code="") | ~Q(approved_by=""), name="cycle_day_override_has_a_prescriber"),
        ]
        indexes = [models.Index(fields=["organization", "state"], name="cycle_day_by_state")]

    def __str__(self) -> str:
        return f"day {self.day}"


@tracked
class CycleOrder(Record):
    """The prescription of one line of a cycle, with the dose as it was worked out when the two were joined."""

    cycle = ref("therapy.RegimenCycle")
    patient = ref("patients.Patient")
    line_number = models.PositiveSmallIntegerField()
    prescription = ref("therapy.Prescription")
    prescription_number = models.TextField()  # the same for all versions: a revision stays joined
    calculated_amount = models.DecimalField(max_digits=18, decimal_places=6, null=True)  # null: could not be worked out
    calculated_unit = models.TextField()
    inputs = models.JSONField(default=list)

    class Meta(Record.Meta):
        constraints = [
            models.UniqueConstraint(fields=["cycle", "line_number"], name="cycle_line_has_one_order"),
            models.UniqueConstraint(fields=["organization", "prescription_number"], name="cycle_order_joined_once"),
        ]

    def __str__(self) -> str:
        return f"order {self.prescription_number} of line {self.line_number}"


@tracked
class Exposure(Record):
    """What a patient had of a drug elsewhere; the newest word counts. No amount: nobody knows."""

    patient = ref("patients.Patient")
    drug_code = models.TextField()
    amount = models.DecimalField(max_digits=12, decimal_places=3, null=True)
    measure = models.TextField()
    told_by = models.TextField()
    told_on = models.DateField()
    noted_by = models.UUIDField()

    class Meta(Record.Meta):
        constraints = [
            models.CheckConstraint(condition=Q(amount__isnull=True) | Q(amount__gte=0), name="exposure_not_negative"),
            models.CheckConstraint(condition=Q(measure__in=["mg/m2", "units"]), name="exposure_measure_known"),
        ]

    def __str__(self) -> str:
        return f"earlier {self.drug_code}"
