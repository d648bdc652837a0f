# SPDX-License-Identifier: Apache-2.0
"""Trading partners, what they sell and at which price, what came from them, and product that may not be genuine."""
from __future__ import annotations

from typing import ClassVar

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from openinfusion.inventory.domain.suspect import SUSPECT, SuspectFacts, SuspectState
from openinfusion.inventory.models.stock import quantity
from openinfusion.kernel.machine import Machine
from openinfusion.platform.models import Record, ref, state_field, tracked


@tracked
class Supplier(Record):
    """A trading partner with its licence and its terms."""

    code = models.TextField()
    name = models.TextField()
    licence_number = models.TextField(default="")
    licence_state = models.TextField(default="")
    licence_ends_on = models.DateField(null=True)
    licence_verified_on = models.DateField(null=True)
    lead_days = models.PositiveSmallIntegerField(default=1)
    minimum_cents = models.BigIntegerField(default=0)
    payment = models.TextField(default="")
    contact = models.TextField(default="")
    is_active = models.BooleanField(default=True)

    class Meta(Record.Meta):
        constraints = [
            models.UniqueConstraint(fields=["organization", "code"], name="supplier_code_once"),
            models.CheckConstraint(condition=Q(minimum_cents__gte=0), name="supplier_minimum_not_negative"),
        ]

    def __str__(self) -> str:
        return self.name


class SupplierProduct(Record):
    """A price from a day on: what a supplier asks for one package of a product. Written once; a new price is a new row."""

    written_once: ClassVar = True

    supplier = ref("inventory.Supplier")
    product = ref("catalog.Product")
    item_number = models.TextField(default="")
    pack = models.PositiveIntegerField(default=1)  # packages that are sold together
    price_cents = models.BigIntegerField()
    effective_from = models.DateField()

    class Meta(Record.Meta):
        triggers = [pgtrigger.Protect(name="price_is_written_once", operation=pgtrigger.Update | pgtrigger.Delete)]
        constraints = [
            models.CheckConstraint(condition=Q(price_cents__gte=0) & Q(pack__gte=1), name="price_not_negative"),
        ]
        indexes = [models.Index(fields=["supplier", "product", "effective_from"], name="price_by_day")]

    def __str__(self) -> str:
        return f"{self.product} from {self.supplier}"


class Receipt(Record):
    """One delivery from a partner, with its transaction data. Written once."""

    written_once: ClassVar = True

    number = models.TextField()
    supplier = ref("inventory.Supplier")
    site = ref("platform.Site")
    order = ref("inventory.PurchaseOrder", null=True)
    invoice = models.TextField(default="")
    document = models.TextField(default="")  # of the transaction information
    transacted_on = models.DateField(null=True)
    shipped_on = models.DateField(null=True)
    statement = models.BooleanField(default=False)
    licence_number = models.TextField(default="")  # the partner's, as it stood that day
    received_by = models.UUIDField()
    receiver_name = models.TextField()
    kept_until = models.DateField()

    class Meta(Record.Meta):
        triggers = [pgtrigger.Protect(name="receipt_is_written_once", operation=pgtrigger.Update | pgtrigger.Delete)]
        constraints = [
            models.UniqueConstraint(fields=["organization", "number"], name="receipt_number_once"),
            models.CheckConstraint(
                condition=Q(document="", transacted_on__isnull=True, statement=False)
                | (~Q(document="") & Q(transacted_on__isnull=False, statement=True)), name="receipt_transaction_is_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"receipt {self.number}"


class ReceiptLine(Record):
    """One lot of a delivery, with serial numbers and what differed from the order. Written once."""

    written_once: ClassVar = True

    receipt = ref("inventory.Receipt")
    lot = ref("inventory.Lot")
    order_line = ref("inventory.PurchaseLine", null=True)
    good_amount = quantity()
    damaged_amount = quantity(default=0)
    invoiced_cents = models.BigIntegerField()
    serials = ArrayField(models.TextField(), default=list)
    differences = ArrayField(models.TextField(), default=list)

    class Meta(Record.Meta):
        triggers = [pgtrigger.Protect(name="receipt_line_is_written_once", operation=pgtrigger.Update | pgtrigger.Delete)]
        constraints = [
            models.CheckConstraint(
                condition=Q(good_amount__gte=0) & Q(damaged_amount__gte=0) & Q(good_amount__gt=-F("damaged_amount")),
                name="receipt_line_positive",
            ),
        ]

    def __str__(self) -> str:
        return f"receipt of {self.lot}"


@tracked
class Suspect(Record):
    """A lot that may be counterfeit, diverted or tampered with; in quarantine until it is decided."""

    machine: ClassVar[Machine[SuspectState, SuspectFacts]] = SUSPECT

    state = state_field(SUSPECT)
    lot = ref("inventory.Lot")
    why = models.TextField()
    notice = models.TextField(default="")
    condemned_at = models.DateTimeField(null=True)
    notify_by = models.DateTimeField(null=True)
    found_by = models.UUIDField()
    finder_name = models.TextField()

    class Meta(Record.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["lot"], condition=Q(state__in=["suspected", "illegitimate"]), name="suspect_lot_once",
            ),
        ]

    def __str__(self) -> str:
        return f"suspect {self.lot}"
