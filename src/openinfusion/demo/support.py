# SPDX-License-Identifier: Apache-2.0
"""Clinical support of the demonstration: a few interventions, goals, teach-backs, calls, events and laboratory reports."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import UUID

from openinfusion.clinical import public as clinical
from openinfusion.demo.staff import House
from openinfusion.patients import public as patients
from openinfusion.platform.actor import Actor
from openinfusion.platform.clock import now
from openinfusion.platform.house_day import house_today
from openinfusion.therapy import public as therapy

if TYPE_CHECKING:
    from openinfusion.demo.course import Course

_TENTHS = Decimal("0.1")


def support(c: Course, therapy_id: UUID) -> None:
    """What this course brings, by the patient's number: few acts each, something of everything over all courses."""
    course, n = therapy.therapy(therapy_id), c.number
    nurse, rph = c.house.by(c.one(*c.crew.nurses)), c.house.by(c.one(*c.crew.pharmacists))
    patient_id = course.patient_id
    if n % 3 == 0:
        result = "teaches_back" if n % 2 else "with_help"
        for topic in clinical.to_teach(course)[:1]:
            clinical.record_teaching(
                patient_id=patient_id, topic=topic, method="demonstration", result=result, therapy_id=therapy_id, by=nurse
            )
    if n % 4 == 1:
        clinical.record_intervention(
            patient_id=patient_id,
            kind="lab_asked_for",
            problem="no baseline blood count on file",
            minutes=10,
            recommendation="asked the prescriber's office for one",
            outcome="accepted",
            therapy_id=therapy_id,
            by=rph,
        )
    if n % 5 == 0:
        clinical.write_goal(
            patient_id=patient_id,
            discipline="pharmacy",
            problem=f"treatment with {course.drug_name}",
            goal="all doses given, no dose-limiting reaction",
            measure="weekly call and weekly labs",
            therapy_id=therapy_id,
            by=rph,
        )
    _call(n, patient_id, therapy_id, nurse, rph)
    _event(n, patient_id, therapy_id, nurse)


def _call(n: int, patient_id: UUID, therapy_id: UUID, nurse: Actor, rph: Actor) -> None:
    said: dict[str, Any] = {"patient_id": patient_id, "therapy_id": therapy_id, "caller": "the patient", "relation": "self"}
    if n % 6 == 2:
        clinical.log_call(
            topic="how_to",
            words="not sure which clamp to open first",
            advice="talked through the steps",
            minutes=6,
            by=nurse,
            **said,
        )
    if n % 12 == 5:
        call_id = clinical.log_call(topic="fever_or_chills", words="101 since last night", minutes=4, by=nurse, **said)
        clinical.advance_call(call_id=call_id, step="take", by=rph)
        clinical.advance_call(call_id=call_id, step="resolve", reason="seen by the prescriber the same day", by=rph)


def _event(n: int, patient_id: UUID, therapy_id: UUID, nurse: Actor) -> None:
    line = patients.line(patient_id)
    if n % 10 != 3 or line is None:
        return
    family, kind, text = (
        ("line_event", "occlusion", "one lumen did not flush; cleared")
        if n % 20 == 3
        else ("adverse_reaction", "gut", "loose stools for two days, settled")
    )
    clinical.report_event(
        patient_id=patient_id,
        family=family,
        kind=kind,
        harm="mild",
        occurred_on=house_today() - timedelta(days=1),
        text=text,
        line_id=line.id if family == "line_event" else None,
        therapy_id=therapy_id,
        by=nurse,
    )


def laboratory(c: Course, therapy_id: UUID) -> Iterator[datetime]:
    """The report of what was due: most patients' comes in time, a few values lie outside, and the pharmacist sees them."""
    nurse, rph, on = c.house.by(c.one(*c.crew.nurses)), c.house.by(c.one(*c.crew.pharmacists)), house_today()
    due = clinical.monitoring_where(therapy_id=therapy_id, state="due", kind="lab", opens_on__lte=on)
    if not due or c.rng.random() < 0.12:
        return
    lines = [x for x in clinical.report_lines(due[0].patient_id) if x.asked and x.range]
    if values := [patients.LabValue(x.loinc, x.name, _value(c, x.range), x.unit) for x in lines if x.range]:
        patients.record_lab_report(patient_id=due[0].patient_id, values=values, by=nurse)
    yield now() + timedelta(hours=3)
    if clinical.monitoring_where(patient_id=due[0].patient_id, state="resulted", flagged=False):
        clinical.accept_results(patient_id=due[0].patient_id, by=rph)  # what is out of range waits for a pharmacist's words


def _value(c: Course, within: clinical.Range) -> Decimal:
    """A value inside the range, once in twenty times a little above it."""
    low, high = within.low or Decimal(0), within.high or (within.low or Decimal(1)) * 2
    share = Decimal(c.rng.randint(20, 80)) / 100 if c.rng.random() < 0.95 else Decimal("1.1")
    return (low + (high - low) * share).quantize(_TENTHS if high > 2 else _TENTHS / 10)


def waits_today(house: House, orders: list[therapy.PrescriptionFact]) -> int:
    """A call with the pharmacist on call, one nobody has settled, an open intervention and an event to judge."""
    if not orders:
        return 0
    nurse, rph = house.by("nurse"), house.by("pharmacist")
    first, last = orders[0], orders[len(orders) // 2]
    clinical.log_call(
        patient_id=first.patient_id,
        therapy_id=first.therapy_id,
        caller="the daughter",
        relation="child",
        topic="line_out_or_broken",
        words="the line is wet at the hub",
        phone="2175550142",
        by=nurse,
    )
    clinical.log_call(
        patient_id=last.patient_id,
        therapy_id=last.therapy_id,
        caller="the patient",
        topic="supplies",
        words="no caps left",
        by=nurse,
    )
    clinical.record_intervention(
        patient_id=first.patient_id,
        prescription_id=first.id,
        kind="level_follow_up",
        problem="level due before the next supply",
        minutes=15,
        by=rph,
    )
    clinical.report_event(
        patient_id=last.patient_id,
        therapy_id=last.therapy_id,
        family="unplanned_care",
        kind="emergency_visit",
        harm="moderate",
        occurred_on=house_today() - timedelta(days=1),
        text="seen for fever, sent home",
        by=nurse,
    )
    return 4
