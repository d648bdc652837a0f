# SPDX-License-Identifier: Apache-2.0
"""Delivery tickets, what is on them, and the calls made for them."""
from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from openinfusion.delivery.domain.pack_out import Lane
from openinfusion.delivery.domain.ticket import TICKET
from openinfusion.platform.models import Record, choice_field, ref, state_field, tracked


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


@tracked
class RefillCall(Record):
    """One pre-delivery call and what was said."""

    ticket = ref("delivery.DeliveryTicket")
    called_at = models.DateTimeField()
    called_by = models.UUIDField()
    caller_name = models.TextField()
    spoke_with = models.TextField()
    relation = models.TextField(blank=True)
    doses_on_hand = models.PositiveIntegerField(default=0)
    doses_missed = models.PositiveIntegerField(default=0)
    missed_why = models.TextField(blank=True)
    changes = models.TextField(blank=True)
    side_effects = models.TextField(blank=True)
    address_right = models.BooleanField(default=True)
    consents = models.BooleanField(default=False)
    need_by = models.DateField()
    instructions = models.TextField(blank=True)

    class Meta(Record.Meta):
        indexes = [models.Index(fields=["ticket"], name="delivery_call_by_ticket")]

    def __str__(self) -> str:
        return f"call about {self.ticket_id}"
