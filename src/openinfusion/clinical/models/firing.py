# SPDX-License-Identifier: Apache-2.0
"""What the rules said over time: each firing with what became of it, and the standing of each rule."""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from openinfusion.clinical.domain.rule import RULE, RuleFacts, RuleState
from openinfusion.kernel.machine import Machine
from openinfusion.platform.models import Record, choice_field, ref, state_field, tracked


class Trigger(StrEnum):
    """What made the checks run."""

    TRANSCRIPTION = "transcription"
    ALLERGY = "allergy"
    CONDITION = "condition"
    LAB = "lab"
    MEASUREMENT = "measurement"
    MEDICATION = "medication"
    LINE = "line"
    PREGNANCY = "pregnancy"
    NIGHTLY = "nightly"
    VERIFICATION = "verification"


class Outcome(StrEnum):
    """What became of a firing: still open, answered with a reason, or gone because something was done."""

    OPEN = "open"
    OVERRIDDEN = "overridden"
    ACTED = "acted"


@tracked
class Firing(Record):
    """One rule fired on one order on these facts. While it stands on the same facts it does not fire again."""

    prescription = ref("therapy.Prescription")
    patient = ref("patients.Patient")
    rule = models.TextField()
    code = models.TextField()
    tier = models.TextField()
    title = models.TextField()
    text = models.TextField()
    evidence = ArrayField(models.TextField(), default=list)
    fingerprint = models.TextField()
    trigger = choice_field(Trigger)
    outcome = choice_field(Outcome, default=Outcome.OPEN.value)
    cleared_at = models.DateTimeField(null=True)

    class Meta(Record.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "prescription", "fingerprint"], condition=Q(cleared_at=None), name="firing_once"
            ),
            models.CheckConstraint(
                condition=~Q(tier="hard") | ~Q(outcome="overridden"), name="firing_hard_stop_is_never_overridden"
            ),
        ]
        indexes = [models.Index(fields=["organization", "code"], name="firing_by_code")]

    def __str__(self) -> str:
        return self.title


@tracked
class RuleStanding(Record):
    """Whether a rule speaks. There is no row for a rule that nobody ever proposed to retire."""

    machine: ClassVar[Machine[RuleState, RuleFacts]] = RULE

    state = state_field(RULE)
    code = models.TextField()
    proposed_by = models.UUIDField(null=True)
    proposer_name = models.TextField(default="")
    confirmed_by = models.UUIDField(null=True)
    confirmer_name = models.TextField(default="")
    why = models.TextField(default="")

    class Meta(Record.Meta):
        constraints = [
            models.UniqueConstraint(fields=["organization", "code"], name="rule_once"),
            models.CheckConstraint(
                condition=~Q(state="retired") | (Q(confirmed_by__isnull=False) & ~Q(confirmed_by=models.F("proposed_by"))),
                name="rule_retired_by_two",
            ),
        ]

    def __str__(self) -> str:
        return f"the rule {self.code}"
