# SPDX-License-Identifier: Apache-2.0
"""A plan of treatment of a therapy."""
from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from openinfusion.kernel.machine import Machine
from openinfusion.platform.models import Record, ref, state_field, tracked
from openinfusion.therapy.domain.plan import PLAN, PlanFacts, PlanState


@tracked
class PlanOfTreatment(Record):
    """Type, amount, duration and frequency, as the prescriber signs them. One in force per therapy."""

    machine: ClassVar[Machine[PlanState, PlanFacts]] = PLAN

    state = state_field(PLAN)
    therapy = ref("therapy.Therapy")
    patient = ref("patients.Patient")
    treatment_type = models.TextField()
    amount = models.TextField()
    duration = models.TextField()
    frequency = models.TextField()
    visits = models.TextField(default="")
    safety = models.TextField(default="")
    written_on = models.DateField()
    written_by = models.UUIDField()
    sent_at = models.DateTimeField(null=True)
    signer_name = models.TextField(default="")
    signed_on = models.DateField(null=True)

    class Meta(Record.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["therapy"], condition=~Q(state="superseded"), name="plan_one_in_force",
            ),
            models.CheckConstraint(
                condition=~Q(state="signed") | (Q(signed_on__isnull=False) & ~Q(signer_name="")),
                name="plan_signed_and_dated",
            ),
        ]

    def __str__(self) -> str:
        return "the plan of treatment"
