# SPDX-License-Identifier: Apache-2.0
"""Compatibility observations that the site entered from publications it may read, each signed by a second person."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from openinfusion.clinical.domain.compatibility import OBSERVATION, Mode, ObservationFacts, ObservationState
from openinfusion.clinical.domain.compatibility import Outcome as Seen
from openinfusion.kernel.machine import Machine
from openinfusion.platform.models import Record, choice_field, state_field, tracked


@tracked
class CompatibilityObservation(Record):
    """Two solutions that met: what, how strong, in what, how long, and what was seen."""

    machine: ClassVar[Machine[ObservationState, ObservationFacts]] = OBSERVATION

    state = state_field(OBSERVATION)
    one_drug = models.TextField()
    one_amount = models.DecimalField(max_digits=18, decimal_places=6)  # in 1 mL
    one_unit = models.TextField()
    one_diluent = models.TextField(default="", blank=True)
    other_drug = models.TextField()
    other_amount = models.DecimalField(max_digits=18, decimal_places=6)
    other_unit = models.TextField()
    other_diluent = models.TextField(default="", blank=True)
    mode = choice_field(Mode)
    outcome = choice_field(Seen)
    phenomenon = models.TextField(default="", blank=True)
    ratio = models.TextField()
    hours = models.PositiveSmallIntegerField()
    celsius = models.SmallIntegerField()
    citation = models.TextField()
    entered_by = models.UUIDField()
    enterer_name = models.TextField()
    signed_by = models.UUIDField(null=True)
    signer_name = models.TextField(default="")
    signed_at = models.DateTimeField(null=True)

    class Meta(Record.Meta):
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="signed") | (Q(signed_by__isnull=False) & ~Q(signed_by=F("entered_by"))),
                name="observation_signed_by_another",
            ),
            models.CheckConstraint(condition=~Q(citation="") & Q(one_amount__gt=0, other_amount__gt=0), name="observation_whole"),
        ]
        indexes = [models.Index(fields=["organization", "state", "one_drug"], name="observation_by_drug")]

    def __str__(self) -> str:
        return f"the observation of {self.one_drug} with {self.other_drug}"
