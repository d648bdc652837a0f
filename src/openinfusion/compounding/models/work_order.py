# SPDX-License-Identifier: Apache-2.0
"""Work orders, their ingredients and captured lots, preparations and their labels."""
from __future__ import annotations

from typing import Any, ClassVar

import pgtrigger
from django.db import models
from django.db.models import F, Q

from openinfusion.compounding.domain.beyond_use import Storage
from openinfusion.compounding.domain.work_order import WORK_ORDER, WorkOrderFacts, WorkOrderState
from openinfusion.kernel.machine import Machine
from openinfusion.platform.models import Record, choice_field, ref, state_field, tracked


def amount(**options: Any) -> Any:
    return models.DecimalField(max_digits=18, decimal_places=6, **options)


_IN_HOOD = ["in_compounding", "compounded", "final_check", "verified", "labeled", "released_to_dispense"]
_CHECKED = ["verified", "labeled", "released_to_dispense"]

_EVERY_STEP = """
    IF EXISTS (
        SELECT 1 FROM compounding_benchstep s WHERE s.work_order_id = NEW.id AND NOT EXISTS (
            SELECT 1 FROM compounding_stepdone d LEFT JOIN compounding_steplook l ON l.done_id = d.id
            WHERE d.step_id = s.id AND ((d.look = '' AND l.id IS NULL) OR l.accepted))) THEN
        RAISE EXCEPTION 'not every step is done' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
"""


@tracked
class WorkOrder(Record):
    """One supply of one prescription version: so many doses, for so many days."""

    machine: ClassVar[Machine[WorkOrderState, WorkOrderFacts]] = WORK_ORDER

    state = state_field(WORK_ORDER)
    number = models.TextField()
    prescription = ref("therapy.Prescription")
    therapy = ref("therapy.Therapy")
    patient = ref("patients.Patient")
    site = ref("platform.Site")
    supply_no = models.PositiveIntegerField()
    drug_code = models.TextField()
    drug_name = models.TextField()
    hazardous = models.BooleanField(default=False)
    method = models.TextField()  # compound, dispense
    dose_amount = amount()
    dose_unit = models.TextField()
    doses = models.PositiveIntegerField()
    first_on = models.DateField()
    last_on = models.DateField()
    need_by = models.DateTimeField()
    chair_at = models.DateTimeField(null=True)  # when its patient sits in a suite's chair, by the appointment ``chair_of``
    chair_of = models.UUIDField(null=True)
    length_because = models.TextField()
    category = models.PositiveSmallIntegerField()
    storage = choice_field(Storage)
    container = models.TextField()
    final_volume_ml = amount()
    concentration_amount = amount()  # in 1 mL
    stability_hours = models.PositiveIntegerField(null=True)
    stability_source = models.TextField(default="")
    formula = ref("catalog.Formula", null=True)  # the version of the master formulation it is made by
    hood = ref("sites.Hood", null=True)
    hood_name = models.TextField(default="")
    staged_by = models.UUIDField(null=True)
    pre_checked_by = models.UUIDField(null=True)
    compounded_by = models.UUIDField(null=True)
    compounder_name = models.TextField(default="")
    compounded_at = models.DateTimeField(null=True)
    verified_by = models.UUIDField(null=True)
    verifier_name = models.TextField(default="")
    dispensed_by = models.UUIDField(null=True)

    class Meta(Record.Meta):
        constraints = [
            models.UniqueConstraint(fields=["organization", "number"], name="work_order_number_once"),
            models.UniqueConstraint(
                fields=["prescription", "supply_no"], condition=~Q(state__in=["cancelled", "wasted", "recalled"]),
                name="work_order_one_per_supply",
            ),
            models.CheckConstraint(condition=Q(doses__gt=0), name="work_order_has_doses"),
            models.CheckConstraint(
                condition=Q(chair_at__isnull=True, chair_of__isnull=True) | Q(chair_at__isnull=False, chair_of__isnull=False),
                name="work_order_chair_whole",
            ),
            models.CheckConstraint(condition=Q(last_on__gte=F("first_on")), name="work_order_days_in_order"),
            models.CheckConstraint(
                condition=Q(verified_by__isnull=True) | ~Q(verified_by=F("compounded_by")),
                name="work_order_checker_is_another",
            ),
            models.CheckConstraint(
                condition=Q(dispensed_by__isnull=True) | ~Q(dispensed_by=F("compounded_by")),
                name="work_order_releaser_is_another",
            ),
            models.CheckConstraint(
                condition=Q(pre_checked_by__isnull=True) | ~Q(pre_checked_by=F("staged_by")),
                name="work_order_pre_checker_is_another",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=_CHECKED) | (Q(verified_by__isnull=False) & Q(compounded_by__isnull=False)),
                name="work_order_checked_before_leaving",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=_IN_HOOD) | Q(hood__isnull=False) | Q(method="dispense"),
                name="work_order_made_in_a_hood",
            ),
        ]
        indexes = [models.Index(fields=["organization", "state", "need_by"], name="work_order_bench")]
        triggers = [
            pgtrigger.Trigger(
                name="work_order_every_step_done", when=pgtrigger.Before, operation=pgtrigger.UpdateOf("state"),
                condition=pgtrigger.Q(new__state="compounded", old__state="in_compounding"), func=_EVERY_STEP,
            )
        ]

    def __str__(self) -> str:
        return f"work order {self.number}"


