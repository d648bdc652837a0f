# SPDX-License-Identifier: Apache-2.0
"""Tables of the team: people, their credentials, their competency results."""

from __future__ import annotations

from django.db import models

from openinfusion.platform.models import Record, ref, tracked


@tracked
class Person(Record):
    """Somebody who works here. The account to sign in with is the platform's; a person may outlive it."""

    user_id = models.UUIDField()
    name = models.TextField()
    title = models.TextField(blank=True)
    npi = models.TextField(blank=True)
    home_site = ref("platform.Site", null=True)

    class Meta(Record.Meta):
        constraints = [models.UniqueConstraint(fields=["organization", "user_id"], name="person_once")]

    def __str__(self) -> str:
        return self.name


@tracked
class Credential(Record):
    """A licence or registration of a person in a state."""

    person = ref("team.Person")
    kind = models.TextField(choices=[(k, k) for k in ("pharmacist", "technician", "nurse", "dea", "other")])
    state = models.TextField()
    number = models.TextField()
    expires_on = models.DateField()

    class Meta(Record.Meta):
        constraints = [models.UniqueConstraint(fields=["organization", "kind", "state", "number"], name="credential_once")]

    def __str__(self) -> str:
        return f"{self.kind} licence {self.state} {self.number}"


@tracked
class CompetencyResult(Record):
    """One result of one person in one element. The latest counts; earlier ones stay."""

    person = ref("team.Person")
    element = models.TextField()
    on = models.DateField()
    passed = models.BooleanField()
    observed_by = models.UUIDField()

    class Meta(Record.Meta):
        indexes = [models.Index(fields=["organization", "person", "element", "-on"], name="competency_latest")]

    def __str__(self) -> str:
        return f"{self.element} on {self.on}"
