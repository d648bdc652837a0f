# SPDX-License-Identifier: Apache-2.0
"""Pharmacies with their licences, and chairs."""

from __future__ import annotations

from django.db import models

from openinfusion.platform.models import Record, choice_field, degrees, ref, tracked, whole_position
from openinfusion.sites.domain.licence import LicenceKind


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
    latitude = degrees()
    longitude = degrees()
    phone = models.TextField()
    pharmacist_in_charge = models.TextField(blank=True)

    class Meta(Record.Meta):
        constraints = [
            models.UniqueConstraint(fields=["organization", "site"], name="pharmacy_once"),
            models.CheckConstraint(condition=whole_position(), name="pharmacy_place_on_the_map"),
        ]

    def __str__(self) -> str:
        return self.legal_name


@tracked
class SiteLicence(Record):
    """A licence, registration or accreditation of a site in a state; a renewal changes its last day."""

    site = ref("platform.Site")
    kind = choice_field(LicenceKind)
    state_code = models.CharField(max_length=2)
    number = models.TextField()
    expires_on = models.DateField(null=True)  # the last day it holds
    file = ref("platform.StoredFile", null=True)

    class Meta(Record.Meta):
        constraints = [
            models.UniqueConstraint(fields=["organization", "site", "kind", "state_code", "number"], name="site_licence_once"),
            models.CheckConstraint(condition=~models.Q(number=""), name="site_licence_has_a_number"),
        ]

    def __str__(self) -> str:
        return f"{LicenceKind(self.kind).label} {self.state_code} {self.number}"


@tracked
class Chair(Record):
    """A chair of an infusion suite."""

    site = ref("platform.Site")
    name = models.TextField()

    class Meta(Record.Meta):
        constraints = [models.UniqueConstraint(fields=["organization", "site", "name"], name="chair_name_once")]

    def __str__(self) -> str:
        return self.name
