# SPDX-License-Identifier: Apache-2.0
"""Viable samples of air and surfaces."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from openinfusion.platform.models import Record, choice_field, ref, state_field, tracked
from openinfusion.sites.domain.sample import SAMPLE, SampleKind
from openinfusion.sites.models.room import ONE_PLACE


@tracked
class Sample(Record):
    """One plate or device: where, when, its medium, both bands of incubation, the count, its judgement."""

    machine: ClassVar = SAMPLE
    site = ref("platform.Site")
    hood = ref("sites.Hood", null=True)
    room = ref("sites.Cleanroom", null=True)
    kind = choice_field(SampleKind)
    spot = models.TextField()
    iso_class = models.PositiveSmallIntegerField()
    medium_lot = models.TextField(default="", blank=True)
    taken_at = models.DateTimeField()
    taken_by = models.UUIDField()
    taker_name = models.TextField()
    warmed_at = models.DateTimeField(null=True)
    moved_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)
    read_by = models.UUIDField(null=True)
    reader_name = models.TextField(default="", blank=True)
    count = models.PositiveIntegerField(null=True)  # CFU in 1 m³ of air, or on the device
    genus = models.TextField(default="", blank=True)
    exceeded = models.BooleanField(null=True)
    state = state_field(SAMPLE)

    class Meta(Record.Meta):
        constraints = [
            models.CheckConstraint(condition=ONE_PLACE, name="sample_of_one_place"),
            models.CheckConstraint(
                condition=~Q(state="resulted") | Q(count__isnull=False, exceeded__isnull=False, read_at__isnull=False),
                name="sample_result_is_judged",
            ),
            models.CheckConstraint(condition=~Q(exceeded=True) | ~Q(genus=""), name="sample_growth_is_named"),
        ]
        indexes = [models.Index(fields=["organization", "site", "state", "-taken_at"], name="sample_of_site")]

    def __str__(self) -> str:
        return f"{self.kind} sample at {self.spot}"
