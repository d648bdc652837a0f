# SPDX-License-Identifier: Apache-2.0
"""Interventions."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from openinfusion.clinical.domain.intervention import INTERVENTION, Discipline, InterventionFacts, InterventionState
from openinfusion.clinical.models.entry import CareEntry
from openinfusion.kernel.machine import Machine
from openinfusion.platform.models import choice_field, ref, state_field, tracked


@tracked
class Intervention(CareEntry):
    """What somebody did about a problem, with its outcome and the minutes it took in all."""

    machine: ClassVar[Machine[InterventionState, InterventionFacts]] = INTERVENTION

    state = state_field(INTERVENTION)
    prescription = ref("therapy.Prescription", null=True)
    kind = models.TextField()
    discipline = choice_field(Discipline)
    problem = models.TextField()
    recommendation = models.TextField(default="")
    outcome = models.TextField(default="")
    minutes = models.PositiveIntegerField()
    settled_at = models.DateTimeField(null=True)

    class Meta(CareEntry.Meta):
        constraints = [
            models.CheckConstraint(condition=Q(minutes__gte=1), name="intervention_took_time"),
            models.CheckConstraint(
                condition=~Q(state="settled") | (~Q(outcome="") & Q(settled_at__isnull=False)),
                name="intervention_has_outcome",
            ),
        ]
        indexes = [models.Index(fields=["patient", "-made_at"], name="intervention_of_patient")]

    def __str__(self) -> str:
        return f"the intervention “{self.problem}”"
