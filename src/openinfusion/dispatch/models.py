# SPDX-License-Identifier: Apache-2.0
"""Tables of dispatch: plans, each with the problem it answers and what became of it, the sites and days each holds, and what

plans weigh.
"""

from __future__ import annotations

from datetime import timedelta
from typing import ClassVar
from uuid import UUID

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from openinfusion.dispatch.domain.day_plan import DAY_PLAN, OPEN_STATES, PlanKind
from openinfusion.dispatch.domain.figures import LEFT_OUT, MOST_MINUTES, MOST_POINTS, PRICES
from openinfusion.dispatch.domain.suite_plan import SUITE_PLAN
from openinfusion.platform.models import Record, choice_field, ref, state_field, tracked


@tracked
class DayPlan(Record):
    """One plan. ``sha256`` is the digest of the problem and of how it is solved: the same question is asked once.

    ``problem`` is a file of docs/development/planning-files.md, ``plan`` what planning keeps of its answer, ``tasks`` what
    each name of it stands for, ``basis`` the plan it was made from, ``moves`` how it differs from that one.
    ``site`` is the one it was asked from, ``sites`` all of them; its days are ``day`` to ``last_day``. ``absent``: who is out on
    all of them, ``away``: name and day of who is out on one, ``apart``: who could not be
    asked, and why. ``breaks``: by shift which rule asks for each of its breaks, and whether the shift goes on after it;
    ``unbroken``: breaks that are not planned, and why. What is in force where and when stands in ``PlanCover``.
    """

    machine: ClassVar = DAY_PLAN
    site = ref("platform.Site")
    sites: models.Field[list[UUID], list[UUID]] = ArrayField(models.UUIDField(), default=list)
    day = models.DateField()
    last_day = models.DateField()
    kind = choice_field(PlanKind)
    state = state_field(DAY_PLAN)
    sha256 = models.TextField()
    seconds = models.PositiveSmallIntegerField()
    seed = models.PositiveIntegerField(default=1)
    cause = models.TextField(blank=True, default="")
    basis = models.UUIDField(null=True)
    problem = models.JSONField()
    tasks = models.JSONField()
    people = models.JSONField()
    lost: models.Field[list[str], list[str]] = ArrayField(models.TextField(), default=list)
    absent: models.Field[list[str], list[str]] = ArrayField(models.TextField(), default=list)
    away = models.JSONField(default=list)
    apart: models.Field[list[str], list[str]] = ArrayField(models.TextField(), default=list)
    breaks = models.JSONField(default=dict)
    unbroken: models.Field[list[str], list[str]] = ArrayField(models.TextField(), default=list)
    approximate = models.BooleanField(default=False)
    ways = models.TextField(blank=True, default="")
    plan = models.JSONField(null=True)
    moves = models.JSONField(null=True)
    faults: models.Field[list[str], list[str]] = ArrayField(models.TextField(), default=list)
    failure = models.TextField(blank=True, default="")
    asked_by = models.UUIDField()
    asker_name = models.TextField()
    accepted_at = models.DateTimeField(null=True)
    accepter_name = models.TextField(blank=True, default="")

    class Meta(Record.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "site", "day", "kind", "sha256"],
                condition=Q(state__in=OPEN_STATES),
                name="day_plan_asked_once",
            ),
            models.CheckConstraint(
                condition=Q(last_day__gte=F("day")) & Q(last_day__lte=F("day") + timedelta(days=6)),
                name="day_plan_of_a_week_at_most",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=("proposed", "accepted", "replaced")) | Q(plan__isnull=False),
                name="day_plan_proposed_has_plan",
            ),
            models.CheckConstraint(condition=~Q(state="accepted") | Q(faults=[]), name="day_plan_accepted_is_sound"),
        ]
        indexes = [models.Index(fields=["organization", "day", "site", "kind", "state"], name="day_plan_by_day")]

    def __str__(self) -> str:
        to = "" if self.last_day == self.day else f" to {self.last_day:%d-%b-%Y}"
        more = "" if len(self.sites) < 2 else f" of {len(self.sites)} sites"
        return f"the {self.kind}' plan of {self.day:%d-%b-%Y}{to}{more}"


