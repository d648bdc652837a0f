# SPDX-License-Identifier: Apache-2.0
"""Claims, their lines, and the ledger of per-diem days."""
from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from openinfusion.billing.domain.claim import CLAIM
from openinfusion.platform.models import Record, ref, state_field, tracked


@tracked
class Claim(Record):
    """One claim to one payer for one therapy. ``control`` is what the payer echoes; it never changes or repeats."""

    machine: ClassVar = CLAIM
    control = models.TextField()
    patient = ref("patients.Patient")
    therapy = ref("therapy.Therapy")
    site = ref("platform.Site")
    plan = ref("payers.Plan", null=True)
    payer_name = models.TextField(blank=True)
    member_id = models.TextField(blank=True)
    group_number = models.TextField(blank=True)
    authorization = models.TextField(blank=True)
    rank = models.CharField(max_length=1, default="P")
    frequency = models.CharField(max_length=1, default="1")
    payer_control = models.TextField(blank=True)
    state = state_field(CLAIM)
    holds = models.JSONField(default=list)  # the hard findings as reasons; a claim that leaves has none
    findings = models.JSONField(default=list)  # everything the scrub found, by level, with the place that mends it
    form = models.TextField(default="837P")  # 837P, 837I, NCPDP
    primary = ref("billing.Claim", null=True)  # the claim whose payer answered before this one's
    share_cents = models.BigIntegerField(default=0)  # what the payer before left for this one
    file_id = models.UUIDField(null=True)  # the file it went in, or waits in
    first_on = models.DateField(null=True)
    last_on = models.DateField(null=True)
    timely_until = models.DateField(null=True)
    submitted_at = models.DateTimeField(null=True)
    sent_in = models.TextField(blank=True)
    charge_cents = models.BigIntegerField(default=0)
    expected_cents = models.BigIntegerField(default=0)
    paid_cents = models.BigIntegerField(default=0)
    open_cents = models.BigIntegerField(default=0)
    patient_cents = models.BigIntegerField(default=0)

    class Meta(Record.Meta):
        constraints = [
            models.UniqueConstraint(fields=["organization", "control"], name="claim_control_once"),
            models.UniqueConstraint(
                fields=["organization", "primary"], name="claim_after_once", condition=Q(primary__isnull=False),
            ),
            models.CheckConstraint(
                name="claim_leaves_without_holds", condition=~Q(state__in=["ready", "queued", "submitted"]) | Q(holds=[]),
            ),
            models.CheckConstraint(
                name="claim_names_what_it_replaces", condition=Q(frequency="1") | ~Q(payer_control=""),
            ),
        ]
        indexes = [
            models.Index(fields=["state", "made_at"], name="claim_by_state"),
            models.Index(fields=["therapy"], name="claim_by_therapy"),
            models.Index(fields=["member_id"], name="claim_by_member"),
            models.Index(fields=["payer_control"], name="claim_by_payer_control"),
            models.Index(fields=["file_id"], name="claim_by_file"),
        ]

    def __str__(self) -> str:
        return self.control


@tracked
class ClaimLine(Record):
    """One charge on a claim: what was given or done, whence it is known, and what it should bring."""

    claim = ref("billing.Claim")
    number = models.PositiveIntegerField()
    control = models.TextField()
    kind = models.TextField()  # drug, per_diem, nursing, rental
    source_kind = models.TextField()  # ticket, visit, pump, claim
    source_id = models.UUIDField()
    source_key = models.TextField()
    code = models.TextField()
    modifiers = models.JSONField(default=list)
    units = models.PositiveIntegerField()
    first_on = models.DateField()
    last_on = models.DateField()
    charge_cents = models.BigIntegerField()
    expected_cents = models.BigIntegerField(default=0)
    has_rate = models.BooleanField(default=True)
    description = models.TextField(blank=True)
    evidence = models.TextField(blank=True)
    ndc = models.TextField(blank=True)
    ndc_amount = models.DecimalField(max_digits=18, decimal_places=6, null=True)
    ndc_unit = models.TextField(blank=True)
    rx_number = models.TextField(blank=True)
    rx_on = models.DateField(null=True)
    authorization = models.TextField(blank=True)
    needs_authorization = models.BooleanField(default=False)
    is_dropped = models.BooleanField(default=False)  # once sent, and no part of the claim any more
    single_dose = models.BooleanField(default=False)
    package_units = models.DecimalField(max_digits=18, decimal_places=6, null=True)  # billing units the packages hold
    place = models.TextField(default="", blank=True)  # of service, where it is known of the line; else that of the claim's site
    under_program = models.BooleanField(default=False)  # a drug bought at the price of the 340B program

    class Meta(Record.Meta):
        constraints = [
            models.UniqueConstraint(fields=["organization", "control"], name="claim_line_control_once"),
            models.UniqueConstraint(fields=["organization", "source_key"], name="charge_captured_once"),
            models.CheckConstraint(name="claim_line_positive", condition=Q(units__gt=0, charge_cents__gte=0)),
            models.CheckConstraint(name="claim_line_days", condition=Q(last_on__gte=F("first_on"))),
        ]
        indexes = [models.Index(fields=["claim"], name="claim_line_by_claim")]

    def __str__(self) -> str:
        return f"{self.code} x {self.units}"
