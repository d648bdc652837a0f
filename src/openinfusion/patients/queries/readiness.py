# SPDX-License-Identifier: Apache-2.0
"""What is on record for many patients, for boards and queues."""
from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Value

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
    """A few queries, however many patients."""
    wanted = list(dict.fromkeys(ids))
    rows = list(models.Patient.objects.filter(pk__in=wanted))

    kinds = _kinds_on_record(wanted)
    covered: dict[UUID, list[CoverageFact]] = {}
    for c in models.Coverage.objects.filter(patient_id__in=wanted, in_error_at=None).order_by("rank", "made_at"):
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

    def kinds(what: str, model: Any, kind: Any, **where: object) -> Any:
        rows = model.objects.filter(patient_id__in=patient_ids, in_error_at=None, **where).order_by()
        return rows.values_list("patient_id", Value(what), kind).distinct()

    nothing = Value("")
    found: dict[str, dict[UUID, set[str]]] = {w: {} for w in ("measurement", "lab", "line", "consent", "home", "allergy")}
    for patient_id, what, kind in kinds("measurement", models.Measurement, "kind").union(
        kinds("lab", models.Lab, "loinc"),
        kinds("line", models.Line, "type", removed_on=None),
        kinds("consent", models.Consent, "kind"),
        kinds("home", models.Home, nothing),
        kinds("allergy", models.Allergy, nothing),
        all=True,
    ):
        found[what].setdefault(patient_id, set()).add(kind)
    return found
