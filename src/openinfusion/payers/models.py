# SPDX-License-Identifier: Apache-2.0
"""The tables of payers."""
from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from openinfusion.kernel.standing import Source, Standing
from openinfusion.payers.domain.contract import DayBasis, LineSplit, PayerType
from openinfusion.platform.models import Record, choice_field, ref, tracked


@tracked
class Payer(Record):
    code = models.TextField()
    name = models.TextField()
    type = choice_field(PayerType)
    x12_id = models.TextField()
    authorize_classes = ArrayField(models.TextField(), default=list)
    authorize_codes = ArrayField(models.TextField(), default=list)
    extra_items = ArrayField(models.TextField(), default=list)

    class Meta(Record.Meta):
        constraints = [models.UniqueConstraint(fields=["organization", "code"], name="payers_payer_once")]

    def __str__(self) -> str:
        return self.name


@tracked
class Plan(Record):
    payer = ref("payers.Payer")
    code = models.TextField()
    name = models.TextField()
    filing = models.TextField()
    benefit = models.TextField()

    class Meta(Record.Meta):
        constraints = [models.UniqueConstraint(fields=["organization", "code"], name="payers_plan_once")]

    def __str__(self) -> str:
        return self.name


@tracked
class Contract(Record):
    """A contract of a payer; of one plan only, where ``plan`` is set."""

    payer = ref("payers.Payer")
    plan = ref("payers.Plan", null=True)
    name = models.TextField()
    first_on = models.DateField()
    last_on = models.DateField(null=True)
    day_basis = choice_field(DayBasis)
    max_interval_h = models.PositiveIntegerField()
    count_first_day = models.BooleanField()
    count_last_day = models.BooleanField()
    line_split = choice_field(LineSplit)
    line_form = models.TextField()
    bill_when = models.TextField()
    concurrent_pct = ArrayField(models.PositiveSmallIntegerField())
    modifiers = ArrayField(models.TextField(blank=True))
    suite_modifier = models.TextField(default="", blank=True)
    timely_filing_days = models.PositiveIntegerField()
    timely_from = models.TextField()
    per_diem_payable = models.BooleanField()
    nursing_payable = models.BooleanField()
    require_kx = models.BooleanField()
    jw_jz = models.BooleanField()
    source = models.TextField()
    status = choice_field(Standing)

    class Meta(Record.Meta):
        constraints = [
            models.UniqueConstraint(fields=["organization", "payer", "name", "first_on"], name="payers_contract_once"),
            models.CheckConstraint(
                condition=Q(last_on=None) | Q(last_on__gte=F("first_on")), name="payers_contract_in_order"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def standing(self) -> Source:
        return Source(self.source, self.first_on, Standing(self.status))


@tracked
class Rate(Record):
    contract = ref("payers.Contract")
    hcpcs = models.TextField()
    amount_cents = models.BigIntegerField()
    first_on = models.DateField()
    last_on = models.DateField(null=True)
    source = models.TextField()
    status = choice_field(Standing)

    class Meta(Record.Meta):
        constraints = [
            models.UniqueConstraint(fields=["organization", "contract", "hcpcs", "first_on"], name="payers_rate_once"),
            models.CheckConstraint(condition=Q(amount_cents__gt=0), name="payers_rate_positive"),
        ]

    def __str__(self) -> str:
        return f"the rate of {self.hcpcs}"
