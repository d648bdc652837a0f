# SPDX-License-Identifier: Apache-2.0
"""Who has which hood: the database holds it to one person a hood and one hood a person."""
from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from openinfusion.compounding.domain.hood_turn import HOOD_TURN, TurnFacts, TurnState
from openinfusion.kernel.machine import Machine
from openinfusion.platform.models import Record, ref, state_field, tracked


@tracked
class HoodTurn(Record):
    """One person's turn at one hood, from taking it to leaving it."""

    machine: ClassVar[Machine[TurnState, TurnFacts]] = HOOD_TURN

    state = state_field(HOOD_TURN)
    hood = ref("sites.Hood")
    hood_name = models.TextField()
    site = ref("platform.Site")
    person_id = models.UUIDField()
    person_name = models.TextField()
    taken_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.UUIDField(null=True)
    ender_name = models.TextField(default="")

    class Meta(Record.Meta):
        constraints = [
            models.UniqueConstraint(fields=["hood"], condition=Q(state="held"), name="hood_turn_one_person_a_hood"),
            models.UniqueConstraint(
                fields=["organization", "person_id"], condition=Q(state="held"), name="hood_turn_one_hood_a_person",
            ),
            models.CheckConstraint(
                condition=Q(state="held", ended_at__isnull=True) | (~Q(state="held") & Q(ended_at__gte=F("taken_at"))),
                name="hood_turn_ends_once_after_it_began",
            ),
            models.CheckConstraint(
                condition=~Q(state="cleared") | ~Q(ended_by=F("person_id")), name="hood_turn_cleared_by_another",
            ),
        ]

    def __str__(self) -> str:
        return self.hood_name
