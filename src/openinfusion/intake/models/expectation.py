# SPDX-License-Identifier: Apache-2.0
"""What was expected of a course after it was accepted, each time something that it rests on changed."""
from __future__ import annotations

from enum import StrEnum

from django.contrib.postgres.fields import ArrayField
from django.db import models

from openinfusion.platform.models import Record, choice_field, ref, tracked


class Cause(StrEnum):
    """What made the expectation be worked out again."""

    PRESCRIPTION = "prescription"
    CONTRACT = "contract"
    PRICES = "prices"
    PRICES_BACK = "prices_back"  # a list was taken back
    COST = "cost"  # a product costs the house otherwise


@tracked
class Expectation(Record):
    """One expectation after acceptance. ``cause_id`` is the prescription, contract version, price list or cost that made it."""

    referral = ref("intake.Referral")
    number = models.PositiveIntegerField()
    cause = choice_field(Cause)
    cause_id = models.UUIDField()
    why = models.TextField()
    on = models.DateField()
    reimbursement_cents = models.BigIntegerField()
    cost_cents = models.BigIntegerField()
    unknowns = ArrayField(models.TextField(), default=list)
    lines = models.JSONField(default=list)
    days = models.PositiveIntegerField(default=0)

    class Meta(Record.Meta):
        constraints = [
            models.UniqueConstraint(fields=["organization", "referral", "number"], name="intake_expectation_number_once"),
            models.UniqueConstraint(
                fields=["organization", "referral", "cause", "cause_id"], name="intake_expectation_cause_once",
            ),
        ]

    def __str__(self) -> str:
        return f"expectation {self.number}"
