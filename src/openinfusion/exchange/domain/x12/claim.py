# SPDX-License-Identifier: Apache-2.0
"""A claim as we send it, complete: professional (837P) or, with `InstitutionalOut`, institutional (837I)."""
from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

NOT_OTHERWISE_CLASSIFIED: Final = frozenset({"J3490", "J3590", "J7799", "J7999", "J9999", "S9379", "S9542"})
NDC_UNITS: Final = frozenset({"UN", "ML", "GR", "F2", "ME"})
SELF: Final = "18"


@dataclass(frozen=True, slots=True)
class AddressOut:
    line: str
    city: str
    state: str
    postal_code: str


@dataclass(frozen=True, slots=True)
class PersonOut:
    """The patient or the subscriber."""

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
class AdjustmentOut:
    """Why an earlier payer did not pay an amount: group, CARC, amount; positive lowers what it paid."""

    group: str
    reason: str
    amount: Decimal
    quantity: Decimal | None = None


@dataclass(frozen=True, slots=True)
class OtherPayerOut:
    """Another payer of the same claim: one that has answered (``paid`` and when), or one that comes after us."""

    payer: PayerOut
    rank: str  # P, S, T
    family: str
    given: str
    member_id: str
    relation: str = SELF
    group_number: str = ""
    insurance_type: str = ""  # SBR05, for Medicare as a secondary payer
    paid: Decimal | None = None
    paid_on: date | None = None
    patient_owes: Decimal | None = None
    not_covered: Decimal | None = None
    adjustments: tuple[AdjustmentOut, ...] = ()
    control: str = ""


@dataclass(frozen=True, slots=True)
class AdjudicationOut:
    """What an earlier payer said about one line."""

    payer_id: str
    paid: Decimal
    code: str
    units: Decimal
    paid_on: date
    modifiers: tuple[str, ...] = ()
    adjustments: tuple[AdjustmentOut, ...] = ()
    patient_owes: Decimal | None = None


@dataclass(frozen=True, slots=True)
class AttachmentOut:
    """A document that goes another way; ``control`` stands on the document too. Kinds: OZ, 77, AS, B4, CT, M1, PN."""

    kind: str
    control: str
    way: str = "EL"  # EL electronic, FX fax, BM mail, AA on request


@dataclass(frozen=True, slots=True)
class RentalOut:
    """SV5: equipment rented, in days, with the price of a month (``frequency`` 4) or a week (1)."""

    code: str
    days: Decimal
    rental_price: Decimal
    purchase_price: Decimal
    frequency: str = "4"


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
    place_of_service: str = ""  # only where it differs from the claim's
    rental: RentalOut | None = None
    attachments: tuple[AttachmentOut, ...] = ()
    note: str = ""
    adjudications: tuple[AdjudicationOut, ...] = ()
    revenue: str = ""  # 837I: 0260, 0636, 0640 ...
    link: str = ""  # joins the ingredients of one compound, where there is no prescription number


@dataclass(frozen=True, slots=True)
class InstitutionalOut:
    """What only an 837I says. ``bill_type`` is the first two digits of the type of bill (33 home health, outpatient)."""

    bill_type: str
    first_on: date
    last_on: date
    patient_status: str  # NUBC: 01 discharged, 30 still a patient
    attending: ProviderOut | None
    admission_type: str = "9"
    admission_source: str = ""
    admitting_diagnosis: str = ""
    value_codes: tuple[tuple[str, Decimal], ...] = ()
    occurrences: tuple[tuple[str, date], ...] = ()
    occurrence_spans: tuple[tuple[str, date, date], ...] = ()
    conditions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ClaimOut:
    """One claim, complete. ``frequency``: 1 original, 7 replacement, 8 void; the latter two name the payer's number.

    The patient is the subscriber unless ``subscriber`` is given; then ``relation`` says how the patient is related.
    """

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
    subscriber: PersonOut | None = None
    relation: str = SELF
    insurance_type: str = ""
    pay_to: AddressOut | None = None
    supervising: ProviderOut | None = None
    dates: tuple[tuple[str, date], ...] = ()  # DTP qualifier and day: 431 onset, 435 admission, 439 accident, 454 first treated
    attachments: tuple[AttachmentOut, ...] = ()
    references: tuple[tuple[str, str], ...] = ()  # 9F referral, D9 clearing house, P4 demonstration, 4N exception
    fixed_text: str = ""  # K3
    patient_paid: Decimal | None = None
    others: tuple[OtherPayerOut, ...] = ()
    institutional: InstitutionalOut | None = None
