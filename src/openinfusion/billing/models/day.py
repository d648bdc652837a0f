# SPDX-License-Identifier: Apache-2.0
"""The ledger of per-diem days, and the stays elsewhere that interrupt them."""

from __future__ import annotations

from enum import StrEnum

from django.db import models
from django.db.models import F, Q

from openinfusion.platform.models import Record, choice_field, ref, tracked


@tracked
class PerDiemDay(Record):
    """One day that was billed under one code; one exclusivity group never has the same day of a patient twice."""

    patient = ref("patients.Patient")
    therapy = ref("therapy.Therapy")
    line = ref("billing.ClaimLine")
    group = models.TextField()
    code = models.TextField()
    day = models.DateField()
    rate_cents = models.BigIntegerField(default=0)  # what the contract pays for the day without a rank
    modifier = models.TextField(default="", blank=True)  # its rank among the therapies of the day: none, SH, SJ
    authorization = models.TextField(default="", blank=True)
    source_key = models.TextField(default="", blank=True)  # the delivery it came with

    class Meta(Record.Meta):
        constraints = [
            models.UniqueConstraint(fields=["organization", "patient", "group", "day"], name="per_diem_day_once"),
        ]
        indexes = [models.Index(fields=["line"], name="per_diem_day_by_line")]

    def __str__(self) -> str:
        return f"{self.code} {self.day}"


class StayKind(StrEnum):
    """Where a patient is, while no therapy runs at home."""

    INPATIENT = "inpatient"
    SNF = "snf"
    HOSPICE = "hospice"
    ED = "ed"


@tracked
class Stay(Record):
    """Days on which the patient was elsewhere: from the day of admission to the day before the return, or on."""

    patient = ref("patients.Patient")
    kind = choice_field(StayKind)
    admitted_on = models.DateField()
    returned_on = models.DateField(null=True)
    note = models.TextField(default="", blank=True)
    entered_by = models.UUIDField()
    entered_name = models.TextField()

    class Meta(Record.Meta):
        constraints = [
            models.UniqueConstraint(fields=["organization", "patient", "admitted_on"], name="stay_once"),
            models.CheckConstraint(
                name="stay_ends_after_it_begins",
                condition=Q(returned_on__isnull=True) | Q(returned_on__gt=F("admitted_on")),
            ),
        ]
        indexes = [models.Index(fields=["patient"], name="stay_by_patient")]

    def __str__(self) -> str:
        return f"a stay from {self.admitted_on}"
