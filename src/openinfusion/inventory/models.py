# SPDX-License-Identifier: Apache-2.0
"""The tables of the inventory room: places, lots, the ledger of movements, what is on hand, reservations, pumps."""
from __future__ import annotations

from typing import Any, ClassVar

import pgtrigger
from django.db import models
from django.db.models import F, Q

from openinfusion.inventory.domain.lot import LOT, LotFacts, LotState
from openinfusion.inventory.domain.movement import Kind
from openinfusion.inventory.domain.place import PlaceKind
from openinfusion.inventory.domain.pump import PUMP, PumpFacts, PumpState
from openinfusion.kernel.machine import Machine
from openinfusion.platform.models import Record, choice_field, ref, state_field, tracked


def quantity(**options: Any) -> Any:
    """Packages, counted; six places for what is counted in parts."""
    return models.DecimalField(max_digits=18, decimal_places=6, **options)


@tracked
class Location(Record):
    """A place at a site."""

    site = ref("platform.Site")
    code = models.TextField()
    name = models.TextField()
    kind = choice_field(PlaceKind)

    class Meta(Record.Meta):
        constraints = [models.UniqueConstraint(fields=["organization", "site", "code"], name="location_code_once")]

    def __str__(self) -> str:
        return self.name


@tracked
class Lot(Record):
    """One batch of one product. Never deleted."""

    machine: ClassVar[Machine[LotState, LotFacts]] = LOT

    state = state_field(LOT)
    product = ref("catalog.Product")
    number = models.TextField()
    serial = models.TextField(default="")
    expires_on = models.DateField()
    cost_cents = models.BigIntegerField()  # for one package
    supplier = models.TextField(default="")

    class Meta(Record.Meta):
        constraints = [
            models.UniqueConstraint(fields=["organization", "product", "number", "serial"], name="lot_once"),
            models.CheckConstraint(condition=Q(cost_cents__gte=0), name="lot_cost_not_negative"),
        ]
        indexes = [models.Index(fields=["organization", "number"], name="lot_by_number")]

    def __str__(self) -> str:
        return f"lot {self.number}"


@tracked
class OnHand(Record):
    """What is on hand of a lot in a place: the sum of its movements, kept so that it is fast and never below zero."""

    lot = ref("inventory.Lot")
    location = ref("inventory.Location")
    on_hand_amount = quantity(default=0)
    reserved_amount = quantity(default=0)

    class Meta(Record.Meta):
        constraints = [
            models.UniqueConstraint(fields=["lot", "location"], name="on_hand_once"),
            models.CheckConstraint(condition=Q(on_hand_amount__gte=0), name="on_hand_not_negative"),
            models.CheckConstraint(
                condition=Q(reserved_amount__gte=0) & Q(reserved_amount__lte=F("on_hand_amount")),
                name="reserved_is_on_hand",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.lot} in {self.location}"


class Movement(Record):
    """One line of the ledger. Written once; a correction is another movement."""

    written_once: ClassVar = True

    kind = choice_field(Kind)
    lot = ref("inventory.Lot")
    location = ref("inventory.Location")
    on_hand_amount = quantity()  # what it adds; negative where it takes
    reserved_amount = quantity(default=0)
    for_id = models.UUIDField(null=True)  # the work order, ticket or transfer it belongs to
    reason = models.TextField(default="")
    moved_by = models.UUIDField()
    mover_name = models.TextField()

    class Meta(Record.Meta):
        indexes = [
            models.Index(fields=["lot", "location"], name="movement_by_place"),
            models.Index(fields=["for_id"], name="movement_by_purpose"),
        ]
        triggers = [pgtrigger.Protect(name="ledger_is_written_once", operation=pgtrigger.Update | pgtrigger.Delete)]
        constraints = [
            models.CheckConstraint(
                condition=~Q(kind__in=["adjust", "waste", "recall"]) | ~Q(reason=""), name="movement_has_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} movement"


@tracked
class Reservation(Record):
    """So many of a lot are held for a purpose, until they are issued or released."""

    for_id = models.UUIDField()
    product = ref("catalog.Product")
    lot = ref("inventory.Lot")
    location = ref("inventory.Location")
    held_amount = quantity()
    issued_amount = quantity(default=0)
    released_amount = quantity(default=0)
    override = models.TextField(default="")  # why first-expiry-first-out was departed from

    class Meta(Record.Meta):
        constraints = [
            models.CheckConstraint(condition=Q(held_amount__gt=0), name="reservation_positive"),
            models.CheckConstraint(
                condition=Q(issued_amount__gte=0) & Q(released_amount__gte=0)
                & Q(issued_amount__lte=F("held_amount") - F("released_amount")), name="reservation_balances",
            ),
        ]
        indexes = [models.Index(fields=["for_id"], name="reservation_by_purpose")]

    def __str__(self) -> str:
        return "reservation"


@tracked
class Pump(Record):
    """An infusion pump by its serial number."""

    machine: ClassVar[Machine[PumpState, PumpFacts]] = PUMP

    state = state_field(PUMP)
    site = ref("platform.Site")
    product = ref("catalog.Product")
    serial = models.TextField()
    maintenance_due_on = models.DateField(null=True)
    patient = ref("patients.Patient", null=True)
    last_patient = ref("patients.Patient", null=True)
    therapy = ref("therapy.Therapy", null=True)

    class Meta(Record.Meta):
        constraints = [
            models.UniqueConstraint(fields=["organization", "product", "serial"], name="pump_once"),
            models.CheckConstraint(
                condition=~Q(state__in=["assigned", "at_patient", "return_due"]) | Q(patient__isnull=False),
                name="pump_out_has_patient",
            ),
        ]

    def __str__(self) -> str:
        return f"pump {self.serial}"
