# SPDX-License-Identifier: Apache-2.0
"""News of the compounding room."""
from __future__ import annotations

from dataclasses import dataclass
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
