# SPDX-License-Identifier: Apache-2.0
"""How a patient's laboratory values went over time, with their reference range and the courses they fall into."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

from openinfusion.clinical.domain.policy import Range, lab_range
from openinfusion.clinical.queries.monitoring import zone_of
from openinfusion.patients import public as patients
from openinfusion.platform.clock import today
from openinfusion.therapy import public as therapy


@dataclass(frozen=True, slots=True)
class Value:
    on: date
    value: Decimal
    flagged: bool


@dataclass(frozen=True, slots=True)
class Trend:
    """One test in one unit, oldest value first."""

    code: str
    name: str
    unit: str
    values: tuple[Value, ...]
    range: Range | None


@dataclass(frozen=True, slots=True)
class Course:
    name: str
    first: date
    last: date


def trends_of(patient_id: UUID) -> list[Trend]:
    """Every test with its values; one that changed its unit is two, since they cannot be compared."""
    place = ZoneInfo(zone_of(patient_id))
    series: dict[tuple[str, str], list[patients.LabFact]] = {}
    for lab in patients.labs(patient_id):
        series.setdefault((lab.loinc, lab.unit), []).append(lab)
    found = []
    for (code, unit), labs in series.items():
        newest = labs[0].taken_at.astimezone(place).date()
        span = lab_range(code, unit, newest)
        values = tuple(
            Value(x.taken_at.astimezone(place).date(), x.value, span is not None and not span.holds(x.value))
            for x in reversed(labs)
        )
        found.append(Trend(code, labs[0].name, unit, values, span))
    return sorted(found, key=lambda t: (-len(t.values), t.name.lower()))


def courses_of(patient_id: UUID) -> list[Course]:
    """The courses under care, with the day they ended or today."""
    on = today(zone_of(patient_id))
    return [
        Course(t.drug_name, t.started_on, t.ended_on or on) for t in therapy.therapies_of(patient_id) if t.started_on is not None
    ]
