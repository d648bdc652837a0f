# SPDX-License-Identifier: Apache-2.0
"""Payers, plans and contracts: who pays, and how days, lines and deadlines are counted."""
from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from openinfusion.kernel.standing import Source


class PayerType(StrEnum):
    COMMERCIAL = "commercial"
    MEDICARE_B = "medicare_b"
    MEDICARE_ADVANTAGE = "medicare_advantage"
    MEDICAID = "medicaid"
    PART_D = "part_d"
    TRICARE = "tricare"


class DayBasis(StrEnum):
    ACCESS = "access"
    INFUSION_DAY = "infusion_day"
    DISPENSED_DAYS = "dispensed_days"


class BillWhen(StrEnum):
    DISPENSE = "dispense"
    DELIVERY_PROOF = "delivery_proof"
    ARREARS = "arrears"


class LineSplit(StrEnum):
    NONE = "none"
    CALENDAR_MONTH = "calendar_month"
    WEEK = "week"
    PER_DISPENSE = "per_dispense"


class ClaimForm(StrEnum):
    """In which form the payer takes claims; what the contract leaves open follows from the plan's benefit."""

    BY_BENEFIT = "by_benefit"
    PROFESSIONAL = "837P"
    INSTITUTIONAL = "837I"
    PAPER = "CMS1500"
    PHARMACY = "NCPDP"


CLAIM_FORM_WORDS = {
    ClaimForm.BY_BENEFIT: "as the benefit wants it", ClaimForm.PROFESSIONAL: "professional, 837P",
    ClaimForm.INSTITUTIONAL: "institutional, 837I", ClaimForm.PAPER: "on paper, CMS-1500", ClaimForm.PHARMACY: "pharmacy, NCPDP",
}


@dataclass(frozen=True, slots=True)
class PayerFact:
    id: UUID
    code: str
    name: str
    type: str
    x12_id: str


@dataclass(frozen=True, slots=True)
class PlanFact:
    """``payer_id`` is the number the payer goes by in X12; ``payer_key`` is its id here."""

    id: UUID
    code: str
    name: str
    payer_key: UUID
    payer_name: str
    payer_type: str
    payer_id: str
    filing_indicator: str
    benefit: str

    def __str__(self) -> str:
        return f"{self.payer_name}, {self.name}"


@dataclass(frozen=True, slots=True)
class ContractFact:
    """The terms of a contract on a day. ``modifiers`` go by rank of concurrent therapies: none, SH, SJ."""

    id: UUID
    name: str
    payer_key: UUID
    first: date
    last: date | None
    day_basis: str
    max_interval_h: int
    count_first_day: bool
    count_last_day: bool
    line_split: str
    line_form: str
    bill_when: str
    concurrent_pct: tuple[int, ...]
    modifiers: tuple[str, ...]
    suite_modifier: str
    timely_filing_days: int
    timely_from: str
    per_diem_payable: bool
    nursing_payable: bool
    require_kx: bool
    jw_jz: bool
    source: Source
    agreement: UUID | None = None  # the same in all versions of one contract
    plan_key: UUID | None = None  # the only plan it is for; None: all of the payer's
    hold_on: tuple[str, ...] = ("inpatient",)
    per_diems_a_day: int = 0  # the most per diems paid on one day; 0: no limit
    first_dose_separate: bool = False
    lesser_of_charge: bool = False
    escalator_pct: Decimal = Decimal(0)  # added to fixed rates on each anniversary
    corrected_filing_days: int | None = None
    appeal_days: int | None = None
    pay_days: int = 45  # days until a clean claim is usually paid
    drafter: str = ""
    claim_form: str = ClaimForm.BY_BENEFIT.value
    program_modifier: str = ""  # of drugs bought under 340B; empty: the contract names none

    def in_force_words(self) -> str:
        return f"from {self.first:%d-%b-%Y}" + (f" to {self.last:%d-%b-%Y}" if self.last else "")

    def corrected_until(self, remitted: date) -> date | None:
        """The last day for a corrected claim; None where the contract does not say."""
        return None if self.corrected_filing_days is None else remitted + timedelta(days=self.corrected_filing_days)

    def appeal_until(self, denied: date) -> date | None:
        """The last day for an appeal; None where the contract does not say."""
        return None if self.appeal_days is None else denied + timedelta(days=self.appeal_days)

    def timely_until(self, first: date, last: date) -> date:
        """The last day a claim for this span may be filed."""
        return (last if self.timely_from == "last" else first) + timedelta(days=self.timely_filing_days)

    def share(self, rank: int) -> int:
        """The percentage paid for the therapy of this rank (1 is the highest paid) on one day."""
        return self.concurrent_pct[min(rank, len(self.concurrent_pct)) - 1]


@dataclass(frozen=True, slots=True)
class PayerRules:
    """What a plan wants: authorization for classes of therapy and for codes, and documents beyond the template's."""

    authorize_classes: frozenset[str]
    authorize_codes: frozenset[str]
    extra_items: tuple[str, ...]

    def authorization_needed(self, therapy_class: str, codes: tuple[str, ...] = ()) -> bool:
        return therapy_class in self.authorize_classes or bool(self.authorize_codes & set(codes))
