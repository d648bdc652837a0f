# SPDX-License-Identifier: Apache-2.0
"""Billing as JSON: claims, their steps, denials, the ledger, remittances, margins."""
from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema

from openinfusion.billing.actions.claims import LineCorrection, advance_claim, check_again, correct_line
from openinfusion.billing.actions.recount import recount
from openinfusion.billing.actions.secondary import open_secondary
from openinfusion.billing.actions.stays import enter_stay
from openinfusion.billing.permissions import READ
from openinfusion.billing.public import claim, denials, ledger_accounts, margin_actual
from openinfusion.billing.queries.claims import ClaimFact, claims_where
from openinfusion.billing.queries.days import LedgerRow, ledger_rows
from openinfusion.billing.queries.denials import DenialFact
from openinfusion.billing.queries.money import MarginActual
from openinfusion.billing.queries.remittances import (
    RemittanceFact,
    RemittedClaim,
    remittance_of,
    remittances,
    remitted_where,
)
from openinfusion.billing.queries.unbilled import unbilled


class HoldOut(Schema):
    code: str
    text: str
    clears: str


class FindingOut(Schema):
    """One finding of the scrub; a hard one keeps the claim from being sent."""

    code: str
    level: int
    text: str
    line: int
    is_hard: bool
    clears: str
    place: str


class UnbilledOut(Schema):
    kind: str
    what: str
    patient_id: UUID
    payer: str
    since: date
    days: int
    amount_cents: int
    why: str
    turn: str
    url: str


class DayOut(Schema):
    """One billed day of therapy."""

    day: date
    code: str
    group: str
    modifier: str
    rate_cents: int
    authorization: str
    claim_id: UUID
    state: str


class StayIn(Schema):
    """Days elsewhere: the day of admission is not billed, the day of return is."""

    kind: str
    admitted_on: date
    returned_on: date | None = None
    note: str = ""


class ClaimLineOut(Schema):
    id: UUID
    number: int
    control: str
    kind: str
    code: str
    modifiers: list[str]
    units: int
    first_on: date
    last_on: date
    charge_cents: int
    expected_cents: int
    has_rate: bool
    evidence: str
    ndc: str
    ndc_amount: Decimal | None
    ndc_unit: str
    authorization: str


class ClaimOut(Schema):
    id: UUID
    control: str
    state: str
    patient_id: UUID
    therapy_id: UUID
    payer_name: str
    member_id: str
    holds: list[HoldOut]
    findings: list[FindingOut]
    form: str
    rank: str
    frequency: str
    payer_control: str
    primary_id: UUID | None
    first_on: date | None
    last_on: date | None
    timely_until: date | None
    submitted_at: datetime | None
    charge_cents: int
    expected_cents: int
    paid_cents: int
    open_cents: int
    patient_cents: int
    version: int
    lines: list[ClaimLineOut]


class StepIn(Schema):
    reason: str = ""


class CorrectionIn(Schema):
    """What is left out stays as it is."""

    modifiers: list[str] | None = None
    ndc: str | None = None
    description: str | None = None
    authorization: str | None = None
    reason: str


class DenialOut(Schema):
    id: UUID
    claim_id: UUID
    claim: str
    payer_name: str
    code: str
    rarcs: list[str]
    cents: int
    meaning: str
    action_class: str
    next_step: str
    due_on: date
    is_open: bool


class LedgerOut(Schema):
    accounts: dict[str, int]
    difference: int
    transfers: int


class RemittanceOut(Schema):
    id: UUID
    payer_name: str
    trace: str
    cents: int
    paid_on: date
    gap_cents: int
    findings: list[str]
    posted_cents: int
    claims: int
    suspended: int


class RemittedOut(Schema):
    claim_id: UUID | None
    patient_control: str
    status: str
    charge_cents: int
    paid_cents: int
    matched_by: str
    outcome: str
    findings: list[str]


class MarginOut(Schema):
    therapy_id: UUID
    charged_cents: int
    expected_cents: int
    paid_cents: int
    patient_cents: int
    open_cents: int
    drug_cents: int
    supplies_cents: int
    delivery_cents: int
    nursing_cents: int
    margin_cents: int


def claim_list(request: HttpRequest, state: str = "", therapy_id: UUID | None = None) -> list[ClaimFact]:
    """Claims with their lines; of a state or a therapy if one is given."""
    request.actor.must(READ)  # type: ignore[attr-defined]
    where: dict[str, Any] = {"state": state} if state else {}
    if therapy_id is not None:
        where["therapy_id"] = therapy_id
    return claims_where(with_lines=True, limit=500, **where)


def claim_one(request: HttpRequest, claim_id: UUID) -> ClaimFact:
    """One claim."""
    request.actor.must(READ)  # type: ignore[attr-defined]
    return claim(claim_id)


def check(request: HttpRequest, claim_id: UUID) -> ClaimFact:
    """Check it again: hold or release."""
    check_again(claim_id=claim_id, by=request.actor)  # type: ignore[attr-defined]
    return claim(claim_id)


