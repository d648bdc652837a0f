# SPDX-License-Identifier: Apache-2.0
"""News of the inventory room."""
from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from openinfusion.kernel.news import News


@dataclass(frozen=True, slots=True, kw_only=True)
class LotRecalled(News):
    """A lot may not be used any more, wherever it is."""

    lot_id: UUID
    product_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class LotQuarantined(News):
    """A lot waits for a decision and may not be used meanwhile."""

    lot_id: UUID
    product_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class RecallOpened(News):
    """A recall case names lots or devices: whoever knows where they went says so."""

    case_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class DiscrepancyOpened(News):
    """A controlled substance was counted otherwise than the book says."""

    discrepancy_id: UUID
    lot_id: UUID
    site_id: UUID
    title: str
    at: datetime
