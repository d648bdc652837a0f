# SPDX-License-Identifier: Apache-2.0
"""What a package may travel in and with: validations of pack-outs, services of carriers."""
from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from openinfusion.delivery.domain.pack_out import Lane
from openinfusion.delivery.domain.validation import VALIDATION
from openinfusion.platform.models import Record, choice_field, ref, state_field, tracked


@tracked
class PackOutValidation(Record):
    """A study that shows pack-outs hold their range for so many hours; entered by one person, approved by another."""

    machine: ClassVar = VALIDATION
    site = ref("platform.Site")
    codes: models.Field[list[str], list[str]] = ArrayField(models.TextField())
    title = models.TextField()
    hours = models.PositiveSmallIntegerField()
    low_c = models.DecimalField(max_digits=5, decimal_places=1)
    high_c = models.DecimalField(max_digits=5, decimal_places=1)
    first_on = models.DateField()
    expires_on = models.DateField()
    file_id = models.UUIDField(null=True)
    entered_by = models.UUIDField()
    enterer_name = models.TextField()
    approved_by = models.UUIDField(null=True)
    approver_name = models.TextField(blank=True, default="")
    state = state_field(VALIDATION)

    class Meta(Record.Meta):
        constraints = [
            models.CheckConstraint(name="validation_range", condition=Q(low_c__lt=F("high_c"))),
            models.CheckConstraint(name="validation_span", condition=Q(first_on__lte=F("expires_on"))),
            models.CheckConstraint(
                name="validation_approver_is_another",
                condition=~Q(state="approved") | (Q(approved_by__isnull=False) & ~Q(approved_by=F("entered_by"))),
            ),
        ]
        indexes = [models.Index(fields=["site", "state"], name="validation_by_site")]

    def __str__(self) -> str:
        return f"the validation “{self.title}”"


@tracked
class CarrierService(Record):
    """A carrier's service that a site uses: its cut-off by the site's clock, its days, its hours under way."""

    site = ref("platform.Site")
    carrier = models.TextField()
    name = models.TextField()
    lane = choice_field(Lane)
    cut_off = models.TimeField()
    weekdays: models.Field[list[int], list[int]] = ArrayField(models.PositiveSmallIntegerField())
    hours = models.PositiveSmallIntegerField()
    is_active = models.BooleanField(default=True)

    class Meta(Record.Meta):
        constraints = [
            models.UniqueConstraint(fields=["organization", "site", "carrier", "name"], name="carrier_service_once"),
        ]

    def __str__(self) -> str:
        return f"{self.carrier} {self.name}"


@tracked
class DoorRule(Record):
    """What a site asks for at the door. A driver's position is kept only where the site wants it and the person allows it."""

    site = ref("platform.Site")
    asks_position = models.BooleanField(default=False)
    asks_photo = models.BooleanField(default=False)

    class Meta(Record.Meta):
        constraints = [models.UniqueConstraint(fields=["organization", "site"], name="door_rule_once")]

    def __str__(self) -> str:
        return "what is asked at the door"