def correct(request: HttpRequest, claim_id: UUID, line_id: UUID, given: CorrectionIn) -> ClaimFact:
    """Correct a line of a claim that is not out."""
    modifiers = tuple(given.modifiers) if given.modifiers is not None else None
    correct_line(
        claim_id=claim_id, line_id=line_id, reason=given.reason, by=request.actor,  # type: ignore[attr-defined]
        correction=LineCorrection(modifiers, given.ndc, given.description, given.authorization),
    )
    return claim(claim_id)


def count_again(request: HttpRequest, claim_id: UUID) -> ClaimFact:
    """Count its drug and days again from its deliveries."""
    recount(claim_id=claim_id, by=request.actor)  # type: ignore[attr-defined]
    return claim(claim_id)


def next_payer(request: HttpRequest, claim_id: UUID) -> ClaimFact:
    """Open the claim to the next payer for what this one left to the patient; that claim."""
    return claim(open_secondary(claim_id=claim_id, by=request.actor))  # type: ignore[attr-defined]


def unbilled_list(request: HttpRequest, kind: str = "", text: str = "") -> list[UnbilledOut]:
    """Work that brings no money yet, with why and whose turn it is."""
    request.actor.must(READ)  # type: ignore[attr-defined]
    return [
        UnbilledOut(
            kind=r.kind, what=r.what, patient_id=r.patient_id, payer=r.payer, since=r.since, days=r.days,
            amount_cents=r.amount.cents, why=r.why, turn=r.turn, url=r.url,
        ) for r in unbilled(kind, text)
    ]


def day_list(request: HttpRequest, patient_id: UUID) -> list[LedgerRow]:
    """A patient's billed days, the newest first."""
    request.actor.must(READ)  # type: ignore[attr-defined]
    return ledger_rows(patient_id)


def stay(request: HttpRequest, patient_id: UUID, given: StayIn) -> list[LedgerRow]:
    """Enter a stay elsewhere; the days that are billed still."""
    enter_stay(
        patient_id=patient_id, kind=given.kind, admitted_on=given.admitted_on, returned_on=given.returned_on, note=given.note,
        by=request.actor,  # type: ignore[attr-defined]
    )
    return ledger_rows(patient_id)


def step(request: HttpRequest, claim_id: UUID, step: str, given: StepIn) -> ClaimFact:
    """Take a step: correct, appeal, bill_patient, close, write_off and the like."""
    advance_claim(claim_id=claim_id, step=step, reason=given.reason, by=request.actor)  # type: ignore[attr-defined]
    return claim(claim_id)


def denial_list(request: HttpRequest, only_open: bool = True) -> list[DenialFact]:
    """Denials with meaning, next step and deadline."""
    request.actor.must(READ)  # type: ignore[attr-defined]
    return denials(only_open=only_open)


def remittance_list(request: HttpRequest) -> list[RemittanceFact]:
    """Payments, the newest first."""
    request.actor.must(READ)  # type: ignore[attr-defined]
    return remittances()


def remittance_one(request: HttpRequest, remittance_id: UUID) -> RemittanceFact:
    """One payment with its findings."""
    request.actor.must(READ)  # type: ignore[attr-defined]
    return remittance_of(remittance_id)


def remitted_list(request: HttpRequest, remittance_id: UUID) -> list[RemittedClaim]:
    """What became of each claim of a payment."""
    request.actor.must(READ)  # type: ignore[attr-defined]
    return remitted_where(remittance_id=remittance_id)


def ledger(request: HttpRequest) -> LedgerOut:
    """The trial balance; the difference is zero."""
    request.actor.must(READ)  # type: ignore[attr-defined]
    t = ledger_accounts()
    return LedgerOut(accounts=t.accounts, difference=t.difference, transfers=t.transfers)


def margin(request: HttpRequest, therapy_id: UUID) -> MarginActual:
    """What a therapy brought and cost so far."""
    request.actor.must(READ)  # type: ignore[attr-defined]
    return margin_actual(therapy_id)


def add_to(router: Router) -> None:
    """These operations under the room's router."""
    router.get("/claims", response=list[ClaimOut])(claim_list)
    router.get("/claims/{claim_id}", response=ClaimOut)(claim_one)
    router.post("/claims/{claim_id}/check", response=ClaimOut)(check)
    router.post("/claims/{claim_id}/lines/{line_id}", response=ClaimOut)(correct)
    router.post("/claims/{claim_id}/steps/{step}", response=ClaimOut)(step)
    router.get("/denials", response=list[DenialOut])(denial_list)
    router.get("/remittances", response=list[RemittanceOut])(remittance_list)
    router.get("/remittances/{remittance_id}", response=RemittanceOut)(remittance_one)
    router.get("/remittances/{remittance_id}/claims", response=list[RemittedOut])(remitted_list)
    router.get("/ledger", response=LedgerOut)(ledger)
    router.get("/margins/{therapy_id}", response=MarginOut)(margin)
    router.post("/claims/{claim_id}/recount", response=ClaimOut)(count_again)
    router.post("/claims/{claim_id}/next-payer", response=ClaimOut)(next_payer)
    router.get("/unbilled", response=list[UnbilledOut])(unbilled_list)
    router.get("/days/{patient_id}", response=list[DayOut])(day_list)
    router.post("/days/{patient_id}/stays", response=list[DayOut])(stay)
