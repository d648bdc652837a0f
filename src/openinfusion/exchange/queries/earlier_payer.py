# SPDX-License-Identifier: Apache-2.0
"""What the payer before said, as the next payer's claim repeats it: by claim and by line (loops 2320, 2330, 2430)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from uuid import UUID

from openinfusion.billing.public import AdjustmentIn, ClaimFact, claim, earlier_answer
from openinfusion.exchange.domain.x12.claim import AdjudicationOut, AdjustmentOut, OtherPayerOut, PayerOut
from openinfusion.patients.public import PatientFact
from openinfusion.payers.public import PlanFact


@dataclass(frozen=True, slots=True)
class Before:
    """The payers before, and what they said of each line, by the id of the line of the first claim."""

    others: tuple[OtherPayerOut, ...] = ()
    lines: Mapping[UUID, tuple[AdjudicationOut, ...]] = field(default_factory=dict)


NOBODY = Before()


def cob(c: ClaimFact, who: PatientFact, plans: Mapping[UUID, PlanFact]) -> Before:
    """Nothing for a first claim; for the next one, the posted answer of the payer before it."""
    said = earlier_answer(c.primary_id) if c.primary_id is not None else None
    plan = plans.get(said.plan_id) if said is not None and said.plan_id is not None else None
    if said is None or plan is None or c.primary_id is None:
        return NOBODY
    other = OtherPayerOut(
        PayerOut(plan.payer_name, plan.payer_id, plan.filing_indicator),
        said.rank,
        who.family,
        who.given,
        said.member_id,
        group_number=said.group_number,
        paid=_dollars(said.paid_cents),
        paid_on=None if said.lines else said.on,
        patient_owes=_dollars(said.patient_cents),
        adjustments=_adjustments(said.adjustments),
        control=said.control,
    )
    lines = {
        line.id: (
            AdjudicationOut(
                plan.payer_id,
                _dollars(answer.paid_cents),
                answer.code,
                Decimal(answer.units or line.units),
                said.on,
                answer.modifiers,
                _adjustments(answer.adjustments),
            ),
        )
        for line in claim(c.primary_id).lines
        if (answer := said.lines.get(line.control)) is not None
    }
    return Before((other,), lines)


def _dollars(cents: int) -> Decimal:
    return Decimal(cents) / 100


def _adjustments(found: Iterable[AdjustmentIn]) -> tuple[AdjustmentOut, ...]:
    return tuple(AdjustmentOut(a.group, a.carc, _dollars(a.cents)) for a in found)
