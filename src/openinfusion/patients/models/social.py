# SPDX-License-Identifier: Apache-2.0
"""Coverage, home, contacts, consent and documents of a patient."""
from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from openinfusion.patients.domain.chart import ConsentKind, Relationship
from openinfusion.patients.models.chart import ChartRow
from openinfusion.platform.models import choice_field, ref, tracked


@tracked
class Coverage(ChartRow):
    plan = ref("payers.Plan")
    member_id = models.TextField()
    group_number = models.TextField(default="", blank=True)
    rank = models.PositiveSmallIntegerField(default=1)
    relationship = choice_field(Relationship)
    subscriber = models.TextField(default="", blank=True)
    subscriber_born_on = models.DateField(null=True)
    first_on = models.DateField()
    last_on = models.DateField(null=True)

    class Meta(ChartRow.Meta):
        constraints = [
            models.CheckConstraint(
                condition=Q(last_on=None) | Q(last_on__gte=F("first_on")), name="patients_coverage_in_order"
            ),
            models.CheckConstraint(condition=Q(rank__gte=1), name="patients_coverage_rank"),
        ]

    def __str__(self) -> str:
        return f"the coverage {self.member_id}"


@tracked
class Home(ChartRow):
    assessed_on = models.DateField()
    refrigerator = models.BooleanField()
    electricity = models.BooleanField()
    running_water = models.BooleanField()
    phone = models.BooleanField()
    caregiver = models.BooleanField()
    safe_entry = models.BooleanField()
    able_to_learn = models.BooleanField()
    services = ArrayField(models.TextField(), default=list)
    note = models.TextField(default="", blank=True)

    def __str__(self) -> str:
        return "the home assessment"


@tracked
class Contact(ChartRow):
    name = models.TextField()
    relation = models.TextField(default="", blank=True)
    phone = models.TextField()
    emergency = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"the contact {self.name}"


@tracked
class Consent(ChartRow):
    kind = choice_field(ConsentKind)
    given_on = models.DateField()
    signer = models.TextField()
    file_id = models.UUIDField(null=True)

    def __str__(self) -> str:
        return f"the consent to {self.kind.replace('_', ' ')}"


@tracked
class Document(ChartRow):
    kind = models.TextField()
    title = models.TextField()
    file_id = models.UUIDField()

    def __str__(self) -> str:
        return f"the document {self.title}"
