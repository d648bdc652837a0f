# SPDX-License-Identifier: Apache-2.0
"""Dosing notes: a calculation that a pharmacist worked for an order, with all that went into it and what follows."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from openinfusion.platform.models import Record, ref, tracked


@tracked
class DosingNote(Record):
    """Written once; a later one stands beside it."""

    written_once: ClassVar = True

    prescription = ref("therapy.Prescription")
    patient = ref("patients.Patient")
    calculation = models.TextField()
    version_of_formula = models.PositiveSmallIntegerField()
    given = models.JSONField()  # as it was typed
    answer = models.JSONField()  # results, steps, warnings, sources as they came out
    advice = models.TextField()  # what the pharmacist makes of it
    written_by = models.UUIDField()
    writer_name = models.TextField()

    class Meta(Record.Meta):
        constraints = [models.CheckConstraint(condition=~Q(advice=""), name="dosing_note_says_what_follows")]
        indexes = [models.Index(fields=["prescription"], name="dosing_by_prescription")]

    def __str__(self) -> str:
        return f"the dosing note on {self.calculation}"