@tracked
class Ingredient(Record):
    """One line: a product, the packages to take, and what of them is used and left over."""

    work_order = ref("compounding.WorkOrder")
    role = models.TextField()  # drug, solvent (of a powder), diluent, container, nutrition
    product = ref("catalog.Product")
    name = models.TextField()
    gtin = models.TextField()
    packages = models.PositiveIntegerField()
    used_amount = amount()
    discarded_amount = amount()
    amount_unit = models.TextField()
    single_dose = models.BooleanField()
    place = models.PositiveSmallIntegerField(default=0)  # in the order of mixing
    step = models.TextField(default="")
    each_ml = amount(null=True)  # for each bag of nutrition, overfill included

    class Meta(Record.Meta):
        constraints = [
            models.CheckConstraint(
                condition=~Q(role="nutrition") | (Q(each_ml__isnull=False, each_ml__gt=0) & ~Q(step="")),
                name="ingredient_of_nutrition_has_its_step",
            ),
            models.CheckConstraint(
                condition=Q(packages__gt=0) & Q(used_amount__gte=0) & Q(discarded_amount__gte=0),
                name="ingredient_positive",
            ),
        ]
        indexes = [models.Index(fields=["work_order"], name="ingredient_of_work_order")]

    def __str__(self) -> str:
        return self.name


@tracked
class LotCapture(Record):
    """A lot as it was scanned, or keyed and confirmed by a second person."""

    work_order = ref("compounding.WorkOrder")
    ingredient = ref("compounding.Ingredient")
    lot = ref("inventory.Lot")
    lot_number = models.TextField()
    expires_on = models.DateField()
    packages = models.PositiveIntegerField()
    keyed = models.BooleanField()
    code = models.TextField()
    captured_by = models.UUIDField()
    capturer_name = models.TextField()
    confirmed_by = models.UUIDField(null=True)
    confirmer_name = models.TextField(default="")

    class Meta(Record.Meta):
        constraints = [
            models.CheckConstraint(condition=Q(packages__gt=0), name="capture_positive"),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True) | ~Q(confirmed_by=F("captured_by")),
                name="capture_confirmer_is_another",
            ),
        ]
        indexes = [models.Index(fields=["work_order"], name="capture_of_work_order")]

    def __str__(self) -> str:
        return f"lot {self.lot_number}"


@tracked
class Preparation(Record):
    """What came out of the hood: one batch of containers with its beyond-use date and the limit that set it."""

    work_order = ref("compounding.WorkOrder")
    patient = ref("patients.Patient")
    lot_number = models.TextField()
    containers = models.PositiveIntegerField()
    beyond_use_at = models.DateTimeField()
    limit_name = models.TextField()
    limit_text = models.TextField()
    considered = models.JSONField(default=list)
    label_file = ref("platform.StoredFile", null=True)
    label_printed_at = models.DateTimeField(null=True)
    label_printed_by = models.UUIDField(null=True)
    released_at = models.DateTimeField(null=True)

    class Meta(Record.Meta):
        constraints = [
            models.UniqueConstraint(fields=["work_order"], name="preparation_of_work_order_once"),
            models.UniqueConstraint(fields=["organization", "lot_number"], name="preparation_lot_once"),
            models.CheckConstraint(
                condition=Q(beyond_use_at__gt=F("made_at")), name="preparation_beyond_use_after_making",
            ),
            models.CheckConstraint(condition=Q(containers__gt=0) & ~Q(limit_name=""), name="preparation_limit_named"),
        ]

    def __str__(self) -> str:
        return f"preparation {self.lot_number}"


class LabelPrint(Record):
    """One printing of a preparation's labels; every one after the first says why."""

    written_once: ClassVar = True

    preparation = ref("compounding.Preparation")
    number = models.PositiveSmallIntegerField()
    file = ref("platform.StoredFile")
    printed_by = models.UUIDField()
    printer_name = models.TextField()
    reason = models.TextField(default="")

    class Meta(Record.Meta):
        constraints = [
            models.UniqueConstraint(fields=["preparation", "number"], name="label_print_counted"),
            models.CheckConstraint(condition=Q(number=1) | ~Q(reason=""), name="label_reprint_has_reason"),
        ]
        triggers = [pgtrigger.Protect(name="label_print_is_written_once", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"printing {self.number}"
