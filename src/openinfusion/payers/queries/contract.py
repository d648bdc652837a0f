# SPDX-License-Identifier: Apache-2.0
"""Contracts as they hold on a day: their terms, rates and rules; every version of one; what a plan wants to be asked."""
from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import fields
from datetime import date
from uuid import UUID

from django.db.models import Q

from openinfusion.kernel.refusal import NotFound, Reason, Refused
from openinfusion.kernel.standing import Source
from openinfusion.payers import models
from openinfusion.payers.adapters import rules_on_file
from openinfusion.payers.domain.contract import ContractFact, PayerRules
from openinfusion.payers.domain.contract_text import ContractText, Terms, text_of
from openinfusion.payers.domain.rate import Basis, Leg, RateTerm
from openinfusion.payers.domain.rule import Rule, RuleKind, rules_on
from openinfusion.payers.queries.payer import plan_row
from openinfusion.platform.rows import row_by_id, rows_by
from openinfusion.platform.scope import read_once

_PLAIN = [f.name for f in fields(Terms) if f.name not in ("concurrent_pct", "hold_on")]


def contract_fact(row: models.Contract) -> ContractFact:
    return ContractFact(
        id=row.id, name=row.name, payer_key=row.payer_id, first=row.first_on, last=row.last_on,
        concurrent_pct=tuple(row.concurrent_pct), modifiers=tuple(row.modifiers), hold_on=tuple(row.hold_on),
        source=row.standing(), agreement=row.agreement, plan_key=row.plan_id, drafter=row.drafter_name,
        **{name: getattr(row, name) for name in _PLAIN},
    )


def in_force(rows: Iterable[models.Contract], on: date) -> list[models.Contract]:
    """Of every agreement the version that holds on a day: the one begun last, unless it has ended."""
    newest: dict[UUID, models.Contract] = {}
    for row in sorted(rows, key=lambda r: r.first_on):
        if row.first_on <= on:
            newest[row.agreement] = row
    return [row for row in newest.values() if row.last_on is None or on <= row.last_on]


@read_once
def contract_on(plan_id: UUID, on: date) -> ContractFact:
    """The plan's own contract if it has one that day, else its payer's; Refused when there is none."""
    plan = plan_row(plan_id)
    rows = models.Contract.objects.filter(Q(plan=plan) | Q(payer_id=plan.payer_id, plan=None), first_on__lte=on)
    found = sorted(in_force(rows, on), key=lambda row: (row.plan_id is not None, row.first_on), reverse=True)
    if not found:
        raise Refused(Reason("no-contract", f"no contract with {plan.payer.name} is in force on {on.isoformat()}"))
    return contract_fact(found[0])


def contract_row(id: UUID) -> models.Contract:
    row = row_by_id(models.Contract, id)
    if row is None:
        raise NotFound(f"contract {id}")
    return row


@read_once
def contract_by_id(id: UUID) -> ContractFact:
    return contract_fact(contract_row(id))


def versions_of(agreement: UUID) -> list[ContractFact]:
    """Every version of a contract, the newest first."""
    return [contract_fact(r) for r in models.Contract.objects.filter(agreement=agreement).order_by("-first_on")]


def contracts_of(payer_key: UUID) -> list[ContractFact]:
    return [contract_fact(row) for row in models.Contract.objects.filter(payer_id=payer_key).order_by("-first_on")]


def priced_by(codes: Iterable[str], on: date) -> dict[str, list[ContractFact]]:
    """The contracts in force on a day, or to come, that price each of these codes by its own line."""
    wanted = list(codes)
    rows = models.Rate.objects.filter(hcpcs__in=wanted).select_related("contract")
    held = {c.id for c in in_force(models.Contract.objects.filter(first_on__lte=on), on)}
    found: dict[str, list[ContractFact]] = {}
    for r in rows.order_by("contract__name"):
        if r.contract_id in held or r.contract.first_on > on:
            found.setdefault(r.hcpcs, []).append(contract_fact(r.contract))
    return found


def rate_term(row: models.Rate) -> RateTerm:
    if row.basis == Basis.CARVED or row.amount is None:
        return RateTerm(row.hcpcs, (), payer=row.carved_to)
    legs = [Leg(Basis(row.basis), row.amount)]
    if row.lesser_amount is not None:
        legs.append(Leg(Basis(row.lesser_basis), row.lesser_amount))
    return RateTerm(row.hcpcs, tuple(legs), row.cap)


