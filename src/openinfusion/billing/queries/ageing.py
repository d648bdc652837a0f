# SPDX-License-Identifier: Apache-2.0
"""What is owed, by payer and age; how many answered claims were denied; margins by class of therapy and payer."""
from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from openinfusion.billing.models import Claim, Denial
from openinfusion.billing.queries.money import MarginActual, margins
from openinfusion.kernel.money import Money
from openinfusion.platform.house_day import house_day_of, house_today

AGES = ((30, "0 to 30 days"), (60, "31 to 60"), (90, "61 to 90"), (120, "91 to 120"), (100_000, "over 120"))
_ANSWERED = ("paid", "partial", "denied", "appealed", "secondary", "patient_resp", "closed", "written_off")


@dataclass(frozen=True, slots=True)
class AgeRow:
    """What one payer owes, by age in days since the claim was sent."""

    payer: str
    amounts: tuple[Money, ...]
    total: Money


def receivables() -> tuple[AgeRow, ...]:
    """Open balances of claims that were sent, by payer and age."""
    today = house_today()
    sums: dict[str, list[int]] = {}
    for payer, sent_at, cents in Claim.objects.filter(open_cents__gt=0).values_list("payer_name", "submitted_at",
        "open_cents"):
        age = (today - house_day_of(sent_at)).days if sent_at else 0
        at = next(n for n, (days, _) in enumerate(AGES) if age <= days)
        sums.setdefault(payer or "no payer", [0] * len(AGES))[at] += cents
    return tuple(AgeRow(name, tuple(Money(x) for x in found), Money(sum(found))) for name,
        found in sorted(sums.items()))


@dataclass(frozen=True, slots=True)
class PayerAnswers:
    """How many claims a payer has answered, and how many of them it denied wholly or in part."""

    payer: str
    answered: int
    denied: int


def answers_by_payer() -> tuple[PayerAnswers, ...]:
    """Answered and denied claims, by payer."""
    denied = set(Denial.objects.values_list("claim_id", flat=True))
    sums: dict[str, list[int]] = {}
    for id, payer in Claim.objects.filter(state__in=_ANSWERED).values_list("id", "payer_name"):
        one = sums.setdefault(payer or "no payer", [0, 0])
        one[0] += 1
        one[1] += id in denied
    return tuple(PayerAnswers(name, a, d) for name, (a, d) in sorted(sums.items()))


@dataclass(frozen=True, slots=True)
class TherapyMargin:
    """One therapy's margin with what it is grouped by."""

    therapy_id: UUID
    number: str
    drug: str
    therapy_class: str
    payer: str
    patient_id: UUID
    start_on: date
    margin: MarginActual


def therapy_margins() -> tuple[TherapyMargin, ...]:
    """The margin of every therapy that was claimed, with class and first payer."""
    found = margins()
    rows = Claim.objects.order_by("therapy_id", "made_at").distinct("therapy_id").select_related("therapy")
    return tuple(
        TherapyMargin(
            c.therapy_id, c.therapy.number, c.therapy.drug_name, c.therapy.therapy_class, c.payer_name or "no payer",
            c.patient_id, c.therapy.start_on, found[c.therapy_id],
        ) for c in rows if c.therapy_id in found
    )
