# SPDX-License-Identifier: Apache-2.0
"""The tables of payers."""
from __future__ import annotations

from openinfusion.payers.models.contract import Contract, ContractRule, Payer, Plan, Rate
from openinfusion.payers.models.criteria import CriteriaVersion
from openinfusion.payers.models.draft import ContractDraft
from openinfusion.payers.models.price import ListPrice, PriceFile

__all__ = ["Contract", "ContractDraft", "ContractRule", "CriteriaVersion", "ListPrice", "Payer", "Plan", "PriceFile", "Rate"]
