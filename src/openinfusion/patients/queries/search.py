# SPDX-License-Identifier: Apache-2.0
"""Finding patients, many at once, and possible duplicates."""
from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q

from openinfusion.patients import models
from openinfusion.patients.domain.chart import PatientFact
from openinfusion.patients.domain.identity import key_of
from openinfusion.patients.queries.chart import patient_fact
from openinfusion.platform.rows import rows_by

_LAST = chr(0x10FFFF)


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
    return {row.id: patient_fact(row) for row in rows_by(models.Patient, "id", list(ids))}


def id_by_mrn(mrn: str) -> UUID | None:
    """The patient with this number; None where nobody has it."""
    return models.Patient.objects.filter(mrn=mrn.strip().upper()).values_list("id", flat=True).first()
