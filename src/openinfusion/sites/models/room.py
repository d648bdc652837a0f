# SPDX-License-Identifier: Apache-2.0
"""Cleanrooms, the hoods that stand in them, their certifications and cleanings."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from openinfusion.platform.models import Record, choice_field, ref, state_field, tracked
from openinfusion.sites.domain.cleaning import CleaningKind
from openinfusion.sites.domain.cleanroom import CLEANROOM, RoomKind
from openinfusion.sites.domain.hood import HOOD

ONE_PLACE = Q(hood__isnull=False, room__isnull=True) | Q(hood__isnull=True, room__isnull=False)


@tracked
class Cleanroom(Record):
    """A room for compounding. The latest of its logs stand on it too, so that the gate asks one row.

    ``failed_why`` says why dating falls back; ``sample_why`` which sample is over its level and not yet repeated.
    """

    machine: ClassVar = CLEANROOM
    site = ref("platform.Site")
    name = models.TextField()
    kind = choice_field(RoomKind)
    iso_class = models.PositiveSmallIntegerField(null=True)  # None: not classified
    hazardous = models.BooleanField(default=False)  # held at negative pressure
    certified_until = models.DateTimeField(null=True)
    cleaned_at = models.DateTimeField(null=True)
    sporicidal_at = models.DateTimeField(null=True)
    pressure_at = models.DateTimeField(null=True)
    pressure_ok = models.BooleanField(null=True)
    failed_why = models.TextField(default="", blank=True)
    sample_why = models.TextField(default="", blank=True)
    state = state_field(CLEANROOM)

    class Meta(Record.Meta):
        constraints = [
            models.UniqueConstraint(fields=["organization", "site", "name"], name="cleanroom_name_once"),
            models.CheckConstraint(condition=Q(iso_class=None) | Q(iso_class__in=[5, 6, 7, 8]), name="cleanroom_class_known"),
            models.CheckConstraint(
                condition=Q(pressure_at=None, pressure_ok=None) | Q(pressure_at__isnull=False, pressure_ok__isnull=False),
                name="cleanroom_pressure_judged",
            ),
            models.CheckConstraint(condition=~Q(state="failed") | ~Q(failed_why=""), name="cleanroom_failed_says_why"),
        ]

    def __str__(self) -> str:
        return self.name


@tracked
class Hood(Record):
    """A primary engineering control. Its room's failure downgrades beyond-use dates; its own blocks it."""

    machine: ClassVar = HOOD
    site = ref("platform.Site")
    room = ref("sites.Cleanroom")
    name = models.TextField()
    hazardous = models.BooleanField(default=False)
    certified_until = models.DateTimeField(null=True)
    cleaned_at = models.DateTimeField(null=True)
    failed_why = models.TextField(default="", blank=True)
    sample_why = models.TextField(default="", blank=True)
    state = state_field(HOOD)

    class Meta(Record.Meta):
        constraints = [models.UniqueConstraint(fields=["organization", "site", "name"], name="hood_name_once")]

    def __str__(self) -> str:
        return self.name


@tracked
class Cleaning(Record):
    """One cleaning of a hood or a room."""

    hood = ref("sites.Hood", null=True)
    room = ref("sites.Cleanroom", null=True)
    kind = choice_field(CleaningKind, default=CleaningKind.DAILY.value)
    at = models.DateTimeField()
    agent = models.TextField()
    cleaned_by = models.UUIDField()
    cleaner_name = models.TextField(default="", blank=True)

    class Meta(Record.Meta):
        constraints = [models.CheckConstraint(condition=ONE_PLACE, name="cleaning_of_one_place")]
        indexes = [
            models.Index(fields=["hood", "-at"], name="cleaning_of_hood"),
            models.Index(fields=["room", "-at"], name="cleaning_of_room"),
        ]

    def __str__(self) -> str:
        return f"cleaning at {self.at}"


@tracked
class Certification(Record):
    """What a certifier found of a hood or a room, and until when it holds; ``failings`` is empty where it passed."""

    hood = ref("sites.Hood", null=True)
    room = ref("sites.Cleanroom", null=True)
    certified_on = models.DateField()
    holds_until = models.DateTimeField(null=True)
    passed = models.BooleanField()
    failings = models.TextField(default="", blank=True)
    certifier = models.TextField(default="", blank=True)
    report_number = models.TextField(default="", blank=True)
    particles = models.PositiveIntegerField(null=True)
    smoke_passed = models.BooleanField(null=True)
    air_changes = models.DecimalField(max_digits=6, decimal_places=1, null=True)
    airflow = models.TextField(default="", blank=True)
    report_file = ref("platform.StoredFile", null=True)
    recorded_by = models.UUIDField()

    class Meta(Record.Meta):
        constraints = [
            models.CheckConstraint(condition=ONE_PLACE, name="certification_of_one_place"),
            models.CheckConstraint(
                condition=Q(passed=True, failings="", holds_until__isnull=False) | (Q(passed=False) & ~Q(failings="")),
                name="certification_says_why_not",
            ),
        ]

    def __str__(self) -> str:
        return f"certification of {self.certified_on:%d-%b-%Y}"
