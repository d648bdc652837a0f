# SPDX-License-Identifier: Apache-2.0
"""Tables of the team: people, their credentials, their competency results, who is on call."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from openinfusion.platform.models import Record, choice_field, ref, tracked
from openinfusion.team.domain.on_call import Duty


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
    kind = models.TextField(choices=[(k, k) for k in ("pharmacist", "technician", "nurse", "dea", "driver", "other")])
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
    left_cfu = models.PositiveIntegerField(null=True)
    right_cfu = models.PositiveIntegerField(null=True)
    surface_cfu = models.PositiveIntegerField(null=True)
    growth = models.BooleanField(null=True)
    note = models.TextField(default="", blank=True)
    observed_by = models.UUIDField()
    observer_name = models.TextField(default="", blank=True)

    class Meta(Record.Meta):
        indexes = [models.Index(fields=["organization", "person", "element", "-on"], name="competency_latest")]
        constraints = [
            models.CheckConstraint(
                condition=Q(left_cfu=None, right_cfu=None) | Q(left_cfu__isnull=False, right_cfu__isnull=False),
                name="competency_both_hands_read",
            ),
            models.CheckConstraint(condition=~(Q(passed=True) & Q(growth=True)), name="competency_growth_fails"),
        ]

    def __str__(self) -> str:
        return f"{self.element} on {self.on}"


@tracked
class Remediation(Record):
    """What was done with a person after they failed an element; only then can they pass it again."""

    person = ref("team.Person")
    element = models.TextField()
    on = models.DateField()
    text = models.TextField()
    done_by = models.UUIDField()
    doer_name = models.TextField()

    class Meta(Record.Meta):
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="remediation_says_what")]
        indexes = [models.Index(fields=["person", "element", "-on"], name="remediation_latest")]

    def __str__(self) -> str:
        return f"remediation of {self.element}"


@tracked
class GarbAttest(Record):
    """A person's word that they garbed, on entering the cleanrooms of a site on a day (of the site)."""

    person = ref("team.Person")
    site = ref("platform.Site")
    on = models.DateField()
    at = models.DateTimeField()
    hazardous = models.BooleanField(default=False)

    class Meta(Record.Meta):
        indexes = [models.Index(fields=["person", "-on"], name="garb_of_person")]

    def __str__(self) -> str:
        return f"garbing of {self.on}"


@tracked
class OnCallShift(Record):
    """One person holds one duty at one site from an instant to another. Taken off, it stays and counts no more.

    That two shifts of one duty at one site never overlap is held by an exclusion (migration 0003).
    """

    site = ref("platform.Site")
    duty = choice_field(Duty)
    person = ref("team.Person")
    phone = models.TextField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    taken_off_at = models.DateTimeField(null=True)
    taken_off_by = models.UUIDField(null=True)
    taken_off_reason = models.TextField(default="")

    class Meta(Record.Meta):
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="shift_ends_after_it_starts"),
            models.CheckConstraint(condition=~Q(phone=""), name="shift_has_a_number"),
            models.CheckConstraint(
                condition=Q(taken_off_at=None, taken_off_by=None, taken_off_reason="")
                | (Q(taken_off_at__isnull=False, taken_off_by__isnull=False) & ~Q(taken_off_reason="")),
                name="shift_taken_off_says_why",
            ),
        ]
        indexes = [models.Index(fields=["organization", "site", "duty", "ends_at"], name="shift_of_site")]

    def __str__(self) -> str:
        return f"the {self.duty} shift"
