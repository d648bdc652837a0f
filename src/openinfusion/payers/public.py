# SPDX-License-Identifier: Apache-2.0
"""The door of payers: who pays, by which rules, and how much."""
from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from openinfusion.kernel.money import Money
from openinfusion.kernel.refusal import Reason, Refused
from openinfusion.kernel.waiting import Hit
from openinfusion.payers import queries
from openinfusion.payers.actions import load_payers
from openinfusion.payers.domain.contract import (
    ContractFact,
    DayBasis,
    LineSplit,
    PayerFact,
    PayerRules,
    PayerType,
    PlanFact,
)
from openinfusion.payers.domain.quote import PricedLine, Quote, QuoteLine, quoted
from openinfusion.payers.permissions import READ
from openinfusion.platform.actor import Actor

__all__ = [
    "ContractFact",
    "DayBasis",
    "LineSplit",
    "PayerFact",
    "PayerRules",
    "PayerType",
    "PlanFact",
    "PricedLine",
    "Quote",
    "QuoteLine",
    "contract_for",
    "find",
    "load_payers",
    "payer",
    "payers",
    "plan",
    "plans",
    "quote",
    "rate",
    "rates",
    "rules",
    "rules_of_plans",
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
    """What the plan would pay; codes without a rate are listed as unknown."""
    contract = queries.contract_on(plan_id, on)
    return quoted(lines, queries.rates_on(contract.id, on, [line.hcpcs for line in lines]))


def rules(plan_id: UUID, on: date) -> PayerRules:
    """What the plan wants before it pays."""
    return queries.rules_of(queries.plan_row(plan_id).payer)


def rules_of_plans() -> dict[UUID, PayerRules]:
    """What every plan wants, by plan."""
    return queries.rules_by_plan()


def find(text: str, by: Actor) -> list[Hit]:
    """Payers by name."""
    if not by.may(READ.code) or len(text.strip()) < 2:
        return []
    return [
        Hit("Payer", p.name, p.type.replace("_", " "), f"/payers/{p.id}/") for p in queries.all_payers(text.strip())[:8]
    ]
