# SPDX-License-Identifier: Apache-2.0
"""A prescription version. Its order is written once; a change is a new row that points to the one before."""
from __future__ import annotations

from typing import ClassVar

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from openinfusion.kernel.machine import Machine
from openinfusion.platform.models import Record, ref, state_field, tracked
from openinfusion.therapy.domain.prescription import PRESCRIPTION, PrescriptionFacts, PrescriptionState


@tracked
class Prescription(Record):
    """One version of an order."""

    machine: ClassVar[Machine[PrescriptionState, PrescriptionFacts]] = PRESCRIPTION

    state = state_field(PRESCRIPTION)
    number = models.TextField()  # the same for all versions
    version_no = models.PositiveIntegerField(default=1)
    previous = ref("therapy.Prescription", null=True)
    therapy = ref("therapy.Therapy")
    patient = ref("patients.Patient")
    drug_code = models.TextField()
    drug_name = models.TextField()
    dose_amount = models.DecimalField(max_digits=18, decimal_places=6)
    dose_unit = models.TextField()
    route = models.TextField()
    interval_hours = models.PositiveIntegerField(null=True)
    clock_times = ArrayField(models.TimeField(), default=list)
    every_days = models.PositiveIntegerField(default=1)
    first_dose_time = models.TimeField()
    infusion_minutes = models.PositiveIntegerField()
    rate_ml_per_h = models.DecimalField(max_digits=18, decimal_places=6, null=True)
    osmolarity_mosm_per_l = models.PositiveIntegerField(null=True)
    start_on = models.DateField()
    days = models.PositiveIntegerField()
    last_on = models.DateField()
    doses = models.PositiveIntegerField(default=0)
    diagnosis = models.TextField(default="")
    prescriber_name = models.TextField()
    prescriber_npi = models.TextField(default="")
    ordered_on = models.DateField()
    expires_on = models.DateField()
    instructions = models.TextField(default="")
    source_text = models.TextField(default="")
    source_ref = models.TextField(default="")
    nutrition = models.JSONField(null=True)  # the formula of parenteral nutrition, amounts as text
    transcribed_by = models.UUIDField()
    transcriber_name = models.TextField()
    verified_by = models.UUIDField(null=True)
    verifier_name = models.TextField(default="")
    verified_at = models.DateTimeField(null=True)

    class Meta(Record.Meta):
        constraints = [
            models.UniqueConstraint(fields=["organization", "number", "version_no"], name="prescription_version_once"),
            models.UniqueConstraint(fields=["previous"], name="prescription_one_successor"),
            models.CheckConstraint(condition=Q(dose_amount__gt=0), name="prescription_dose_positive"),
            models.CheckConstraint(condition=Q(days__gte=1), name="prescription_days_positive"),
            models.CheckConstraint(condition=Q(last_on__gte=F("start_on")), name="prescription_ends_after_start"),
            models.CheckConstraint(
                condition=Q(interval_hours__isnull=False, clock_times=[]) | (
                    Q(interval_hours__isnull=True) & ~Q(clock_times=[])),
                name="prescription_interval_or_clock",
            ),
            models.CheckConstraint(
                condition=Q(version_no=1, previous__isnull=True) | Q(version_no__gt=1, previous__isnull=False),
                name="prescription_chain",
            ),
            models.CheckConstraint(
                condition=Q(verified_by__isnull=True) | ~Q(verified_by=F("transcribed_by")),
                name="prescription_two_people",
            ),
            models.CheckConstraint(
                condition=Q(nutrition__isnull=True) | Q(
                    nutrition__has_keys=["weight_kg", "age_years", "volume", "volume_unit", "line", "hours", "ingredients"],
                    nutrition__ingredients__0__isnull=False, nutrition__line__in=["central", "peripheral"],
                    dose_unit="mL", route="IV",
                ),
                name="prescription_formula_is_whole",
            ),
            models.CheckConstraint(
                condition=~Q(instructions__iregex=r"\y(as directed|ongoing|indefinite(ly)?)\y"), name="prescription_not_vague",
            ),
        ]
        triggers = [pgtrigger.ReadOnly(name="formula_is_never_edited", fields=["nutrition"])]
        indexes = [models.Index(fields=["organization", "state"], name="prescription_by_state")]

    def __str__(self) -> str:
        return f"Rx {self.number}-{self.version_no:02d} ({self.drug_name})"
