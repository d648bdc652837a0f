# SPDX-License-Identifier: Apache-2.0
"""Payers, their plans, and the versions of their contracts with rates and rules."""
from __future__ import annotations

from decimal import Decimal

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from openinfusion.kernel.standing import Source, Standing
from openinfusion.payers.domain.contract import ClaimForm, DayBasis, LineSplit, PayerType
from openinfusion.payers.domain.rate import Basis
from openinfusion.payers.domain.rule import RuleKind
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
    """One version of a contract with a payer; for one plan only, where ``plan`` is set.

    ``agreement`` is the same in all versions. ``drafted_by`` is empty for what came on file.
    """

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
    program_modifier = models.TextField(default="", blank=True)
    timely_filing_days = models.PositiveIntegerField()
    timely_from = models.TextField()
    per_diem_payable = models.BooleanField()
    nursing_payable = models.BooleanField()
    require_kx = models.BooleanField()
    jw_jz = models.BooleanField()
    agreement = models.UUIDField()
    hold_on = ArrayField(models.TextField(), default=list)
    per_diems_a_day = models.PositiveSmallIntegerField(default=0)
    first_dose_separate = models.BooleanField(default=False)
    lesser_of_charge = models.BooleanField(default=False)
    escalator_pct = models.DecimalField(max_digits=5, decimal_places=2, default=Decimal(0))
    corrected_filing_days = models.PositiveIntegerField(null=True)
    appeal_days = models.PositiveIntegerField(null=True)
    pay_days = models.PositiveIntegerField(default=45)
    claim_form = choice_field(ClaimForm, default=ClaimForm.BY_BENEFIT.value)
    drafted_by = models.UUIDField(null=True, editable=False)
    drafter_name = models.TextField(default="", editable=False)
    signed_by = models.UUIDField(null=True, editable=False)
    signed_name = models.TextField(default="", editable=False)
    signed_at = models.DateTimeField(null=True, editable=False)
    source = models.TextField()
    status = choice_field(Standing)

    class Meta(Record.Meta):
        constraints = [
            models.UniqueConstraint(fields=["organization", "agreement", "first_on"], name="payers_contract_once"),
            models.CheckConstraint(
                condition=Q(drafted_by__isnull=True)
                | (Q(status=Standing.SIGNED.value) & Q(signed_by__isnull=False) & ~Q(signed_by=F("drafted_by"))),
                name="payers_contract_by_two",
            ),
            models.CheckConstraint(
                condition=Q(last_on=None) | Q(last_on__gte=F("first_on")), name="payers_contract_in_order"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def standing(self) -> Source:
        return Source(self.source, self.first_on, Standing(self.status), self.signed_name)


@tracked
class Rate(Record):
    """One line of a version's rates. ``hcpcs`` is a code, or the beginning of codes with a star; see domain/rate.py."""

    contract = ref("payers.Contract")
    hcpcs = models.TextField()
    basis = choice_field(Basis)
    amount = models.DecimalField(max_digits=12, decimal_places=6, null=True)  # dollars a unit, or a percentage
    lesser_basis = choice_field(Basis, default="", blank=True)
    lesser_amount = models.DecimalField(max_digits=12, decimal_places=6, null=True)
    cap = models.DecimalField(max_digits=12, decimal_places=6, null=True)  # dollars a unit
    carved_to = models.TextField(default="", blank=True)
    source = models.TextField()
    status = choice_field(Standing)

    class Meta(Record.Meta):
        constraints = [
            models.UniqueConstraint(fields=["organization", "contract", "hcpcs"], name="payers_rate_once"),
            models.CheckConstraint(
                condition=Q(basis=Basis.CARVED.value, amount=None) | (~Q(basis=Basis.CARVED.value) & Q(amount__gt=0)),
                name="payers_rate_positive",
            ),
            models.CheckConstraint(
                condition=Q(lesser_basis="", lesser_amount=None) | (~Q(lesser_basis="") & Q(lesser_amount__gt=0)),
                name="payers_lesser_is_whole",
            ),
            models.CheckConstraint(condition=Q(cap=None) | Q(cap__gt=0), name="payers_cap_positive"),
        ]

    def __str__(self) -> str:
        return f"the rate of {self.hcpcs}"


@tracked
class ContractRule(Record):
    """One rule of a version; see domain/rule.py."""

    contract = ref("payers.Contract")
    kind = choice_field(RuleKind)
    subjects = ArrayField(models.TextField())
    value = models.TextField()
    place = models.PositiveIntegerField()

    class Meta(Record.Meta):
        constraints = [
            models.UniqueConstraint(fields=["organization", "contract", "place"], name="payers_rule_once"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {' '.join(self.subjects)}: {self.value}"
