# SPDX-License-Identifier: Apache-2.0
"""What the payer before said of a claim, as its own remittances were posted: the next payer is told all of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from openinfusion.billing.domain.claim import ClaimState
from openinfusion.billing.domain.remittance import AdjustmentIn, ClaimIn, claim_in_of
from openinfusion.billing.domain.secondary import NEXT
from openinfusion.billing.models import Claim, RemittanceClaim
from openinfusion.billing.models.remittance import Outcome
from openinfusion.patients.public import coverage

_POSTED = (Outcome.POSTED.value, Outcome.RESOLVED.value)


@dataclass(frozen=True, slots=True)
class LineAnswer:
    """What it said of one line: cents paid and every adjustment."""

    code: str
    modifiers: tuple[str, ...]
    units: str
    paid_cents: int
    adjustments: tuple[AdjustmentIn, ...]


@dataclass(frozen=True, slots=True)
class EarlierAnswer:
    """The last answer of the payer before, by the control numbers of its lines."""

    payer_name: str
    plan_id: UUID | None
    member_id: str
    group_number: str
    rank: str
    control: str
    on: date
    charge_cents: int
    paid_cents: int
    patient_cents: int
    adjustments: tuple[AdjustmentIn, ...]
    lines: Mapping[str, LineAnswer] = field(default_factory=dict)

    @property
    def adjusted_cents(self) -> int:
        return sum(a.cents for a in self.adjustments) + sum(a.cents for x in self.lines.values() for a in x.adjustments)


def earlier_answer(claim_id: UUID) -> EarlierAnswer | None:
    """What was last posted to this claim and not taken back; None where nothing was."""
    row = RemittanceClaim.objects.select_related("remittance").filter(claim_id=claim_id).order_by("-made_at").first()
    if row is None or row.outcome not in _POSTED:
        return None
    claim = Claim.objects.get(pk=claim_id)
    said: ClaimIn = claim_in_of(row.said)
    lines = {x.control: LineAnswer(x.code, x.modifiers, x.units, x.paid_cents, x.adjustments) for x in said.lines if x.control}
    return EarlierAnswer(
        row.remittance.payer_name,
        claim.plan_id,
        claim.member_id,
        claim.group_number,
        claim.rank,
        row.payer_control,
        row.remittance.paid_on,
        said.charge_cents,
        said.paid_cents,
        said.patient_cents,
        said.adjustments,
        lines,
    )


def waiting_for_next_payer(since: datetime) -> list[UUID]:
    """Claims answered since then that left something to a patient whom a further payer covers on their days."""
    answered = RemittanceClaim.objects.filter(made_at__gte=since, outcome__in=_POSTED, claim__patient_cents__gt=0)
    states = [ClaimState.PAID.value, ClaimState.PARTIAL.value]
    rows = Claim.objects.filter(id__in=answered.values("claim_id"), state__in=states, rank__in=list(NEXT), first_on__isnull=False)
    opened = set(Claim.objects.filter(primary__in=rows).values_list("primary_id", flat=True))
    return [c.id for c in rows.order_by("pk") if c.id not in opened and _is_covered_further(c)]


def _is_covered_further(claim: Claim) -> bool:
    covering = [c for c in coverage(claim.patient_id) if claim.first_on is not None and c.covers(claim.first_on)]
    return len(covering) > "PST".index(NEXT[claim.rank])
