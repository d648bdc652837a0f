# SPDX-License-Identifier: Apache-2.0
"""A payer's answer as billing takes it, matched to our claims by a ladder, and what it moves in the ledger."""
from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from openinfusion.billing.domain.ledger import Kind, Transfer, transfers


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


class Match(StrEnum):
    """By which rung of the ladder a claim was found."""

    CONTROL_AND_CHARGE = "our control number and the charge"
    PAYER_CONTROL = "the payer's control number"
    MEMBER_DAY_CHARGE = "member, first day and charge"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class OurLine:
    id: str
    control: str
    code: str
    modifiers: tuple[str, ...]
    charge_cents: int
    first_on: date


@dataclass(frozen=True, slots=True)
class OurClaim:
    """A claim that might be meant, as the ladder looks at it."""

    id: str
    patient_control: str
    payer_control: str
    member_id: str
    charge_cents: int
    first_on: date
    lines: tuple[OurLine, ...]


@dataclass(frozen=True, slots=True)
class Found:
    claim: OurClaim
    by: Match


def find_claim(theirs: ClaimIn, ours: Sequence[OurClaim]) -> tuple[Found, ...]:
    """The claim meant, on the highest rung that has exactly one; several or none is an empty tuple: no guessing."""
    charge = abs(theirs.charge_cents)
    first = theirs.first_on or min((s.first_on for s in theirs.lines if s.first_on), default=None)
    rungs = (
        (Match.CONTROL_AND_CHARGE, [
            c for c in ours if c.patient_control == theirs.patient_control and c.charge_cents == charge]),
        (Match.PAYER_CONTROL, [c for c in ours if theirs.payer_control and c.payer_control == theirs.payer_control]),
        (Match.MEMBER_DAY_CHARGE, [
            c for c in ours
            if theirs.member_id and (c.member_id, c.charge_cents, c.first_on) == (theirs.member_id, charge, first)]),
    )
    for rung, found in rungs:
        if len(found) == 1:
            return (Found(found[0], rung),)
        if found:
            return ()
    return ()


def find_line(theirs: LineIn, ours: Sequence[OurLine]) -> tuple[OurLine, ...]:
    """Our line that is meant: by control number; code, modifiers, day and charge; code and charge; original code."""
    charge = abs(theirs.charge_cents)
    rungs = (
        [s for s in ours if theirs.control and s.control == theirs.control],
        [s for s in ours if (s.code, s.modifiers, s.first_on, s.charge_cents)
         == (theirs.code, theirs.modifiers, theirs.first_on, charge)],
        [s for s in ours if (s.code, s.charge_cents) == (theirs.code, charge)],
        [s for s in ours if theirs.original_code and s.code == theirs.original_code],
    )
    for found in rungs:
        if len(found) == 1:
            return (found[0],)
    return ()


def claim_transfers(claim: ClaimIn, lines: Sequence[tuple[LineIn, str]],
    opens: Callable[[str], bool]) -> Iterator[Transfer]:
    """What one balanced claim moves: money paid, contract adjustments, the patient's share. A denial moves nothing:

    its amount stays open until somebody works it. ``opens`` tells of a reason code whether it opens a denial.
    """
    if not claim.lines:
        yield from transfers(Kind.PAYMENT, claim.paid_cents)
    for line, line_id in lines:
        yield from transfers(Kind.PAYMENT, line.paid_cents, line_id=line_id)
        for a in line.adjustments:
            yield from _adjusted(a, line_id, opens)
    for a in claim.adjustments:
        yield from _adjusted(a, "", opens)


def _adjusted(a: AdjustmentIn, line_id: str, opens: Callable[[str], bool]) -> Iterator[Transfer]:
    if a.group == "PR":
        yield from transfers(Kind.PATIENT_SHARE, a.cents, line_id=line_id, note=f"PR-{a.carc}")
    elif not opens(a.carc):
        yield from transfers(Kind.CONTRACTUAL, a.cents, line_id=line_id, note=f"{a.group}-{a.carc}")


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
