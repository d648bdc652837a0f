# SPDX-License-Identifier: Apache-2.0
"""Statements to patients and their payment plans. A claim whose insurance is pending gets onto no statement."""
from __future__ import annotations

from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models import F, Q

from openinfusion.billing.domain.patient_account import PAYMENT_PLAN
from openinfusion.kernel.money import Money
from openinfusion.platform.models import Record, ref, state_field, tracked


@tracked
class Statement(Record):
    """What a patient was asked for on a day, as it was printed."""

    number = models.TextField()
    patient = ref("patients.Patient")
    on = models.DateField()
    due_on = models.DateField()
    cents = models.BigIntegerField()
    ages = models.JSONField(default=list)
    file_id = models.UUIDField()
    made_by = models.UUIDField()
    made_name = models.TextField()

    class Meta(Record.Meta):
        constraints = [
            models.UniqueConstraint(fields=["organization", "number"], name="statement_number_once"),
            models.CheckConstraint(name="statement_positive", condition=Q(cents__gt=0)),
        ]
        indexes = [models.Index(fields=["patient"], name="statement_by_patient")]

    def __str__(self) -> str:
        return f"statement {self.number}"


class StatementLine(Record):
    """One claim on a statement; the database refuses one whose insurance is pending."""

    written_once: ClassVar = True
    statement = ref("billing.Statement")
    claim = ref("billing.Claim")
    cents = models.BigIntegerField()

    class Meta(Record.Meta):
        constraints = [
            models.UniqueConstraint(fields=["organization", "statement", "claim"], name="statement_claim_once"),
            models.CheckConstraint(name="statement_line_positive", condition=Q(cents__gt=0)),
        ]
        triggers = [
            pgtrigger.Protect(name="statement_line_append_only", operation=pgtrigger.Update | pgtrigger.Delete),
            pgtrigger.Trigger(
                name="statement_after_insurance", when=pgtrigger.Before, operation=pgtrigger.Insert,
                func="""
                    IF NOT EXISTS (
                        SELECT 1 FROM billing_claim c WHERE c.organization_id = NEW.organization_id AND c.id = NEW.claim_id
                        AND c.state = 'patient_resp' AND c.open_cents <= 0
                    ) THEN
                        RAISE EXCEPTION 'insurance is pending on the claim' USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{Money(self.cents)}"


@tracked
class PaymentPlan(Record):
    """Instalments that a patient has agreed to; one at a time."""

    machine: ClassVar = PAYMENT_PLAN
    patient = ref("patients.Patient")
    state = state_field(PAYMENT_PLAN)
    cents = models.BigIntegerField()
    agreed_on = models.DateField()
    agreed_with = models.TextField()
    made_by = models.UUIDField()
    made_name = models.TextField()

    class Meta(Record.Meta):
        constraints = [
            models.UniqueConstraint(fields=["organization", "patient"], name="payment_plan_one", condition=Q(state="agreed")),
            models.CheckConstraint(name="payment_plan_positive", condition=Q(cents__gt=0)),
        ]

    def __str__(self) -> str:
        return f"payment plan over {Money(self.cents)}"


@tracked
class Instalment(Record):
    """One payment of a plan: when it is due, and what came of it."""

    plan = ref("billing.PaymentPlan")
    number = models.PositiveSmallIntegerField()
    due_on = models.DateField()
    cents = models.BigIntegerField()
    paid_cents = models.BigIntegerField(default=0)

    class Meta(Record.Meta):
        constraints = [
            models.UniqueConstraint(fields=["organization", "plan", "number"], name="instalment_once"),
            models.CheckConstraint(
                name="instalment_amounts", condition=Q(cents__gt=0, paid_cents__gte=0, paid_cents__lte=F("cents")),
            ),
        ]

    def __str__(self) -> str:
        return f"instalment {self.number}"


@tracked
class PatientPayment(Record):
    """Money that a patient paid, as it was received; ``deposit`` is the bank's line that brought it."""

    patient = ref("patients.Patient")
    on = models.DateField()
    cents = models.BigIntegerField()
    method = models.TextField()
    reference = models.TextField()
    deposit = ref("billing.Deposit", null=True)
    received_name = models.TextField()

    class Meta(Record.Meta):
        constraints = [models.CheckConstraint(name="patient_payment_positive", condition=Q(cents__gt=0))]
        indexes = [
            models.Index(fields=["patient"], name="patient_payment_by_patient"),
            models.Index(fields=["deposit"], name="patient_payment_by_deposit"),
        ]

    def __str__(self) -> str:
        return f"payment of {Money(self.cents)} by {self.method} {self.reference}"
