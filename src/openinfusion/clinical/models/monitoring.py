# SPDX-License-Identifier: Apache-2.0
"""Tests that are due: one row for each time a course asks for one."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from openinfusion.clinical.domain.monitoring import MONITORING, MonitoringFacts, MonitoringState
from openinfusion.clinical.domain.protocol import ExamKind
from openinfusion.kernel.machine import Machine
from openinfusion.platform.models import Record, choice_field, ref, state_field, tracked

_OPEN = Q(state__in=["due", "drawn"])
_DONE = Q(state__in=["resulted", "acted_on"])


@tracked
class Monitoring(Record):
    """One test of one course, once. Open at most once for a course and a test."""

    machine: ClassVar[Machine[MonitoringState, MonitoringFacts]] = MONITORING

    state = state_field(MONITORING)
    patient = ref("patients.Patient")
    therapy = ref("therapy.Therapy")
    drug_name = models.TextField()
    code = models.TextField()  # LOINC, or the code of an assessment
    name = models.TextField()
    kind = choice_field(ExamKind)
    every_days = models.PositiveIntegerField()
    source = models.TextField(default="")  # the protocol row that asks for it
    due_on = models.DateField()
    opens_on = models.DateField()  # samples from this day on count
    late_at = models.DateTimeField()  # from this instant it is overdue, where the patient lives
    drawn_on = models.DateField(null=True)
    resulted_on = models.DateField(null=True)
    result = models.TextField(default="")
    flagged = models.BooleanField(default=False)
    action_note = models.TextField(default="")
    acted_by = models.UUIDField(null=True)
    actor_name = models.TextField(default="")
    acted_at = models.DateTimeField(null=True)
    folded = models.BooleanField(default=False)  # the result it followed was withdrawn: the test before is open again
    stopped = models.BooleanField(default=False)  # the test is not asked for again in this course

    class Meta(Record.Meta):
        constraints = [
            models.UniqueConstraint(fields=["therapy", "code"], condition=_OPEN, name="monitoring_open_once"),
            models.CheckConstraint(
                condition=~_DONE | Q(kind="assessment") | (Q(drawn_on__isnull=False) & Q(resulted_on__isnull=False)),
                name="monitoring_result_is_dated",
            ),
            models.CheckConstraint(
                condition=~Q(state="acted_on") | (Q(acted_by__isnull=False) & ~Q(action_note="")),
                name="monitoring_act_is_said",
            ),
            models.CheckConstraint(condition=Q(every_days__gte=1), name="monitoring_interval"),
        ]
        indexes = [
            models.Index(fields=["organization", "state", "late_at"], name="monitoring_queue"),
            models.Index(fields=["patient", "state"], name="monitoring_of_patient"),
            models.Index(fields=["therapy", "code", "-due_on"], name="monitoring_of_therapy"),
        ]

    def __str__(self) -> str:
        return f"{self.name} due {self.due_on:%d-%b-%Y} for {self.drug_name}"
