# SPDX-License-Identifier: Apache-2.0
"""The clinical side of many charts at once: a handful of queries, however many patients."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from openinfusion.patients import models
from openinfusion.patients.domain.chart import (
    AllergyFact,
    AllergyList,
    AllergyState,
    ConditionFact,
    LabFact,
    LineFact,
    MeasurementFact,
    MedicationFact,
    PatientFact,
)
from openinfusion.patients.domain.clearance import Clearance
from openinfusion.patients.domain.identity import age_on
from openinfusion.patients.queries.banner import CREATININE, clearance_of, local_day
from openinfusion.patients.queries.chart import patient_fact
from openinfusion.platform.rows import rows_by

RESULTS_KEPT = 3  # of each test: enough to see a rise


@dataclass(frozen=True, slots=True)
class Chart:
    """What the checks look at. What is unknown is None or says so; ``labs`` holds the newest results of each test first."""

    patient: PatientFact
    day: date  # today, where the patient lives
    age: int
    allergies: AllergyList
    weight: MeasurementFact | None
    height: MeasurementFact | None
    crcl: Clearance | None
    crcl_unknown: str
    line: LineFact | None
    labs: Mapping[str, tuple[LabFact, ...]]
    conditions: tuple[ConditionFact, ...]
    medications: tuple[MedicationFact, ...]


def charts_of(ids: Iterable[UUID]) -> dict[UUID, Chart]:
    """One query a table. A patient who is not there is absent."""
    wanted = list(dict.fromkeys(ids))
    allergies, lines = _allergies(wanted), _lines(wanted)
    measured, labs = _measured(wanted), _labs(wanted)
    conditions, medications = _conditions(wanted), _medications(wanted)
    found = {}
    for row in rows_by(models.Patient, "id", wanted):
        day, mine, results = local_day(row.timezone), measured.get(row.id, {}), labs.get(row.id, {})
        weight, height = mine.get("weight_kg"), mine.get("height_cm")
        creatinine = results.get(CREATININE, (None,))[0]
        cleared, unknown = clearance_of(row, weight, height, creatinine, day)
        found[row.id] = Chart(
            patient_fact(row), day, age_on(row.born_on, day), _allergy_list(row, allergies.get(row.id, ())), weight, height,
            cleared, unknown, lines.get(row.id), results, tuple(conditions.get(row.id, ())), tuple(medications.get(row.id, ())),
        )
    return found


def _rows(model: Any, ids: list[UUID], *columns: str, **where: object) -> Any:
    return model.objects.filter(patient_id__in=ids, in_error_at=None, **where).values_list("patient_id", "id", *columns)


def _allergies(ids: list[UUID]) -> dict[UUID, list[AllergyFact]]:
    found: dict[UUID, list[AllergyFact]] = {}
    columns = ("substance", "ingredient", "groups", "reaction", "severity", "noted_on")
    for patient_id, key, substance, ingredient, groups, *rest in _rows(models.Allergy, ids, *columns).order_by("substance"):
        found.setdefault(patient_id, []).append(AllergyFact(key, substance, ingredient, tuple(groups), *rest))
    return found


def _allergy_list(row: models.Patient, items: Iterable[AllergyFact]) -> AllergyList:
    known = tuple(items)
    if known:
        return AllergyList(AllergyState.RECORDED, known)
    return AllergyList(AllergyState.NONE_KNOWN if row.no_known_allergies_at else AllergyState.NOT_RECORDED)


def _measured(ids: list[UUID]) -> dict[UUID, dict[str, MeasurementFact]]:
    """The newest of each kind."""
    found: dict[UUID, dict[str, MeasurementFact]] = {}
    newest = _rows(models.Measurement, ids, "kind", "value", "taken_at").order_by("patient_id", "kind", "-taken_at", "-id")
    for patient_id, key, kind, value, taken_at in newest.distinct("patient_id", "kind"):
        found.setdefault(patient_id, {})[kind] = MeasurementFact(key, kind, value, taken_at)
    return found


def _labs(ids: list[UUID]) -> dict[UUID, dict[str, tuple[LabFact, ...]]]:
    found: dict[UUID, dict[str, tuple[LabFact, ...]]] = {}
    columns = ("loinc", "name", "value", "unit", "taken_at")
    for patient_id, *lab in _rows(models.Lab, ids, *columns).order_by("-taken_at", "-id"):
        mine = found.setdefault(patient_id, {})
        before = mine.get(lab[1], ())
        if len(before) < RESULTS_KEPT:
            mine[lab[1]] = (*before, LabFact(*lab))
    return found


def _lines(ids: list[UUID]) -> dict[UUID, LineFact]:
    """The newest in place."""
    found: dict[UUID, LineFact] = {}
    columns = ("type", "tip", "lumens", "site", "placed_on")
    for patient_id, *line in _rows(models.Line, ids, *columns, removed_on=None).order_by("-made_at"):
        found.setdefault(patient_id, LineFact(*line))
    return found


def _conditions(ids: list[UUID]) -> dict[UUID, list[ConditionFact]]:
    found: dict[UUID, list[ConditionFact]] = {}
    for patient_id, *condition in _rows(models.Condition, ids, "icd10", "text", "onset_on").order_by("made_at"):
        found.setdefault(patient_id, []).append(ConditionFact(*condition))
    return found


def _medications(ids: list[UUID]) -> dict[UUID, list[MedicationFact]]:
    found: dict[UUID, list[MedicationFact]] = {}
    columns = ("name", "ingredients", "sig", "started_on")
    for patient_id, key, name, ingredients, *rest in _rows(models.Medication, ids, *columns, stopped_on=None).order_by("name"):
        found.setdefault(patient_id, []).append(MedicationFact(key, name, tuple(ingredients), *rest))
    return found
