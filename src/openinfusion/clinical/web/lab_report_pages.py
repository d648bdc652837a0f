# SPDX-License-Identifier: Apache-2.0
"""The page on which a laboratory report is entered."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.forms import BoundField

from openinfusion.clinical.queries.lab_report import ReportLine, report_lines, test_name
from openinfusion.clinical.web.care_forms import LabReportForm
from openinfusion.patients import public as patients


@dataclass(frozen=True, slots=True)
class EntryRow:
    """One value to fill in, with what helps to notice a slip."""

    line: ReportLine
    field: BoundField


@dataclass(frozen=True, slots=True)
class ReportPage:
    """``asked`` answers what is on the monitoring list; ``others`` is everything else that is known."""

    banner: patients.Banner
    test: str
    unlisted: bool  # no value that answers the test has a unit on file
    form: LabReportForm
    asked: tuple[EntryRow, ...]
    others: tuple[EntryRow, ...]


def report_page(patient_id: UUID, code: str) -> ReportPage:
    lines = report_lines(patient_id, code)
    form = LabReportForm(lines=lines)
    rows = [EntryRow(line, form[line.loinc]) for line in lines]
    asked = tuple(r for r in rows if r.line.asked)
    return ReportPage(
        patients.banner(patient_id), test_name(patient_id, code) if code else "", bool(code) and not asked, form,
        asked, tuple(r for r in rows if not r.line.asked),
    )
