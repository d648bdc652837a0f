# SPDX-License-Identifier: Apache-2.0
"""Payers as JSON: plans, contracts and their drafts, quotes, and what a plan's rules have against a claim."""
from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import UUID

from django.http import HttpRequest
from ninja import Schema

from openinfusion.kernel.money import Money
from openinfusion.payers import public as payers
from openinfusion.payers import queries
from openinfusion.payers.api.router import router
from openinfusion.payers.permissions import READ
from openinfusion.platform.actor import Actor
from openinfusion.platform.api import Amount, Whole


class PlanOut(Schema):
    id: UUID
    code: str
    name: str
    payer: str
    type: str
    benefit: str


class LineBody(Schema):
    hcpcs: str
    units: Amount
    share: Whole = 100
    ndc11: str = ""
    charge_cents: Whole | None = None


class QuoteBody(Schema):
    lines: list[LineBody]
    on: date


class QuoteOut(Schema):
    reimbursement_cents: int
    unknown: list[str]
    why: dict[str, str]


def _by(request: HttpRequest) -> Actor:
    return request.actor  # type: ignore[attr-defined,no-any-return]


@router.get("/plans", response=list[PlanOut])
def plan_list(request: HttpRequest) -> list[PlanOut]:
    _by(request).must(READ)
    return [
        PlanOut(id=p.id, code=p.code, name=p.name, payer=p.payer_name, type=p.payer_type, benefit=p.benefit)
        for p in payers.plans()
    ]


@router.post("/plans/{plan_id}/quote", response=QuoteOut)
def quote(request: HttpRequest, plan_id: UUID, body: QuoteBody) -> QuoteOut:
    """What the plan would pay for these units; codes without a rate are named."""
    _by(request).must(READ)
    lines = [
        payers.QuoteLine(
            line.hcpcs, line.units, line.share, line.ndc11, None if line.charge_cents is None else Money(line.charge_cents),
        )
        for line in body.lines
    ]
    found = payers.quote(plan_id, lines, body.on)
    return QuoteOut(reimbursement_cents=found.reimbursement.cents, unknown=list(found.unknown), why=dict(found.why))


class ContractOut(Schema):
    id: UUID
    name: str
    payer_id: UUID
    plan_id: UUID | None
    first: date
    last: date | None
    standing: str
    source: str
    claim_form: str
    program_modifier: str
    rates: list[str]
    rules: list[str]


class DraftBody(Schema):
    """A new version as a copy of one that is there; what is named takes the place of its own.

    ``program_modifier``: of drugs bought under 340B, such as TB; empty where the contract names none.
    """

    copy_of: UUID
    first: date
    source: str
    why: str
    last: date | None = None
    rates: list[str] | None = None
    rules: list[str] | None = None
    claim_form: str | None = None
    program_modifier: str | None = None


class StepBody(Schema):
    reason: str = ""
    version: Whole | None = None


class Made(Schema):
    id: UUID


class LineIn(Schema):
    code: str
    units: Amount
    first: date
    last: date
    modifiers: list[str] = []
    place: str = "12"
    ndc11: str = ""
    description: str = ""
    single_dose: bool = False
    authorized_units: Whole | None = None
    protein_g_per_day: Amount | None = None
    days_supply: Whole | None = None
    subcutaneous: bool = False
    by_pump: bool = False
    rental_month: Whole | None = None


class CheckBody(Schema):
    on: date
    therapy_class: str
    lines: list[LineIn]
    before: list[LineIn] = []
    documents: list[str] = []


class FindingOut(Schema):
    kind: str
    code: str
    text: str
    rule: str


@router.get("/contracts/{contract_id}", response=ContractOut)
def contract(request: HttpRequest, contract_id: UUID) -> ContractOut:
    """One version of a contract with its rates and rules, line by line."""
    _by(request).must(READ)
    c, said = queries.contract_by_id(contract_id), payers.contract_text(contract_id)
    return ContractOut(
        id=c.id, name=c.name, payer_id=c.payer_key, plan_id=c.plan_key, first=c.first, last=c.last, source=c.source.text,
        claim_form=c.claim_form, program_modifier=c.program_modifier, standing=c.source.standing.value,
        rates=[str(r) for r in said.rates], rules=[str(r) for r in said.rules],
    )


@router.post("/contracts", response=Made)
def contract_draft(request: HttpRequest, body: DraftBody) -> Made:
    """Draft a new version of a contract; another person approves it."""
    by = _by(request)
    by.must(READ)
    text = payers.contract_text(body.copy_of)
    if body.rates is not None:
        text = replace(text, rates=payers.parse_rates(body.rates))
    if body.rules is not None:
        text = replace(text, rules=payers.parse_rules(body.rules))
    if body.claim_form is not None:
        text = replace(text, terms=replace(text.terms, claim_form=body.claim_form))
    if body.program_modifier is not None:
        text = replace(text, terms=replace(text.terms, program_modifier=body.program_modifier))
    payer_id = queries.contract_by_id(body.copy_of).payer_key
    return Made(id=payers.draft_contract(
        payer_id=payer_id, copy_of=body.copy_of, content=text, first=body.first, last=body.last, source=body.source,
        why=body.why, by=by,
    ))


@router.post("/contract-drafts/{draft_id}/steps/{step}", response=Made)
def contract_draft_step(request: HttpRequest, draft_id: UUID, step: str, body: StepBody) -> Made:
    """Propose, approve (with a signature, by another person), hand_back or withdraw."""
    return Made(id=payers.advance_contract_draft(draft_id=draft_id, step=step, by=_by(request), **body.dict()))


@router.post("/plans/{plan_id}/check", response=list[FindingOut])
def check(request: HttpRequest, plan_id: UUID, body: CheckBody) -> list[FindingOut]:
    """What the plan's rules have against these lines."""
    _by(request).must(READ)
    claim = payers.Billed(
        body.therapy_class, tuple(_line(x) for x in body.lines), tuple(_line(x) for x in body.before), frozenset(body.documents),
    )
    found = payers.rule_findings(plan_id, claim, body.on)
    return [FindingOut(kind=f.kind, code=f.code, text=f.text, rule=f.rule) for f in found]


def _line(x: LineIn) -> payers.BilledLine:
    return payers.BilledLine(**(x.dict() | {"code": x.code.strip().upper(), "modifiers": tuple(x.modifiers)}))
