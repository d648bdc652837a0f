# SPDX-License-Identifier: Apache-2.0
"""What is recorded about a patient: allergies, conditions, measurements, labs, lines, home, coverage, consent."""
from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from openinfusion.patients.domain.identity import Address, Identifier


class AllergyState(StrEnum):
    RECORDED = "recorded"
    NONE_KNOWN = "none_known"
    NOT_RECORDED = "not_recorded"


class Severity(StrEnum):
    ANAPHYLAXIS = "anaphylaxis"
    SEVERE_SKIN = "severe_skin"
    SEVERE = "severe"
    MODERATE = "moderate"
    MILD = "mild"
    UNKNOWN = "unknown"


class MeasurementKind(StrEnum):
    WEIGHT = "weight_kg"
    HEIGHT = "height_cm"


@dataclass(frozen=True, slots=True)
class LabValue:
    """One value of a laboratory report, in the laboratory's own unit."""

    loinc: str
    name: str
    value: Decimal
    unit: str


class LineType(StrEnum):
    PICC = "picc"
    PORT = "port"
    TUNNELED = "tunneled"
    MIDLINE = "midline"
    PERIPHERAL = "peripheral"
    SUBCUTANEOUS = "subcutaneous"
    INTRATHECAL = "intrathecal"
    EPIDURAL = "epidural"
    FEEDING_TUBE = "feeding_tube"


class Tip(StrEnum):
    CENTRAL = "central"
    MIDLINE = "midline"
    PERIPHERAL = "peripheral"
    SUBCUTANEOUS = "sc"
    INTRATHECAL = "intrathecal"
    EPIDURAL = "epidural"
    ENTERAL = "enteral"


TIP_OF = {
    LineType.PICC: Tip.CENTRAL,
    LineType.PORT: Tip.CENTRAL,
    LineType.TUNNELED: Tip.CENTRAL,
    LineType.MIDLINE: Tip.MIDLINE,
    LineType.PERIPHERAL: Tip.PERIPHERAL,
    LineType.SUBCUTANEOUS: Tip.SUBCUTANEOUS,
    LineType.INTRATHECAL: Tip.INTRATHECAL,
    LineType.EPIDURAL: Tip.EPIDURAL,
    LineType.FEEDING_TUBE: Tip.ENTERAL,
}


class Relationship(StrEnum):
    SELF = "self"
    SPOUSE = "spouse"
    CHILD = "child"
    OTHER = "other"


class ConsentKind(StrEnum):
    TREATMENT = "treatment"
    ASSIGNMENT_OF_BENEFITS = "assignment_of_benefits"
    PRIVACY = "privacy"
    FINANCIAL = "financial"


@dataclass(frozen=True, slots=True)
class PatientFact:
    id: UUID
    family: str
    given: str
    born_on: date
    sex: str
    mrn: str
    timezone: str
    address: Address
    phone: str
    email: str
    language: str
    identifiers: tuple[Identifier, ...] = ()
    version: int = 1

    @property
    def name(self) -> str:
        return f"{self.family.upper()}, {self.given}"


@dataclass(frozen=True, slots=True)
class AllergyFact:
    """``ingredient`` is the catalog's word where it is known; ``groups`` are its classes and side chains."""

    id: UUID
    substance: str
    ingredient: str
    groups: tuple[str, ...]
    reaction: str
    severity: str
    noted_on: date | None


@dataclass(frozen=True, slots=True)
class AllergyList:
    state: AllergyState
    items: tuple[AllergyFact, ...] = ()


@dataclass(frozen=True, slots=True)
class ConditionFact:
    id: UUID
    icd10: str
    text: str
    onset_on: date | None


@dataclass(frozen=True, slots=True)
class MeasurementFact:
    id: UUID
    kind: str
    value: Decimal
    taken_at: datetime


@dataclass(frozen=True, slots=True)
class LabFact:
    id: UUID
    loinc: str
    name: str
    value: Decimal
    unit: str
    taken_at: datetime


@dataclass(frozen=True, slots=True)
class MedicationFact:
    """What the patient takes besides our therapies; ``ingredients`` is empty where the catalog does not know the name."""

    id: UUID
    name: str
    ingredients: tuple[str, ...]
    sig: str
    started_on: date | None


@dataclass(frozen=True, slots=True)
class LineFact:
    id: UUID
    type: str
    tip: str
    lumens: int
    site: str
    placed_on: date | None

    def __str__(self) -> str:
        words = self.type.replace("_", " ")
        shown = words.upper() if self.type == LineType.PICC else words
        return f"{shown}, tip {self.tip}" + (f", {self.lumens} lumens" if self.lumens > 1 else "")


@dataclass(frozen=True, slots=True)
class LineSpan:
    """The days a device was in place: from the day it was placed (or recorded) until it was removed."""

    id: UUID
    patient_id: UUID
    type: str
    tip: str
    first: date
    last: date | None


@dataclass(frozen=True, slots=True)
class CoverageFact:
    """``rank`` 1 is primary."""

    id: UUID
    plan_id: UUID
    member_id: str
    group_number: str
    rank: int
    relationship: str
    subscriber: str
    subscriber_born_on: date | None
    first: date
    last: date | None

    def covers(self, day: date) -> bool:
        return self.first <= day and (self.last is None or day <= self.last)


@dataclass(frozen=True, slots=True)
class HomeFact:
    """The home as assessed. ``services`` are other services this patient needs (nursing agency, equipment, meals)."""

    id: UUID
    assessed_on: date
    refrigerator: bool
    electricity: bool
    running_water: bool
    phone: bool
    caregiver: bool
    safe_entry: bool
    able_to_learn: bool
    services: tuple[str, ...]
    note: str

    @property
    def concerns(self) -> tuple[str, ...]:
        """What is not in order, in words."""
        asked = (
            (self.refrigerator, "no refrigerator"), (self.electricity, "no reliable electricity"),
            (self.running_water, "no running water"), (self.phone, "no telephone"), (self.caregiver, "no caregiver"),
            (self.safe_entry, "entry not safe"), (self.able_to_learn, "patient or caregiver cannot learn the infusion"),
        )
        return tuple(text for fine, text in asked if not fine)


@dataclass(frozen=True, slots=True)
class ContactFact:
    id: UUID
    name: str
    relation: str
    phone: str
    emergency: bool


@dataclass(frozen=True, slots=True)
class ConsentFact:
    id: UUID
    kind: str
    given_on: date
    signer: str
    file_id: UUID | None


@dataclass(frozen=True, slots=True)
class DocumentFact:
    id: UUID
    kind: str
    title: str
    file_id: UUID
    made_at: datetime
