# SPDX-License-Identifier: Apache-2.0
"""Months and their close. Once a month is closed, triggers on the ledger and the costs refuse entries dated inside it."""
from __future__ import annotations

from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models import F, Q

from openinfusion.billing.domain.period import PERIOD
from openinfusion.platform.models import Record, ref, state_field, tracked

REFUSED = """
    SELECT p.state INTO found FROM billing_period p
    WHERE p.organization_id = NEW.organization_id AND NEW."on" BETWEEN p."first" AND p."last" FOR SHARE;
    IF found = 'closed' THEN
        RAISE EXCEPTION 'the month of % is closed', NEW."on" USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
"""


def refuses_closed_months(name: str) -> pgtrigger.Trigger:
    """A trigger that keeps new rows out of closed months; it waits for a close that is being approved just now."""
    return pgtrigger.Trigger(
        name=name, when=pgtrigger.Before, operation=pgtrigger.Insert, declare=[("found", "TEXT")], func=REFUSED,
    )


@tracked
class Period(Record):
    """One month of the books; ``figures`` are the accounts and the margin as they stood when it was approved."""

    machine: ClassVar = PERIOD
    first = models.DateField()
    last = models.DateField()
    state = state_field(PERIOD)
    closed_by = models.UUIDField(null=True)
    closed_name = models.TextField(blank=True)
    approved_by = models.UUIDField(null=True)
    approved_name = models.TextField(blank=True)
    approved_at = models.DateTimeField(null=True)
    figures = models.JSONField(default=dict)

    class Meta(Record.Meta):
        constraints = [
            models.UniqueConstraint(fields=["organization", "first"], name="period_once"),
            models.CheckConstraint(name="period_days", condition=Q(last__gte=F("first"))),
            models.CheckConstraint(
                name="period_second_person",
                condition=~Q(state="closed") | (
                    Q(approved_by__isnull=False, closed_by__isnull=False) & ~Q(approved_by=F("closed_by"))
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.first:%B %Y}"


@tracked
class PeriodNote(Record):
    """Why one row of a month's checklist is right as it is."""

    period = ref("billing.Period")
    key = models.TextField()
    text = models.TextField()
    written_by = models.UUIDField()
    written_name = models.TextField()

    class Meta(Record.Meta):
        constraints = [models.UniqueConstraint(fields=["organization", "period", "key"], name="period_note_once")]

    def __str__(self) -> str:
        return self.key
