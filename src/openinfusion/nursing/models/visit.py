# SPDX-License-Identifier: Apache-2.0
"""Visits with their infusion record, rate steps and vital signs."""
from __future__ import annotations

from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models import F, Q

from openinfusion.nursing.domain.infusion_record import ReactionKind
from openinfusion.nursing.domain.visit import VISIT
from openinfusion.platform.models import Record, choice_field, ref, state_field, tracked

_GIVEN_FROM_SHELF = """
IF OLD.in_suite AND NOT NEW.in_suite
   AND EXISTS (SELECT 1 FROM nursing_shelfpackage WHERE visit_id = NEW.id AND became = '') THEN
  RAISE EXCEPTION 'a visit at which packages of a shelf were given took place in the suite' USING ERRCODE = 'check_violation';
END IF;
RETURN NEW;
"""


@tracked
class NurseVisit(Record):
    """One visit of one nurse to one patient, who owns its record. The database lets her be in no other at the same time, nor
    be the second nurse of one.

    ``in_suite``: behind an appointment of a suite, where a nurse watches several patients at once.
    """

    machine: ClassVar = VISIT
    number = models.TextField()
    patient = ref("patients.Patient")
    therapy = ref("therapy.Therapy")
    prescription = ref("therapy.Prescription", null=True)
    site = ref("platform.Site")
    state = state_field(VISIT)
    purpose = models.TextField()
    task = models.TextField(default="infusion_nursing")
    nurse = models.UUIDField(null=True)
    nurse_name = models.TextField(blank=True)
    planned_start = models.DateTimeField(null=True)
    planned_end = models.DateTimeField(null=True)
    earliest_on = models.DateField(null=True)  # any day from here to latest_on will do, while no time is agreed
    latest_on = models.DateField(null=True)
    wished_from = models.TimeField(null=True)  # by the clock at the patient's
    wished_by = models.TimeField(null=True)
    infuses = models.BooleanField(default=True)
    type_code = models.TextField(default="general")
    edition = models.PositiveSmallIntegerField(default=1)
    section_versions = models.JSONField(default=dict)
    in_suite = models.BooleanField(default=False)
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    identifiers = models.JSONField(default=list)
    line_site = models.TextField(blank=True)
    line_note = models.TextField(blank=True)
    line_flushes = models.BooleanField(null=True)
    line_blood_return = models.BooleanField(null=True)
    reaction = choice_field(ReactionKind, blank=True, default="")
    reaction_text = models.TextField(blank=True)
    reaction_grade = models.PositiveSmallIntegerField(default=0)
    reaction_action = models.TextField(blank=True)
    taught = models.JSONField(default=list)
    taught_back = models.BooleanField(default=False)
    waste_text = models.TextField(blank=True)
    wasted_ml = models.DecimalField(max_digits=9, decimal_places=2, null=True)
    rate_plan = models.TextField(blank=True, default="")  # by whose rate steps its infusion runs, once that is said
    note = models.TextField(blank=True)
    signed_at = models.DateTimeField(null=True)

    class Meta(Record.Meta):
        constraints = [
            models.UniqueConstraint(fields=["organization", "number"], name="visit_number_once"),
            models.CheckConstraint(
                name="visit_plan_in_order",
                condition=Q(planned_start__isnull=True) | Q(planned_end__gt=F("planned_start")),
            ),
            models.CheckConstraint(
                name="visit_days_in_order",
                condition=Q(earliest_on__isnull=True, latest_on__isnull=True)
                | Q(earliest_on__isnull=False, latest_on__isnull=False, latest_on__gte=F("earliest_on")),
            ),
            models.CheckConstraint(
                name="visit_wish_in_order",
                condition=Q(wished_from__isnull=True) | Q(wished_by__isnull=True) | Q(wished_by__gt=F("wished_from")),
            ),
            models.CheckConstraint(
                name="visit_times_in_order",
                condition=Q(started_at__isnull=True) | Q(ended_at__isnull=True) | Q(ended_at__gt=F("started_at")),
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="visit_with_packages_stays_in_suite", when=pgtrigger.Before, operation=pgtrigger.UpdateOf("in_suite"),
                func=_GIVEN_FROM_SHELF,
            ),
        ]
        indexes = [
            models.Index(fields=["state", "planned_start"], name="visit_by_state"),
            models.Index(fields=["therapy"], name="visit_by_therapy"),
            models.Index(fields=["nurse", "planned_start"], name="visit_by_nurse"),
        ]

    def __str__(self) -> str:
        return self.number


@tracked
class RateReading(Record):
    """From this instant the pump ran at this rate."""

    visit = ref("nursing.NurseVisit")
    at = models.DateTimeField()
    rate_ml_per_h = models.DecimalField(max_digits=7, decimal_places=1)

    class Meta(Record.Meta):
        constraints = [
            models.UniqueConstraint(fields=["organization", "visit", "at"], name="visit_rate_once"),
            models.CheckConstraint(name="visit_rate_not_negative", condition=Q(rate_ml_per_h__gte=0)),
        ]

    def __str__(self) -> str:
        return f"{self.rate_ml_per_h} mL/h"


@tracked
class VitalSigns(Record):
    """One set of vital signs."""

    visit = ref("nursing.NurseVisit")
    at = models.DateTimeField()
    temperature_c = models.DecimalField(max_digits=4, decimal_places=1)
    pulse_per_min = models.PositiveSmallIntegerField()
    respirations_per_min = models.PositiveSmallIntegerField()
    systolic_mmhg = models.PositiveSmallIntegerField()
    diastolic_mmhg = models.PositiveSmallIntegerField()
    spo2_percent = models.PositiveSmallIntegerField(null=True)

    class Meta(Record.Meta):
        constraints = [
            models.CheckConstraint(name="visit_temperature", condition=Q(temperature_c__gte=25, temperature_c__lte=45)),
            models.CheckConstraint(name="visit_pressure", condition=Q(systolic_mmhg__gt=F("diastolic_mmhg"))),
        ]

    def __str__(self) -> str:
        return f"vital signs at {self.at:%H:%M}"
