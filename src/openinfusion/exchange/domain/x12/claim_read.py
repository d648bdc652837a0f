# SPDX-License-Identifier: Apache-2.0
"""A claim as an 837 says it, professional or institutional: ours read back, a partner's, or a sample's.

Slotted and not frozen, as a file holds many; nobody changes them once they are read.
"""
from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from openinfusion.exchange.domain.x12.values import ZERO


@dataclass(slots=True)
class Adjudicated:
    """What an earlier payer said about a line (SVD), with the sum of its adjustments."""

    payer_id: str
    paid: Decimal
    adjusted: Decimal = ZERO


@dataclass(slots=True)
class LineRead:
    """One LX with its SV1 or SV2."""

    segment: int
    code: str
    modifiers: tuple[str, ...]
    charge: Decimal
    units: Decimal
    unit: str = ""
    description: str = ""
    revenue: str = ""
    place_of_service: str = ""
    pointers: tuple[str, ...] = ()
    first_on: date | None = None
    last_on: date | None = None
    is_span: bool = False
    rx_on: date | None = None
    control: str = ""
    authorizations: tuple[str, ...] = ()
    ndc: str = ""
    ndc_quantity: Decimal | None = None
    ndc_unit: str = ""
    rx_number: str = ""
    note: str = ""
    adjudicated: list[Adjudicated] = field(default_factory=list)


@dataclass(slots=True)
class OtherPayerRead:
    """One 2320: another payer, what it paid (AMT*D) and the sum of its claim-level adjustments."""

    rank: str
    name: str = ""
    id: str = ""
    paid: Decimal | None = None
    adjusted: Decimal = ZERO


@dataclass(slots=True)
class ClaimRead:
    """One CLM. ``place`` is the place of service, or the type of bill of an institutional claim."""

    segment: int
    patient_control: str
    charge: Decimal
    place: str
    frequency: str
    is_institutional: bool = False
    family: str = ""
    given: str = ""
    member_id: str = ""
    born_on: date | None = None
    payer_name: str = ""
    payer_id: str = ""
    billing_npi: str = ""
    billing_name: str = ""
    rank: str = ""
    filing: str = ""
    diagnoses: tuple[str, ...] = ()
    authorization: str = ""
    payer_control: str = ""
    record_number: str = ""
    lines: list[LineRead] = field(default_factory=list)
    others: list[OtherPayerRead] = field(default_factory=list)


@dataclass(slots=True)
class ClaimSet:
    """One ST..SE of an 837: its claims and how many levels it has."""

    segment: int
    control: str
    version: str
    claims: list[ClaimRead] = field(default_factory=list)
    levels: int = 0
