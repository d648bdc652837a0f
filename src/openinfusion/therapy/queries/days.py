# SPDX-License-Identifier: Apache-2.0
"""Later days of cycles that wait for a fresh judgement: those that come soon, for the pharmacist's queue."""
from __future__ import annotations

from datetime import date, timedelta

from openinfusion.kernel.local_day import begins
from openinfusion.kernel.machine import shown
from openinfusion.kernel.waiting import Waiting
from openinfusion.platform.house_day import house_today, house_zone
from openinfusion.therapy.domain.cycle import day_of
from openinfusion.therapy.domain.cycle_day import CYCLE_DAY, DayState
from openinfusion.therapy.models import CycleDay
from openinfusion.therapy.queries import patient_names
from openinfusion.therapy.queries.regimens import policy


def days_waiting() -> list[Waiting]:
    """Each day that is due within the days of the policy row, of a cycle that is cleared or given."""
    soon = house_today() + timedelta(days=policy("clear_days_before"))
    rows = CycleDay.objects.filter(
        state=DayState.DUE.value, cycle__state__in=["cleared", "given"], cycle__course__state="running", cycle__day1_on__lte=soon,
    ).select_related("cycle__course")
    due = [(r, on) for r in rows if (on := _on(r)) <= soon]
    names = patient_names(r.patient_id for r, _ in due)
    return [
        Waiting(
            "therapy", "Day to clear", r.id,
            f"{r.cycle.course.regimen_name}, cycle {r.cycle.number}, day {r.day} on {on:%d-%b-%Y}", names[r.patient_id],
            shown(s := DayState(r.state)), CYCLE_DAY.tone(s), CYCLE_DAY.owner(s), r.made_at,
            f"/clinical/regimens/{r.cycle.course_id}/#days", due_at=begins(on, house_zone()),
            missing=("a fresh count judged", "a pharmacist's signature"),
        )
        for r, on in due
    ]


def _on(row: CycleDay) -> date:
    return day_of(row.cycle.given_on or row.cycle.day1_on, row.day)
