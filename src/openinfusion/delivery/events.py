# SPDX-License-Identifier: Apache-2.0
"""News of delivery."""
from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from openinfusion.kernel.news import News


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered(News):
    """A delivery was handed over against proof; its lines are read through the door."""

    ticket_id: UUID
    therapy_id: UUID
    delivered_on: date