@tracked
class PlanCover(Record):
    """A plan is about this site on this day. One plan of a kind is in force there; a trigger on the plan keeps ``in_force``.

    It is set when the plan is accepted, taken off when the plan ceases to be, and taken off one day when another plan is
    accepted for that day only.
    """

    plan = ref("dispatch.DayPlan")
    site = ref("platform.Site")
    day = models.DateField()
    kind = choice_field(PlanKind)
    in_force = models.BooleanField(default=False)

    class Meta(Record.Meta):
        constraints = [
            models.UniqueConstraint(fields=["organization", "plan", "site", "day"], name="plan_cover_once"),
            models.UniqueConstraint(
                fields=["organization", "site", "day", "kind"], condition=Q(in_force=True), name="day_plan_in_force_once"
            ),
        ]
        indexes = [models.Index(fields=["organization", "day", "site", "kind"], name="plan_cover_by_day")]

    def __str__(self) -> str:
        return f"{self.day:%d-%b-%Y}"


@tracked
class SuitePlan(Record):
    """One plan of a suite's day. ``tasks``: what each name of the problem stands for, as it was when the question was asked;

    ``plan``: seats with chair and nurse, what has no place, cost and bound; ``unknown``: what has no length, told, not guessed.
    """

    machine: ClassVar = SUITE_PLAN
    site = ref("platform.Site")
    day = models.DateField()
    state = state_field(SUITE_PLAN)
    sha256 = models.TextField()
    seconds = models.PositiveSmallIntegerField()
    seed = models.PositiveIntegerField(default=1)
    problem = models.JSONField()
    zero = models.DateTimeField()
    tasks = models.JSONField()
    watchers = models.JSONField()
    unknown: models.Field[list[str], list[str]] = ArrayField(models.TextField(), default=list)
    plan = models.JSONField(null=True)
    faults: models.Field[list[str], list[str]] = ArrayField(models.TextField(), default=list)
    failure = models.TextField(blank=True, default="")
    asker_name = models.TextField()
    accepted_at = models.DateTimeField(null=True)
    accepter_name = models.TextField(blank=True, default="")

    class Meta(Record.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "site", "day", "sha256"], condition=Q(state__in=OPEN_STATES), name="suite_plan_asked_once"
            ),
            models.UniqueConstraint(
                fields=["organization", "site", "day"], condition=Q(state="accepted"), name="suite_plan_in_force_once"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=("proposed", "accepted", "replaced")) | Q(plan__isnull=False),
                name="suite_plan_proposed_has_plan",
            ),
            models.CheckConstraint(condition=~Q(state="accepted") | Q(faults=[]), name="suite_plan_accepted_is_sound"),
        ]
        indexes = [models.Index(fields=["organization", "day", "site", "state"], name="suite_plan_by_day")]

    def __str__(self) -> str:
        return f"the suite's plan of {self.day:%d-%b-%Y}"


class PlanFigures(Record):
    """What plans of a kind weigh from a day on, as the house set it: minutes and points as ``domain/figures.py`` says.

    Never changed: other figures are another row, of a later day.
    """

    written_once: ClassVar = True
    kind = choice_field(PlanKind)
    effective_from = models.DateField()
    begins = models.TimeField()
    ends = models.TimeField()
    overtime = models.PositiveSmallIntegerField()
    flexible = models.PositiveSmallIntegerField()
    agreed = models.PositiveSmallIntegerField()
    distance = models.PositiveIntegerField()
    paid = models.PositiveIntegerField()
    overtime_price = models.PositiveIntegerField()
    late = models.PositiveIntegerField()
    other_person = models.PositiveIntegerField()
    moved = models.PositiveIntegerField()
    fair = models.PositiveIntegerField()
    left_out = models.PositiveIntegerField()
    source = models.TextField()
    set_by_name = models.TextField()

    class Meta(Record.Meta):
        constraints = [
            models.UniqueConstraint(fields=["organization", "kind", "effective_from"], name="plan_figures_once_a_day"),
            models.CheckConstraint(condition=Q(ends__gt=F("begins")), name="plan_figures_day_has_hours"),
            models.CheckConstraint(
                condition=Q(overtime__lte=MOST_MINUTES, flexible__lte=MOST_MINUTES, agreed__lte=F("flexible")),
                name="plan_figures_minutes",
            ),
            models.CheckConstraint(
                condition=Q(**{f"{name}__lte": MOST_POINTS for name in PRICES}) & (Q(distance__gt=0) | Q(paid__gt=0)),
                name="plan_figures_points",
            ),
            models.CheckConstraint(condition=Q(left_out__range=LEFT_OUT), name="plan_figures_place_outweighs"),
            models.CheckConstraint(condition=~Q(source=""), name="plan_figures_have_a_source"),
        ]
        triggers = [pgtrigger.Protect(name="plan_figures_are_written_once", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"what plans of {self.kind} weigh from {self.effective_from:%d-%b-%Y}"
