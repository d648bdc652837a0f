# SPDX-License-Identifier: Apache-2.0
"""A referral as it arrives, from a message or a form: what was said and nothing more. What was not said is empty."""
from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID


class SexIn(StrEnum):
    FEMALE = "female"
    MALE = "male"
    OTHER = "other"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonIn:
    """The patient as named by the sender. ``identifiers`` are (system, value) pairs."""

    family: str
    given: str
    born_on: date
    sex: SexIn = SexIn.UNKNOWN
    line1: str = ""
    line2: str = ""
    city: str = ""
    state: str = ""
    zip: str = ""
    phone: str = ""
    email: str = ""
    language: str = ""
    identifiers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderIn:
    """One medication order. ``ref`` says where in the message it stood."""

    drug_text: str
    rxnorm: str = ""
    dose_amount: Decimal | None = None
    dose_unit: str = ""
    route: str = ""
    interval_hours: int | None = None
    infusion_minutes: int | None = None
    rate_ml_per_h: Decimal | None = None
    start_on: date | None = None
    days: int | None = None
    doses: int | None = None
    ordered_on: date | None = None
    text: str = ""
    prescriber_name: str = ""
    prescriber_npi: str = ""
    icd10: str = ""
    diagnosis_text: str = ""
    ref: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AllergyIn:
    substance: str
    reaction: str = ""
    severity: str = "unknown"
    noted_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ConditionIn:
    text: str
    icd10: str = ""
    onset_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasurementIn:
    """``kind`` is weight_kg or height_cm, the value in that unit. ``day_only``: of ``taken_at`` only the day is known."""

    kind: str
    value: Decimal
    taken_at: datetime
    day_only: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LabIn:
    """``day_only``: of ``taken_at`` only the day is known."""

    loinc: str
    name: str
    value: Decimal
    unit: str
    taken_at: datetime
    day_only: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverageIn:
    """Who pays, as the sender wrote it; ``payer`` and ``plan`` are names, ``payer_id`` a number if there was one."""

    payer: str = ""
    plan: str = ""
    payer_id: str = ""
    member_id: str = ""
    group_number: str = ""
    relationship: str = "self"
    subscriber: str = ""
    rank: int = 1
    first: date | None = None
    last: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferralIn:
    """A whole referral. ``no_known_allergies`` only if the sender said so; an empty list is not that."""

    person: PersonIn
    source: str
    source_name: str = ""
    orders: tuple[OrderIn, ...] = ()
    allergies: tuple[AllergyIn, ...] = ()
    no_known_allergies: bool = False
    conditions: tuple[ConditionIn, ...] = ()
    measurements: tuple[MeasurementIn, ...] = ()
    labs: tuple[LabIn, ...] = ()
    coverages: tuple[CoverageIn, ...] = ()
    note: str = ""
    file_id: UUID | None = None
    needed_by: date | None = None


_INJECTED = frozenset(
    {"injection", "injectable", "infusion", "iv", "intravenous", "subcutaneous", "intrathecal", "epidural"}
)


def says_injection(drug_text: str) -> bool:
    """Whether the words of a drug say that it is injected; an order without a route may be for tablets."""
    return bool(_INJECTED & set(re.findall(r"[a-z]+", drug_text.lower())))
