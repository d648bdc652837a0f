# SPDX-License-Identifier: Apache-2.0
"""What the templates of payers receive."""
from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from openinfusion.payers import queries
from openinfusion.payers.domain.contract import ContractFact, PayerFact, PayerRules, PlanFact
from openinfusion.payers.queries import RateRow


@dataclass(frozen=True, slots=True)
class ListPage:
    text: str
    rows: tuple[tuple[PayerFact, tuple[PlanFact, ...]], ...]


def list_page(text: str) -> ListPage:
    plans = queries.all_plans()
    return ListPage(text, tuple(
        (p, tuple(plan for plan in plans if plan.payer_key == p.id)) for p in queries.all_payers(text.strip())
    ))


@dataclass(frozen=True, slots=True)
class PayerPage:
    payer: PayerFact
    plans: tuple[PlanFact, ...]
    rules: PayerRules
    contracts: tuple[tuple[ContractFact, tuple[RateRow, ...]], ...]


def payer_page(payer_id: UUID) -> PayerPage:
    row = queries.payer_by_id(payer_id)
    contracts = tuple((c, tuple(queries.rate_rows(c.id))) for c in queries.contracts_of(payer_id))
    return PayerPage(queries.payer_fact(row), tuple(queries.all_plans(payer_id)), queries.rules_of(row), contracts)
