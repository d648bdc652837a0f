# SPDX-License-Identifier: Apache-2.0
"""A plan of treatment of a therapy."""
from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from openinfusion.kernel.machine import Machine
from openinfusion.platform.models import Record, choice_field, ref, state_field, tracked
from openinfusion.therapy.domain.chase import Channel
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
    chase_at = models.DateTimeField(null=True)  # from when the signature is asked for again, while it is sent
    previous = ref("therapy.PlanOfTreatment", null=True)  # the plan this one replaces, since the order changed

    class Meta(Record.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["therapy"], condition=~Q(state="superseded"), name="plan_one_in_force",
            ),
            models.CheckConstraint(
                condition=~Q(state="signed") | (Q(signed_on__isnull=False) & ~Q(signer_name="")),
                name="plan_signed_and_dated",
            ),
            *(
                models.CheckConstraint(
                    condition=~Q(**{f"{field}__iregex": r"\y(as directed|ongoing|indefinite(ly)?)\y"}),
                    name=f"plan_{field}_not_vague",
                )
                for field in ("amount", "duration", "frequency", "visits")
            ),
        ]

    def __str__(self) -> str:
        return "the plan of treatment"


@tracked
class PlanAttempt(Record):
    """One time the prescriber was asked for the signature."""

    plan = ref("therapy.PlanOfTreatment")
    patient = ref("patients.Patient")
    asked_at = models.DateTimeField()
    channel = choice_field(Channel)
    spoke_with = models.TextField(default="")
    result = models.TextField()
    asked_by = models.UUIDField()
    asker_name = models.TextField()

    class Meta(Record.Meta):
        constraints = [models.CheckConstraint(condition=~Q(result=""), name="plan_attempt_says_what_came")]

    def __str__(self) -> str:
        return "the request for a signature"
