# SPDX-License-Identifier: Apache-2.0
"""News of the catalog: a product costs the house otherwise than before."""
from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from openinfusion.kernel.news import News


@dataclass(frozen=True, slots=True, kw_only=True)
class CostChanged(News):
    """A package of a product costs otherwise from a day on; ``cost_id`` is the row that says so."""

    cost_id: UUID
    product_id: UUID
    first: date
