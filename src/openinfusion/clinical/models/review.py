# SPDX-License-Identifier: Apache-2.0
"""The tables of the clinical room: reviews and the answers given to findings."""
from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from openinfusion.clinical.domain.review import REVIEW, ReviewFacts, ReviewState
from openinfusion.kernel.machine import Machine
from openinfusion.platform.models import Record, ref, state_field, tracked


@tracked
class Review(Record):
    """The verification of one prescription version."""

    machine: ClassVar[Machine[ReviewState, ReviewFacts]] = REVIEW

    state = state_field(REVIEW)
    prescription = ref("therapy.Prescription")
    therapy = ref("therapy.Therapy")
    patient = ref("patients.Patient")
    title = models.TextField()  # the medication in one line
    is_change = models.BooleanField(default=False)
    due_at = models.DateTimeField()
    verified_by = models.UUIDField(null=True)
    verifier_name = models.TextField(default="")
    verified_at = models.DateTimeField(null=True)
    seen = models.JSONField(default=list)  # the findings as they were when it was signed

    class Meta(Record.Meta):
        constraints = [
            models.UniqueConstraint(fields=["organization", "prescription"], name="review_once"),
            models.CheckConstraint(
                condition=~Q(state="verified") | (Q(verified_by__isnull=False) & Q(verified_at__isnull=False)),
                name="review_verified_is_signed",
            ),
        ]
        indexes = [models.Index(fields=["organization", "state", "due_at"], name="review_queue")]

    def __str__(self) -> str:
        return f"the review of {self.title}"


@tracked
class FindingAnswer(Record):
    """A pharmacist's answer to one finding, with what it applied to. It counts only while the facts are the same."""

    review = ref("clinical.Review")
    patient = ref("patients.Patient")
    fingerprint = models.TextField()
    rule = models.TextField()
    code = models.TextField()
    tier = models.TextField()
    title = models.TextField()
    text = models.TextField()
    evidence = ArrayField(models.TextField(), default=list)
    reason_code = models.TextField()
    note = models.TextField(default="")
    answered_by = models.UUIDField()
    answerer_name = models.TextField()

    class Meta(Record.Meta):
        constraints = [
            models.CheckConstraint(condition=Q(tier__in=["soft", "cannot_judge"]), name="answer_never_to_a_hard_stop"),
            models.CheckConstraint(condition=~Q(tier="cannot_judge") | ~Q(note=""), name="answer_unjudged_has_note"),
            models.CheckConstraint(condition=~Q(reason_code=""), name="answer_has_reason"),
        ]
        indexes = [models.Index(fields=["review", "fingerprint"], name="answer_by_finding")]

    def __str__(self) -> str:
        return self.title
