# SPDX-License-Identifier: Apache-2.0
"""The claim as the scrub looks at it: gathered before it is asked, so that the checks read nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class ScrubLine:
    """One line. ``unit_known``: whether the code is in the list kept here, and holds on the days of the line.

    ``package_units`` are the billing units that the packages used hold; None where that cannot be told.
    """

    number: int
    control: str
    kind: str  # drug, per_diem, nursing, rental
    code: str
    modifiers: tuple[str, ...]
    units: int
    charge_cents: int
    first_on: date
    last_on: date
    description: str = ""
    ndc: str = ""
    ndc_amount: Decimal | None = None
    ndc_unit: str = ""
    rx_number: str = ""
    single_dose: bool = False
    group: str = ""  # the exclusivity group of a per diem
    is_listed: bool = True
    holds: bool = True
    package_units: Decimal | None = None
    place: str = ""  # of service, where it is another than the claim's
    under_program: bool = False  # a drug bought under 340B


@dataclass(frozen=True, slots=True)
class Party:
    """Who bills, or who ordered: as an 837 names them."""

    name: str = ""
    npi: str = ""
    tax_id: str = ""
    taxonomy: str = ""
    street: str = ""
    state: str = ""
    zip_code: str = ""


@dataclass(frozen=True, slots=True)
class Earlier:
    """What the payer before this one said: cents paid and adjusted, and the patient's share it left."""

    paid_cents: int
    adjusted_cents: int
    patient_cents: int


@dataclass(frozen=True, slots=True)
class ScrubClaim:
    """A claim with everything the checks ask for. ``place`` is the place of service."""

    control: str
    charge_cents: int
    lines: tuple[ScrubLine, ...]
    today: date
    member_id: str = ""
    payer_id: str = ""
    payer_type: str = ""
    filing: str = ""
    rank: str = "P"
    frequency: str = "1"
    payer_control: str = ""
    form: str = "837P"
    place: str = "12"
    diagnoses: tuple[str, ...] = ()
    family: str = ""
    given: str = ""
    born_on: date | None = None
    billing: Party = Party()
    prescriber: Party = Party()
    suite_modifier: str = ""
    program_modifier: str = ""
    counts_every_day: bool = True  # the contract counts days of access
    earlier: Earlier | None = None
