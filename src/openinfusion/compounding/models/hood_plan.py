# SPDX-License-Identifier: Apache-2.0
"""Plans of a day at the hoods, each with what it answers and what became of it."""
from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from openinfusion.compounding.domain.hood_plan import HOOD_PLAN, OPEN_STATES
from openinfusion.platform.models import Record, ref, state_field, tracked


@tracked
class HoodPlan(Record):
    """One plan. ``sha256``: the digest of the question; the same question is asked once.

    ``orders`` and ``hoods``: the question as it was asked; ``began``: the instant it counts from; ``turns``: the answer.
    ``bound``: what no order of that day can cost less than, where a solver has shown it.
    """

    machine: ClassVar = HOOD_PLAN
    site = ref("platform.Site")
    day = models.DateField()
    state = state_field(HOOD_PLAN)
    sha256 = models.TextField()
    seconds = models.PositiveSmallIntegerField()
    seed = models.PositiveIntegerField(default=1)
    cause = models.TextField(blank=True, default="")
    basis = models.UUIDField(null=True)
    began = models.DateTimeField()
    orders = models.JSONField()
    hoods = models.JSONField()
    turns = models.JSONField(null=True)
    left = models.JSONField(default=list)
    method = models.TextField(blank=True, default="")
    cost = models.PositiveIntegerField(default=0)
    bound = models.PositiveIntegerField(null=True)
    faults = models.JSONField(default=list)
    failure = models.TextField(blank=True, default="")
    asked_by = models.UUIDField()
    asker_name = models.TextField()
    accepted_at = models.DateTimeField(null=True)
    accepter_name = models.TextField(blank=True, default="")

    class Meta(Record.Meta):
        constraints = [
            models.UniqueConstraint(fields=["organization", "site", "day", "sha256"], condition=Q(state__in=OPEN_STATES),
                                    name="hood_plan_asked_once"),
            models.UniqueConstraint(fields=["organization", "site", "day"], condition=Q(state="accepted"),
                                    name="hood_plan_in_force_once"),
            models.CheckConstraint(condition=~Q(state__in=("proposed", "accepted", "replaced")) | Q(turns__isnull=False),
                                   name="hood_plan_proposed_has_turns"),
            models.CheckConstraint(condition=~Q(state="accepted") | Q(faults=[]), name="hood_plan_accepted_is_sound"),
        ]
        indexes = [models.Index(fields=["organization", "day", "site", "state"], name="hood_plan_by_day")]

    def __str__(self) -> str:
        return f"the hoods' plan of {self.day:%d-%b-%Y}"
