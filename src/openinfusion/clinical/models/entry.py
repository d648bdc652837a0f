# SPDX-License-Identifier: Apache-2.0
"""What every entry of the care of a patient has: whose it is, who wrote it, and whether it was an error."""

from __future__ import annotations

from django.db import models

from openinfusion.platform.models import Record, ref


class CareEntry(Record):
    """Base of interventions, goals, teaching, calls and events: never deleted, marked as entered in error instead."""

    patient = ref("patients.Patient")
    therapy = ref("therapy.Therapy", null=True)
    recorded_by = models.UUIDField()
    recorded_name = models.TextField()
    in_error_at = models.DateTimeField(null=True)
    in_error_by = models.UUIDField(null=True)
    in_error_reason = models.TextField(default="")

    class Meta(Record.Meta):
        abstract = True
