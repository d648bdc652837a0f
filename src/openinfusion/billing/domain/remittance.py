# SPDX-License-Identifier: Apache-2.0
"""A payer's answer as billing takes it, whether its sums agree, and what it moves in the ledger."""
from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from openinfusion.billing.domain.ledger import Kind, Transfer, transfers

SEQUESTERED = "253"  # the reason code of the federal cut to Medicare payments


@dataclass(frozen=True, slots=True)
class AdjustmentIn:
    """Why an amount was not paid. Positive lowers the payment."""

    group: str
    carc: str
    cents: int


@dataclass(frozen=True, slots=True)
class LineIn:
    code: str
    modifiers: tuple[str, ...]
    charge_cents: int
    paid_cents: int
    units: str = ""
    original_code: str = ""
    first_on: date | None = None
    control: str = ""
    adjustments: tuple[AdjustmentIn, ...] = ()
    rarcs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ClaimIn:
    patient_control: str
    status: str
    charge_cents: int
    paid_cents: int
    patient_cents: int
    payer_control: str
    member_id: str = ""
    patient_name: str = ""
    first_on: date | None = None
    adjustments: tuple[AdjustmentIn, ...] = ()
    lines: tuple[LineIn, ...] = ()
    rarcs: tuple[str, ...] = ()
    interest_cents: int = 0  # AMT*I: interest told at the claim; the money stands beside the claims (PLB L6, or nowhere else)

    @property
    def is_reversal(self) -> bool:
        return self.status == "22"

    @property
    def is_denied(self) -> bool:
        return self.status == "4"


@dataclass(frozen=True, slots=True)
class ProviderAdjustmentIn:
    reason: str
    reference: str
    cents: int


@dataclass(frozen=True, slots=True)
class RemittanceIn:
    """One payment. ``findings`` are the reader's own, told beside ours."""

    payer_name: str
    payer_key: str
    trace: str
    amount_cents: int
    paid_on: date | None
    method: str
    claims: tuple[ClaimIn, ...]
    provider_adjustments: tuple[ProviderAdjustmentIn, ...] = ()
    findings: tuple[str, ...] = ()
    payee_npi: str = ""


def imbalances_of(claim: ClaimIn) -> tuple[str, ...]:
    """Why this claim may not be posted; none means that its sums agree at line and claim level."""
    found = [
        f"line {line.code}: charge {line.charge_cents} less adjustments is not the {line.paid_cents} cents paid"
        for line in claim.lines if line.charge_cents - sum(a.cents for a in line.adjustments) != line.paid_cents
    ]
    adjusted = sum(a.cents for a in claim.adjustments) + sum(a.cents for s in claim.lines for a in s.adjustments)
    if claim.charge_cents - adjusted != claim.paid_cents:
        found.append(f"claim: charge {claim.charge_cents} less adjustments is not the {claim.paid_cents} cents paid")
    if claim.lines and sum(s.charge_cents for s in claim.lines) != claim.charge_cents:
        found.append("claim: the lines do not add up to the claim's charge")
    return tuple(found)


def payment_gap(r: RemittanceIn) -> int:
    """Cents by which the payment differs from its claims less the provider adjustments; zero when it balances."""
    return r.amount_cents - sum(c.paid_cents for c in r.claims) + sum(p.cents for p in r.provider_adjustments)


def claim_transfers(
    claim: ClaimIn, lines: Sequence[tuple[LineIn, str]], opens: Callable[[AdjustmentIn, Sequence[str]], bool],
) -> Iterator[Transfer]:
    """What one balanced claim moves: money paid, contract adjustments, the patient's share. A denial moves nothing:

    its amount stays open until somebody works it. ``opens`` tells of an adjustment and its remarks whether it is one.
    """
    if not claim.lines:
        yield from transfers(Kind.PAYMENT, claim.paid_cents)
    for line, line_id in lines:
        yield from transfers(Kind.PAYMENT, line.paid_cents, line_id=line_id)
        for a in line.adjustments:
            yield from _adjusted(a, line_id, opens(a, line.rarcs))
    for a in claim.adjustments:
        yield from _adjusted(a, "", opens(a, claim.rarcs))


def _adjusted(a: AdjustmentIn, line_id: str, is_denial: bool) -> Iterator[Transfer]:
    if a.group == "PR":
        yield from transfers(Kind.PATIENT_SHARE, a.cents, line_id=line_id, note=f"PR-{a.carc}")
    elif not is_denial:
        kind = Kind.SEQUESTRATION if a.carc == SEQUESTERED else Kind.CONTRACTUAL
        yield from transfers(kind, a.cents, line_id=line_id, note=f"{a.group}-{a.carc}")


def claim_in_of(said: dict[str, Any]) -> ClaimIn:
    """A claim of a remittance as it was kept, read back."""
    lines = tuple(
        LineIn(**{
            **s, "modifiers": tuple(s["modifiers"]), "adjustments": _adjustments_of(s["adjustments"]),
            "rarcs": tuple(s["rarcs"]),
            "first_on": date.fromisoformat(s["first_on"]) if s["first_on"] else None,
        }) for s in said["lines"]
    )
    return ClaimIn(**{
        **said, "lines": lines, "adjustments": _adjustments_of(said["adjustments"]), "rarcs": tuple(said["rarcs"]),
        "first_on": date.fromisoformat(said["first_on"]) if said["first_on"] else None,
    })


def _adjustments_of(said: Sequence[dict[str, Any]]) -> tuple[AdjustmentIn, ...]:
    return tuple(AdjustmentIn(**a) for a in said)
