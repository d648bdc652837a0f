# SPDX-License-Identifier: Apache-2.0
"""A hard stop passed in an emergency: who asked, who confirmed, why, until when, and what the review said."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from openinfusion.clinical.domain.break_glass import BREAK_GLASS, PassFacts, PassState
from openinfusion.kernel.machine import Machine
from openinfusion.platform.models import Record, ref, state_field, tracked

_CONFIRMED = ("in_force", "lapsed", "reviewed")


@tracked
class BreakGlass(Record):
    """One hard stop of one review, on these facts. It counts while it is in force and its end has not come."""

    machine: ClassVar[Machine[PassState, PassFacts]] = BREAK_GLASS

    state = state_field(BREAK_GLASS)
    review = ref("clinical.Review")
    prescription = ref("therapy.Prescription")
    patient = ref("patients.Patient")
    fingerprint = models.TextField()
    code = models.TextField()
    title = models.TextField()
    text = models.TextField()
    evidence = ArrayField(models.TextField(), default=list)
    reason_code = models.TextField()
    note = models.TextField()
    prescriber = models.TextField()  # who was called
    reached_at = models.DateTimeField()
    proposed_by = models.UUIDField()
    proposer_name = models.TextField()
    confirmed_by = models.UUIDField(null=True)
    confirmer_name = models.TextField(default="")
    confirmed_at = models.DateTimeField(null=True)
    ends_at = models.DateTimeField(null=True)
    review_due_at = models.DateTimeField(null=True)
    reviewed_by = models.UUIDField(null=True)
    reviewer_name = models.TextField(default="")
    reviewed_at = models.DateTimeField(null=True)
    judgement = models.TextField(default="")

    class Meta(Record.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "review", "fingerprint"],
                condition=Q(state__in=["proposed", "in_force"]),
                name="pass_once_at_a_time",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=_CONFIRMED)
                | (Q(confirmed_by__isnull=False, confirmed_at__isnull=False, ends_at__isnull=False, ends_at__gt=F("confirmed_at"),
                     review_due_at__isnull=False) & ~Q(confirmed_by=F("proposed_by"))),
                name="pass_confirmed_by_another",
            ),
            models.CheckConstraint(
                condition=~Q(state="reviewed")
                | (Q(reviewed_by__isnull=False, reviewed_at__isnull=False) & ~Q(judgement="")
                   & ~Q(reviewed_by=F("proposed_by")) & ~Q(reviewed_by=F("confirmed_by"))),
                name="pass_reviewed_by_a_third",
            ),
            models.CheckConstraint(
                condition=~Q(reason_code="") & ~Q(note="") & ~Q(prescriber=""), name="pass_says_why_and_who_was_called"
            ),
        ]
        indexes = [models.Index(fields=["organization", "state", "review_due_at"], name="pass_queue")]

    def __str__(self) -> str:
        return f"the hard stop “{self.title}”"
