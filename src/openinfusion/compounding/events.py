# SPDX-License-Identifier: Apache-2.0
"""News of the compounding room."""
from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from openinfusion.kernel.news import News


@dataclass(frozen=True, slots=True, kw_only=True)
class PreparationReleased(News):
    """A finished, verified and labelled preparation may leave the house."""

    preparation_id: UUID
    work_order_id: UUID
    prescription_id: UUID
    therapy_id: UUID
    site_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class PreparationRecalled(News):
    """A preparation that had left the bench must come back."""

    preparation_id: UUID
    work_order_id: UUID
    therapy_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class BenchTrouble(News):
    """A report of the bench of a kind that the house looks into: a near miss, a refused second look, a wrong package."""

    report_id: UUID
    site_id: UUID
    order_number: str
    hood_name: str
    report_kind: str
    text: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class HoodPlanAsked(News):
    """A plan of a day at the hoods was asked for and waits for a worker."""

    plan_id: UUID
