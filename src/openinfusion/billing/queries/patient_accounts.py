# SPDX-License-Identifier: Apache-2.0
"""What patients owe, by claim; their statements, payments and payment plans; credit balances."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Min

from openinfusion.billing.domain.claim import ClaimState
from openinfusion.billing.domain.figures import figure
from openinfusion.billing.domain.ledger import Kind
from openinfusion.billing.domain.patient_account import InstalmentDue, Owed, PlanFacts
from openinfusion.billing.models import Claim, Instalment, LedgerTransfer, PaymentPlan, Statement
from openinfusion.patients.public import covered_twice
from openinfusion.platform.house_day import house_today


@dataclass(frozen=True, slots=True)
class StatementFact:
    """A statement as it was sent."""

    id: UUID
    number: str
    on: date
    due_on: date
    cents: int
    file_id: UUID
    made_name: str


@dataclass(frozen=True, slots=True)
class PlanFact:
    """A payment plan with its instalments."""

    id: UUID
    patient_id: UUID
    state: str
    cents: int
    agreed_on: date
    agreed_with: str
    instalments: tuple[InstalmentDue, ...]

    @property
    def paid_cents(self) -> int:
        return sum(i.paid_cents for i in self.instalments)

    def missed(self, today: date) -> tuple[InstalmentDue, ...]:
        grace = int(figure("plan_grace_days"))
        return tuple(i for i in self.instalments if i.missed(today, grace))


def owed_by(patient_id: UUID) -> tuple[Owed, ...]:
    """The patient's shares, claim by claim, the oldest first."""
    return owed_where(patient_id=patient_id).get(patient_id, ())


def owed_where(**where: Any) -> dict[UUID, tuple[Owed, ...]]:
    """What patients owe, by patient."""
    claims = list(Claim.objects.filter(patient_cents__gt=0, **where).order_by("first_on"))
    since = dict(
        LedgerTransfer.objects.filter(claim__in=claims, kind=Kind.PATIENT_SHARE.value)
        .order_by()
        .values("claim_id")
        .annotate(first=Min("on"))
        .values_list("claim_id", "first")
    )
    second = covered_twice({c.patient_id for c in claims if c.state == ClaimState.PAID.value})
    found: dict[UUID, list[Owed]] = {}
    for c in claims:
        found.setdefault(c.patient_id, []).append(
            Owed(
                str(c.id),
                c.control,
                c.payer_name,
                ClaimState(c.state),
                c.patient_cents,
                c.open_cents,
                since.get(c.id, house_today()),
                c.first_on,
                c.patient_id in second,
            )
        )
    return {i: tuple(sorted(rows, key=lambda o: (o.since, o.control))) for i, rows in found.items()}


def statements_of(patient_id: UUID) -> list[StatementFact]:
    rows = Statement.objects.filter(patient_id=patient_id).order_by("-on", "-made_at")
    return [StatementFact(s.id, s.number, s.on, s.due_on, s.cents, s.file_id, s.made_name) for s in rows]


def last_statements() -> dict[UUID, date]:
    """The day of each patient's newest statement."""
    rows = Statement.objects.order_by("patient_id", "-on").distinct("patient_id")
    return dict(rows.values_list("patient_id", "on"))


def plans_where(**where: Any) -> list[PlanFact]:
    """Payment plans, the newest first."""
    rows = list(PaymentPlan.objects.filter(**where).order_by("-agreed_on", "-made_at"))
    parts: dict[UUID, list[InstalmentDue]] = {}
    for i in Instalment.objects.filter(plan__in=rows).order_by("number"):
        parts.setdefault(i.plan_id, []).append(InstalmentDue(i.number, i.due_on, i.cents, i.paid_cents))
    return [PlanFact(p.id, p.patient_id, p.state, p.cents, p.agreed_on, p.agreed_with, tuple(parts.get(p.id, ()))) for p in rows]


def plan_facts(plan: PlanFact) -> PlanFacts:
    """What the guards of a plan ask."""
    missed = len(plan.missed(house_today()))
    return PlanFacts(plan.cents - plan.paid_cents, missed, int(figure("plan_missed_allowed")))


@dataclass(frozen=True, slots=True)
class Credit:
    """A claim on which somebody has paid too much."""

    claim_id: UUID
    claim: str
    patient_id: UUID
    payer_name: str
    side: str
    cents: int


def credits() -> list[Credit]:
    """Credit balances of payers and patients, the largest first."""
    found = []
    for c in Claim.objects.filter(open_cents__lt=0):
        found.append(Credit(c.id, c.control, c.patient_id, c.payer_name, "payer", -c.open_cents))
    for c in Claim.objects.filter(patient_cents__lt=0):
        found.append(Credit(c.id, c.control, c.patient_id, c.payer_name, "patient", -c.patient_cents))
    return sorted(found, key=lambda x: -x.cents)
