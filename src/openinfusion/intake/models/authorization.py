# SPDX-License-Identifier: Apache-2.0
"""Authorizations of payers."""
from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from openinfusion.intake.domain.authorization import AUTHORIZATION, AuthorizationFacts, AuthorizationState
from openinfusion.kernel.machine import Machine
from openinfusion.platform.models import Record, ref, state_field, tracked

_HOLDING = ["approved", "partial", "active", "expiring", "expired", "overturned"]


@tracked
class Authorization(Record):
    """What was asked of a plan for a referral, and its answer: number, days, and units by code."""

    machine: ClassVar[Machine[AuthorizationState, AuthorizationFacts]] = AUTHORIZATION

    state = state_field(AUTHORIZATION)
    referral = ref("intake.Referral")
    patient = ref("patients.Patient")
    plan = ref("payers.Plan")
    number = models.TextField(default="", blank=True)
    first_on = models.DateField(null=True)
    last_on = models.DateField(null=True)
    units = models.JSONField(default=dict)
    submitted_at = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True)
    state_since = models.DateTimeField()

    class Meta(Record.Meta):
        constraints = [
            models.CheckConstraint(
                condition=Q(first_on=None) | Q(last_on=None) | Q(last_on__gte=F("first_on")),
                name="intake_auth_in_order",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=_HOLDING) | (~Q(number="") & Q(first_on__isnull=False, last_on__isnull=False)),
                name="intake_auth_is_whole",
            ),
        ]
        indexes = [models.Index(fields=["organization", "patient"], name="intake_auth_patient_ix")]

    def __str__(self) -> str:
        return f"authorization {self.number}".strip()
