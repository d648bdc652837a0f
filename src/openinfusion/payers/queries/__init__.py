# SPDX-License-Identifier: Apache-2.0
"""Reads of payers: frozen facts."""
from __future__ import annotations

from openinfusion.payers.queries.contract import (
    contract_by_id,
    contract_on,
    contracts_of,
    in_force,
    own_rules,
    priced_by,
    rate_terms,
    rules_by_plan,
    rules_for,
    rules_of,
    rules_of_plan,
    text_of_version,
    versions_of,
)
from openinfusion.payers.queries.criteria import (
    CriteriaVersionFact,
    criteria_on,
    criteria_version,
    criteria_versions,
    file_criteria,
)
from openinfusion.payers.queries.draft import OPEN, DraftFact, base_for, base_of, changes_of, draft, draft_facts, drafts
from openinfusion.payers.queries.payer import all_payers, all_plans, payer_by_id, payer_fact, plan_fact, plan_row
from openinfusion.payers.queries.price import (
    PriceFileRow,
    list_prices,
    price_file,
    price_files,
    pricer,
    prices_of_code,
    rates_on,
)

__all__ = [
    "OPEN",
    "CriteriaVersionFact",
    "DraftFact",
    "PriceFileRow",
    "all_payers",
    "all_plans",
    "base_for",
    "base_of",
    "changes_of",
    "contract_by_id",
    "contract_on",
    "contracts_of",
    "criteria_on",
    "criteria_version",
    "criteria_versions",
    "draft",
    "draft_facts",
    "drafts",
    "file_criteria",
    "in_force",
    "list_prices",
    "own_rules",
    "payer_by_id",
    "payer_fact",
    "plan_fact",
    "plan_row",
    "price_file",
    "price_files",
    "priced_by",
    "pricer",
    "prices_of_code",
    "rate_terms",
    "rates_on",
    "rules_by_plan",
    "rules_for",
    "rules_of",
    "rules_of_plan",
    "text_of_version",
    "versions_of",
]
