# SPDX-License-Identifier: Apache-2.0
"""The vehicles of a site, and when its drivers work and when not."""
from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from openinfusion.kernel.stretch import SpanKind
from openinfusion.platform.models import Record, choice_field, ref, tracked


@tracked
class Vehicle(Record):
    """A van of a site. ``holds``: how many items (lines of deliveries) go in, None where nobody has measured it."""

    site = ref("platform.Site")
    name = models.TextField()
    holds = models.PositiveSmallIntegerField(null=True)
    refrigerated = models.BooleanField(default=False)
    ended = models.BooleanField(default=False)

    class Meta(Record.Meta):
        constraints = [
            models.UniqueConstraint(fields=["organization", "site", "name"], name="vehicle_once"),
            models.CheckConstraint(name="vehicle_holds_something", condition=Q(holds=None) | Q(holds__gte=1)),
        ]

    def __str__(self) -> str:
        return self.name


@tracked
class DriverTime(Record):
    """A stretch of time a driver works, or has off.

    The database lets no two of one kind overlap for one driver, nor two shifts of one vehicle (migrations 0004, 0006). Being ill
    is a kind of its own: time off that was planned within it stays on file.
    """

    driver = models.UUIDField()
    driver_name = models.TextField()
    site = ref("platform.Site")
    kind = choice_field(SpanKind)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    vehicle = ref("delivery.Vehicle", null=True)
    sick = models.BooleanField(default=False)
    note = models.TextField(blank=True, default="")
    ended = models.BooleanField(default=False)

    class Meta(Record.Meta):
        constraints = [
            models.CheckConstraint(name="driver_time_in_order", condition=Q(ends_at__gt=F("starts_at"))),
            models.CheckConstraint(name="driver_time_vehicle_is_driven", condition=Q(vehicle=None) | Q(kind="works")),
            models.CheckConstraint(name="driver_time_sick_is_off", condition=Q(sick=False) | Q(kind="off")),
        ]
        indexes = [models.Index(fields=["driver", "starts_at"], name="driver_time_by_driver")]

    def __str__(self) -> str:
        return f"{self.driver_name}: {'sick' if self.sick else self.kind}"
