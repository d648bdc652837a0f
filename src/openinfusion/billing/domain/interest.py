# SPDX-License-Identifier: Apache-2.0
"""Interest on late claims: told at the claim (AMT*I), paid beside the claims. Each cent of it is posted once.

The guide wants the money in a provider adjustment L6 and the claim's share of it in AMT*I. Some payers send only the latter,
and their payment then exceeds its claims by exactly that much.
"""
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from openinfusion.billing.domain.remittance import ClaimIn, ProviderAdjustmentIn, RemittanceIn, payment_gap
from openinfusion.kernel.money import Money

INTEREST = "L6"


@dataclass(frozen=True, slots=True)
class Settled:
    """The provider adjustments as they are to be posted, what the payment then still differs by, and what is odd about it."""

    adjustments: tuple[ProviderAdjustmentIn, ...]
    gap_cents: int
    findings: tuple[str, ...] = ()


def settled(r: RemittanceIn) -> Settled:
    """Interest of the claims tied to its claims where the sums prove it; otherwise all stays as it was told, and is named."""
    told = sum(c.interest_cents for c in r.claims)
    adjusted = -sum(p.cents for p in r.provider_adjustments if p.reason == INTEREST)
    gap = payment_gap(r)
    if not told:
        return Settled(r.provider_adjustments, gap)
    others = tuple(p for p in r.provider_adjustments if p.reason != INTEREST)
    if adjusted == told:
        return Settled((*others, *_by_claim(r.claims)), gap)
    if not adjusted and gap == told:
        return Settled((*others, *_by_claim(r.claims)), 0)
    text = f"its claims tell {Money(told)} of interest, its provider adjustments {Money(adjusted)}; the adjustments are posted"
    return Settled(r.provider_adjustments, gap, (text,))


def _by_claim(claims: tuple[ClaimIn, ...]) -> Iterator[ProviderAdjustmentIn]:
    for c in claims:
        if c.interest_cents:
            yield ProviderAdjustmentIn(INTEREST, c.patient_control or c.payer_control, -c.interest_cents)
