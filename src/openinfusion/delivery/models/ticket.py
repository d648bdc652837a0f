# SPDX-License-Identifier: Apache-2.0
"""Delivery tickets and what is on them."""
from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from openinfusion.delivery.domain.pack_out import Lane, Payload
from openinfusion.delivery.domain.ticket import TICKET
from openinfusion.platform.models import Record, choice_field, degrees, ref, state_field, tracked, whole_position


@tracked
class DeliveryTicket(Record):
    """One delivery to one patient."""

    machine: ClassVar = TICKET
    number = models.TextField()
    patient = ref("patients.Patient")
    therapy = ref("therapy.Therapy")
    site = ref("platform.Site")
    state = state_field(TICKET)
    covers_first_on = models.DateField(null=True)
    covers_last_on = models.DateField(null=True)
    doses = models.PositiveIntegerField(default=0)
    need_by = models.DateField(null=True)
    instructions = models.TextField(blank=True)
    address = models.TextField(blank=True)
    lane = choice_field(Lane, default=Lane.COURIER.value)
    pack_out = models.TextField(blank=True)
    packed_by = models.UUIDField(null=True)
    checked_by = models.UUIDField(null=True)
    driver = models.UUIDField(null=True)
    driver_name = models.TextField(blank=True)
    dispatched_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    received_by = models.TextField(blank=True)
    relation = models.TextField(blank=True)
    signature_path = models.TextField(blank=True)
    arrived_c = models.DecimalField(max_digits=5, decimal_places=1, null=True)
    follows = ref("delivery.DeliveryTicket", null=True)  # what was left of an earlier one
    open_concerns = models.PositiveSmallIntegerField(default=0)
    call_attempts = models.PositiveSmallIntegerField(default=0)
    call_again_at = models.DateTimeField(null=True)
    window_from = models.TimeField(null=True)  # by the patient's clock
    window_to = models.TimeField(null=True)
    payload = choice_field(Payload, default=Payload.ROOM.value)
    validation = ref("delivery.PackOutValidation", null=True)
    done_steps: models.Field[list[str], list[str]] = ArrayField(models.TextField(), default=list)
    logger_serial = models.TextField(blank=True, default="")
    logger_verdict = models.TextField(blank=True, default="")  # fine, borne, excursion, usable, unusable
    seal = models.TextField(blank=True, default="")
    packed_at = models.DateTimeField(null=True)
    holds_until = models.DateTimeField(null=True)
    service = ref("delivery.CarrierService", null=True)
    tracking_number = models.TextField(blank=True, default="")
    fail_code = models.TextField(blank=True, default="")
    fail_next = models.TextField(blank=True, default="")
    identity = models.TextField(blank=True, default="")
    photo_id = models.UUIDField(null=True)
    latitude = degrees()
    longitude = degrees()
    accuracy_m = models.PositiveIntegerField(null=True)
    note = models.TextField(blank=True, default="")
    not_before = models.DateField(null=True)  # the payer's refill may not arrive earlier
    stop_id = models.UUIDField(null=True)  # the open stop of a route it is on
    scanned_at_door = models.PositiveSmallIntegerField(default=0)

    class Meta(Record.Meta):
        constraints = [
            models.UniqueConstraint(fields=["organization", "number"], name="delivery_number_once"),
            models.CheckConstraint(
                name="delivery_checker_is_another",
                condition=Q(checked_by__isnull=True) | Q(packed_by__isnull=True) | ~Q(checked_by=F("packed_by")),
            ),
            models.CheckConstraint(
                name="delivery_has_proof",
                condition=~Q(state="delivered") | (
                    Q(delivered_at__isnull=False) & ~Q(received_by="") & ~Q(signature_path="")),
            ),
            models.CheckConstraint(
                name="delivery_cold_is_validated",
                condition=Q(payload="room") | ~Q(state__in=("dispatched", "delivered"))
                | (Q(validation__isnull=False) & Q(holds_until__isnull=False)),
            ),
            models.CheckConstraint(
                name="delivery_waits_for_concerns",
                condition=Q(open_concerns=0) | ~Q(state__in=("confirmed", "picked", "packed", "rph_checked", "dispatched")),
            ),
            models.CheckConstraint(name="delivery_fails_with_code", condition=~Q(state="failed") | ~Q(fail_code="")),
            models.CheckConstraint(name="delivery_position_whole", condition=whole_position()),
            models.UniqueConstraint(
                fields=["organization", "logger_serial"], name="delivery_logger_in_one_box",
                condition=~Q(logger_serial="") & Q(state__in=("picked", "packed", "rph_checked", "dispatched", "failed")),
            ),
        ]
        indexes = [
            models.Index(fields=["state", "need_by"], name="delivery_by_state"),
            models.Index(fields=["therapy", "state"], name="delivery_by_therapy"),
        ]

    def __str__(self) -> str:
        return self.number


class LineKind(models.TextChoices):
    PREPARATION = "preparation"
    SUPPLY = "supply"
    EQUIPMENT = "equipment"


@tracked
class TicketLine(Record):
    """One thing that goes along: a preparation by its label, or a supply by its lot."""

    ticket = ref("delivery.DeliveryTicket")
    kind = models.TextField(choices=LineKind.choices)
    preparation = ref("compounding.Preparation", null=True)
    prescription = ref("therapy.Prescription", null=True)
    product = ref("catalog.Product", null=True)
    text = models.TextField()
    quantity = models.PositiveIntegerField(default=1)
    scan_code = models.TextField(blank=True)
    storage = models.TextField(default="room")
    lot_text = models.TextField(blank=True)
    cost_cents = models.BigIntegerField(default=0)
    picked_at = models.DateTimeField(null=True)
    picked_by = models.UUIDField(null=True)

    class Meta(Record.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "preparation"], name="delivery_preparation_once",
                condition=Q(preparation__isnull=False),
            ),
            models.CheckConstraint(name="delivery_line_quantity", condition=Q(quantity__gt=0)),
        ]
        indexes = [models.Index(fields=["ticket"], name="delivery_line_by_ticket")]

    def __str__(self) -> str:
        return self.text
