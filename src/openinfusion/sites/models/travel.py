# SPDX-License-Identifier: Apache-2.0
"""How long ways of a site take, by its own figures."""

from __future__ import annotations

from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models import F, Q

from openinfusion.platform.models import Record, ref


class SiteTravel(Record):
    """A site's own figures of ways from a day on. Never changed: other figures are another row, from a later day on."""

    written_once: ClassVar = True
    site = ref("platform.Site")
    effective_from = models.DateField()
    factor = models.DecimalField(max_digits=4, decimal_places=3)
    park_minutes = models.PositiveSmallIntegerField()
    near_km = models.PositiveSmallIntegerField()
    near_kmh = models.PositiveSmallIntegerField()
    mid_km = models.PositiveSmallIntegerField()
    mid_kmh = models.PositiveSmallIntegerField()
    far_kmh = models.PositiveSmallIntegerField()
    source = models.TextField()
    set_by_name = models.TextField()

    class Meta(Record.Meta):
        constraints = [
            models.UniqueConstraint(fields=["organization", "site", "effective_from"], name="site_travel_once_a_day"),
            models.CheckConstraint(condition=Q(factor__gte=1, factor__lte="2.5"), name="site_travel_factor"),
            models.CheckConstraint(condition=Q(park_minutes__lte=30), name="site_travel_park"),
            models.CheckConstraint(
                condition=Q(near_km__gte=1, mid_km__gt=F("near_km"), mid_km__lte=300), name="site_travel_bands_in_order"
            ),
            models.CheckConstraint(
                condition=Q(near_kmh__range=(5, 130), mid_kmh__range=(5, 130), far_kmh__range=(5, 130)), name="site_travel_speeds"
            ),
            models.CheckConstraint(condition=~Q(source=""), name="site_travel_has_a_source"),
        ]
        triggers = [pgtrigger.Protect(name="site_travel_is_written_once", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"how long ways take from {self.effective_from:%d-%b-%Y}"
