# SPDX-License-Identifier: Apache-2.0
"""A person, the numbers others know them by, and who they may be already."""
from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from openinfusion.patients.domain.identity import Sex
from openinfusion.platform.models import Record, choice_field, ref, tracked


@tracked
class Patient(Record):
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
    phone = models.TextField(default="", blank=True)
    email = models.TextField(default="", blank=True)
    language = models.TextField(default="", blank=True)
    timezone = models.TextField(default="", blank=True)
    no_known_allergies_at = models.DateTimeField(null=True)

    class Meta(Record.Meta):
        constraints = [
            models.UniqueConstraint(fields=["organization", "mrn"], name="patients_mrn_once"),
            models.CheckConstraint(condition=~Q(family_key="") & ~Q(given_key=""), name="patients_named"),
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
