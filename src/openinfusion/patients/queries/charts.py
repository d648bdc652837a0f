# SPDX-License-Identifier: Apache-2.0
"""The clinical side of many charts at once: a handful of queries, however many patients."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import F, QuerySet, Window
from django.db.models.functions import RowNumber

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
from openinfusion.patients.domain.childbearing import About, AskedFact, Said
from openinfusion.patients.domain.clearance import Clearance
from openinfusion.patients.domain.identity import age_on
from openinfusion.patients.queries.banner import CREATININE, clearance_of, local_day
from openinfusion.patients.queries.chart import patient_fact
from openinfusion.platform.reading import Among, Reading, together

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
    asked: tuple[AskedFact, ...] = ()  # the newest answers about pregnancy and lactation


def charts_of(ids: Iterable[UUID]) -> dict[UUID, Chart]:
    """One query a table, all asked at once. A patient who is not there is absent."""
    wanted = list(dict.fromkeys(ids))
    patients, *rows = together(_CHART, wanted)
    allergies, lines, measured = _allergies(rows[0]), _lines(rows[1]), _measured(rows[2])
    labs, conditions, medications, asked = _labs(rows[3]), _conditions(rows[4]), _medications(rows[5]), _asked(rows[6])
    found = {}
    for row in patients:
        day, mine, results = local_day(row.timezone), measured.get(row.id, {}), labs.get(row.id, {})
        weight, height = mine.get("weight_kg"), mine.get("height_cm")
        creatinine = results.get(CREATININE, (None,))[0]
        cleared, unknown = clearance_of(row, weight, height, creatinine, day)
        found[row.id] = Chart(
            patient_fact(row), day, age_on(row.born_on, day), _allergy_list(row, allergies.get(row.id, ())), weight, height,
            cleared, unknown, lines.get(row.id), results, tuple(conditions.get(row.id, ())), tuple(medications.get(row.id, ())),
            tuple(asked.get(row.id, ())),
        )
    return found


def _valid(among: Among, model: Any, **where: object) -> QuerySet[Any]:
    rows: QuerySet[Any] = model.objects.filter(among("patient_id"), in_error_at=None, **where)
    return rows


def _newest_labs(among: Among) -> QuerySet[Any]:
    """The newest results of each test: a chart of years has hundreds."""
    order = [F("taken_at").desc(), F("id").desc()]
    nth = Window(RowNumber(), partition_by=[F("patient_id"), F("loinc")], order_by=order)
    rows: QuerySet[Any] = _valid(among, models.Lab).annotate(nth=nth).filter(nth__lte=RESULTS_KEPT)
    return rows.order_by("-taken_at", "-id")


_PATIENTS = Reading(
    lambda among: models.Patient.objects.filter(among("pk")).order_by(),
    "id", "family", "given", "born_on", "sex", "mrn", "timezone", "line1", "line2", "city", "state_code", "zip", "latitude",
    "longitude", "located_how", "phone", "email", "language", "version", "no_known_allergies_at",
)
_ALLERGIES = Reading(
    lambda among: _valid(among, models.Allergy).order_by("substance"),
    "patient_id", "id", "substance", "ingredient", "groups", "reaction", "severity", "noted_on",
)
_MEASUREMENTS = Reading(
    lambda among: (
        _valid(among, models.Measurement).order_by("patient_id", "kind", "-taken_at", "-id").distinct("patient_id", "kind")
    ),
    "patient_id", "id", "kind", "value", "taken_at",
)
_LABS = Reading(_newest_labs, "patient_id", "id", "loinc", "name", "value", "unit", "taken_at")
_LINES = Reading(
    lambda among: _valid(among, models.Line, removed_on=None).order_by("-made_at"),
    "patient_id", "id", "type", "tip", "lumens", "site", "placed_on",
)
_CONDITIONS = Reading(
    lambda among: _valid(among, models.Condition).order_by("made_at"), "patient_id", "id", "icd10", "text", "onset_on"
)
_MEDICATIONS = Reading(
    lambda among: _valid(among, models.Medication, stopped_on=None).order_by("name"),
    "patient_id", "id", "name", "ingredients", "sig", "started_on",
)


_ASKED = Reading(
    lambda among: (
        _valid(among, models.Asked).order_by("patient_id", "about", "-made_at", "-id").distinct("patient_id", "about")
    ),
    "patient_id", "id", "about", "said", "asked_on", "recorded_name",
)


_CHART = (_PATIENTS, _ALLERGIES, _LINES, _MEASUREMENTS, _LABS, _CONDITIONS, _MEDICATIONS, _ASKED)


def _allergies(rows: list[Any]) -> dict[UUID, list[AllergyFact]]:
    found: dict[UUID, list[AllergyFact]] = {}
    for patient_id, key, substance, ingredient, groups, *rest in rows:
        found.setdefault(patient_id, []).append(AllergyFact(key, substance, ingredient, tuple(groups), *rest))
    return found


def _allergy_list(row: Any, items: Iterable[AllergyFact]) -> AllergyList:
    known = tuple(items)
    if known:
        return AllergyList(AllergyState.RECORDED, known)
    return AllergyList(AllergyState.NONE_KNOWN if row.no_known_allergies_at else AllergyState.NOT_RECORDED)


def _measured(rows: list[Any]) -> dict[UUID, dict[str, MeasurementFact]]:
    """The newest of each kind."""
    found: dict[UUID, dict[str, MeasurementFact]] = {}
    for patient_id, key, kind, value, taken_at in rows:
        found.setdefault(patient_id, {})[kind] = MeasurementFact(key, kind, value, taken_at)
    return found


def _labs(rows: list[Any]) -> dict[UUID, dict[str, tuple[LabFact, ...]]]:
    found: dict[UUID, dict[str, list[LabFact]]] = {}
    for patient_id, *lab in rows:
        found.setdefault(patient_id, {}).setdefault(lab[1], []).append(LabFact(*lab))
    return {patient_id: {loinc: tuple(labs) for loinc, labs in mine.items()} for patient_id, mine in found.items()}


def _lines(rows: list[Any]) -> dict[UUID, LineFact]:
    """The newest in place."""
    found: dict[UUID, LineFact] = {}
    for patient_id, *line in rows:
        found.setdefault(patient_id, LineFact(*line))
    return found


def _conditions(rows: list[Any]) -> dict[UUID, list[ConditionFact]]:
    found: dict[UUID, list[ConditionFact]] = {}
    for patient_id, *condition in rows:
        found.setdefault(patient_id, []).append(ConditionFact(*condition))
    return found


def _asked(rows: list[Any]) -> dict[UUID, list[AskedFact]]:
    found: dict[UUID, list[AskedFact]] = {}
    for patient_id, key, about, said, asked_on, name in rows:
        found.setdefault(patient_id, []).append(AskedFact(key, About(about), Said(said), asked_on, name))
    return found


def _medications(rows: list[Any]) -> dict[UUID, list[MedicationFact]]:
    found: dict[UUID, list[MedicationFact]] = {}
    for patient_id, key, name, ingredients, *rest in rows:
        found.setdefault(patient_id, []).append(MedicationFact(key, name, tuple(ingredients), *rest))
    return found
