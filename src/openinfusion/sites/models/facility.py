# SPDX-License-Identifier: Apache-2.0
"""Pharmacies, hoods, cold stores and chairs."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from openinfusion.platform.models import Record, choice_field, ref, state_field, tracked
from openinfusion.sites.domain.cold_store import ColdStoreKind
from openinfusion.sites.domain.hood import HOOD


@tracked
class Pharmacy(Record):
    """What a claim, a label and a delivery ticket say about a site."""

    site = ref("platform.Site")
    legal_name = models.TextField()
    npi = models.TextField()
    tax_id = models.TextField()
    taxonomy = models.TextField()
    street = models.TextField()
    city = models.TextField()
    state_code = models.CharField(max_length=2)
    zip_code = models.TextField()
    phone = models.TextField()
    pharmacist_in_charge = models.TextField(blank=True)

    class Meta(Record.Meta):
        constraints = [models.UniqueConstraint(fields=["organization", "site"], name="pharmacy_once")]

    def __str__(self) -> str:
        return self.legal_name


@tracked
class Hood(Record):
    """A primary engineering control. Its room's failure downgrades beyond-use dates; its own blocks it."""

    machine: ClassVar = HOOD
    site = ref("platform.Site")
    name = models.TextField()
    room_name = models.TextField()
    hazardous = models.BooleanField(default=False)
    certified_until = models.DateTimeField(null=True)
    cleaned_at = models.DateTimeField(null=True)
    room_failed = models.BooleanField(default=False)
    state = state_field(HOOD)

    class Meta(Record.Meta):
        constraints = [models.UniqueConstraint(fields=["organization", "site", "name"], name="hood_name_once")]

    def __str__(self) -> str:
        return self.name


@tracked
class Cleaning(Record):
    """One cleaning of a hood."""

    hood = ref("sites.Hood")
    at = models.DateTimeField()
    agent = models.TextField()
    cleaned_by = models.UUIDField()

    def __str__(self) -> str:
        return f"cleaning at {self.at}"


@tracked
class ColdStore(Record):
    """A refrigerator, freezer or room that keeps stock in a band."""

    site = ref("platform.Site")
    name = models.TextField()
    kind = choice_field(ColdStoreKind)

    class Meta(Record.Meta):
        constraints = [models.UniqueConstraint(fields=["organization", "site", "name"], name="cold_store_name_once")]

    def __str__(self) -> str:
        return self.name


@tracked
class TemperatureReading(Record):
    """One reading of a cold store; out of range needs an action in words."""

    cold_store = ref("sites.ColdStore")
    at = models.DateTimeField()
    celsius = models.DecimalField(max_digits=6, decimal_places=2)
    in_range = models.BooleanField()
    action_taken = models.TextField(blank=True)
    read_by = models.UUIDField()

    class Meta(Record.Meta):
        constraints = [models.CheckConstraint(condition=Q(in_range=True) | ~Q(action_taken=""), name="excursion_has_action")]

    def __str__(self) -> str:
        return f"{self.celsius} °C"


@tracked
class Chair(Record):
    """A chair of an infusion suite."""

    site = ref("platform.Site")
    name = models.TextField()

    class Meta(Record.Meta):
        constraints = [models.UniqueConstraint(fields=["organization", "site", "name"], name="chair_name_once")]

    def __str__(self) -> str:
        return self.name
