# SPDX-License-Identifier: Apache-2.0
"""Reads of patients: frozen facts. Entries made in error are left out everywhere."""
from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count, Q

from openinfusion.kernel.local_day import day_of
from openinfusion.kernel.position import position_of
from openinfusion.kernel.refusal import NotFound
from openinfusion.patients import models
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
    LineSpan,
    MeasurementFact,
    MedicationFact,
    PatientFact,
)
from openinfusion.patients.domain.childbearing import About, AskedFact, Said
from openinfusion.patients.domain.identity import Address, Identifier
from openinfusion.platform.house_day import house_zone
from openinfusion.platform.reading import Reading
from openinfusion.platform.rows import row_by_id, rows_by

CREATININE = "2160-0"
_LAST = chr(0x10FFFF)


def row_of(id: UUID) -> models.Patient:
    row = row_by_id(models.Patient, id)
    if row is None:
        raise NotFound(f"patient {id}")
    return row


def address_of(row: models.Patient) -> Address:
    point = position_of(row.latitude, row.longitude)
    return Address(row.line1, row.line2, row.city, row.state_code, row.zip, point, row.located_how)


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
    return [Identifier(i.system, i.value) for i in rows_by(models.PatientIdentifier, "patient", patient_id)]


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


def asked_of(patient_id: UUID) -> list[AskedFact]:
    """The newest answer about pregnancy and about lactation; nothing where no row is there."""
    rows = valid(models.Asked, patient_id).order_by("about", "-made_at", "-id").distinct("about")
    return [AskedFact(r.id, About(r.about), Said(r.said), r.asked_on, r.recorded_name) for r in rows]


def conditions_of(patient_id: UUID) -> list[ConditionFact]:
    return [
        ConditionFact(c.id, c.icd10, c.text, c.onset_on)
        for c in valid(models.Condition, patient_id).order_by("made_at")
    ]


def zone_of(timezone: str) -> str:
    """The zone whose days count for a patient: where they live; the house's where the address does not tell."""
    return timezone or house_zone()


_MEASUREMENTS = Reading(
    lambda among: models.Measurement.objects.filter(among("patient_id"), in_error_at=None).order_by("-taken_at", "-id"),
    "id", "kind", "value", "taken_at",
)
_LABS = Reading(
    lambda among: models.Lab.objects.filter(among("patient_id"), in_error_at=None).order_by("-taken_at", "-id"),
    "id", "loinc", "name", "value", "unit", "taken_at",
)


def measurements_of(patient_id: UUID, kind: str = "") -> list[MeasurementFact]:
    return [MeasurementFact(m.id, m.kind, m.value, m.taken_at) for m in _MEASUREMENTS([patient_id]) if not kind or m.kind == kind]


def medications_of(patient_id: UUID) -> list[MedicationFact]:
    """What the patient takes at home."""
    rows = valid(models.Medication, patient_id, stopped_on=None).order_by("name")
    return [MedicationFact(r.id, r.name, tuple(r.ingredients), r.sig, r.started_on) for r in rows]


def labs_of(patient_id: UUID, loinc: str = "") -> list[LabFact]:
    rows = _LABS([patient_id])
    return [LabFact(r.id, r.loinc, r.name, r.value, r.unit, r.taken_at) for r in rows if not loinc or r.loinc == loinc]


def lines_of(patient_id: UUID) -> list[LineFact]:
    rows = valid(models.Line, patient_id, removed_on=None).order_by("-made_at")
    return [LineFact(r.id, r.type, r.tip, r.lumens, r.site, r.placed_on) for r in rows]


def every_line_of(patient_id: UUID) -> list[LineFact]:
    """The devices in place and those removed, newest first."""
    rows = valid(models.Line, patient_id).order_by("-made_at")
    return [LineFact(r.id, r.type, r.tip, r.lumens, r.site, r.placed_on) for r in rows]


def line_spans_of(first: date, last: date) -> list[LineSpan]:
    """Devices in place on any day of a period, of all patients."""
    rows = models.Line.objects.filter(in_error_at=None).filter(Q(removed_on=None) | Q(removed_on__gte=first)).order_by("id")
    spans = [
        LineSpan(r.id, r.patient_id, r.type, r.tip, r.placed_on or day_of(r.made_at, zone_of(r.patient.timezone)), r.removed_on)
        for r in rows.select_related("patient")
    ]
    return [s for s in spans if s.first <= last]


def coverage_fact(c: models.Coverage) -> CoverageFact:
    return CoverageFact(
        c.id, c.plan_id, c.member_id, c.group_number, c.rank, c.relationship, c.subscriber, c.subscriber_born_on,
        c.first_on, c.last_on,
    )


def coverage_of(patient_id: UUID) -> list[CoverageFact]:
    return [
        coverage_fact(c)
        for c in rows_by(models.Coverage, "patient", patient_id, order=("rank", "made_at"))
        if c.in_error_at is None
    ]


def covered_twice(patient_ids: Iterable[UUID]) -> set[UUID]:
    """Of these patients those with more than one coverage on the chart."""
    rows = models.Coverage.objects.filter(patient_id__in=list(patient_ids), in_error_at__isnull=True).order_by()
    return set(rows.values("patient_id").annotate(n=Count("pk")).filter(n__gt=1).values_list("patient_id", flat=True))


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
