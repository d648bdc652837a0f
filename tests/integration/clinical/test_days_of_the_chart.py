# SPDX-License-Identifier: Apache-2.0
"""What was measured in the evening was measured that day: a chart's days are those where the patient lives."""
from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from openinfusion.clinical import public as clinical
from openinfusion.clinical.domain.outcome import Period
from openinfusion.clinical.models import Intervention
from openinfusion.clinical.queries.facts import facts_for
from openinfusion.clinical.queries.lab_report import report_lines
from openinfusion.clinical.queries.outcomes import _within
from openinfusion.patients import public as patients
from openinfusion.patients.models import Patient
from openinfusion.platform.actor import Actor
from openinfusion.platform.clock import today, told
from openinfusion.therapy import public as therapy

ZONE = "America/Chicago"
CREATININE, POTASSIUM = "2160-0", "2823-3"


@pytest.fixture
def evening(bench: Any) -> datetime:
    """Half past eight in the evening three days ago, tomorrow by UTC; weight, height and two values are of then."""
    at = datetime.combine(today(ZONE) - timedelta(days=3), time(20, 30), ZoneInfo(ZONE))
    by = bench.pharmacist
    for kind, rows in (("measurement", patients.measurements(bench.patient_id)), ("lab", patients.labs(bench.patient_id))):
        for row in rows:
            patients.mark_entered_in_error(kind=kind, entry_id=row.id, reason="asked anew", by=by)
    for kind, value in (("weight_kg", "71.4"), ("height_cm", "165")):
        patients.record_measurement(patient_id=bench.patient_id, kind=kind, value=Decimal(value), taken_at=at, by=by)
    for loinc, name, value, unit in ((CREATININE, "creatinine", "0.9", "mg/dL"), (POTASSIUM, "potassium", "4.1", "mmol/L")):
        patients.record_lab(patient_id=bench.patient_id, loinc=loinc, name=name, value=Decimal(value), unit=unit, taken_at=at, by=by)
    return at


def test_the_checks_see_the_day_of_the_patient(bench: Any, evening: datetime) -> None:
    day = evening.date()
    seen = facts_for(therapy.prescription(bench.prescription())).patient
    assert seen.weight_kg and seen.height_cm and seen.serum_creatinine and seen.crcl_ml_per_min
    assert {f.on for f in (seen.weight_kg, seen.height_cm, seen.serum_creatinine, seen.crcl_ml_per_min)} == {day}
    assert [r.on for r in seen.labs[POTASSIUM]] == [day]


def test_the_same_evening_is_another_day_where_another_patient_lives(bench: Any, evening: datetime) -> None:
    Patient.objects.filter(pk=bench.patient_id).update(timezone="Pacific/Guam")
    seen = facts_for(therapy.prescription(bench.prescription())).patient
    assert seen.weight_kg and seen.weight_kg.on == evening.date() + timedelta(days=1)


def test_whose_zone_nobody_knows_has_the_days_of_the_house(bench: Any, evening: datetime) -> None:
    Patient.objects.filter(pk=bench.patient_id).update(timezone="")
    order = therapy.prescription(bench.prescription())
    with told(evening):
        facts = facts_for(order)
    assert facts.today == evening.date()
    assert facts.patient.weight_kg and facts.patient.weight_kg.on == evening.date()


def test_the_chart_and_the_report_say_that_day(bench: Any, evening: datetime, browse: Callable[[Actor], Any]) -> None:
    page = browse(bench.pharmacist).get(f"/patients/{bench.patient_id}/").content.decode()
    assert page.count(f"{evening:%d-%b-%Y}") >= 4
    assert f"{evening + timedelta(days=1):%d-%b-%Y}" not in page
    line = next(x for x in report_lines(bench.patient_id) if x.loinc == CREATININE)
    assert line.before.endswith(f"on {evening:%d-%b-%Y}")


def test_what_was_done_on_the_last_evening_of_a_period_counts_in_it(bench: Any) -> None:
    clinical.record_intervention(
        patient_id=bench.patient_id, kind="renal_dosing", problem="creatinine rose", minutes=10, by=bench.pharmacist)
    evening = datetime(2026, 3, 1, 2, 30, tzinfo=UTC)  # the evening of the last of February
    Intervention.objects.update(made_at=evening)
    rows = Intervention.objects.all()
    assert _within(rows, "made_at", Period(date(2026, 2, 1), date(2026, 2, 28))).count() == 1
    assert _within(rows, "made_at", Period(date(2026, 3, 1), date(2026, 3, 31))).count() == 0
