# SPDX-License-Identifier: Apache-2.0
"""What we ask a payer to authorize (278 request), and what it decides (278 response), as values."""
from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from openinfusion.exchange.domain.x12.eligibility import Rejection
from openinfusion.exchange.domain.x12.parties import Member, Payer, Provider


@dataclass(frozen=True, slots=True)
class ReviewedService:
    """One service asked for or decided. ``kind`` is HC for HCPCS/CPT or N4 for an NDC; ``units`` over the whole span."""

    code: str
    units: Decimal = Decimal(0)
    kind: str = "HC"
    modifiers: tuple[str, ...] = ()
    unit: str = "UN"  # UN units, DA days
    first_on: date | None = None
    last_on: date | None = None
    description: str = ""
    decision: str = ""  # HCR01 of an answer
    authorization: str = ""
    reasons: tuple[str, ...] = ()
    trace: str = ""


@dataclass(frozen=True, slots=True)
class ReviewRequest:
    """One request for one patient. ``trace`` is ours and comes back. ``certification``: I initial, R renewal, S revised,
    3 cancel, 4 extension. ``category``: HS health services, AR admission, SC specialty care.
    """

    trace: str
    payer: Payer
    requester: Provider
    subscriber: Member
    diagnoses: tuple[str, ...]  # ICD-10-CM, the first is the principal one
    services: tuple[ReviewedService, ...]
    first_on: date
    last_on: date
    category: str = "HS"
    certification: str = "I"
    service_type: str = "42"
    place_of_service: str = "12"
    is_urgent: bool = False
    dependent: Member | None = None
    ordering: Provider | None = None
    earlier_authorization: str = ""
    attachment_control: str = ""
    attachment_kind: str = "77"
    note: str = ""


@dataclass(frozen=True, slots=True)
class ReviewAnswer:
    """The payer's answer to one request. ``decision`` is HCR01 as sent; empty where the payer gave none."""

    segment: int
    traces: tuple[str, ...]
    payer: Payer
    requester: Provider
    subscriber: Member
    decision: str = ""
    authorization: str = ""
    reasons: tuple[str, ...] = ()
    first_on: date | None = None
    last_on: date | None = None
    services: tuple[ReviewedService, ...] = ()
    rejections: tuple[Rejection, ...] = ()
    messages: tuple[str, ...] = ()
    reviews: tuple[tuple[str, str, str], ...] = ()  # UM01, UM02, UM03, wherever one stands

    @property
    def is_decided(self) -> bool:
        """Whether somebody said yes, in part, or no; a pended or unreadable answer is none."""
        return self.decision in {"A1", "A2", "A3", "A6", "C", "NA"}
