# SPDX-License-Identifier: Apache-2.0
"""Adverse reactions, events of access devices, and unplanned care."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from openinfusion.clinical.domain.event import EVENT, EventFacts, EventState, Family, Harm, Related
from openinfusion.clinical.models.entry import CareEntry
from openinfusion.kernel.machine import Machine
from openinfusion.platform.models import choice_field, ref, state_field, tracked


@tracked
class ClinicalEvent(CareEntry):
    """One event: which kind, how bad, from when to when, of which device."""

    machine: ClassVar[Machine[EventState, EventFacts]] = EVENT

    state = state_field(EVENT)
    family = choice_field(Family)
    kind = models.TextField()
    harm = choice_field(Harm)
    related = choice_field(Related)
    occurred_on = models.DateField()
    ended_on = models.DateField(null=True)
    text = models.TextField()
    line = ref("patients.Line", null=True)
    device = models.TextField(default="")  # what the device was: PICC, tip central
    tip = models.TextField(default="")
    judgement = models.TextField(default="")
    reviewed_at = models.DateTimeField(null=True)
    reviewer_name = models.TextField(default="")

    class Meta(CareEntry.Meta):
        constraints = [
            models.CheckConstraint(
                condition=~Q(family="line_event") | (Q(line__isnull=False) & ~Q(device="")),
                name="event_of_a_line_names_it",
            ),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("occurred_on")),
                name="event_days_in_order",
            ),
            models.CheckConstraint(
                condition=~Q(state="reviewed") | (~Q(related="unknown") & ~Q(judgement="")),
                name="event_reviewed_is_judged",
            ),
        ]
        indexes = [
            models.Index(fields=["organization", "occurred_on"], name="event_by_day"),
            models.Index(fields=["patient", "-occurred_on"], name="event_of_patient"),
        ]

    def __str__(self) -> str:
        return f"the event of {self.occurred_on:%d-%b-%Y}"
