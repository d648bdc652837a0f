# SPDX-License-Identifier: Apache-2.0
"""Which values a laboratory report may hold: those of a test that is asked for first, then every one with a range on file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from openinfusion.clinical.domain.policy import Range, lab_range, lab_units
from openinfusion.clinical.domain.protocol import ExamKind, exam_of
from openinfusion.clinical.models import Monitoring
from openinfusion.clinical.queries.monitoring import zone_of
from openinfusion.kernel.local_day import day_of
from openinfusion.kernel.quantity import shown_number
from openinfusion.patients import public as patients
from openinfusion.platform.clock import today


@dataclass(frozen=True, slots=True)
class ReportLine:
    """One value that may be entered: in which unit, its reference range, and what it was before."""

    loinc: str
    name: str
    unit: str
    range: Range | None
    before: str
    asked: bool  # it answers a test that is on the list


def report_lines(patient_id: UUID, code: str = "") -> list[ReportLine]:
    """What answers the test with this code, or every open test of the patient; then the rest."""
    zone = zone_of(patient_id)
    on = today(zone)
    asked = _asked(patient_id, code)
    before: dict[str, str] = {}
    for lab in patients.labs(patient_id):
        before.setdefault(lab.loinc, f"{shown_number(lab.value)} {lab.unit} on {day_of(lab.taken_at, zone):%d-%b-%Y}")
    lines = [_line(loinc, name, unit, on, before.get(loinc, ""), loinc in asked) for loinc, name, unit in lab_units()]
    return sorted(lines, key=lambda line: not line.asked)


def test_name(patient_id: UUID, code: str) -> str:
    """What the test with this code is called: as on the patient's list, else as everywhere."""
    row = Monitoring.objects.filter(patient_id=patient_id, code=code).order_by("-due_on").first()
    return exam_of(code, row.name if row else "").name


def _line(loinc: str, name: str, unit: str, on: date, before: str, asked: bool) -> ReportLine:
    return ReportLine(loinc, name, unit, lab_range(loinc, unit, on), before, asked)


def _asked(patient_id: UUID, code: str) -> frozenset[str]:
    """The codes that answer what is asked for: one of each member is enough, so the first of its alternatives."""
    rows = Monitoring.objects.filter(patient_id=patient_id, state__in=("due", "drawn"), kind=ExamKind.LAB.value)
    codes = [code] if code else list(rows.values_list("code", flat=True).distinct())
    return frozenset(member for c in codes for group in exam_of(c).members for member in group)
