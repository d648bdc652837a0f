# SPDX-License-Identifier: Apache-2.0
"""Tables of quality: incidents, and the corrective and preventive actions they lead to."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from openinfusion.platform.models import Record, choice_field, ref, state_field, tracked
from openinfusion.quality.domain.incident import INCIDENT, ActionKind, CauseKind, IncidentKind


@tracked
class Incident(Record):
    """Something that went wrong at a site, at a place or with lots, from an instant to another.

    ``source`` names what it came of (excursion:…, sample:…), so that the same news opens one incident only.
    """

    machine: ClassVar = INCIDENT
    site = ref("platform.Site", null=True)
    number = models.TextField()
    kind = choice_field(IncidentKind)
    title = models.TextField()
    what = models.TextField(default="", blank=True)
    source = models.TextField(default="", blank=True)
    place_kind = models.TextField(default="", blank=True)  # room, hood, cold_store
    place_id = models.UUIDField(null=True)
    place_name = models.TextField(default="", blank=True)
    lot_ids: models.Field[list[object], list[object]] = ArrayField(models.UUIDField(), default=list)
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    opened_by = models.UUIDField()
    opener_name = models.TextField()
    owned_by = models.UUIDField(null=True)
    owner_name = models.TextField(default="", blank=True)
    due_on = models.DateField()
    cause_kind = models.TextField(default="", blank=True, choices=[(k.value, k.value) for k in CauseKind])
    cause = models.TextField(default="", blank=True)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.UUIDField(null=True)
    state = state_field(INCIDENT)

    class Meta(Record.Meta):
        constraints = [
            models.UniqueConstraint(fields=["organization", "number"], name="incident_number_once"),
            models.UniqueConstraint(fields=["organization", "source"], condition=~Q(source=""), name="incident_source_once"),
            models.CheckConstraint(condition=Q(ended_at=None) | Q(ended_at__gte=F("began_at")), name="incident_ends_after"),
            models.CheckConstraint(
                condition=~Q(state="closed") | (Q(closed_by__isnull=False) & ~Q(cause="") & ~Q(cause_kind="")),
                name="incident_closed_has_cause",
            ),
            models.CheckConstraint(
                condition=~Q(state="closed") | Q(owned_by__isnull=False, closed_by__isnull=False) & ~Q(closed_by=F("owned_by")),
                name="incident_closer_is_another",
            ),
            models.CheckConstraint(condition=Q(state="open") | Q(owned_by__isnull=False), name="incident_has_an_owner"),
        ]
        indexes = [models.Index(fields=["organization", "state", "due_on"], name="incident_by_state")]

    def __str__(self) -> str:
        return f"incident {self.number}"


@tracked
class ImprovementAction(Record):
    """One corrective or preventive action of an incident, with who does it by when, and what was done."""

    incident = ref("quality.Incident")
    kind = choice_field(ActionKind)
    text = models.TextField()
    owned_by = models.UUIDField()
    owner_name = models.TextField()
    due_on = models.DateField()
    done_on = models.DateField(null=True)
    done_by = models.UUIDField(null=True)
    doer_name = models.TextField(default="", blank=True)
    result = models.TextField(default="", blank=True)

    class Meta(Record.Meta):
        constraints = [
            models.CheckConstraint(
                condition=Q(done_on=None, done_by=None, result="")
                | (Q(done_on__isnull=False, done_by__isnull=False) & ~Q(result="")),
                name="action_done_says_what",
            ),
        ]
        indexes = [models.Index(fields=["incident"], name="action_of_incident")]

    def __str__(self) -> str:
        return f"{self.kind} action"
