# SPDX-License-Identifier: Apache-2.0
"""What we ask a payer about a member (270), and what it answers (271), as values."""
from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Final

from openinfusion.exchange.domain.x12.finding import Finding
from openinfusion.exchange.domain.x12.parties import Member, Payer, Provider

ACTIVE: Final = frozenset("12345")
INACTIVE: Final = frozenset("678")


@dataclass(frozen=True, slots=True)
class EligibilityQuestion:
    """One question about one member. ``trace`` is ours and comes back in the answer (1 to 50 of A-Z, 0-9)."""

    trace: str
    payer: Payer
    provider: Provider
    subscriber: Member
    on: date
    until: date | None = None
    dependent: Member | None = None
    service_types: tuple[str, ...] = ("30",)
    codes: tuple[str, ...] = ()  # HCPCS, where the payer answers by code


@dataclass(frozen=True, slots=True)
class Rejection:
    """Why a part of the question was not answered (AAA): the code, what the payer asks us to do, and both in words."""

    segment: int
    about: str  # source, receiver, subscriber, dependent, benefit, request
    code: str
    follow_up: str
    text: str
    next: str


@dataclass(frozen=True, slots=True)
class Related:
    """Another party a benefit names (loop 2120): another payer, a primary care provider, a plan."""

    role: str
    name: str
    id: str


@dataclass(frozen=True, slots=True)
class Benefit:
    """One EB. Codes as sent; ``in_words`` of `eligibility_words` says them. ``share`` is 0.2 for 20 per cent."""

    segment: int
    kind: str  # EB01
    level: str = ""  # EB02: IND, FAM ...
    service_types: tuple[str, ...] = ()
    insurance: str = ""
    plan: str = ""
    period: str = ""
    amount: Decimal | None = None
    share: Decimal | None = None
    quantity_of: str = ""
    quantity: Decimal | None = None
    authorization: str = ""  # Y, N or U
    in_network: str = ""  # Y, N, U or W (both)
    code: str = ""
    messages: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    dates: tuple[tuple[str, date | None, date | None], ...] = ()
    references: tuple[tuple[str, str], ...] = ()
    related: tuple[Related, ...] = ()


@dataclass(frozen=True, slots=True)
class EligibilityAnswer:
    """The answer about one member. ``is_active`` is None where the payer did not say."""

    segment: int
    traces: tuple[str, ...]
    payer: Payer
    provider: Provider
    subscriber: Member
    dependent: Member | None = None
    benefits: tuple[Benefit, ...] = ()
    rejections: tuple[Rejection, ...] = ()
    dates: tuple[tuple[str, date | None, date | None], ...] = ()
    findings: tuple[Finding, ...] = field(default=())

    @property
    def is_active(self) -> bool | None:
        """Whether the plan is in force: 1 to 5 say active, 6 to 8 inactive; what is said of the whole plan goes first.

        None where the payer says neither, or both: then a person reads the benefits.
        """
        for benefits in ([b for b in self.benefits if not b.service_types or "30" in b.service_types], self.benefits):
            kinds = {b.kind for b in benefits}
            active, inactive = bool(kinds & ACTIVE), bool(kinds & INACTIVE)
            if active or inactive:
                return None if active and inactive else active
        return None
