# SPDX-License-Identifier: Apache-2.0
"""News of payers: a contract holds otherwise, prices have changed; and the words that pure parts of other rooms speak."""
from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from openinfusion.kernel.news import News
from openinfusion.payers.domain.criterion import Criterion, CriterionKind

__all__ = ["ContractApproved", "Criterion", "CriterionKind", "PricesChanged"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractApproved(News):
    """A version of a contract was approved and holds from its first day; for one plan only where ``plan_id`` names it."""

    contract_id: UUID
    payer_id: UUID
    plan_id: UUID | None = None
    name: str
    first: date


@dataclass(frozen=True, slots=True, kw_only=True)
class PricesChanged(News):
    """A price list was imported or withdrawn; it prices these days."""

    file_id: UUID
    basis: str
    first: date
    last: date
    change: str  # imported, withdrawn
