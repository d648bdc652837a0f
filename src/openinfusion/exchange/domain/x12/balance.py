# SPDX-License-Identifier: Apache-2.0
"""Do the sums of an 835 agree? Service, claim and transaction level, exact decimals; findings in words.

Three sums must agree before a claim may be posted: line, claim, payment. Two more are worth a look and block nothing:
the lines' charges against the claim's, and the patient's share against the PR adjustments.
"""
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from openinfusion.exchange.domain.x12.finding import Finding, Level
from openinfusion.exchange.domain.x12.remittance import RemitClaim, Remittance, reversal_pairs
from openinfusion.exchange.domain.x12.values import ZERO

SERVICE, CLAIM, PAYMENT = "service-balance", "claim-balance", "payment-balance"
BALANCES: Final = frozenset({SERVICE, CLAIM, PAYMENT})
_WORDS = {
    SERVICE: "line paid amount is not its charge less its adjustments",
    CLAIM: "claim paid amount is not its charge less all adjustments",
    PAYMENT: "the payment is not the claims paid less the provider adjustments",
}


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
    """Everything added up once."""
    charge = paid = share = own = below = ZERO
    lines = 0
    for c in remittance.claims:
        charge, paid, share, own = charge + c.charge, paid + c.paid, share + c.patient_responsibility, own + c.adjusted
        lines += len(c.lines)
        for line in c.lines:
            below += line.adjusted
    provider = sum((p.amount for p in remittance.provider_adjustments), ZERO)
    return Totals(len(remittance.claims), lines, charge, paid, share, own, below, provider, remittance.amount)


def by_group(remittance: Remittance) -> dict[str, Decimal]:
    """Adjustments of claims and lines by their group (CO, PR, OA, PI)."""
    found: dict[str, Decimal] = {}
    for claim in remittance.claims:
        for a in claim.all_adjustments:
            found[a.group] = found.get(a.group, ZERO) + a.amount
    return found


def imbalances(remittance: Remittance) -> list[Finding]:
    """Every sum of this remittance that does not agree; none means that it may be posted as it stands."""
    found: list[Finding] = []
    paid = ZERO
    for claim in remittance.claims:
        paid += claim.paid
        below = ZERO
        for line in claim.lines:
            adjusted = line.adjusted
            below += adjusted
            if line.charge - adjusted != line.paid:
                subject = f"{claim.patient_control} {line.code}"
                found.append(_off(SERVICE, Level.SERVICE, line.segment, subject, line.paid, line.charge - adjusted))
        computed = claim.charge - claim.adjusted - below
        if computed != claim.paid:
            found.append(_off(CLAIM, Level.CLAIM, claim.segment, claim.patient_control, claim.paid, computed))
    for p in remittance.provider_adjustments:
        paid -= p.amount
    if paid != signed_amount(remittance):
        found.append(_off(PAYMENT, Level.TRANSACTION, remittance.segment, f"payment {remittance.trace}", remittance.amount, paid))
    return found


def claim_imbalances(claim: RemitClaim) -> list[Finding]:
    """What does not agree within one claim: its lines, then itself."""
    alone = Remittance(claim.segment, "", "", claim.paid, claims=[claim])
    return imbalances(alone)


def remarkable(remittance: Remittance) -> Iterator[Finding]:
    """What does not keep a claim from being posted and still deserves a look."""
    for claim in remittance.claims:
        lines = sum((line.charge for line in claim.lines), ZERO)
        if claim.lines and lines != claim.charge:
            yield Finding(Level.CLAIM, claim.segment, "claim-lines", claim.patient_control,
                          "the claim's charge is not the sum of its lines", claim.charge, lines)
        share = sum((a.amount for a in claim.all_adjustments if a.group == "PR"), ZERO)
        if not claim.is_reversal and share != claim.patient_responsibility:
            yield Finding(Level.CLAIM, claim.segment, "patient-share", claim.patient_control,
                          "the patient's share is not the sum of the PR adjustments", claim.patient_responsibility, share)
    for pair in reversal_pairs(remittance):
        if pair.correction is None:
            yield Finding(Level.CLAIM, pair.reversal.segment, "reversal-alone", pair.reversal.patient_control,
                          "the claim is taken back and no corrected answer follows in this payment")


def signed_amount(remittance: Remittance) -> Decimal:
    """BPR02 as money to us: a payment taken from our account (BPR03 D) is written without a sign."""
    is_taken = remittance.direction == "D" and remittance.amount > 0
    return -remittance.amount if is_taken else remittance.amount


def _off(code: str, level: Level, segment: int, subject: str, stated: Decimal, computed: Decimal) -> Finding:
    return Finding(level, segment, code, subject, _WORDS[code], stated, computed)
