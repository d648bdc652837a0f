# SPDX-License-Identifier: Apache-2.0
"""The door of payers: who pays, by which rules, and how much."""
from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from uuid import UUID

from openinfusion.kernel.machine import shown
from openinfusion.kernel.money import Money
from openinfusion.kernel.refusal import Reason, Refused
from openinfusion.kernel.waiting import EVERYTHING, Ask, Hit, Waited, Waiting
from openinfusion.payers import models, queries
from openinfusion.payers.actions.contract import advance_contract_draft, change_contract_draft, draft_contract
from openinfusion.payers.actions.criteria import advance_criteria, change_criteria, draft_criteria
from openinfusion.payers.actions.enter import enter_payer, enter_plan
from openinfusion.payers.actions.load import load_payers
from openinfusion.payers.actions.prices import import_prices, withdraw_prices
from openinfusion.payers.adapters import code_changes
from openinfusion.payers.domain.billed import HOME, SUITE, Billed, BilledLine, RuleFinding
from openinfusion.payers.domain.code_change import CodeChange, ended_before
from openinfusion.payers.domain.contract import (
    ContractFact,
    DayBasis,
    LineSplit,
    PayerFact,
    PayerRules,
    PayerType,
    PlanFact,
)
from openinfusion.payers.domain.contract_draft import CONTRACT_DRAFT, ContractDraftState
from openinfusion.payers.domain.contract_text import ContractText, Terms
from openinfusion.payers.domain.criteria_version import CRITERIA, CriteriaState
from openinfusion.payers.domain.criterion import Criterion, CriterionKind, criteria_for
from openinfusion.payers.domain.price import Asked, Priced
from openinfusion.payers.domain.quote import PricedLine, Quote, QuoteLine, quoted
from openinfusion.payers.domain.rate import Basis, RateTerm, parse_rates
from openinfusion.payers.domain.rule import Rule, RuleKind, parse_rules
from openinfusion.payers.domain.rule_checks import code_findings, findings, whole_units
from openinfusion.payers.permissions import READ
from openinfusion.payers.queries.codes import touched_by
from openinfusion.platform.actor import Actor
from openinfusion.platform.house_day import house_today
from openinfusion.platform.queue import waited, whose_turn

__all__ = [ "HOME", "SUITE",
    "Asked",
    "Basis",
    "Billed",
    "BilledLine",
    "CodeChange",
    "ContractFact",
    "ContractText",
    "Criterion",
    "CriterionKind",
    "DayBasis",
    "LineSplit",
    "PayerFact",
    "PayerRules",
    "PayerType",
    "PlanFact",
    "Priced",
    "PricedLine",
    "Quote",
    "QuoteLine",
    "RateTerm",
    "Rule",
    "RuleFinding",
    "RuleKind",
    "Terms",
    "advance_contract_draft",
    "advance_criteria",
    "change_contract_draft",
    "change_criteria",
    "code_change",
    "contract_for",
    "contract_text",
    "criteria_of",
    "draft_contract",
    "draft_criteria",
    "enter_payer",
    "enter_plan",
    "find",
    "import_prices",
    "load_payers",
    "parse_rates",
    "parse_rules",
    "payer",
    "payers",
    "plan",
    "plans",
    "priced_codes",
    "quote",
    "rate",
    "rates",
    "rule_findings",
    "rules",
    "rules_in_force",
    "rules_of_plans",
    "touched_by",
    "waiting",
    "whole_units",
    "withdraw_prices",
]


def payer(id: UUID) -> PayerFact:
    return queries.payer_fact(queries.payer_by_id(id))


def payers() -> list[PayerFact]:
    return queries.all_payers()


def plan(id: UUID) -> PlanFact:
    return queries.plan_fact(queries.plan_row(id))


def plans() -> list[PlanFact]:
    return queries.all_plans()


def contract_for(plan_id: UUID, on: date) -> ContractFact:
    """The contract in force on a day; Refused when there is none."""
    return queries.contract_on(plan_id, on)


def rate(contract_id: UUID, hcpcs: str, on: date) -> Money:
    """The contract's rate for one unit of a code; Refused when it has none."""
    found = queries.rates_on(contract_id, on, [hcpcs])
    if hcpcs not in found:
        raise Refused(Reason("no-rate", f"the contract has no rate for {hcpcs} on {on.isoformat()}"))
    return found[hcpcs]


