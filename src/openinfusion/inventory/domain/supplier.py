# SPDX-License-Identifier: Apache-2.0
"""A trading partner: licensed, verified, with terms. From an unlicensed one no drug is received."""
from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from openinfusion.kernel.refusal import Fault, Malformed, Reason


@dataclass(frozen=True, slots=True)
class Licence:
    """The partner's licence as it was looked up, by whom and when is in the journal."""

    number: str = ""
    state_code: str = ""
    ends_on: date | None = None
    verified_on: date | None = None

    def reasons(self, name: str, today: date) -> list[Reason]:
        """Every reason against receiving drugs from this partner today."""
        found = []
        if not self.number.strip() or self.verified_on is None:
            found.append(Reason("licence-unverified", f"the licence of {name} was never verified", "look it up and record it"))
        if self.ends_on is not None and self.ends_on < today:
            found.append(Reason("licence-ended", f"the licence of {name} ended {self.ends_on:%d-%b-%Y}", "verify its renewal"))
        return found


@dataclass(frozen=True, slots=True)
class Terms:
    """How one buys there: days until it comes, the least an order must be worth (cents), how it is paid."""

    lead_days: int = 1
    minimum_cents: int = 0
    payment: str = ""

    def must_be_sound(self) -> None:
        if self.lead_days < 0 or self.lead_days > 365 or self.minimum_cents < 0:
            raise Malformed(Fault("lead_days", "0 to 365 days, and no minimum below zero"))
