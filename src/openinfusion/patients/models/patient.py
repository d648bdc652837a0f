# SPDX-License-Identifier: Apache-2.0
"""A person, the numbers others know them by, and who they may be already."""
from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import F, Q

from openinfusion.patients.domain.identity import Sex
from openinfusion.platform.models import Record, choice_field, degrees, ref, tracked, whole_position

_OLD_ADDRESS = """
IF NEW.latitude IS NOT NULL AND (NEW.latitude, NEW.longitude) = (OLD.latitude, OLD.longitude)
   AND (NEW.line1, NEW.city, NEW.state_code, NEW.zip) IS DISTINCT FROM (OLD.line1, OLD.city, OLD.state_code, OLD.zip) THEN
  RAISE EXCEPTION 'the place on the map is of the old address' USING ERRCODE = 'check_violation';
END IF;
RETURN NEW;
"""


@tracked
class Patient(Record):
    """A person. ``latitude``, ``longitude``: where the home is, as ``located_how`` says; a new address takes them away."""

    mrn = models.TextField()
    family = models.TextField()
    given = models.TextField()
    family_key = models.TextField(db_collation="C")
    given_key = models.TextField(db_collation="C")
    born_on = models.DateField()
    sex = choice_field(Sex)
    line1 = models.TextField(default="", blank=True)
    line2 = models.TextField(default="", blank=True)
    city = models.TextField(default="", blank=True)
    state_code = models.TextField(default="", blank=True)
    zip = models.TextField(default="", blank=True)
    latitude = degrees()
    longitude = degrees()
    located_how = models.TextField(default="", blank=True)
    phone = models.TextField(default="", blank=True)
    email = models.TextField(default="", blank=True)
    language = models.TextField(default="", blank=True)
    timezone = models.TextField(default="", blank=True)
    no_known_allergies_at = models.DateTimeField(null=True)

    class Meta(Record.Meta):
        constraints = [
            models.UniqueConstraint(fields=["organization", "mrn"], name="patients_mrn_once"),
            models.CheckConstraint(condition=~Q(family_key="") & ~Q(given_key=""), name="patients_named"),
            models.CheckConstraint(
                condition=whole_position()
                & (Q(latitude__isnull=True, located_how="") | Q(latitude__isnull=False) & ~Q(located_how="") & ~Q(zip="")),
                name="patients_place_on_the_map",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="new_address_new_place", when=pgtrigger.Before,
                operation=pgtrigger.UpdateOf("line1", "city", "state_code", "zip"), func=_OLD_ADDRESS,
            ),
        ]
        indexes = [
            models.Index(fields=["organization", "born_on"], name="patients_born_ix"),
            models.Index(fields=["organization", "family_key", "given_key"], name="patients_name_ix"),
        ]

    def __str__(self) -> str:
        return f"{self.family.upper()}, {self.given}"


@tracked
class PatientIdentifier(Record):
    patient = ref("patients.Patient")
    system = models.TextField()
    value = models.TextField()

    class Meta(Record.Meta):
        constraints = [
            models.UniqueConstraint(fields=["organization", "system", "value"], name="patients_identifier_once")
        ]

    def __str__(self) -> str:
        return self.value


@tracked
class PossibleMatch(Record):
    """Two records that may be one person. A human decides; nothing is merged by itself."""

    patient = ref("patients.Patient")
    other = ref("patients.Patient")
    why = models.TextField()
    decided = models.TextField(default="")
    decided_by = models.UUIDField(null=True)
    decided_at = models.DateTimeField(null=True)

    class Meta(Record.Meta):
        constraints = [models.CheckConstraint(condition=~Q(patient=F("other")), name="patients_match_of_two")]

    def __str__(self) -> str:
        return "a possible duplicate"
