# SPDX-License-Identifier: Apache-2.0
"""Par levels, purchase orders, shortages with substitutes, forecasts."""
from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from openinfusion.inventory.domain.order import ORDER, OrderFacts, OrderState
from openinfusion.inventory.domain.substitute import SUBSTITUTE, SubstituteFacts, SubstituteState
from openinfusion.inventory.models.stock import quantity
from openinfusion.kernel.machine import Machine
from openinfusion.platform.models import Record, ref, state_field, tracked


@tracked
class ParLevel(Record):
    """What a site wants to have of a product, and how grave it is to lack it."""

    site = ref("platform.Site")
    product = ref("catalog.Product")
    par_amount = quantity()
    harm = models.TextField(default="usual", choices=[("high", "high"), ("usual", "usual"), ("low", "low")])

    class Meta(Record.Meta):
        constraints = [
            models.UniqueConstraint(fields=["site", "product"], name="par_once"),
            models.CheckConstraint(condition=Q(par_amount__gte=0), name="par_not_negative"),
        ]

    def __str__(self) -> str:
        return f"the par level of {self.product}"


@tracked
class PurchaseOrder(Record):
    """An order to one supplier for one site."""

    machine: ClassVar[Machine[OrderState, OrderFacts]] = ORDER

    state = state_field(ORDER)
    number = models.TextField()
    site = ref("platform.Site")
    supplier = ref("inventory.Supplier")
    proposed_by = models.UUIDField(null=True)
    proposer_name = models.TextField(default="")
    approved_by = models.UUIDField(null=True)
    approver_name = models.TextField(default="")
    sent_at = models.DateTimeField(null=True)
    expected_on = models.DateField(null=True)

    class Meta(Record.Meta):
        constraints = [
            models.UniqueConstraint(fields=["organization", "number"], name="order_number_once"),
            models.CheckConstraint(
                condition=~Q(state__in=["approved", "sent", "part_received", "received"]) | Q(approved_by__isnull=False),
                name="order_sent_is_approved",
            ),
        ]

    def __str__(self) -> str:
        return f"purchase order {self.number}"


@tracked
class PurchaseLine(Record):
    """A product on an order: packages, price, and the reason for the figure."""

    order = ref("inventory.PurchaseOrder")
    product = ref("catalog.Product")
    amount = quantity()
    price_cents = models.BigIntegerField()
    reason = models.TextField(default="")
    received_amount = quantity(default=0)
    damaged_amount = quantity(default=0)

    class Meta(Record.Meta):
        constraints = [
            models.UniqueConstraint(fields=["order", "product"], name="order_product_once"),
            models.CheckConstraint(
                condition=Q(amount__gt=0) & Q(price_cents__gte=0) & Q(received_amount__gte=0) & Q(damaged_amount__gte=0),
                name="order_line_positive",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.product} on an order"


@tracked
class Shortage(Record):
    """A product that cannot be had."""

    product = ref("catalog.Product")
    since_on = models.DateField()
    expected_on = models.DateField(null=True)
    note = models.TextField(default="")
    ended_on = models.DateField(null=True)

    class Meta(Record.Meta):
        constraints = [
            models.UniqueConstraint(fields=["organization", "product"], condition=Q(ended_on__isnull=True), name="shortage_once"),
        ]

    def __str__(self) -> str:
        return f"the shortage of {self.product}"


@tracked
class Substitute(Record):
    """A product that may stand in for another of the same drug; two pharmacists a row."""

    machine: ClassVar[Machine[SubstituteState, SubstituteFacts]] = SUBSTITUTE

    state = state_field(SUBSTITUTE)
    product = ref("catalog.Product")
    instead = ref("catalog.Product")
    differs = models.TextField()  # what changes at the bench or for the patient
    source = models.TextField()
    proposed_by = models.UUIDField()
    proposer_name = models.TextField()
    signed_by = models.UUIDField(null=True)
    signer_name = models.TextField(default="")
    signed_at = models.DateTimeField(null=True)

    class Meta(Record.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "product", "instead"], condition=Q(state__in=["proposed", "signed"]),
                name="substitute_once",
            ),
            models.CheckConstraint(condition=~Q(product=F("instead")), name="substitute_is_another"),
            models.CheckConstraint(
                condition=Q(signed_by__isnull=True) | ~Q(signed_by=F("proposed_by")), name="substitute_signer_is_another",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.instead} instead of {self.product}"


@tracked
class Forecast(Record):
    """What is used of a product besides the schedules, a week: the newest run takes the place of the one before."""

    site = ref("platform.Site")
    product = ref("catalog.Product")
    weekly = quantity()
    spread = quantity()
    method = models.TextField()
    weeks = models.PositiveSmallIntegerField()
    run_at = models.DateTimeField()

    class Meta(Record.Meta):
        constraints = [models.UniqueConstraint(fields=["site", "product"], name="forecast_once")]

    def __str__(self) -> str:
        return f"the forecast of {self.product}"
