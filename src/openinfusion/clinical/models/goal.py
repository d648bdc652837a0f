# SPDX-License-Identifier: Apache-2.0
"""Goals of the care plan and their reviews."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from openinfusion.clinical.domain.goal import GOAL, GoalFacts, GoalState
from openinfusion.clinical.domain.intervention import Discipline
from openinfusion.clinical.models.entry import CareEntry
from openinfusion.kernel.machine import Machine
from openinfusion.platform.models import Record, choice_field, ref, state_field, tracked


@tracked
class Goal(CareEntry):
    """One problem of one discipline, the goal, and what is done; looked at again by a day."""

    machine: ClassVar[Machine[GoalState, GoalFacts]] = GOAL

    state = state_field(GOAL)
    discipline = choice_field(Discipline)
    problem = models.TextField()
    goal = models.TextField()
    measure = models.TextField()
    review_on = models.DateField()
    reviewed_on = models.DateField(null=True)

    class Meta(CareEntry.Meta):
        indexes = [models.Index(fields=["organization", "state", "review_on"], name="goal_to_review")]

    def __str__(self) -> str:
        return f"the {self.discipline} goal “{self.goal}”"


@tracked
class GoalReview(Record):
    """Somebody looked at a goal: how it stands, and when it is looked at again."""

    goal = ref("clinical.Goal")
    patient = ref("patients.Patient")
    reviewed_on = models.DateField()
    progress = models.TextField()
    reviewed_by = models.UUIDField()
    reviewer_name = models.TextField()

    class Meta(Record.Meta):
        constraints = [models.CheckConstraint(condition=~Q(progress=""), name="goal_review_says_how_it_stands")]

    def __str__(self) -> str:
        return "the review of a goal"
