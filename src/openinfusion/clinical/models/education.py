# SPDX-License-Identifier: Apache-2.0
"""Teaching, each with its teach-back."""

from __future__ import annotations

from django.db import models

from openinfusion.clinical.models.entry import CareEntry
from openinfusion.platform.models import tracked


@tracked
class Education(CareEntry):
    """One topic taught once, and whether it was taught back."""

    topic = models.TextField()
    method = models.TextField()
    learner = models.TextField()
    language = models.TextField(default="")
    interpreter = models.BooleanField(default=False)
    result = models.TextField()
    note = models.TextField(default="")
    taught_on = models.DateField()

    class Meta(CareEntry.Meta):
        indexes = [models.Index(fields=["patient", "-taught_on"], name="education_of_patient")]

    def __str__(self) -> str:
        return f"the teaching of “{self.topic}”"