def rates(contract_id: UUID, on: date, codes: Sequence[str]) -> dict[str, Money]:
    """Rates of many codes at once; codes without a rate are absent."""
    return queries.rates_on(contract_id, on, codes)


def quote(plan_id: UUID, lines: Sequence[QuoteLine], on: date) -> Quote:
    """What the plan would pay; what cannot be priced is listed as unknown, with its reason in ``why``."""
    contract = queries.contract_on(plan_id, on)
    codes = list(dict.fromkeys(line.hcpcs for line in lines))
    return quoted(lines, queries.pricer(contract, codes, on))


def contract_text(contract_id: UUID) -> ContractText:
    """What a version of a contract says, as a draft would."""
    return queries.text_of_version(queries.contract_by_id(contract_id))


def rules(plan_id: UUID, on: date) -> PayerRules:
    """What the plan wants before it pays."""
    return queries.rules_of_plan(plan_id, on)


def rules_of_plans(on: date | None = None) -> dict[UUID, PayerRules]:
    """What every plan wants on a day (today, unless one is named), by plan."""
    return queries.rules_by_plan(on or house_today())


def rules_in_force(plan_id: UUID, on: date) -> tuple[Rule, ...]:
    """Every rule that holds for a plan on a day: its contract's, its payer's, and those on file for payers of its type."""
    return queries.rules_for(plan_id, on)


def rule_findings(plan_id: UUID, claim: Billed, on: date, kinds: Iterable[RuleKind] = tuple(RuleKind)) -> tuple[RuleFinding, ...]:
    """What the plan's rules have against a claim, line by line; of some kinds of rule only, where they are named.

    Codes that had ended, or had not begun, on the days of their lines are always among it.
    """
    wanted = frozenset(kinds)
    held = (r for r in queries.rules_for(plan_id, on) if r.kind in wanted)
    return (*code_findings(code_changes(), claim), *findings(held, claim))


def priced_codes(file_id: UUID) -> frozenset[str]:
    """The billing codes that a price list prices."""
    return frozenset(models.ListPrice.objects.filter(file_id=file_id).values_list("code", flat=True))


def code_change(code: str, day: date) -> CodeChange | None:
    """What followed a code that had ended before a day; None while it is billed."""
    return ended_before(code, day, code_changes())


def criteria_of(plan_id: UUID, therapy_class: str, drug_code: str, on: date) -> tuple[Criterion, ...]:
    """What the plan's payer wants to see before it authorizes this drug, as it stands on a day."""
    payer = queries.plan_row(plan_id).payer
    return criteria_for(queries.criteria_on(on), payer.code, payer.type, therapy_class, drug_code, on)


def waiting(by: Actor, ask: Ask = EVERYTHING) -> Waited:
    """Contracts and criteria that are entered and wait: for their author, or for a second person's approval."""
    if not by.may(READ.code):
        return Waited()
    rows = models.ContractDraft.objects.select_related("payer").filter(state__in=whose_turn(CONTRACT_DRAFT, ask))
    criteria = models.CriteriaVersion.objects.select_related("payer").filter(state__in=whose_turn(CRITERIA, ask))
    return waited(rows, ask, kind="Contract", make=_drafts_waiting) + waited(
        criteria, ask, kind="Criteria", make=_criteria_waiting)


def _criteria_waiting(rows: list[models.CriteriaVersion]) -> list[Waiting]:
    return [
        Waiting(
            "payers", "Criteria", r.id, f"{r.series.replace('_', ' ')}, from {r.first_on:%d-%b-%Y}", "",
            shown(s := CriteriaState(r.state)), CRITERIA.tone(s), CRITERIA.owner(s), r.made_at, f"/payers/criteria/{r.id}/",
        )
        for r in rows
    ]


def _drafts_waiting(rows: list[models.ContractDraft]) -> list[Waiting]:
    return [
        Waiting(
            "payers", "Contract", r.id, f"{r.name}, {r.payer.name}, from {r.first_on:%d-%b-%Y}", "",
            shown(s := ContractDraftState(r.state)),
            CONTRACT_DRAFT.tone(s), CONTRACT_DRAFT.owner(s), r.made_at, f"/payers/drafts/{r.id}/",
        )
        for r in rows
    ]


def find(text: str, by: Actor) -> list[Hit]:
    """Payers by name."""
    if not by.may(READ.code) or len(text.strip()) < 2:
        return []
    return [
        Hit("Payer", p.name, p.type.replace("_", " "), f"/payers/{p.id}/") for p in queries.all_payers(text.strip())[:8]
    ]
