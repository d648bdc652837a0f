# SPDX-License-Identifier: Apache-2.0
"""Authorizations of payers: what was asked, what was sent and received about it, and what has been used of it."""
from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from openinfusion.intake.domain.authorization import AUTHORIZATION, AuthorizationFacts, AuthorizationState, Transport
from openinfusion.kernel.machine import Machine
from openinfusion.platform.models import Record, choice_field, ref, state_field, tracked

_HOLDING = ["approved", "partial", "active", "expiring", "expired", "overturned"]
_ASKED = ["submitted", "info_requested", "approved", "partial", "denied", "appealed", "upheld", "overturned"]


@tracked
class Authorization(Record):
    """What was asked of a plan for a referral, and its answer: number, days, and units by code.

    One request, whatever way it travels. ``criteria`` is how the payer's criteria stood when it was sent; ``noted`` is
    what people said of them. ``renews`` is the authorization it follows.
    """

    machine: ClassVar[Machine[AuthorizationState, AuthorizationFacts]] = AUTHORIZATION

    state = state_field(AUTHORIZATION)
    referral = ref("intake.Referral")
    patient = ref("patients.Patient")
    plan = ref("payers.Plan")
    number = models.TextField(default="", blank=True)
    first_on = models.DateField(null=True)
    last_on = models.DateField(null=True)
    units = models.JSONField(default=dict)
    asked_units = models.JSONField(default=dict)  # as they were sent; the answer may hold fewer
    submitted_at = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True)
    state_since = models.DateTimeField()
    urgent = models.BooleanField(default=False)
    benefit = models.TextField(default="", blank=True)  # medical or pharmacy
    transport = choice_field(Transport, default="", blank=True)
    due_at = models.DateTimeField(null=True)
    due_words = models.TextField(default="", blank=True)
    due_binds = models.BooleanField(default=False)
    criteria = models.JSONField(default=list)
    noted = models.JSONField(default=dict)
    denial_reason = models.TextField(default="", blank=True)
    denied_on = models.DateField(null=True)
    peer_until = models.DateField(null=True)
    appeal_until = models.DateField(null=True)
    appeal_level = models.PositiveSmallIntegerField(default=0)
    renews = models.UUIDField(null=True)  # the authorization it follows
    letter = models.TextField(default="", blank=True)  # what the prescriber writes in the letter of medical necessity

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
            models.CheckConstraint(
                condition=~Q(state__in=_ASKED) | Q(submitted_at__isnull=False), name="intake_auth_was_asked"
            ),
            models.CheckConstraint(condition=Q(appeal_level__lte=3), name="intake_auth_appeals"),
            models.UniqueConstraint(
                fields=["organization", "renews"], condition=~Q(state="withdrawn"), name="intake_auth_renewed_once"
            ),
        ]
        indexes = [models.Index(fields=["organization", "patient"], name="intake_auth_patient_ix")]

    def __str__(self) -> str:
        return f"authorization {self.number}".strip()


@tracked
class AuthorizationMessage(Record):
    """Something sent to a payer or received from it about an authorization, with the file as it was."""

    authorization = ref("intake.Authorization")
    sent = models.BooleanField()
    kind = models.TextField()  # request, answer, documents, appeal, call
    transport = choice_field(Transport)
    reference = models.TextField(default="", blank=True)  # the trace, confirmation or call number
    words = models.TextField(default="", blank=True)
    file_id = models.UUIDField(null=True)
    at = models.DateTimeField()
    by_name = models.TextField()

    class Meta(Record.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "authorization", "sent", "kind", "reference"], condition=~Q(reference=""),
                name="intake_message_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} by {self.transport}"


@tracked
class AuthorizationUse(Record):
    """Units of a code that were given under an authorization; each source counts once."""

    authorization = ref("intake.Authorization")
    code = models.TextField()
    units = models.DecimalField(max_digits=15, decimal_places=3)
    day = models.DateField()
    source = models.TextField()  # what it comes from: the charge's key, or a person's note

    class Meta(Record.Meta):
        constraints = [
            models.UniqueConstraint(fields=["organization", "source"], name="intake_use_once"),
            models.CheckConstraint(condition=Q(units__gt=0), name="intake_use_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.units} of {self.code}"
