# SPDX-License-Identifier: Apache-2.0
"""Reads of payers: frozen facts."""
from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q

from openinfusion.kernel.money import Money
from openinfusion.kernel.refusal import NotFound, Reason, Refused
from openinfusion.payers import models
from openinfusion.payers.domain.contract import ContractFact, PayerFact, PayerRules, PlanFact
from openinfusion.platform.rows import row_by_id
from openinfusion.platform.scope import read_once


def payer_fact(row: models.Payer) -> PayerFact:
    return PayerFact(row.id, row.code, row.name, row.type, row.x12_id)


def payer_by_id(id: UUID) -> models.Payer:
    row = models.Payer.objects.filter(pk=id).first()
    if row is None:
        raise NotFound(f"payer {id}")
    return row


def all_payers(text: str = "") -> list[PayerFact]:
    rows = models.Payer.objects.order_by("name")
    return [payer_fact(row) for row in (rows.filter(name__icontains=text) if text else rows)]


def plan_fact(row: models.Plan) -> PlanFact:
    return PlanFact(
        row.id,
        row.code,
        row.name,
        row.payer_id,
        row.payer.name,
        row.payer.type,
        row.payer.x12_id,
        row.filing,
        row.benefit,
    )


@read_once
def plan_row(id: UUID) -> models.Plan:
    row = row_by_id(models.Plan, id)
    payer = row and row_by_id(models.Payer, row.payer_id)
    if row is None or payer is None:
        raise NotFound(f"plan {id}")
    row.payer = payer
    return row


def all_plans(payer_key: UUID | None = None) -> list[PlanFact]:
    rows = models.Plan.objects.select_related("payer").order_by("payer__name", "name")
    return [plan_fact(row) for row in (rows.filter(payer_id=payer_key) if payer_key else rows)]


def contract_fact(row: models.Contract) -> ContractFact:
    return ContractFact(
        id=row.id, name=row.name, payer_key=row.payer_id, first=row.first_on, last=row.last_on, day_basis=row.day_basis,
        max_interval_h=row.max_interval_h, count_first_day=row.count_first_day, count_last_day=row.count_last_day,
        line_split=row.line_split, line_form=row.line_form, bill_when=row.bill_when,
        concurrent_pct=tuple(row.concurrent_pct), modifiers=tuple(row.modifiers), suite_modifier=row.suite_modifier,
        timely_filing_days=row.timely_filing_days, timely_from=row.timely_from, per_diem_payable=row.per_diem_payable,
        nursing_payable=row.nursing_payable, require_kx=row.require_kx, jw_jz=row.jw_jz, source=row.standing(),
    )


def _in_force(on: date) -> Q:
    return Q(first_on__lte=on) & (Q(last_on=None) | Q(last_on__gte=on))


@read_once
def contract_on(plan_id: UUID, on: date) -> ContractFact:
    """The plan's own contract if it has one that day, else its payer's."""
    plan = plan_row(plan_id)
    rows = models.Contract.objects.filter(_in_force(on), Q(plan=plan) | Q(payer_id=plan.payer_id, plan=None))
    found = sorted(rows, key=lambda row: (row.plan_id is not None, row.first_on), reverse=True)
    if not found:
        raise Refused(Reason("no-contract", f"no contract with {plan.payer.name} is in force on {on.isoformat()}"))
    return contract_fact(found[0])


def contracts_of(payer_key: UUID) -> list[ContractFact]:
    return [contract_fact(row) for row in models.Contract.objects.filter(payer_id=payer_key).order_by("-first_on")]


def rates_on(contract_id: UUID, on: date, codes: Iterable[str] | None = None) -> dict[str, Money]:
    """Rates by code; of several in force the newest."""
    rows = models.Rate.objects.filter(_in_force(on), contract_id=contract_id).order_by("first_on")
    if codes is not None:
        rows = rows.filter(hcpcs__in=list(codes))
    return {row.hcpcs: Money(row.amount_cents) for row in rows}


def rules_of(payer: models.Payer) -> PayerRules:
    return PayerRules(frozenset(payer.authorize_classes), frozenset(payer.authorize_codes), tuple(payer.extra_items))


@read_once
def rules_by_plan() -> dict[UUID, PayerRules]:
    return {row.id: rules_of(row.payer) for row in models.Plan.objects.select_related("payer")}


@dataclass(frozen=True, slots=True)
class RateRow:
    hcpcs: str
    amount: Money
    first: date
    last: date | None
    source: str
    status: str


def rate_rows(contract_id: UUID) -> list[RateRow]:
    rows = models.Rate.objects.filter(contract_id=contract_id).order_by("hcpcs", "-first_on")
    return [RateRow(r.hcpcs, Money(r.amount_cents), r.first_on, r.last_on, r.source, r.status) for r in rows]
