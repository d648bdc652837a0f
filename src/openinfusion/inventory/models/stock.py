# SPDX-License-Identifier: Apache-2.0
"""Places, lots, the ledger of movements, what is on hand, reservations."""
from __future__ import annotations

from typing import Any, ClassVar

import pgtrigger
from django.db import models
from django.db.models import F, Q

from openinfusion.inventory.domain.controlled import WITNESSED
from openinfusion.inventory.domain.lot import LOT, LotFacts, LotState
from openinfusion.inventory.domain.movement import Kind
from openinfusion.inventory.domain.ownership import Ownership
from openinfusion.inventory.domain.place import PlaceKind
from openinfusion.kernel.machine import Machine
from openinfusion.platform.models import Record, choice_field, ref, state_field, tracked

_WITNESSED = """
IF EXISTS (SELECT 1 FROM inventory_lot WHERE id = NEW.lot_id AND schedule <> '') THEN
  RAISE EXCEPTION 'a % of a controlled substance needs a witness', NEW.kind USING ERRCODE = 'check_violation';
END IF;
RETURN NEW;
"""
_OWN_POOL = """
SELECT ownership, patient_id INTO whose FROM inventory_lot WHERE id = NEW.lot_id;
IF whose.ownership IS DISTINCT FROM NEW.ownership OR whose.patient_id IS DISTINCT FROM NEW.patient_id THEN
  RAISE EXCEPTION 'stock of one owner is never held for another' USING ERRCODE = 'check_violation';
END IF;
RETURN NEW;
"""


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
    pick_order = models.PositiveIntegerField(default=0)  # where it stands on the walk through the store
    patient = ref("patients.Patient", null=True)  # of a patient's home

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
    ownership = choice_field(Ownership, default=Ownership.OWNED.value)
    patient = ref("patients.Patient", null=True)  # whom white-bagged stock was bought for
    schedule = models.TextField(default="")  # of a controlled substance: CII to CV

    class Meta(Record.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "product", "number", "serial", "ownership", "patient"], name="lot_once_an_owner",
                nulls_distinct=False,
            ),
            models.CheckConstraint(condition=Q(cost_cents__gte=0), name="lot_cost_not_negative"),
            models.CheckConstraint(
                condition=Q(ownership="white_bagged", patient__isnull=False)
                | (~Q(ownership="white_bagged") & Q(patient__isnull=True)), name="lot_white_bagged_for_one_patient",
            ),
        ]
        triggers = [pgtrigger.ReadOnly(name="lot_keeps_its_owner", fields=["ownership", "patient", "schedule", "product"])]
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
    witnessed_by = models.UUIDField(null=True)
    witness_name = models.TextField(default="")

    class Meta(Record.Meta):
        indexes = [
            models.Index(fields=["lot", "location"], name="movement_by_place"),
            models.Index(fields=["for_id"], name="movement_by_purpose"),
        ]
        triggers = [
            pgtrigger.Protect(name="ledger_is_written_once", operation=pgtrigger.Update | pgtrigger.Delete),
            pgtrigger.Trigger(
                name="controlled_is_witnessed", when=pgtrigger.Before, operation=pgtrigger.Insert,
                func=_WITNESSED,
                condition=pgtrigger.Q(new__kind__in=[k.value for k in WITNESSED], new__witnessed_by__isnull=True),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(kind__in=["adjust", "waste", "recall", "send_back", "destroy"]) | ~Q(reason=""),
                name="movement_has_reason",
            ),
            models.CheckConstraint(
                condition=Q(witnessed_by__isnull=True) | ~Q(witnessed_by=F("moved_by")), name="movement_witness_is_another",
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
    ownership = choice_field(Ownership, default=Ownership.OWNED.value)
    patient = ref("patients.Patient", null=True)  # of white-bagged stock

    class Meta(Record.Meta):
        constraints = [
            models.CheckConstraint(condition=Q(held_amount__gt=0), name="reservation_positive"),
            models.CheckConstraint(
                condition=Q(issued_amount__gte=0) & Q(released_amount__gte=0)
                & Q(issued_amount__lte=F("held_amount") - F("released_amount")), name="reservation_balances",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="reservation_keeps_to_its_pool", when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("lot_id", "ownership", "patient_id"),
                declare=[("whose", "record")], func=_OWN_POOL,
            ),
        ]
        indexes = [models.Index(fields=["for_id"], name="reservation_by_purpose")]

    def __str__(self) -> str:
        return "reservation"
