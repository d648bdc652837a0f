# SPDX-License-Identifier: Apache-2.0
"""The door of patients: who is treated, as frozen facts; and the recorders."""
from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from openinfusion.kernel.roles import Role
from openinfusion.kernel.waiting import EVERYTHING, Ask, Hit, Waited, Waiting, few
from openinfusion.patients import queries
from openinfusion.patients.actions.childbearing import record_asked
from openinfusion.patients.actions.lab_report import record_lab_report
from openinfusion.patients.actions.locate import locate_home
from openinfusion.patients.actions.record import (
    mark_entered_in_error,
    record_allergy,
    record_condition,
    record_lab,
    record_line,
    record_measurement,
    record_medication,
    record_no_known_allergies,
    remove_line,
    stop_medication,
)
from openinfusion.patients.actions.register import change_demographics, decide_match, register
from openinfusion.patients.actions.social import (
    record_consent,
    record_contact,
    record_coverage,
    record_document,
    record_home_assessment,
)
from openinfusion.patients.adapters import asked_ages
from openinfusion.patients.domain.chart import (
    AllergyFact,
    AllergyList,
    AllergyState,
    ConditionFact,
    ConsentFact,
    ConsentKind,
    ContactFact,
    CoverageFact,
    DocumentFact,
    HomeFact,
    LabFact,
    LabValue,
    LineFact,
    LineSpan,
    LineType,
    MeasurementFact,
    MeasurementKind,
    MedicationFact,
    PatientFact,
    Relationship,
    Severity,
    Tip,
)
from openinfusion.patients.domain.childbearing import About, AskedFact, Said, words_of
from openinfusion.patients.domain.clearance import Clearance
from openinfusion.patients.domain.identity import Address, Demographics, Identifier, Sex, age_on
from openinfusion.patients.permissions import CORRECT, READ
from openinfusion.patients.queries import Banner, Chart, PatientRow, Readiness
from openinfusion.platform.actor import Actor
from openinfusion.platform.clock import now
from openinfusion.platform.scope import read_once

__all__ = [
    "About",
    "Address",
    "AllergyFact",
    "AllergyList",
    "AllergyState",
    "AskedFact",
    "Banner",
    "Chart",
    "Clearance",
    "ConditionFact",
    "ConsentFact",
    "ConsentKind",
    "ContactFact",
    "CoverageFact",
    "Demographics",
    "DocumentFact",
    "HomeFact",
    "Identifier",
    "LabFact",
    "LabValue",
    "LineFact",
    "LineSpan",
    "LineType",
    "MeasurementFact",
    "MeasurementKind",
    "MedicationFact",
    "PatientFact",
    "PatientRow",
    "Readiness",
    "Relationship",
    "Said",
    "Severity",
    "Sex",
    "Tip",
    "age_on",
    "allergies",
    "asked",
    "asks_about_pregnancy",
    "banner",
    "change_demographics",
    "charts",
    "conditions",
    "consents",
    "contacts",
    "coverage",
    "covered_twice",
    "decide_match",
    "documents",
    "every_line",
    "find",
    "home",
    "id_by_mrn",
    "labs",
    "line",
    "line_spans",
    "lines",
    "locate_home",
    "mark_entered_in_error",
    "measurements",
    "medications",
    "patient",
    "patients",
    "readiness",
    "record_allergy",
    "record_asked",
    "record_condition",
    "record_consent",
    "record_contact",
    "record_coverage",
    "record_document",
    "record_home_assessment",
    "record_lab",
    "record_lab_report",
    "record_line",
    "record_measurement",
    "record_medication",
    "record_no_known_allergies",
    "register",
    "remove_line",
    "search",
    "stop_medication",
    "waiting",
    "words_of",
]


@read_once
def patient(id: UUID) -> PatientFact:
    return queries.patient_fact(queries.row_of(id), queries.identifiers_of(id))


def id_by_mrn(mrn: str) -> UUID | None:
    """The patient with this number on the chart; None where nobody has it."""
    return queries.id_by_mrn(mrn)


@read_once
def timezone(id: UUID) -> str:
    """The IANA zone where the patient lives; empty where the address does not tell."""
    return queries.row_of(id).timezone


