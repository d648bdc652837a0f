# SPDX-License-Identifier: Apache-2.0
"""Clinical rows of a chart. A wrong one is marked as entered in error; it is never changed and never deleted."""
from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from openinfusion.patients.domain.chart import LineType, MeasurementKind, Severity, Tip
from openinfusion.patients.domain.childbearing import About, Said
from openinfusion.platform.models import Record, choice_field, ref, tracked


class ChartRow(Record):
    """Base of everything recorded about a patient: who, from where, and whether it was an error."""

    patient = ref("patients.Patient")
    recorded_by = models.UUIDField()
    recorded_name = models.TextField()
    origin = models.TextField(default="typed")
    in_error_at = models.DateTimeField(null=True)
    in_error_by = models.UUIDField(null=True)
    in_error_reason = models.TextField(default="")

    class Meta(Record.Meta):
        abstract = True


@tracked
class Allergy(ChartRow):
    substance = models.TextField()
    ingredient = models.TextField(default="", blank=True)
    groups = ArrayField(models.TextField(), default=list)
    reaction = models.TextField(default="", blank=True)
    severity = choice_field(Severity)
    noted_on = models.DateField(null=True)

    def __str__(self) -> str:
        return f"the allergy to {self.substance}"


@tracked
class Condition(ChartRow):
    icd10 = models.TextField(default="", blank=True)
    text = models.TextField()
    onset_on = models.DateField(null=True)

    def __str__(self) -> str:
        return f"the condition {self.icd10 or self.text}"


@tracked
class Measurement(ChartRow):
    kind = choice_field(MeasurementKind)
    value = models.DecimalField(max_digits=18, decimal_places=6)
    taken_at = models.DateTimeField()

    class Meta(ChartRow.Meta):
        constraints = [models.CheckConstraint(condition=Q(value__gt=0), name="patients_measurement_positive")]
        indexes = [models.Index(fields=["patient", "kind", "-taken_at"], name="patients_measured_ix")]

    def __str__(self) -> str:
        return f"the {self.kind.partition('_')[0]}"


@tracked
class Lab(ChartRow):
    loinc = models.TextField()
    name = models.TextField()
    value = models.DecimalField(max_digits=18, decimal_places=6)
    unit = models.TextField()
    taken_at = models.DateTimeField()

    class Meta(ChartRow.Meta):
        indexes = [models.Index(fields=["patient", "loinc", "-taken_at"], name="patients_lab_ix")]

    def __str__(self) -> str:
        return f"the lab {self.name}"


@tracked
class Medication(ChartRow):
    """What the patient takes besides what this house supplies."""

    name = models.TextField()
    ingredients = ArrayField(models.TextField(), default=list)  # the catalog's words; empty where it does not know the name
    sig = models.TextField(default="", blank=True)  # how it is taken, as told
    started_on = models.DateField(null=True)
    stopped_on = models.DateField(null=True)

    def __str__(self) -> str:
        return f"the medication {self.name}"


@tracked
class Asked(ChartRow):
    """What the patient said about pregnancy or lactation, and on which day; that nobody asked is a row without a day."""

    about = choice_field(About)
    said = choice_field(Said)
    asked_on = models.DateField(null=True)
    note = models.TextField(default="", blank=True)

    class Meta(ChartRow.Meta):
        constraints = [
            models.CheckConstraint(
                condition=Q(said="not_asked", asked_on=None) | (~Q(said="not_asked") & Q(asked_on__isnull=False)),
                name="patients_asked_has_its_day",
            ),
            models.CheckConstraint(
                condition=~Q(about="lactation", said="impossible"), name="patients_asked_answer_fits_question"),
        ]
        indexes = [models.Index(fields=["patient", "about", "-made_at"], name="patients_asked_ix")]

    def __str__(self) -> str:
        return f"the answer about {self.about}"


@tracked
class Line(ChartRow):
    type = choice_field(LineType)
    tip = choice_field(Tip)
    lumens = models.PositiveSmallIntegerField(default=1)
    site = models.TextField(default="", blank=True)
    placed_on = models.DateField(null=True)
    removed_on = models.DateField(null=True)

    class Meta(ChartRow.Meta):
        constraints = [
            models.CheckConstraint(condition=Q(lumens__gte=1) & Q(lumens__lte=4), name="patients_line_lumens")
        ]

    def __str__(self) -> str:
        return f"the {self.type.replace('_', ' ')}"
