# SPDX-License-Identifier: Apache-2.0
"""Pre-delivery calls, the attempts that reached nobody, and the answers that somebody must look at."""
from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from openinfusion.delivery.domain.concern import CONCERN
from openinfusion.delivery.domain.refill_call import Attempt
from openinfusion.platform.models import Record, choice_field, ref, state_field, tracked


@tracked
class RefillCall(Record):
    """One pre-delivery call and what was said. ``said``: code, answer and words; ``on_hand``: line, text and count."""

    ticket = ref("delivery.DeliveryTicket")
    called_at = models.DateTimeField()
    called_by = models.UUIDField()
    caller_name = models.TextField()
    spoke_with = models.TextField()
    relation = models.TextField(blank=True)
    doses_on_hand = models.PositiveIntegerField(default=0)
    doses_missed = models.PositiveIntegerField(default=0)
    missed_why = models.TextField(blank=True)
    changes = models.TextField(blank=True)
    side_effects = models.TextField(blank=True)
    address_right = models.BooleanField(default=True)
    consents = models.BooleanField(default=False)
    need_by = models.DateField()
    instructions = models.TextField(blank=True)
    said: models.Field[list[list[str]], list[list[str]]] = models.JSONField(default=list)
    on_hand: models.Field[list[list[object]], list[list[object]]] = models.JSONField(default=list)
    receives = models.TextField(blank=True, default="")
    window_from = models.TimeField(null=True)
    window_to = models.TimeField(null=True)
    supplies_wanted = models.TextField(blank=True, default="")

    class Meta(Record.Meta):
        indexes = [models.Index(fields=["ticket"], name="delivery_call_by_ticket")]

    def __str__(self) -> str:
        return f"call about {self.ticket_id}"


@tracked
class CallAttempt(Record):
    """A call that reached nobody who could answer, and when to try again."""

    ticket = ref("delivery.DeliveryTicket")
    called_at = models.DateTimeField()
    called_by = models.UUIDField()
    caller_name = models.TextField()
    outcome = choice_field(Attempt)
    again_at = models.DateTimeField(null=True)
    note = models.TextField(blank=True, default="")

    class Meta(Record.Meta):
        indexes = [models.Index(fields=["ticket"], name="delivery_attempt_by_ticket")]

    def __str__(self) -> str:
        return f"attempt to call about {self.ticket_id}"


@tracked
class CallConcern(Record):
    """An answer of the call that a role looks at before the delivery goes."""

    machine: ClassVar = CONCERN
    ticket = ref("delivery.DeliveryTicket")
    patient = ref("patients.Patient")
    code = models.TextField()
    role = models.TextField()
    text = models.TextField()
    state = state_field(CONCERN)
    answer = models.TextField(blank=True, default="")
    answered_by = models.UUIDField(null=True)
    answerer_name = models.TextField(blank=True, default="")
    answered_at = models.DateTimeField(null=True)
    clinical_call_id = models.UUIDField(null=True)  # the row in which clinical sees it; None: it waits in delivery's own queue

    class Meta(Record.Meta):
        constraints = [
            models.CheckConstraint(
                name="concern_answered_says_by_whom",
                condition=Q(state="open") | (Q(answered_by__isnull=False) & ~Q(answer="")),
            ),
        ]
        indexes = [
            models.Index(fields=["ticket"], name="delivery_concern_by_ticket"),
            models.Index(fields=["organization", "role"], name="delivery_concern_open", condition=Q(state="open")),
        ]

    def __str__(self) -> str:
        return f"“{self.text}”"


