# SPDX-License-Identifier: Apache-2.0
"""The steps of a work order at the hood, what was done of them, who looked, and what was reported. Nothing is ever changed."""
from __future__ import annotations

from typing import Any, ClassVar

import pgtrigger
from django.db import models
from django.db.models import F, Q

from openinfusion.compounding.domain.bench_report import BENCH_REPORT, ReportFacts, ReportKind, ReportState
from openinfusion.compounding.domain.bench_step import Proof, StepKind
from openinfusion.kernel.machine import Machine
from openinfusion.platform.models import Record, choice_field, ref, state_field, tracked

_GROW = pgtrigger.Update | pgtrigger.Delete


def measure(**options: Any) -> Any:
    return models.DecimalField(max_digits=18, decimal_places=6, **options)


class BenchStep(Record):
    """One step as it was planned when the work began in the hood."""

    written_once: ClassVar = True

    work_order = ref("compounding.WorkOrder")
    place = models.PositiveSmallIntegerField()
    kind = choice_field(StepKind)
    asks = choice_field(Proof)
    text = models.TextField()
    container = models.PositiveSmallIntegerField()  # 0: all of them
    name = models.TextField(default="")
    ingredient = ref("compounding.Ingredient", null=True)
    product = ref("catalog.Product", null=True)
    count = models.PositiveSmallIntegerField()
    volume_ml = measure(null=True)
    syringe_ml = measure(null=True)
    expected_g = measure(null=True)
    low_g = measure(null=True)
    high_g = measure(null=True)
    look = models.TextField(default="")

    class Meta(Record.Meta):
        constraints = [
            models.UniqueConstraint(fields=["work_order", "place"], name="bench_step_once"),
            models.CheckConstraint(
                condition=~Q(asks="weight") | (Q(low_g__lte=F("expected_g")) & Q(expected_g__lte=F("high_g"))),
                name="bench_step_weight_has_its_band",
            ),
        ]
        triggers = [pgtrigger.Protect(name="bench_step_is_written_once", operation=_GROW)]

    def __str__(self) -> str:
        return f"step {self.place}"


_IN_ORDER = """
    IF EXISTS (SELECT 1 FROM compounding_benchreport r
               WHERE r.work_order_id = NEW.work_order_id AND r.stops AND r.state = 'open') THEN
        RAISE EXCEPTION 'the work is stopped' USING ERRCODE = 'check_violation';
    END IF;
    IF EXISTS (SELECT 1 FROM compounding_stepdone d LEFT JOIN compounding_steplook l ON l.done_id = d.id
               WHERE d.work_order_id = NEW.work_order_id AND d.place = NEW.place
                 AND (l.id IS NULL OR l.accepted)) THEN
        RAISE EXCEPTION 'step % is done', NEW.place USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.place > 1 AND NOT EXISTS (
        SELECT 1 FROM compounding_stepdone d LEFT JOIN compounding_steplook l ON l.done_id = d.id
        WHERE d.work_order_id = NEW.work_order_id AND d.place = NEW.place - 1
          AND ((d.look = '' AND l.id IS NULL) OR l.accepted)) THEN
        RAISE EXCEPTION 'step % comes before its turn', NEW.place USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
"""


class StepDone(Record):
    """A step that was done: by whom, when, with what. ``look`` says why another person must look; empty: nobody."""

    written_once: ClassVar = True

    work_order = ref("compounding.WorkOrder")
    step = ref("compounding.BenchStep")
    place = models.PositiveSmallIntegerField()
    done_at = models.DateTimeField()
    done_by = models.UUIDField()
    doer_name = models.TextField()
    code = models.TextField(default="")
    keyed = models.BooleanField(default=False)
    lot = ref("inventory.Lot", null=True)
    lot_number = models.TextField(default="")
    opened = ref("compounding.OpenedContainer", null=True)
    volume_ml = measure(null=True)
    weight_g = measure(null=True)
    photo = ref("platform.StoredFile", null=True)
    look = models.TextField(default="")
    note = models.TextField(default="")

    class Meta(Record.Meta):
        constraints = [
            models.CheckConstraint(condition=Q(keyed=False) | ~Q(look=""), name="step_done_keyed_is_looked_at"),
        ]
        indexes = [models.Index(fields=["work_order", "place"], name="step_done_in_order")]
        triggers = [
            pgtrigger.Protect(name="step_done_is_written_once", operation=_GROW),
            pgtrigger.Trigger(name="step_done_in_order", when=pgtrigger.Before, operation=pgtrigger.Insert, func=_IN_ORDER),
        ]

    def __str__(self) -> str:
        return f"step {self.place}"


class StepLook(Record):
    """The second person's look at a step: accepted, or refused with a note, and then the step is done anew."""

    written_once: ClassVar = True

    done = ref("compounding.StepDone")
    done_by = models.UUIDField()
    looked_by = models.UUIDField()
    looker_name = models.TextField()
    accepted = models.BooleanField()
    note = models.TextField(default="")

    class Meta(Record.Meta):
        constraints = [
            models.UniqueConstraint(fields=["done"], name="step_look_once"),
            models.CheckConstraint(condition=~Q(looked_by=F("done_by")), name="step_look_by_another"),
            models.CheckConstraint(condition=Q(accepted=True) | ~Q(note=""), name="step_look_refused_says_why"),
        ]
        triggers = [
            pgtrigger.Protect(name="step_look_is_written_once", operation=_GROW),
            pgtrigger.Trigger(
                name="step_look_knows_the_doer", when=pgtrigger.Before, operation=pgtrigger.Insert,
                func="SELECT d.done_by INTO NEW.done_by FROM compounding_stepdone d WHERE d.id = NEW.done_id; RETURN NEW;",
            ),
        ]

    def __str__(self) -> str:
        return "second look"


@tracked
class BenchReport(Record):
    """A wrong scan, a near miss, a call: kept, acknowledged at the hood where it stops the work, reviewed by a pharmacist."""

    machine: ClassVar[Machine[ReportState, ReportFacts]] = BENCH_REPORT

    state = state_field(BENCH_REPORT)
    work_order = ref("compounding.WorkOrder")
    patient = ref("patients.Patient")
    step = ref("compounding.BenchStep", null=True)
    kind = choice_field(ReportKind)
    stops = models.BooleanField()
    text = models.TextField()
    code = models.TextField(default="")
    reported_by = models.UUIDField()
    reporter_name = models.TextField()

    class Meta(Record.Meta):
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="bench_report_says_something")]
        indexes = [models.Index(fields=["work_order", "state"], name="bench_report_of_work_order")]

    def __str__(self) -> str:
        return f"the {self.kind.replace('_', ' ')} report"
