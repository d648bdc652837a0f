# SPDX-License-Identifier: Apache-2.0
"""Where a claim stands: what we ask (276), what the payer says (277), and whether it took the claim in (277CA)."""
from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from openinfusion.exchange.domain.x12.parties import Member, Payer, Provider

TAKEN: Final = frozenset({"A1", "A2"})
REJECTED: Final = frozenset({"A3", "A6", "A7", "A8"})


@dataclass(frozen=True, slots=True)
class StatusQuestion:
    """One claim asked about. ``trace`` is ours (the patient control number serves) and comes back."""

    trace: str
    payer: Payer
    receiver: Provider
    provider: Provider
    subscriber: Member
    charge: Decimal
    first_on: date
    last_on: date
    payer_control: str = ""
    dependent: Member | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """One STC: category, status and entity codes, the day, the action (WQ accept, U reject) and amounts."""

    segment: int
    category: str
    status: str
    entity: str = ""
    on: date | None = None
    action: str = ""
    charge: Decimal | None = None
    paid: Decimal | None = None
    text: str = ""

    @property
    def code(self) -> str:
        """As people write it: A3:21, or F2:88:QC."""
        return ":".join(x for x in (self.category, self.status, self.entity) if x)


@dataclass(frozen=True, slots=True)
class ClaimStanding:
    """What is said about one subject: a claim, or with ``level`` receiver, provider or source a whole file of them."""

    segment: int
    level: str
    trace: str
    payer: Payer
    standings: tuple[Standing, ...]
    payer_control: str = ""
    clearing_control: str = ""
    member: Member | None = None
    provider: Provider | None = None
    first_on: date | None = None
    last_on: date | None = None
    charge: Decimal | None = None
    service_standings: tuple[Standing, ...] = ()

    @property
    def is_taken_in(self) -> bool | None:
        """277CA: whether the claim was accepted; None where the answer says neither, and somebody must read it."""
        categories = {s.category for s in self.standings}
        taken, rejected = bool(categories & TAKEN), bool(categories & REJECTED)
        return None if taken == rejected else taken
