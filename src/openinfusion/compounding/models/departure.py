# SPDX-License-Identifier: Apache-2.0
"""What delivery has said about leaving: routes and carriers' services of a site, and which service takes a therapy."""
from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from openinfusion.platform.models import Record, ref, tracked


@tracked
class SiteDeparture(Record):
    """A route on its ``day``, or a carrier's service on its ``weekdays``; ``source`` is its id in delivery."""

    site = ref("platform.Site")
    source = models.UUIDField()
    name = models.TextField()
    at = models.TimeField()
    day = models.DateField(null=True)
    weekdays: models.Field[list[int], list[int]] = ArrayField(models.PositiveSmallIntegerField(), default=list)
    minutes = models.PositiveIntegerField(null=True)

    class Meta(Record.Meta):
        constraints = [
            models.UniqueConstraint(fields=["organization", "source"], name="site_departure_once"),
            models.CheckConstraint(
                condition=Q(day__isnull=True, minutes__isnull=False) | Q(day__isnull=False, weekdays=[]),
                name="site_departure_whole",
            ),
        ]
        indexes = [models.Index(fields=["site", "day"], name="site_departure_by_day")]

    def __str__(self) -> str:
        return self.name


@tracked
class UsualCarrier(Record):
    """The carrier's service by which a therapy's last delivery went; none stands where a driver took it."""

    therapy = ref("therapy.Therapy")
    source = models.UUIDField()

    class Meta(Record.Meta):
        constraints = [models.UniqueConstraint(fields=["organization", "therapy"], name="usual_carrier_once")]

    def __str__(self) -> str:
        return str(self.source)
