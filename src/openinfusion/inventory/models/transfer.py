# SPDX-License-Identifier: Apache-2.0
"""Transfers between places, with what is on the road."""
from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from openinfusion.inventory.domain.transfer import TRANSFER, TransferFacts, TransferState
from openinfusion.inventory.models.stock import quantity
from openinfusion.kernel.machine import Machine
from openinfusion.platform.models import Record, ref, state_field, tracked


@tracked
class Transfer(Record):
    """Lots sent from one place to another; until received they are in transit."""

    machine: ClassVar[Machine[TransferState, TransferFacts]] = TRANSFER

    state = state_field(TRANSFER)
    number = models.TextField()
    from_location = ref("inventory.Location")
    to_location = ref("inventory.Location")
    transit = ref("inventory.Location")
    sent_by = models.UUIDField()
    sender_name = models.TextField()
    sent_at = models.DateTimeField()
    receiver_name = models.TextField(default="")
    received_at = models.DateTimeField(null=True)
    note = models.TextField(default="")

    class Meta(Record.Meta):
        constraints = [
            models.UniqueConstraint(fields=["organization", "number"], name="transfer_number_once"),
            models.CheckConstraint(condition=~Q(from_location=F("to_location")), name="transfer_goes_elsewhere"),
        ]

    def __str__(self) -> str:
        return f"transfer {self.number}"


@tracked
class TransferLine(Record):
    """So many of one lot, and how many arrived."""

    transfer = ref("inventory.Transfer")
    lot = ref("inventory.Lot")
    sent_amount = quantity()
    arrived_amount = quantity(null=True)

    class Meta(Record.Meta):
        constraints = [
            models.UniqueConstraint(fields=["transfer", "lot"], name="transfer_lot_once"),
            models.CheckConstraint(
                condition=Q(sent_amount__gt=0) & (
                    Q(arrived_amount__isnull=True) | Q(arrived_amount__gte=0, arrived_amount__lte=F("sent_amount"))),
                name="transfer_line_balances",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.lot} on the road"
