# SPDX-License-Identifier: Apache-2.0
"""An 835 as values: payments, claims, lines, adjustments, provider adjustments.

These are slotted and not frozen, because a reader builds a hundred thousand of them in a second; nobody changes them.
"""
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Final

from openinfusion.exchange.domain.x12.finding import Finding
from openinfusion.exchange.domain.x12.values import ZERO

REVERSAL: Final = "22"
DENIED: Final = "4"


@dataclass(slots=True)
class Adjustment:
    """One reason why an amount was not paid: group (CO, PR, OA, PI), CARC, amount; positive lowers the payment."""

    group: str
    reason: str
    amount: Decimal
    quantity: Decimal | None = None


@dataclass(slots=True)
class RemitLine:
    """One SVC: what the payer says about one of our lines. ``adjusted`` is the sum of its adjustments."""

    segment: int
    code: str
    modifiers: tuple[str, ...]
    charge: Decimal
    paid: Decimal
    paid_units: Decimal
    adjustments: list[Adjustment]
    qualifier: str = "HC"
    original_code: str = ""
    first_on: date | None = None
    last_on: date | None = None
    control: str = ""
    remarks: tuple[str, ...] = ()
    allowed: Decimal | None = None
    adjusted: Decimal = ZERO


@dataclass(slots=True)
class RemitClaim:
    """One CLP: the payer's answer to one claim. ``adjusted`` is the sum of its own adjustments, without its lines'."""

    segment: int
    patient_control: str
    status: str
    charge: Decimal
    paid: Decimal
    patient_responsibility: Decimal
    payer_control: str
    filing: str = ""
    place_of_service: str = ""
    frequency: str = ""
    family: str = ""
    given: str = ""
    member_id: str = ""
    first_on: date | None = None
    last_on: date | None = None
    received_on: date | None = None
    adjustments: list[Adjustment] = field(default_factory=list)
    lines: list[RemitLine] = field(default_factory=list)
    remarks: tuple[str, ...] = ()
    references: tuple[tuple[str, str], ...] = ()
    amounts: tuple[tuple[str, Decimal], ...] = ()
    crossover: str = ""
    adjusted: Decimal = ZERO

    @property
    def is_reversal(self) -> bool:
        """Whether it takes an earlier answer back, with every sign turned round."""
        return self.status == REVERSAL

    @property
    def all_adjustments(self) -> Iterator[Adjustment]:
        """The claim's own adjustments and those of its lines."""
        yield from self.adjustments
        for line in self.lines:
            yield from line.adjustments


@dataclass(slots=True)
class ProviderAdjustment:
    """One PLB pair: money taken or given beside the claims; positive lowers the payment."""

    segment: int
    provider: str
    reason: str
    reference: str
    amount: Decimal


@dataclass(slots=True)
class Remittance:
    """One ST..SE of an 835: one payment by one payer. ``amount`` is BPR02; ``direction`` C pays us, D takes."""

    segment: int
    control: str
    version: str
    amount: Decimal = ZERO
    direction: str = ""
    method: str = ""
    paid_on: date | None = None
    trace: str = ""
    payer_tax_id: str = ""
    payer_name: str = ""
    payer_id: str = ""
    payee_name: str = ""
    payee_npi: str = ""
    handling: str = ""  # BPR01
    claims: list[RemitClaim] = field(default_factory=list)
    provider_adjustments: list[ProviderAdjustment] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)  # what could not be read and does not touch the sums

    @property
    def oddities(self) -> tuple[str, ...]:
        """The findings in words."""
        return tuple(str(f) for f in self.findings)


@dataclass(frozen=True, slots=True)
class ReversalPair:
    """A claim taken back, and the claim that stands in its place; None where only the reversal came."""

    reversal: RemitClaim
    correction: RemitClaim | None


def reversal_pairs(remittance: Remittance) -> list[ReversalPair]:
    """Each reversal with the first later claim of the same number that is none, each correction used once."""
    pairs: list[ReversalPair] = []
    used: set[int] = set()
    by_control: dict[str, list[RemitClaim]] = {}
    for claim in remittance.claims:
        by_control.setdefault(claim.patient_control, []).append(claim)
    for claim in remittance.claims:
        if claim.is_reversal:
            after = (c for c in by_control[claim.patient_control]
                     if c.segment > claim.segment and not c.is_reversal and c.segment not in used)
            correction = next(after, None)
            if correction is not None:
                used.add(correction.segment)
            pairs.append(ReversalPair(claim, correction))
    return pairs
