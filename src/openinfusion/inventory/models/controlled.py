# SPDX-License-Identifier: Apache-2.0
"""Controlled substances: witnessed entries, discrepancies, and the inventory of all of them."""
from __future__ import annotations

from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models import F, Q

from openinfusion.inventory.domain.controlled import (
    ACT,
    DISCREPANCY,
    ActFacts,
    ActKind,
    ActState,
    DiscrepancyFacts,
    DiscrepancyState,
)
from openinfusion.inventory.models.stock import quantity
from openinfusion.kernel.machine import Machine
from openinfusion.platform.models import Record, choice_field, ref, state_field, tracked


@tracked
class ControlledAct(Record):
    """A count, waste or correction as one person entered it; it moves stock once another has witnessed it."""

    machine: ClassVar[Machine[ActState, ActFacts]] = ACT

    state = state_field(ACT)
    kind = choice_field(ActKind)
    lot = ref("inventory.Lot")
    location = ref("inventory.Location")
    amount = quantity()  # counted, or to be taken or added
    book_amount = quantity(null=True)  # of a count, at the moment of the entry
    reason = models.TextField(default="")
    entered_by = models.UUIDField()
    enterer_name = models.TextField()
    witnessed_by = models.UUIDField(null=True)
    witness_name = models.TextField(default="")
    witnessed_at = models.DateTimeField(null=True)

    class Meta(Record.Meta):
        constraints = [
            models.CheckConstraint(
                condition=Q(witnessed_by__isnull=True) | ~Q(witnessed_by=F("entered_by")), name="act_witness_is_another",
            ),
            models.CheckConstraint(condition=~Q(state="witnessed") | Q(witnessed_by__isnull=False), name="act_has_a_witness"),
            models.UniqueConstraint(
                fields=["lot", "location", "kind"], condition=Q(state="to_witness"), name="act_waits_once",
            ),
        ]

    def __str__(self) -> str:
        return f"the {self.kind.replace('_', ' ')} of {self.lot}"


@tracked
class Discrepancy(Record):
    """A controlled substance that was counted otherwise than the book says; open until somebody resolves it."""

    machine: ClassVar[Machine[DiscrepancyState, DiscrepancyFacts]] = DISCREPANCY

    state = state_field(DISCREPANCY)
    lot = ref("inventory.Lot")
    location = ref("inventory.Location")
    book_amount = quantity()
    counted_amount = quantity()
    found_by = models.UUIDField()
    finder_name = models.TextField()
    witnessed_by = models.UUIDField(null=True)
    witness_name = models.TextField(default="")
    report = models.TextField(default="")
    finding = models.TextField(default="")
    resolved_by = models.UUIDField(null=True)
    resolver_name = models.TextField(default="")
    late_at = models.DateTimeField()

    class Meta(Record.Meta):
        constraints = [
            models.CheckConstraint(condition=~Q(book_amount=F("counted_amount")), name="discrepancy_differs"),
            models.CheckConstraint(
                condition=Q(resolved_by__isnull=True) | ~Q(resolved_by=F("found_by")), name="discrepancy_resolver_is_another",
            ),
        ]

    def __str__(self) -> str:
        return f"the discrepancy of {self.lot}"


class ControlledInventory(Record):
    """The inventory of every controlled substance of a site on one day. Written once."""

    written_once: ClassVar = True

    site = ref("platform.Site")
    taken_on = models.DateField()
    at_opening = models.BooleanField()
    lines = models.JSONField()
    taken_by = models.UUIDField()
    taker_name = models.TextField()

    class Meta(Record.Meta):
        triggers = [pgtrigger.Protect(name="inventory_is_written_once", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"the inventory of controlled substances of {self.taken_on:%d-%b-%Y}"
