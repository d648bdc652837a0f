# SPDX-License-Identifier: Apache-2.0
"""The head of every page about a patient."""
from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.db.models import Q

from openinfusion.kernel.local_day import day_of
from openinfusion.kernel.refusal import Refused
from openinfusion.patients import models
from openinfusion.patients.adapters import renal_policy
from openinfusion.patients.domain.chart import AllergyList, LabFact, LineFact, MeasurementFact, MeasurementKind, PatientFact
from openinfusion.patients.domain.clearance import Clearance, clearance
from openinfusion.patients.domain.identity import Sex, age_on
from openinfusion.patients.queries.chart import (
    address_of,
    allergies_of,
    labs_of,
    lines_of,
    measurements_of,
    patient_fact,
    row_of,
    zone_of,
)
from openinfusion.platform.clock import today

CREATININE = "2160-0"


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
    labs = labs_of(patient_id, CREATININE)
    cleared, unknown = clearance_of(row, weight, height, labs[0] if labs else None, day)
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


def clearance_of(
    row: models.Patient, weight: MeasurementFact | None, height: MeasurementFact | None, creatinine: LabFact | None, day: date,
) -> tuple[Clearance | None, str]:
    """The creatinine clearance from what is recorded, or why there is none."""
    known = {"weight": weight, "height": height, "creatinine": creatinine}
    lacking = [name for name, found in known.items() if not found]
    if weight is None or height is None or creatinine is None:
        return None, f"unknown without {' and '.join(lacking)}"
    if creatinine.unit.strip().lower() != "mg/dl":
        return None, f"unknown: the creatinine is in “{creatinine.unit}”, not in mg/dL"
    try:
        return clearance(
            born_on=row.born_on,
            sex=Sex(row.sex),
            weight_kg=weight.value,
            height_cm=height.value,
            creatinine=creatinine.value,
            creatinine_on=day_of(creatinine.taken_at, zone_of(row.timezone)),
            on=day,
            policy=renal_policy(),
        ), ""
    except Refused as no:
        return None, no.reasons[0].text


def local_day(timezone: str) -> date:
    """Today where the patient lives."""
    return today(zone_of(timezone))
