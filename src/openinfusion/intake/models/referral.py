# SPDX-License-Identifier: Apache-2.0
"""Referrals and what is gathered for them: items received, benefits, assessments."""
from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from openinfusion.intake.domain.referral import REFERRAL, ReferralFacts, ReferralState, TurnAway
from openinfusion.kernel.machine import Machine
from openinfusion.platform.models import Record, choice_field, ref, state_field, tracked


def amount() -> Any:
    return models.DecimalField(max_digits=18, decimal_places=6, null=True)


@tracked
class Referral(Record):
    """One request for care. The order stands here as it was said until acceptance transcribes it."""

    machine: ClassVar[Machine[ReferralState, ReferralFacts]] = REFERRAL

    state = state_field(REFERRAL)
    number = models.TextField()
    patient = ref("patients.Patient")
    site = ref("platform.Site", null=True)
    source = models.TextField()
    source_name = models.TextField(default="", blank=True)
    fingerprint = models.TextField()
    file_id = models.UUIDField(null=True)
    needed_by = models.DateField(null=True)
    note = models.TextField(default="", blank=True)

    drug_text = models.TextField(default="", blank=True)
    drug_code = models.TextField(default="", blank=True)
    therapy_class = models.TextField(default="", blank=True)
    dose_amount = amount()
    dose_unit = models.TextField(default="", blank=True)
    route = models.TextField(default="", blank=True)
    interval_hours = models.PositiveIntegerField(null=True)
    infusion_minutes = models.PositiveIntegerField(null=True)
    rate_ml_per_h = amount()
    start_on = models.DateField(null=True)
    days = models.PositiveIntegerField(null=True)
    doses = models.PositiveIntegerField(null=True)
    ordered_on = models.DateField(null=True)
    order_text = models.TextField(default="", blank=True)
    order_ref = models.TextField(default="", blank=True)
    other_orders = ArrayField(models.TextField(), default=list)
    prescriber_name = models.TextField(default="", blank=True)
    prescriber_npi = models.TextField(default="", blank=True)
    icd10 = models.TextField(default="", blank=True)
    diagnosis_text = models.TextField(default="", blank=True)
    said_coverage = ArrayField(models.TextField(), default=list)

    turn_away = choice_field(TurnAway, default="", blank=True)
    referred_to = models.TextField(default="", blank=True)
    therapy = ref("therapy.Therapy", null=True)
    prescription_id = models.UUIDField(null=True)
    expected_reimbursement_cents = models.BigIntegerField(null=True)
    expected_cost_cents = models.BigIntegerField(null=True)
    expected_unknowns = ArrayField(models.TextField(), default=list)
    expected_lines = models.JSONField(default=list)  # kind, text, cents: income and costs as they stood at acceptance
    state_since = models.DateTimeField()
    required_items = ArrayField(models.TextField(), default=list)  # as they stood at acceptance; empty until then

    class Meta(Record.Meta):
        constraints = [
            models.UniqueConstraint(fields=["organization", "fingerprint"], name="intake_referral_once"),
            models.UniqueConstraint(fields=["organization", "number"], name="intake_referral_number_once"),
            models.CheckConstraint(
                condition=~Q(state__in=["accepted", "scheduled", "start_of_care"]) | Q(therapy__isnull=False),
                name="intake_accepted_has_therapy",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["declined", "referred_out", "cancelled"]) | ~Q(turn_away=""),
                name="intake_end_is_coded",
            ),
        ]
        indexes = [models.Index(fields=["organization", "state"], name="intake_referral_state_ix")]

    def __str__(self) -> str:
        return f"referral {self.number}"


@tracked
class ItemReceived(Record):
    """A required item that came on paper or by word."""

    referral = ref("intake.Referral")
    code = models.TextField()
    note = models.TextField(default="", blank=True)
    received_by = models.UUIDField()
    received_name = models.TextField()
    taken_back = models.BooleanField(default=False)

    class Meta(Record.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "referral", "code"], condition=Q(taken_back=False), name="intake_item_once",
            ),
        ]

    def __str__(self) -> str:
        return self.code.replace("_", " ")


@tracked
class Benefits(Record):
    """What the payer said it covers, on a day, for a referral."""

    referral = ref("intake.Referral")
    plan = ref("payers.Plan")
    verified_on = models.DateField()
    in_network = models.BooleanField()
    deductible_cents = models.BigIntegerField(null=True)
    deductible_met_cents = models.BigIntegerField(null=True)
    coinsurance_pct = models.DecimalField(max_digits=5, decimal_places=2, null=True)
    copay_cents = models.BigIntegerField(null=True)
    out_of_pocket_left_cents = models.BigIntegerField(null=True)
    authorization_wanted = models.BooleanField(null=True)
    call_reference = models.TextField(default="", blank=True)
    note = models.TextField(default="", blank=True)
    recorded_by = models.UUIDField()
    recorded_name = models.TextField()
    active = models.BooleanField(null=True)  # whether the plan said it is in force
    deductible_left_cents = models.BigIntegerField(null=True)
    said = models.JSONField(default=list)  # a 271 in words, line by line
    file_id = models.UUIDField(null=True)  # the 271 as it came

    class Meta(Record.Meta):
        constraints = [
            models.CheckConstraint(
                condition=Q(coinsurance_pct=None) | Q(coinsurance_pct__gte=0, coinsurance_pct__lte=100),
                name="intake_coinsurance_is_share",
            ),
        ]

    def __str__(self) -> str:
        return "the benefits"


@tracked
class Assistance(Record):
    """Help with what the patient owes: a manufacturer's copay programme, a foundation, free drug."""

    referral = ref("intake.Referral")
    kind = models.TextField()  # manufacturer_copay, foundation, free_drug
    name = models.TextField()
    amount_cents = models.BigIntegerField(null=True)  # the most it pays in its year
    until = models.DateField(null=True)
    member_number = models.TextField(default="", blank=True)
    federal = models.BooleanField()  # whether a federal programme covers the patient
    ended = models.BooleanField(default=False)

    class Meta(Record.Meta):
        constraints = [
            models.CheckConstraint(
                condition=~Q(kind="manufacturer_copay", federal=True), name="intake_no_copay_card_for_federal"
            ),
        ]

    def __str__(self) -> str:
        return self.name


@tracked
class Assessment(Record):
    """Whether this patient can be treated at home, and what else is needed."""

    referral = ref("intake.Referral")
    assessed_on = models.DateField()
    willing = models.BooleanField()
    able_to_learn = models.BooleanField()
    caregiver_willing = models.BooleanField()
    communicates = models.BooleanField()
    first_dose_before = models.BooleanField()
    services = ArrayField(models.TextField(), default=list)
    note = models.TextField(default="", blank=True)
    assessed_by = models.UUIDField()
    assessed_name = models.TextField()

    def __str__(self) -> str:
        return "the patient assessment"
