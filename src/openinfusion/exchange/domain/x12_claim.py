# SPDX-License-Identifier: Apache-2.0
"""What a professional claim must say before it can be written as an 837P, and what is wrong with it if it cannot."""
from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from openinfusion.kernel.refusal import Fault

NOT_OTHERWISE_CLASSIFIED: Final = frozenset({"J3490", "J3590", "J7799", "J7999", "J9999", "S9379", "S9542"})
NDC_UNITS: Final = frozenset({"UN", "ML", "GR", "F2", "ME"})
_PATIENT_CONTROL = re.compile(r"^[A-Z0-9]{1,17}$", re.ASCII)
_LINE_CONTROL = re.compile(r"^[A-Z0-9]{1,30}$", re.ASCII)
_NDC = re.compile(r"^\d{11}$", re.ASCII)
_NPI = re.compile(r"^\d{10}$", re.ASCII)


@dataclass(frozen=True, slots=True)
class AddressOut:
    line: str
    city: str
    state: str
    postal_code: str


@dataclass(frozen=True, slots=True)
class PersonOut:
    """The patient, who is the subscriber on the claims written here."""

    family: str
    given: str
    born_on: date
    sex: str  # M, F or U
    address: AddressOut


@dataclass(frozen=True, slots=True)
class ProviderOut:
    """A pharmacy, suite, prescriber or nurse. A person has a given name, an organization has none."""

    name: str
    npi: str
    given: str = ""
    tax_id: str = ""
    taxonomy: str = ""
    address: AddressOut | None = None
    phone: str = ""


@dataclass(frozen=True, slots=True)
class PayerOut:
    name: str
    id: str
    filing: str  # SBR09: CI, BL, MB, 16, MC ...


@dataclass(frozen=True, slots=True)
class LineOut:
    """One service line; ``control`` is the stable key that the payer echoes in the 835."""

    control: str
    code: str
    charge: Decimal
    units: Decimal
    first_on: date
    last_on: date
    modifiers: tuple[str, ...] = ()
    pointers: tuple[int, ...] = (1,)
    description: str = ""
    ndc: str = ""
    ndc_quantity: Decimal = Decimal(0)
    ndc_unit: str = ""
    rx_number: str = ""
    rx_on: date | None = None
    authorization: str = ""
    ordering: ProviderOut | None = None


@dataclass(frozen=True, slots=True)
class ClaimOut:
    """One claim, complete. ``frequency``: 1 original, 7 replacement, 8 void; the latter two name the payer's number."""

    patient_control: str
    charge: Decimal
    place_of_service: str
    patient: PersonOut
    member_id: str
    payer: PayerOut
    billing: ProviderOut
    diagnoses: tuple[str, ...]
    lines: tuple[LineOut, ...]
    rank: str = "P"
    group_number: str = ""
    frequency: str = "1"
    payer_control: str = ""
    authorization: str = ""
    record_number: str = ""
    note: str = ""
    referring: ProviderOut | None = None
    rendering: ProviderOut | None = None
    facility: ProviderOut | None = None


def npi_is_valid(npi: str) -> bool:
    """Ten digits whose last is the Luhn check digit over 80840 and the other nine."""
    if not _NPI.match(npi):
        return False
    doubled = [int(d) * (2 if n % 2 == 0 else 1) for n, d in enumerate(reversed("80840" + npi[:9]))]
    return (sum(d - 9 if d > 9 else d for d in doubled) + int(npi[9])) % 10 == 0


def claim_faults(claim: ClaimOut) -> tuple[Fault, ...]:
    """Everything that keeps this claim from being written; an empty tuple is a clean claim."""
    return (
        *_head_faults(claim), *_provider_faults(claim),
        *(f for n, line in enumerate(claim.lines, 1) for f in _line_faults(line, n, len(claim.diagnoses))),
    )


def _head_faults(c: ClaimOut) -> Iterator[Fault]:
    if not _PATIENT_CONTROL.match(c.patient_control):
        yield Fault("CLM01", "the patient control number is 1 to 17 capital letters and digits")
    if c.charge != sum((line.charge for line in c.lines), Decimal(0)):
        yield Fault("CLM02", "the claim charge is not the sum of its lines")
    if not 1 <= len(c.lines) <= 50:
        yield Fault("2400", "a claim has 1 to 50 lines")
    if not 1 <= len(c.diagnoses) <= 12:
        yield Fault("HI", "a claim has 1 to 12 diagnoses")
    if not c.member_id.strip():
        yield Fault("NM1*IL", "the member number is missing")
    if c.frequency in {"7", "8"} and not c.payer_control:
        yield Fault("REF*F8", "a replacement or void names the payer's claim number")
    controls = [line.control for line in c.lines]
    if len(set(controls)) != len(controls):
        yield Fault("REF*6R", "two lines share a line control number")


def _provider_faults(c: ClaimOut) -> Iterator[Fault]:
    people = {"NM1*85": c.billing, "NM1*DN": c.referring, "NM1*82": c.rendering, "NM1*77": c.facility}
    for place, who in people.items():
        if who is not None and not npi_is_valid(who.npi):
            yield Fault(place, f"“{who.npi}” is not a valid NPI for {who.name}")
    if c.billing.address is None or not c.billing.tax_id:
        yield Fault("2010AA", "the billing provider needs a street address and a tax number")


def _line_faults(line: LineOut, number: int, diagnoses: int) -> Iterator[Fault]:
    place = f"line {number}"
    if not _LINE_CONTROL.match(line.control):
        yield Fault(place, "the line control number is 1 to 30 capital letters and digits")
    if line.charge <= 0 or line.units <= 0:
        yield Fault(place, "charge and units are more than zero")
    if line.last_on < line.first_on:
        yield Fault(place, "the last day is before the first")
    if not line.pointers or any(not 1 <= p <= diagnoses for p in line.pointers[:4]):
        yield Fault(place, "a diagnosis pointer points at no diagnosis")
    if line.code in NOT_OTHERWISE_CLASSIFIED and not line.description:
        yield Fault(place, f"{line.code} needs a description")
    if line.ndc and (not _NDC.match(line.ndc) or line.ndc_quantity <= 0 or line.ndc_unit not in NDC_UNITS):
        yield Fault(place, "an NDC is 11 digits with a quantity and its unit (UN, ML, GR, F2, ME)")
    if line.ordering is not None and not npi_is_valid(line.ordering.npi):
        yield Fault(place, f"“{line.ordering.npi}” is not a valid NPI for {line.ordering.name}")
