# SPDX-License-Identifier: Apache-2.0
"""Interaction sets that the site loaded from sources it licenses, and their rows."""

from __future__ import annotations

from typing import ClassVar

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from openinfusion.clinical.domain.interaction import Danger
from openinfusion.clinical.domain.interaction_set import INTERACTION_SET, SetFacts, SetState
from openinfusion.kernel.machine import Machine
from openinfusion.platform.models import Record, choice_field, ref, state_field, tracked


@tracked
class InteractionSet(Record):
    """One version of one source, with the licence under which the site uses it."""

    machine: ClassVar[Machine[SetState, SetFacts]] = INTERACTION_SET

    state = state_field(INTERACTION_SET)
    name = models.TextField()
    edition = models.TextField()
    licence = models.TextField()
    rows = models.PositiveIntegerField()
    words = ArrayField(models.TextField(), default=list)  # every ingredient and class it knows
    loaded_on = models.DateField()
    loaded_by = models.UUIDField()
    loader_name = models.TextField()

    class Meta(Record.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "name"], condition=Q(state="in_force"), name="interaction_set_in_force_once"
            ),
            models.CheckConstraint(
                condition=~Q(name="") & ~Q(edition="") & ~Q(licence=""), name="interaction_set_says_what_it_is"
            ),
        ]

    def __str__(self) -> str:
        return f"the interaction set {self.name} {self.edition}"


class Interaction(Record):
    """One pair of a loaded set, its words in alphabetical order. Never changed: a new edition is a new set."""

    written_once: ClassVar = True

    set = ref("clinical.InteractionSet")
    left = models.TextField()
    right = models.TextField()
    danger = choice_field(Danger)
    effect = models.TextField()
    do = models.TextField()

    class Meta(Record.Meta):
        constraints = [models.CheckConstraint(condition=Q(left__lte=F("right")), name="interaction_in_order")]
        indexes = [models.Index(fields=["set", "left", "right"], name="interaction_by_pair")]
        triggers = [
            pgtrigger.Protect(name="interaction_is_written_once", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.left} with {self.right}"
