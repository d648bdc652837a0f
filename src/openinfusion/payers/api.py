# SPDX-License-Identifier: Apache-2.0
"""Payers as JSON: plans and quotes."""
from __future__ import annotations

from datetime import date
from uuid import UUID

from django.http import HttpRequest
from ninja import Schema

from openinfusion.payers import public as payers
from openinfusion.payers.permissions import READ
from openinfusion.platform.actor import Actor
from openinfusion.platform.api import Amount, Whole, router_for

router = router_for("payers")


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


class QuoteBody(Schema):
    lines: list[LineBody]
    on: date


class QuoteOut(Schema):
    reimbursement_cents: int
    unknown: list[str]


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
    lines = [payers.QuoteLine(line.hcpcs, line.units, line.share) for line in body.lines]
    found = payers.quote(plan_id, lines, body.on)
    return QuoteOut(reimbursement_cents=found.reimbursement.cents, unknown=list(found.unknown))
