# SPDX-License-Identifier: Apache-2.0
"""Reads of patients: frozen facts. Entries made in error are left out everywhere."""
from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Q

from openinfusion.kernel.refusal import NotFound, Refused
from openinfusion.patients import models
from openinfusion.patients.adapters import renal_policy
from openinfusion.patients.domain.chart import (
    AllergyFact,
    AllergyList,
    AllergyState,
    ConditionFact,
    ConsentFact,
    ContactFact,
    CoverageFact,
    DocumentFact,
    HomeFact,
    LabFact,
    LineFact,
    MeasurementFact,
    MeasurementKind,
    PatientFact,
)
from openinfusion.patients.domain.clearance import Clearance, clearance
from openinfusion.patients.domain.identity import Address, Identifier, Sex, age_on, key_of
from openinfusion.platform.clock import now

CREATININE = "2160-0"
_LAST = chr(0x10FFFF)


def row_of(id: UUID) -> models.Patient:
    row = models.Patient.objects.filter(pk=id).first()
    if row is None:
        raise NotFound(f"patient {id}")
    return row


def address_of(row: models.Patient) -> Address:
    return Address(row.line1, row.line2, row.city, row.state_code, row.zip)


def patient_fact(row: models.Patient, identifiers: Iterable[Identifier] = ()) -> PatientFact:
    return PatientFact(
        row.id,
        row.family,
        row.given,
        row.born_on,
        row.sex,
        row.mrn,
        row.timezone,
        address_of(row),
        row.phone,
        row.email,
        row.language,
        tuple(identifiers),
        row.version,
    )


def identifiers_of(patient_id: UUID) -> list[Identifier]:
    return [Identifier(i.system, i.value) for i in models.PatientIdentifier.objects.filter(patient_id=patient_id)]


def valid(model: Any, patient_id: UUID, **where: object) -> Any:
    """The rows of a patient that were not entered in error."""
    return model.objects.filter(patient_id=patient_id, in_error_at=None, **where)


def allergies_of(patient: models.Patient) -> AllergyList:
    found = tuple(
        AllergyFact(a.id, a.substance, a.ingredient, tuple(a.groups), a.reaction, a.severity, a.noted_on)
        for a in valid(models.Allergy, patient.id).order_by("substance")
    )
    if found:
        return AllergyList(AllergyState.RECORDED, found)
    return AllergyList(AllergyState.NONE_KNOWN if patient.no_known_allergies_at else AllergyState.NOT_RECORDED)


def conditions_of(patient_id: UUID) -> list[ConditionFact]:
    return [
        ConditionFact(c.id, c.icd10, c.text, c.onset_on)
        for c in valid(models.Condition, patient_id).order_by("made_at")
    ]


def measurements_of(patient_id: UUID, kind: str = "") -> list[MeasurementFact]:
    rows = valid(models.Measurement, patient_id, **({"kind": kind} if kind else {}))
    return [MeasurementFact(m.id, m.kind, m.value, m.taken_at) for m in rows.order_by("-taken_at", "-id")]


def labs_of(patient_id: UUID, loinc: str = "") -> list[LabFact]:
    rows = valid(models.Lab, patient_id, **({"loinc": loinc} if loinc else {}))
    return [LabFact(r.id, r.loinc, r.name, r.value, r.unit, r.taken_at) for r in rows.order_by("-taken_at", "-id")]


def lines_of(patient_id: UUID) -> list[LineFact]:
    rows = valid(models.Line, patient_id, removed_on=None).order_by("-made_at")
    return [LineFact(r.id, r.type, r.tip, r.lumens, r.site, r.placed_on) for r in rows]


def coverage_fact(c: models.Coverage) -> CoverageFact:
    return CoverageFact(
        c.id, c.plan_id, c.member_id, c.group_number, c.rank, c.relationship, c.subscriber, c.subscriber_born_on,
        c.first_on, c.last_on,
    )


def coverage_of(patient_id: UUID) -> list[CoverageFact]:
    return [coverage_fact(c) for c in valid(models.Coverage, patient_id).order_by("rank", "made_at")]