def patients(ids: list[UUID]) -> dict[UUID, PatientFact]:
    """Many at once, without their identifiers."""
    return queries.many(ids)


def readiness(ids: list[UUID]) -> dict[UUID, Readiness]:
    """What is on record for many patients at once: kinds, not values."""
    return queries.readiness_of(ids)


def banner(id: UUID) -> Banner:
    return queries.banner_of(id)


def allergies(id: UUID) -> AllergyList:
    """The allergies with their state: recorded, none known, or not recorded (nobody has asked)."""
    return queries.allergies_of(queries.row_of(id))


def asked(id: UUID) -> list[AskedFact]:
    """The newest answers about pregnancy and lactation; nothing where nobody recorded any."""
    return queries.asked_of(id)


def asks_about_pregnancy(age: int) -> bool:
    """Whether the chart asks a patient of this age."""
    return asked_ages().holds(age)


def conditions(id: UUID) -> list[ConditionFact]:
    return queries.conditions_of(id)


def charts(ids: Iterable[UUID]) -> dict[UUID, Chart]:
    """The clinical side of many charts at once."""
    return queries.charts_of(ids)


def medications(id: UUID) -> list[MedicationFact]:
    """What the patient takes besides our therapies."""
    return queries.medications_of(id)


def measurements(id: UUID, kind: str = "") -> list[MeasurementFact]:
    """Weights and heights, newest first."""
    return queries.measurements_of(id, kind)


def labs(id: UUID, loinc: str = "") -> list[LabFact]:
    """Laboratory values, newest first."""
    return queries.labs_of(id, loinc)


def line(id: UUID) -> LineFact | None:
    """The access device in place, the newest if several; None when none is recorded."""
    found = queries.lines_of(id)
    return found[0] if found else None


def lines(id: UUID) -> list[LineFact]:
    return queries.lines_of(id)


def every_line(id: UUID) -> list[LineFact]:
    """The devices in place and those removed, newest first."""
    return queries.every_line_of(id)


def line_spans(first: date, last: date) -> list[LineSpan]:
    """Devices in place on any day from a first to a last day, of all patients."""
    return queries.line_spans_of(first, last)


def coverage(id: UUID) -> list[CoverageFact]:
    """Who pays, primary first."""
    return queries.coverage_of(id)


def covered_twice(ids: Iterable[UUID]) -> set[UUID]:
    """Of these patients those with more than one payer, in one query."""
    return queries.covered_twice(ids)


def home(id: UUID) -> HomeFact | None:
    """The latest home assessment; None when there is none."""
    found = queries.homes_of(id)
    return found[0] if found else None


def contacts(id: UUID) -> list[ContactFact]:
    return queries.contacts_of(id)


def consents(id: UUID) -> list[ConsentFact]:
    return queries.consents_of(id)


def documents(id: UUID) -> list[DocumentFact]:
    return queries.documents_of(id)


def find(text: str, by: Actor) -> list[Hit]:
    """Patients by name, birth date or record number."""
    if not by.may(READ.code) or len(text.strip()) < 2:
        return []
    return [
        Hit("Patient", row.name, f"{row.mrn}, born {row.born_on.isoformat()}", f"/patients/{row.id}/")
        for row in queries.search(text, 8)
    ]


def search(text: str, limit: int = 50) -> list[PatientRow]:
    """Patients by the beginning of a name, birth date or record number; all, in order, for an empty text."""
    return queries.search(text, limit)


def waiting(by: Actor, ask: Ask = EVERYTHING) -> Waited:
    """Possible duplicates that wait for a human's decision."""
    if not by.may(CORRECT.code):
        return Waited()
    return few("Possible duplicate", ask, now(), _matches_waiting)


def _matches_waiting() -> list[Waiting]:
    return [
        Waiting(
            "patients",
            "Possible duplicate",
            m.id,
            m.why,
            m.patient.name,
            "to decide",
            "warn",
            Role.INTAKE.value,
            m.since,
            f"/patients/{m.patient.id}/",
        )
        for m in queries.open_matches()
    ]
