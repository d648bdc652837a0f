# SPDX-License-Identifier: Apache-2.0
"""Benefits of a referral seen together: which benefit pays, who pays first, what the patient owes, whether it is fresh."""
from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from openinfusion.intake import models
from openinfusion.intake.adapters import benefits_before_shipment_days
from openinfusion.intake.domain.benefit import (
    Cover,
    PatientCost,
    Placed,
    Routed,
    Terms,
    ask_again,
    patient_cost,
    payer_order,
    routed,
)
from openinfusion.intake.queries.facts import ReferralFact
from openinfusion.intake.queries.records import BenefitsFact, benefits_of
from openinfusion.kernel.money import Money
from openinfusion.patients import public as patients
from openinfusion.payers import public as payers
from openinfusion.platform.house_day import house_today


@dataclass(frozen=True, slots=True)
class AssistanceFact:
    id: UUID
    kind: str
    name: str
    amount: Money | None
    until: date | None


@dataclass(frozen=True, slots=True)
class BenefitView:
    """Everything about benefits on one page; ``routed`` is None without a coverage."""

    routed: Routed | None
    order: tuple[Placed, ...]
    cost: PatientCost | None
    stale: str
    assistance: tuple[AssistanceFact, ...]


def benefit_view(referral: ReferralFact, low: Money, high: Money) -> BenefitView:
    """``low`` and ``high``: what the payer is expected to allow."""
    plans = {p.id: p for p in payers.plans()}
    covers = [
        Cover(c.id, str(plans[c.plan_id]), plans[c.plan_id].payer_type, c.rank, c.relationship, c.subscriber_born_on)
        for c in patients.coverage(referral.patient.id) if c.plan_id in plans
    ]
    plan = plans.get(referral.coverage.plan_id) if referral.coverage else None
    found = benefits_of(referral.id)
    helped = models.Assistance.objects.filter(referral_id=referral.id, ended=False).order_by("made_at")
    pumped = referral.rate_ml_per_h is not None or (referral.infusion_minutes or 0) > 120
    return BenefitView(
        routed(plan.payer_type, plan.benefit, by_pump=pumped) if plan else None, payer_order(covers),
        patient_cost(low, high, _terms(found)) if found and high else None,
        ask_again(found.verified_on, house_today(), referral.start_on, benefits_before_shipment_days()) if found else "",
        tuple(
            AssistanceFact(a.id, a.kind, a.name, Money(a.amount_cents) if a.amount_cents is not None else None, a.until)
            for a in helped
        ),
    )


def _terms(b: BenefitsFact) -> Terms:
    left = b.deductible_left_cents
    if left is None and b.deductible_cents is not None and b.deductible_met_cents is not None:
        left = max(b.deductible_cents - b.deductible_met_cents, 0)
    return Terms(_money(left), b.coinsurance_pct, _money(b.copay_cents), _money(b.out_of_pocket_left_cents))


def _money(cents: int | None) -> Money | None:
    return None if cents is None else Money(cents)