def homes_of(patient_id: UUID) -> list[HomeFact]:
    return [
        HomeFact(
            h.id, h.assessed_on, h.refrigerator, h.electricity, h.running_water, h.phone, h.caregiver, h.safe_entry,
            h.able_to_learn, tuple(h.services), h.note,
        )
        for h in valid(models.Home, patient_id).order_by("-assessed_on", "-made_at")
    ]


def contacts_of(patient_id: UUID) -> list[ContactFact]:
    rows = valid(models.Contact, patient_id).order_by("-emergency", "name")
    return [ContactFact(c.id, c.name, c.relation, c.phone, c.emergency) for c in rows]


def consents_of(patient_id: UUID) -> list[ConsentFact]:
    rows = valid(models.Consent, patient_id).order_by("-given_on")
    return [ConsentFact(c.id, c.kind, c.given_on, c.signer, c.file_id) for c in rows]


def documents_of(patient_id: UUID) -> list[DocumentFact]:
    rows = valid(models.Document, patient_id).order_by("-made_at")
    return [DocumentFact(d.id, d.kind, d.title, d.file_id, d.made_at) for d in rows]


@dataclass(frozen=True, slots=True)
class Banner:
    """The head of every page about a patient. What is unknown is None or says so; nothing is guessed."""

    patient: PatientFact
    age: int
    allergies: AllergyList
    weight_kg: Decimal | None
    weight_at: datetime | None
    height_cm: Decimal | None
    crcl: Clearance | None
    crcl_unknown: str
    line: LineFact | None
    chips: tuple[str, ...]


def banner_of(patient_id: UUID) -> Banner:
    row = row_of(patient_id)
    newest: dict[str, MeasurementFact] = {}
    for m in measurements_of(patient_id):
        newest.setdefault(m.kind, m)
    weight, height = newest.get(MeasurementKind.WEIGHT), newest.get(MeasurementKind.HEIGHT)
    day = local_day(row.timezone)
    cleared, unknown = _clearance(row, weight, height, day)
    lines = lines_of(patient_id)
    chips = []
    if not address_of(row).whole:
        chips.append("address incomplete")
    if models.PossibleMatch.objects.filter(Q(patient=row) | Q(other=row), decided="").exists():
        chips.append("possible duplicate")
    return Banner(
        patient_fact(row), age_on(row.born_on, day), allergies_of(row), weight.value if weight else None,
        weight.taken_at if weight else None, height.value if height else None, cleared, unknown,
        lines[0] if lines else None, tuple(chips),
    )


def _clearance(
    row: models.Patient, weight: MeasurementFact | None, height: MeasurementFact | None, day: date,
) -> tuple[Clearance | None, str]:
    labs = labs_of(row.id, CREATININE)
    known = {"weight": weight, "height": height, "creatinine": labs}
    lacking = [name for name, found in known.items() if not found]
    if weight is None or height is None or not labs:
        return None, f"unknown without {' and '.join(lacking)}"
    try:
        return clearance(
            born_on=row.born_on,
            sex=Sex(row.sex),
            weight_kg=weight.value,
            height_cm=height.value,
            creatinine=labs[0].value,
            creatinine_on=labs[0].taken_at.date(),
            on=day,
            policy=renal_policy(),
        ), ""
    except Refused as no:
        return None, no.reasons[0].text


def local_day(timezone: str) -> date:
    """Today where the patient lives."""
    return now().astimezone(ZoneInfo(timezone or "UTC")).date()


@dataclass(frozen=True, slots=True)
class PatientRow:
    """One line of the list."""

    id: UUID
    name: str
    mrn: str
    born_on: date
    sex: str
    city: str
    phone: str


def search(text: str, limit: int = 50) -> list[PatientRow]:
    """Patients by the beginning of the family name (and given name after a comma or blank), birth date, or number."""
    rows = models.Patient.objects.order_by("family_key", "given_key")
    if text.strip():
        rows = rows.filter(_wanted(text.strip()))
    return [
        PatientRow(r.id, str(r), r.mrn, r.born_on, r.sex, ", ".join(p for p in (r.city, r.state_code) if p), r.phone)
        for r in rows[:limit]
    ]