def rate_terms(contract_id: UUID, codes: Sequence[str] | None = None) -> tuple[RateTerm, ...]:
    """The rates of a version; of some codes only, with the lines that name beginnings of codes."""
    rows = models.Rate.objects.filter(contract_id=contract_id).order_by("hcpcs")
    if codes is not None:
        rows = rows.filter(Q(hcpcs__in=list(codes)) | Q(hcpcs__endswith="*"))
    return tuple(rate_term(row) for row in rows)


def own_rules(contract_id: UUID, source: Source | None = None) -> tuple[Rule, ...]:
    """The rules that stand in a version itself."""
    rows = rows_by(models.ContractRule, "contract", contract_id, order=("place",))
    return tuple(Rule(RuleKind(r.kind), tuple(r.subjects), r.value, source) for r in rows)


def rules_for(plan_id: UUID, on: date) -> tuple[Rule, ...]:
    """The rules that hold for a plan on a day: its contract's, its payer's, and those on file for payers of its type."""
    payer = plan_row(plan_id).payer
    try:
        contract = contract_on(plan_id, on)
    except Refused:
        own: tuple[Rule, ...] = ()
    else:
        own = own_rules(contract.id, contract.source)
    return rules_on(on, own or _payers_own(payer), rules_on_file().get(payer.type, ()))


def _payers_own(payer: models.Payer) -> tuple[Rule, ...]:
    """What stands with the payer itself, for as long as its contract has no rules of its own."""
    asked = (*(f"class:{c}" for c in sorted(payer.authorize_classes)), *sorted(payer.authorize_codes))
    found = [Rule(RuleKind.AUTHORIZATION, asked, "needed")] if asked else []
    if payer.extra_items:
        found.append(Rule(RuleKind.DOCUMENT, ("all",), " ".join(sorted(payer.extra_items))))
    return tuple(found)


def text_of_version(contract: ContractFact) -> ContractText:
    """What a version says, as a draft would. Where its rules stand with the payer, they are taken along."""
    rules = own_rules(contract.id)
    if not rules and contract.drafter == "":
        rules = _payers_own(models.Payer.objects.get(pk=contract.payer_key))
    return text_of(contract, rate_terms(contract.id), rules)


def rules_of(payer: models.Payer) -> PayerRules:
    return PayerRules(frozenset(payer.authorize_classes), frozenset(payer.authorize_codes), tuple(payer.extra_items))


def _asked(rules: Iterable[Rule], instead: PayerRules) -> PayerRules:
    """What is wanted before a plan pays, from the rules of its contract; ``instead`` where they say nothing of it."""
    kept = list(rules)
    if not kept:
        return instead
    subjects = {s for r in kept if r.kind is RuleKind.AUTHORIZATION and r.value != "not needed" for s in r.subjects}
    items = tuple(i for r in kept if r.kind is RuleKind.DOCUMENT and "all" in r.subjects for i in r.value.split())
    classes = frozenset(s.removeprefix("class:") for s in subjects if s.startswith("class:"))
    return PayerRules(classes, frozenset(subjects - {f"class:{c}" for c in classes}), items)


def rules_of_plan(plan_id: UUID, on: date) -> PayerRules:
    """What a plan wants before it pays, on a day."""
    payer = plan_row(plan_id).payer
    try:
        contract = contract_on(plan_id, on)
    except Refused:
        return rules_of(payer)
    return _asked(own_rules(contract.id), rules_of(payer))


@read_once
def rules_by_plan(on: date) -> dict[UUID, PayerRules]:
    """What every plan wants on a day, by plan; in three reads."""
    plans = list(models.Plan.objects.select_related("payer"))
    own: dict[UUID, list[Rule]] = {}
    for r in models.ContractRule.objects.filter(kind__in=[RuleKind.AUTHORIZATION.value, RuleKind.DOCUMENT.value]):
        own.setdefault(r.contract_id, []).append(Rule(RuleKind(r.kind), tuple(r.subjects), r.value))
    if not own:
        return {row.id: rules_of(row.payer) for row in plans}
    held = in_force(models.Contract.objects.filter(first_on__lte=on), on)
    of_plan = {c.plan_id: c.id for c in held if c.plan_id}
    of_payer = {c.payer_id: c.id for c in held if c.plan_id is None}
    return {
        row.id: _asked(own.get(of_plan.get(row.id) or of_payer.get(row.payer_id) or row.id, ()), rules_of(row.payer))
        for row in plans
    }
