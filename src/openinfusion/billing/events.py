# SPDX-License-Identifier: Apache-2.0
"""News of billing."""
from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from openinfusion.kernel.news import News


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimPaid(News):
    """A payer's answer to a claim was posted; ``state`` is what became of the claim."""

    claim_id: UUID
    therapy_id: UUID
    state: str
    paid_cents: int