def _wanted(text: str) -> Q:
    try:
        return Q(born_on=date.fromisoformat(text))
    except ValueError:
        pass
    parts = [key_of(part) for part in text.replace(",", " ").split()]
    parts = [part for part in parts if part]
    if not parts:
        return Q(pk=None)
    found = _begins("family_key", "".join(parts)) | Q(mrn=text.upper())
    if len(parts) == 1:
        return found | _begins("given_key", parts[0])
    first, rest = parts[0], "".join(parts[1:])
    last, before = parts[-1], "".join(parts[:-1])
    return found | (_begins("family_key", first) & _begins("given_key", rest)) | (
        _begins("given_key", before) & _begins("family_key", last)
    )


def _begins(field: str, prefix: str) -> Q:
    """A prefix as a range, which an index answers under row-level security too."""
    return Q(**{f"{field}__gte": prefix, f"{field}__lt": prefix + _LAST})


@dataclass(frozen=True, slots=True)
class MatchRow:
    id: UUID
    patient: PatientFact
    other: PatientFact
    why: str
    since: datetime


def open_matches(patient_id: UUID | None = None) -> list[MatchRow]:
    rows = models.PossibleMatch.objects.filter(decided="").select_related("patient", "other").order_by("made_at")
    if patient_id is not None:
        rows = rows.filter(Q(patient_id=patient_id) | Q(other_id=patient_id))
    return [MatchRow(m.id, patient_fact(m.patient), patient_fact(m.other), m.why, m.made_at) for m in rows[:100]]


def many(ids: Iterable[UUID]) -> dict[UUID, PatientFact]:
    return {row.id: patient_fact(row) for row in models.Patient.objects.filter(pk__in=list(ids))}


@dataclass(frozen=True, slots=True)
class Readiness:
    """What is on record for a patient, for lists of many: kinds only, not values."""

    patient: PatientFact
    allergy_state: AllergyState
    measurements: frozenset[str]
    labs: frozenset[str]
    lines: frozenset[str]
    coverage: tuple[CoverageFact, ...]
    consents: frozenset[str]
    home: bool


def readiness_of(ids: Iterable[UUID]) -> dict[UUID, Readiness]:
    """One query a table, however many patients."""
    wanted = list(dict.fromkeys(ids))
    rows = list(models.Patient.objects.filter(pk__in=wanted))

    def kinds(model: Any, field: str, **where: object) -> dict[UUID, set[str]]:
        found: dict[UUID, set[str]] = {}
        pairs = model.objects.filter(patient_id__in=wanted, in_error_at=None, **where).values_list("patient_id", field)
        for patient_id, kind in pairs.distinct():
            found.setdefault(patient_id, set()).add(str(kind))
        return found

    measured, labs = kinds(models.Measurement, "kind"), kinds(models.Lab, "loinc")
    lines = kinds(models.Line, "type", removed_on=None)
    consents, homes, allergies = kinds(models.Consent, "kind"), kinds(models.Home, "id"), kinds(models.Allergy, "id")
    covered: dict[UUID, list[CoverageFact]] = {}
    for c in models.Coverage.objects.filter(patient_id__in=wanted, in_error_at=None).order_by("rank", "made_at"):
        covered.setdefault(c.patient_id, []).append(coverage_fact(c))

    def state(row: models.Patient) -> AllergyState:
        if row.id in allergies:
            return AllergyState.RECORDED
        return AllergyState.NONE_KNOWN if row.no_known_allergies_at else AllergyState.NOT_RECORDED

    return {
        row.id: Readiness(
            patient_fact(row), state(row), frozenset(measured.get(row.id, ())), frozenset(labs.get(row.id, ())),
            frozenset(lines.get(row.id, ())), tuple(covered.get(row.id, ())), frozenset(consents.get(row.id, ())),
            row.id in homes,
        )
        for row in rows
    }
