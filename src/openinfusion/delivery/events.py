# SPDX-License-Identifier: Apache-2.0
"""News of delivery."""
from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from openinfusion.kernel.news import News


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered(News):
    """A delivery was handed over against proof; its lines are read through the door."""

    ticket_id: UUID
    therapy_id: UUID
    delivered_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class PackageLeftRange(News):
    """A package's logger measured more than what is in it is known to bear; a pharmacist decides, quality looks into it."""

    record_id: UUID
    ticket_id: UUID
    number: str
    site_id: UUID
    began_at: datetime
    ended_at: datetime
    text: str
