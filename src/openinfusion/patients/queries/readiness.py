# SPDX-License-Identifier: Apache-2.0
"""What is on record for many patients, for boards and queues."""
from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from uuid import UUID

from django.db import connection
from django.db.models import Model

from openinfusion.patients import models
from openinfusion.patients.domain.chart import AllergyState, CoverageFact, PatientFact
from openinfusion.patients.queries.chart import coverage_fact, patient_fact
from openinfusion.platform.rows import rows_by


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
    """A few queries, however many patients."""
    wanted = list(dict.fromkeys(ids))
    rows = rows_by(models.Patient, "id", wanted)
    kinds = _kinds_on_record(wanted)
    covered: dict[UUID, list[CoverageFact]] = {}
    for c in rows_by(models.Coverage, "patient", wanted, order=("rank", "made_at")):
        if c.in_error_at is None:
            covered.setdefault(c.patient_id, []).append(coverage_fact(c))

    def _of(what: str, patient_id: UUID) -> frozenset[str]:
        return frozenset(kinds[what].get(patient_id, ()))

    def state(row: models.Patient) -> AllergyState:
        if kinds["allergy"].get(row.id):
            return AllergyState.RECORDED
        return AllergyState.NONE_KNOWN if row.no_known_allergies_at else AllergyState.NOT_RECORDED

    return {
        row.id: Readiness(
            patient_fact(row), state(row), _of("measurement", row.id), _of("lab", row.id), _of("line", row.id),
            tuple(covered.get(row.id, ())), _of("consent", row.id), row.id in kinds["home"],
        )
        for row in rows
    }


def _kinds_on_record(patient_ids: list[UUID]) -> dict[str, dict[UUID, set[str]]]:
    """What kinds of entries each patient has, table by table, in one query."""
    found: dict[str, dict[UUID, set[str]]] = {what: {} for what, *_ in _TABLES}
    with connection.cursor() as cursor:
        cursor.execute(_kinds(), [patient_ids] * len(_TABLES))
        for patient_id, what, kind in cursor.fetchall():
            found[what].setdefault(patient_id, set()).add(kind)
    return found


_TABLES: tuple[tuple[str, type[Model], str, str], ...] = (
    ("measurement", models.Measurement, "kind", ""),
    ("lab", models.Lab, "loinc", ""),
    ("line", models.Line, "type", "AND removed_on IS NULL"),
    ("consent", models.Consent, "kind", ""),
    ("home", models.Home, "''", ""),
    ("allergy", models.Allergy, "''", ""),
)


@cache
def _kinds() -> str:
    return " UNION ALL ".join(
        f"(SELECT DISTINCT patient_id, '{what}', {kind} FROM {model._meta.db_table} "  # noqa: S608  (the names above)
        f"WHERE patient_id = ANY(%s) AND in_error_at IS NULL {more})"
        for what, model, kind, more in _TABLES
    )
