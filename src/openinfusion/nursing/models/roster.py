# SPDX-License-Identifier: Apache-2.0
"""When nurses work and when not, and the agencies some of them come from."""
from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from openinfusion.kernel.stretch import SpanKind
from openinfusion.platform.models import Record, choice_field, ref, tracked


@tracked
class Availability(Record):
    """A stretch of time a nurse works, or has off. The database lets no two of one kind overlap for one nurse.

    Being ill is a kind of its own: time off that was planned within it stays on file.
    """

    nurse = models.UUIDField()
    nurse_name = models.TextField()
    site = ref("platform.Site", null=True)
    kind = choice_field(SpanKind)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    sick = models.BooleanField(default=False)
    overtime_minutes = models.PositiveSmallIntegerField(default=0)  # beyond the end of a shift at most
    note = models.TextField(blank=True)
    ended = models.BooleanField(default=False)

    class Meta(Record.Meta):
        constraints = [
            models.CheckConstraint(name="availability_in_order", condition=Q(ends_at__gt=F("starts_at"))),
            models.CheckConstraint(name="availability_sick_is_off", condition=Q(sick=False) | Q(kind="off")),
            models.CheckConstraint(
                name="availability_overtime_of_a_shift",
                condition=Q(overtime_minutes=0) | Q(kind="works", overtime_minutes__lte=240),
            ),
        ]
        indexes = [models.Index(fields=["nurse", "starts_at"], name="availability_by_nurse")]

    def __str__(self) -> str:
        return f"{self.nurse_name}: {'sick' if self.sick else self.kind}"


@tracked
class NurseHome(Record):
    """Where a nurse begins and ends her days on the road, if not at her site: the ZIP code, and the point where she gave it."""

    nurse = models.UUIDField()
    nurse_name = models.TextField()
    zip_code = models.TextField()
    latitude = models.DecimalField(max_digits=8, decimal_places=5, null=True)
    longitude = models.DecimalField(max_digits=8, decimal_places=5, null=True)

    class Meta(Record.Meta):
        constraints = [
            models.UniqueConstraint(fields=["organization", "nurse"], name="nurse_home_once"),
            models.CheckConstraint(name="nurse_home_zip", condition=Q(zip_code__regex=r"^\d{5}$")),
            models.CheckConstraint(
                name="nurse_home_whole_point",
                condition=Q(latitude__isnull=True, longitude__isnull=True)
                | Q(latitude__isnull=False, longitude__isnull=False, latitude__range=(-90, 90), longitude__range=(-180, 180)),
            ),
        ]

    def __str__(self) -> str:
        return f"the home of {self.nurse_name}"


@tracked
class NurseBreaks(Record):
    """The breaks that plans gave a nurse on a day, as ``kernel.rest.break_values``."""

    nurse = models.UUIDField()
    nurse_name = models.TextField()
    site = ref("platform.Site")
    day = models.DateField()
    breaks = models.JSONField(default=list)

    class Meta(Record.Meta):
        constraints = [models.UniqueConstraint(fields=["organization", "nurse", "day"], name="nurse_breaks_once_a_day")]

    def __str__(self) -> str:
        return f"the breaks of {self.nurse_name} on {self.day:%d-%b-%Y}"


@tracked
class Agency(Record):
    """A nursing agency with what its contract rests on."""

    name = models.TextField()
    phone = models.TextField()
    contact = models.TextField(blank=True)
    contract_until = models.DateField()
    licence_number = models.TextField()
    licence_state = models.TextField()
    licence_until = models.DateField()
    insurance_until = models.DateField()
    competencies_on = models.DateField(null=True)
    hour_cents = models.PositiveIntegerField(default=0)

    class Meta(Record.Meta):
        constraints = [models.UniqueConstraint(fields=["organization", "name"], name="agency_once")]

    def __str__(self) -> str:
        return self.name


@tracked
class AgencyNurse(Record):
    """A nurse who comes from an agency."""

    agency = ref("nursing.Agency")
    nurse = models.UUIDField()
    nurse_name = models.TextField()

    class Meta(Record.Meta):
        constraints = [models.UniqueConstraint(fields=["organization", "nurse"], name="agency_nurse_once")]

    def __str__(self) -> str:
        return self.nurse_name
