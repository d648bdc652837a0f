# SPDX-License-Identifier: Apache-2.0
"""Telephone calls, and handing them to whoever is on call."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from openinfusion.clinical.domain.call import CALL, CallFacts, CallState, Release
from openinfusion.clinical.models.entry import CareEntry
from openinfusion.kernel.machine import Machine
from openinfusion.platform.models import choice_field, ref, state_field, tracked


@tracked
class Call(CareEntry):
    """One call: when, from whom, about what, what was said and advised; to whom it was handed on, when taken and settled."""

    machine: ClassVar[Machine[CallState, CallFacts]] = CALL

    state = state_field(CALL)
    called_at = models.DateTimeField()
    caller = models.TextField()
    relation = models.TextField(default="")
    phone = models.TextField(default="")
    topic = models.TextField()
    urgent = models.BooleanField()  # as the topic's row said when the call came
    words = models.TextField()
    advice = models.TextField(default="")
    minutes = models.PositiveIntegerField(default=0)
    site = ref("platform.Site", null=True)  # whose roster is asked; of the course, else of who wrote it down
    duty = models.TextField(default="")  # whom it was handed to last: pharmacist, nurse or manager
    on_call = models.UUIDField(null=True)  # the account of who held that duty then; none where nobody did
    on_call_name = models.TextField(default="")
    on_call_phone = models.TextField(default="")
    on_call_words = models.TextField(default="")  # who was on call, or that nobody was and who is rung next
    raised = models.PositiveSmallIntegerField(default=0)  # how often it went up because nobody took it
    escalated_at = models.DateTimeField(null=True)  # when somebody last handed it on; going up by itself leaves it
    due_at = models.DateTimeField(null=True)  # by when whoever is on call should have taken it
    taken_at = models.DateTimeField(null=True)
    taken_by = models.UUIDField(null=True)
    taker_name = models.TextField(default="")
    resolution = models.TextField(default="")
    settled_at = models.DateTimeField(null=True)
    settler_name = models.TextField(default="")
    role = models.TextField(default="")  # whose turn it is until it is handed on; empty: a call as any
    holds = models.UUIDField(null=True)  # what waits for this call, by the id of the room that asked; asked once
    holds_text = models.TextField(default="")
    holds_url = models.TextField(default="")
    release = choice_field(Release, blank=True, default="")  # whether that may go; said when the call is settled

    class Meta(CareEntry.Meta):
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="settled", urgent=True) | (Q(taken_at__isnull=False) & Q(escalated_at__isnull=False)),
                name="call_urgent_was_taken",
            ),
            models.UniqueConstraint(
                fields=["organization", "holds"], condition=Q(holds__isnull=False), name="call_asked_once",
            ),
            models.CheckConstraint(
                condition=Q(holds=None, release="")
                | Q(holds__isnull=False, release="") & ~Q(state="settled")
                | Q(holds__isnull=False, state="settled") & ~Q(release=""),
                name="call_settled_says_what_may_go",
            ),
            models.CheckConstraint(condition=~Q(state="settled") | ~Q(advice="", resolution=""), name="call_settled_says_how"),
            models.CheckConstraint(
                condition=Q(taken_at__isnull=True) | Q(escalated_at__isnull=True) | Q(taken_at__gte=F("escalated_at")),
                name="call_times_in_order",
            ),
            models.CheckConstraint(
                condition=Q(on_call=None, on_call_name="", on_call_phone="")
                | (Q(on_call__isnull=False) & ~Q(duty="") & ~Q(on_call_name="") & ~Q(on_call_phone="")),
                name="call_names_who_is_on_call",
            ),
        ]
        indexes = [
            models.Index(fields=["organization", "state", "due_at"], name="call_queue"),
            models.Index(fields=["patient", "-called_at"], name="call_of_patient"),
        ]

    def __str__(self) -> str:
        return f"the call of {self.caller}"
