# SPDX-License-Identifier: Apache-2.0
"""A course of therapy."""
from __future__ import annotations

from typing import ClassVar

from django.db import models

from openinfusion.kernel.machine import Machine
from openinfusion.platform.models import Record, ref, state_field, tracked
from openinfusion.therapy.domain.therapy import THERAPY, TherapyFacts, TherapyState


@tracked
class Therapy(Record):
    """One parenteral drug course of one patient, run from one site."""

    machine: ClassVar[Machine[TherapyState, TherapyFacts]] = THERAPY

    state = state_field(THERAPY)
    number = models.TextField()
    patient = ref("patients.Patient")
    site = ref("platform.Site")
    drug_code = models.TextField()
    drug_name = models.TextField()  # tall-man, as shown
    therapy_class = models.TextField()
    diagnosis = models.TextField(default="")
    prescriber_name = models.TextField()
    prescriber_npi = models.TextField(default="")
    start_on = models.DateField()
    started_on = models.DateField(null=True)  # the day care began
    ended_on = models.DateField(null=True)

    class Meta(Record.Meta):
        constraints = [models.UniqueConstraint(fields=["organization", "number"], name="therapy_number_once")]
        indexes = [models.Index(fields=["organization", "state"], name="therapy_by_state")]

    def __str__(self) -> str:
        return f"therapy {self.number} ({self.drug_name})"
