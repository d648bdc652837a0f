# SPDX-License-Identifier: Apache-2.0
"""Tables of the patient's own page: links, the sessions they opened, and what was asked for. No secret is kept, only hashes."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from openinfusion.platform.models import Record, choice_field, ref, state_field, tracked
from openinfusion.portal.domain.link import LINK, CodeWay
from openinfusion.portal.domain.request import REQUEST


@tracked
class PatientLink(Record):
    """A patient's link. ``sha256`` is of the token; ``code_hash`` a slow hash of the short code."""

    machine: ClassVar = LINK
    patient = ref("patients.Patient")
    state = state_field(LINK)
    sha256 = models.TextField(unique=True)
    code_hash = models.TextField()
    code_way = choice_field(CodeWay)
    expires_at = models.DateTimeField()
    wrong_tries = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True)
    used_at = models.DateTimeField(null=True)
    given_by = models.UUIDField()
    giver_name = models.TextField()
    given_at = models.DateTimeField()

    class Meta(Record.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "patient"], condition=~Q(state="revoked"), name="portal_one_link_a_patient"
            ),
            models.CheckConstraint(condition=~Q(state="open") | Q(wrong_tries__lt=5), name="portal_open_has_tries_left"),
        ]

    def __str__(self) -> str:
        return "the link of the patient's own page"


@tracked
class PageSession(Record):
    """A patient came in by a link; ``sha256`` is of the cookie's secret."""

    link = ref("portal.PatientLink")
    patient = ref("patients.Patient")
    sha256 = models.TextField(unique=True)
    began_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True)

    class Meta(Record.Meta):
        constraints = [models.CheckConstraint(condition=Q(ends_at__gt=F("began_at")), name="portal_session_ends_after")]
        indexes = [models.Index(fields=["link"], name="portal_session_by_link")]

    def __str__(self) -> str:
        return "a session of the patient's own page"


@tracked
class PatientRequest(Record):
    """What a patient asked for or reported. ``subject_id``: the delivery or visit it is about; ``event_id``: clinical's."""

    machine: ClassVar = REQUEST
    patient = ref("patients.Patient")
    state = state_field(REQUEST)
    kind = models.TextField()
    role = models.TextField()
    words = models.TextField()
    signs: models.Field[list[str], list[str]] = ArrayField(models.TextField(), default=list)
    is_reaction = models.BooleanField(default=False)
    subject_id = models.UUIDField(null=True)
    subject_text = models.TextField(blank=True, default="")
    event_id = models.UUIDField(null=True)
    due_at = models.DateTimeField()
    taken_at = models.DateTimeField(null=True)
    taken_by = models.UUIDField(null=True)
    taker_name = models.TextField(blank=True, default="")
    answer = models.TextField(blank=True, default="")
    settled_at = models.DateTimeField(null=True)

    class Meta(Record.Meta):
        constraints = [
            models.CheckConstraint(condition=~Q(state="settled") | ~Q(answer=""), name="portal_settled_says_how"),
            models.CheckConstraint(condition=Q(state="open") | Q(taken_by__isnull=False), name="portal_taken_by_somebody"),
        ]
        indexes = [
            models.Index(fields=["patient"], name="portal_request_by_patient"),
            models.Index(fields=["organization", "role"], name="portal_request_open", condition=~Q(state="settled")),
        ]

    def __str__(self) -> str:
        return f"the patient's request “{self.kind.replace('_', ' ')}”"
