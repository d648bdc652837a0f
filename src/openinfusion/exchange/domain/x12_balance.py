# SPDX-License-Identifier: Apache-2.0
"""Do the sums of an 835 agree? Service, claim and transaction level, exact decimals; findings in words."""
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from openinfusion.exchange.domain.x12_remittance import RemitClaim, Remittance


class Level(StrEnum):
    SERVICE = "service"
    CLAIM = "claim"
    TRANSACTION = "transaction"


@dataclass(frozen=True, slots=True)
class Imbalance:
    """One sum that does not agree: where, what is stated, what the parts give."""

    level: Level
    segment: int
    subject: str
    stated: Decimal
    computed: Decimal

    @property
    def text(self) -> str:
        what = {
            Level.SERVICE: "line paid amount is not its charge less its adjustments",
            Level.CLAIM: "claim paid amount is not its charge less all adjustments",
            Level.TRANSACTION: "the payment is not the claims paid less the provider adjustments",
        }[self.level]
        return f"{self.subject} (segment {self.segment}): {what}: stated {self.stated}, computed {self.computed}"


@dataclass(frozen=True, slots=True)
class Totals:
    """The sums of one remittance, as a clerk would add them up."""

    claims: int
    lines: int
    charge: Decimal
    paid: Decimal
    patient_responsibility: Decimal
    claim_adjustments: Decimal
    line_adjustments: Decimal
    provider_adjustments: Decimal
    payment: Decimal


def totals_of(remittance: Remittance) -> Totals:
    claims = remittance.claims
    lines = [line for c in claims for line in c.lines]
    return Totals(
        len(claims), len(lines), _sum(c.charge for c in claims), _sum(c.paid for c in claims),
        _sum(c.patient_responsibility for c in claims), _sum(a.amount for c in claims for a in c.adjustments),
        _sum(a.amount for line in lines for a in line.adjustments),
        _sum(p.amount for p in remittance.provider_adjustments), remittance.amount,
    )


def imbalances(remittance: Remittance) -> tuple[Imbalance, ...]:
    """Every sum of this remittance that does not agree; none means that it may be posted as it stands."""
    return (
        *(i for c in remittance.claims for i in claim_imbalances(c)),
        *_transaction_imbalances(remittance),
    )


def claim_imbalances(claim: RemitClaim) -> tuple[Imbalance, ...]:
    """What does not agree within one claim: its lines, then itself."""
    return (*_line_imbalances(claim), *_own_imbalances(claim))


def _line_imbalances(claim: RemitClaim) -> Iterator[Imbalance]:
    for line in claim.lines:
        computed = line.charge - _sum(a.amount for a in line.adjustments)
        if computed != line.paid:
            yield Imbalance(Level.SERVICE, line.segment, f"{claim.patient_control} {line.code}", line.paid, computed)


def _own_imbalances(claim: RemitClaim) -> Iterator[Imbalance]:
    adjusted = _sum(a.amount for a in claim.adjustments) + _sum(a.amount for s in claim.lines for a in s.adjustments)
    computed = claim.charge - adjusted
    if computed != claim.paid:
        yield Imbalance(Level.CLAIM, claim.segment, claim.patient_control, claim.paid, computed)


def _transaction_imbalances(r: Remittance) -> Iterator[Imbalance]:
    computed = _sum(c.paid for c in r.claims) - _sum(p.amount for p in r.provider_adjustments)
    if computed != r.amount:
        yield Imbalance(Level.TRANSACTION, r.segment, f"payment {r.trace}", r.amount, computed)


def _sum(amounts: Iterator[Decimal]) -> Decimal:
    return sum(amounts, Decimal(0))
