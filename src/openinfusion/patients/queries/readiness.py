# SPDX-License-Identifier: Apache-2.0
"""What is on record for many patients, for boards and queues."""
from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from openinfusion.patients import models
from openinfusion.patients.domain.chart import AllergyState, CoverageFact, PatientFact
from openinfusion.patients.queries.chart import coverage_fact, patient_fact


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
