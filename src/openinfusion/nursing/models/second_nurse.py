# SPDX-License-Identifier: Apache-2.0
"""The second nurse of a visit that needs two, and the time of nurses that visits at homes hold."""
from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from openinfusion.nursing.domain.second_nurse import SECOND, SecondWhy
from openinfusion.platform.models import Record, choice_field, ref, state_field, tracked


@tracked
class SecondNurse(Record):
    """The second place at one visit. Who is in it is never the visit's own nurse; the database holds that by their time."""

    machine: ClassVar = SECOND
    visit = ref("nursing.NurseVisit")
    patient = ref("patients.Patient")
    state = state_field(SECOND)
    why = choice_field(SecondWhy)
    note = models.TextField(blank=True, default="")
    nurse = models.UUIDField(null=True)
    nurse_name = models.TextField(blank=True, default="")
    asker_name = models.TextField()
    signed_at = models.DateTimeField(null=True)

    class Meta(Record.Meta):
        constraints = [
            models.UniqueConstraint(fields=["organization", "visit"], name="second_nurse_once_a_visit"),
            models.CheckConstraint(
                name="second_nurse_is_named", condition=~Q(state__in=("offered", "accepted", "present")) | Q(nurse__isnull=False),
            ),
            models.CheckConstraint(name="second_nurse_signed", condition=~Q(state="present") | Q(signed_at__isnull=False)),
        ]
        indexes = [models.Index(fields=["nurse", "state"], name="second_by_nurse")]

    def __str__(self) -> str:
        return f"the second place of visit {self.visit.number}"


@tracked
class NurseTime(Record):
    """Time of a nurse that a visit at a home holds, in its first place or its second.

    Kept by the database from visits and second nurses, never written by an action; two stretches of one nurse never overlap.
    """

    visit = ref("nursing.NurseVisit")
    place = models.PositiveSmallIntegerField()
    nurse = models.UUIDField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    class Meta(Record.Meta):
        constraints = [
            models.UniqueConstraint(fields=["organization", "visit", "place"], name="nurse_time_once_a_place"),
            models.CheckConstraint(name="nurse_time_in_order", condition=Q(ends_at__gt=F("starts_at"), place__in=(1, 2))),
        ]
        indexes = [models.Index(fields=["nurse", "starts_at"], name="nurse_time_by_nurse")]

    def __str__(self) -> str:
        return f"from {self.starts_at:%H:%M} to {self.ends_at:%H:%M}"
