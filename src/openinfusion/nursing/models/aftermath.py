# SPDX-License-Identifier: Apache-2.0
"""What a visit leaves beside its record: miles driven, why it was missed, and notes handed over."""
from __future__ import annotations

from django.db import models
from django.db.models import Q

from openinfusion.nursing.domain.miss import MissKind, NextStep
from openinfusion.platform.models import Record, choice_field, ref, tracked


@tracked
class Mileage(Record):
    """Miles that one nurse drove for a visit, at the rate of its day; where two made it each has her own."""

    visit = ref("nursing.NurseVisit")
    nurse = models.UUIDField()
    nurse_name = models.TextField()
    driven_on = models.DateField()
    miles = models.DecimalField(max_digits=6, decimal_places=1)
    cents_per_mile = models.DecimalField(max_digits=6, decimal_places=2)
    cents = models.PositiveIntegerField()

    class Meta(Record.Meta):
        constraints = [
            models.UniqueConstraint(fields=["organization", "visit", "nurse"], name="mileage_once_a_visit_and_nurse"),
            models.CheckConstraint(name="mileage_plausible", condition=Q(miles__gte=0, miles__lte=999)),
        ]

    def __str__(self) -> str:
        return f"{self.miles} miles"


@tracked
class Miss(Record):
    """Why a visit did not take place, what comes next and who was told."""

    visit = ref("nursing.NurseVisit")
    patient = ref("patients.Patient")
    kind = choice_field(MissKind)
    reason_code = models.TextField()
    text = models.TextField(blank=True)
    next = choice_field(NextStep)
    told = models.JSONField(default=list)
    recorded_name = models.TextField()

    def __str__(self) -> str:
        return f"{self.kind}: {self.reason_code}"


@tracked
class Handover(Record):
    """What the next nurse must know: situation, background, assessment, recommendation."""

    patient = ref("patients.Patient")
    therapy = ref("therapy.Therapy")
    visit = ref("nursing.NurseVisit", null=True)
    for_nurse = models.UUIDField(null=True)
    for_name = models.TextField(blank=True)
    situation = models.TextField()
    background = models.TextField(blank=True)
    assessment = models.TextField(blank=True)
    recommendation = models.TextField()
    written_by = models.UUIDField()
    writer_name = models.TextField()
    read_at = models.DateTimeField(null=True)
    read_by = models.UUIDField(null=True)
    reader_name = models.TextField(blank=True)

    class Meta(Record.Meta):
        indexes = [models.Index(fields=["for_nurse", "read_at"], name="handover_by_nurse")]

    def __str__(self) -> str:
        return f"handover of {self.writer_name}"
