# SPDX-License-Identifier: Apache-2.0
"""What was entered into a section of a visit's record, every time; and reactions."""
from __future__ import annotations

from django.db import models
from django.db.models import Q

from openinfusion.nursing.domain.infusion_record import ReactionKind
from openinfusion.platform.models import Record, choice_field, ref, tracked


@tracked
class SectionEntry(Record):
    """One entry. Of a section that does not repeat the last one that stands is the record; the others are kept beside it.

    ``number`` counts the versions of the section; ``against`` is the version a device did not know of when it wrote.
    ``package``: of a drug that was not compounded, the product and serial number of its package, which is on record once.
    """

    visit = ref("nursing.NurseVisit")
    section = models.TextField()
    number = models.PositiveIntegerField()
    values = models.JSONField(default=dict)
    stands = models.BooleanField(default=True)
    said_at = models.DateTimeField()
    written_by = models.UUIDField()
    writer_name = models.TextField()
    device = ref("nursing.Phone", null=True)
    problems = models.JSONField(default=list)
    why = models.TextField(blank=True)
    against = models.PositiveIntegerField(null=True)
    package = models.TextField(blank=True, default="")

    class Meta(Record.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "visit", "section", "number"], name="section_number_once", condition=Q(stands=True),
            ),
            models.UniqueConstraint(
                fields=["organization", "package"], name="package_given_once", condition=Q(stands=True) & ~Q(package=""),
            ),
            models.CheckConstraint(name="section_despite_says_why", condition=Q(problems=[]) | ~Q(why="")),
        ]
        indexes = [models.Index(fields=["visit", "section"], name="entry_by_visit")]

    def __str__(self) -> str:
        return f"{self.section} {self.number}"


@tracked
class Reaction(Record):
    """A reaction seen at a visit, until the prescriber was told."""

    visit = ref("nursing.NurseVisit")
    patient = ref("patients.Patient")
    kind = choice_field(ReactionKind)
    grade = models.PositiveSmallIntegerField()
    text = models.TextField()
    done = models.TextField()
    seen_at = models.DateTimeField()
    event_id = models.UUIDField(null=True)
    prescriber_told_at = models.DateTimeField(null=True)
    told_by_name = models.TextField(blank=True)
    told_how = models.TextField(blank=True)
    resume_ml_per_h = models.DecimalField(max_digits=7, decimal_places=1, null=True)  # so far the prescriber lets it rise

    class Meta(Record.Meta):
        constraints = [
            models.UniqueConstraint(fields=["organization", "visit", "kind"], name="reaction_once_a_visit"),
            models.CheckConstraint(name="reaction_grade_1_to_5", condition=Q(grade__gte=1, grade__lte=5)),
            models.CheckConstraint(
                name="reaction_resumes_when_told",
                condition=Q(resume_ml_per_h__isnull=True) | Q(resume_ml_per_h__gt=0, prescriber_told_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} reaction, grade {self.grade}"
