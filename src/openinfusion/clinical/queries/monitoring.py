# SPDX-License-Identifier: Apache-2.0
"""Which tests are due, what the chart answers them with, and which a course still needs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Protocol
from uuid import UUID
from zoneinfo import ZoneInfo

from openinfusion.catalog import public as catalog
from openinfusion.clinical.domain.monitoring import Last, MonitoringFacts, MonitoringState, due_day, last_day
from openinfusion.clinical.domain.policy import lab_range, policy
from openinfusion.clinical.domain.protocol import Answered, ExamKind, Result, Watch, answer, exam_of, protocol
from openinfusion.clinical.models import Monitoring
from openinfusion.kernel.quantity import shown_number
from openinfusion.patients import public as patients
from openinfusion.platform.clock import now, today
from openinfusion.platform.house_day import house_zone
from openinfusion.platform.reading import Reading
from openinfusion.therapy import public as therapy

BODY_WEIGHT = "29463-7"
_OPEN = ("due", "drawn")
_TO_MATCH = Reading(
    lambda among: Monitoring.objects.filter(among("patient_id"), state__in=(*_OPEN, "resulted")).exclude(kind="assessment"),
    "state", "code", "name", "opens_on",
)
_OF_COURSE = Reading(
    lambda among: Monitoring.objects.filter(among("therapy_id"), folded=False).order_by("due_on", "made_at"),
    "code", "name", "state", "every_days", "source", "drawn_on", "due_on", "stopped",
)


class Exam(Protocol):
    """What is asked of the chart: a row of the list, or what was read of one."""

    @property
    def code(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def opens_on(self) -> date: ...


@dataclass(frozen=True, slots=True)
class Need:
    """A test that should be put on the list, and the day it is due."""

    watch: Watch
    due_on: date


def zone_of(patient_id: UUID) -> str:
    return patients.timezone(patient_id) or house_zone()


def late_from(state: MonitoringState, on: date, zone: str) -> datetime:
    """The instant from which a row is overdue: the midnight after its last day, where the patient lives."""
    return datetime.combine(last_day(state, on) + timedelta(days=1), time(0), ZoneInfo(zone))


def results_of(patient_id: UUID, zone: str) -> list[Result]:
    """What the chart holds that can answer a test, each with the day it was drawn and whether it is out of range."""
    place, found = ZoneInfo(zone), []
    for lab in patients.labs(patient_id):
        on = lab.taken_at.astimezone(place).date()
        span = lab_range(lab.loinc, lab.unit, on)
        flagged = span is not None and not span.holds(lab.value)
        text = f"{lab.name} {shown_number(lab.value)} {lab.unit}" + (f" (outside {span})" if flagged else "")
        found.append(Result(lab.loinc, on, text, flagged))
    for m in patients.measurements(patient_id, "weight_kg"):
        on = m.taken_at.astimezone(place).date()
        found.append(Result(BODY_WEIGHT, on, f"body weight {shown_number(m.value)} kg", False))
    return found


def answered(row: Exam, results: Iterable[Result]) -> Answered:
    return answer(exam_of(row.code, row.name), results, row.opens_on)


def monitoring_facts(row: Monitoring, found: Answered | None = None, drawn_on: date | None = None) -> MonitoringFacts:
    """What the guards look at; without an answer of the chart at hand, what the row remembers of it."""
    return MonitoringFacts(
        ExamKind(row.kind),
        found.whole if found else bool(row.result),
        found.missing if found else (),
        found.flagged if found and found.whole else row.flagged,
        drawn_on or row.drawn_on,
        today(zone_of(row.patient_id)) if drawn_on else None,
    )


def follows(patient_id: UUID) -> bool:
    """Whether the result of a test came onto the chart or left it."""
    rows = _TO_MATCH([patient_id])
    if not rows:
        return False
    results = results_of(patient_id, zone_of(patient_id))
    return any(answered(row, results).whole != (row.state == "resulted") for row in rows)


def protocol_of(course: therapy.TherapyFact, on: date) -> tuple[Watch, ...]:
    """What this course asks for: the drug's row, else its class's."""
    template = catalog.template(course.therapy_class, on)
    by_class = [Watch(m.loinc, m.name, m.every_days, str(template.source)) for m in template.labs]
    return protocol(course.drug_code, by_class, on)


def needs_of(therapy_id: UUID) -> list[Need]:
    """The tests that should be on the list of a course and are not: due soon enough, and before the course ends."""
    course = therapy.therapy(therapy_id)
    running = [p for p in therapy.prescriptions_of(therapy_id) if p.verified]
    if not running or course.ended_on:
        return []
    zone = zone_of(course.patient_id)
    on = today(zone)
    until = min(max(p.order.last_on for p in running), on + timedelta(days=policy("ahead_days", on).value))
    newest = _newest(therapy_id)
    watches = {w.code: w for w in protocol_of(course, on)}
    watches |= {r.code: Watch(r.code, r.name, r.every_days, r.source) for r in newest.values()}
    wanted = [w for code, w in watches.items() if code not in newest or newest[code].state not in _OPEN]
    first = course.started_on or course.start_on
    results = results_of(course.patient_id, zone) if any(w.code not in newest for w in wanted) else []
    found = []
    for w in wanted:
        due = due_day(first, w.every_days, _last(newest.get(w.code)), _baseline(w, results, first))
        if due is not None and due <= until:
            found.append(Need(w, due))
    return found


def _newest(therapy_id: UUID) -> dict[str, Any]:
    """Of each test the row that is open, else the last one."""
    found: dict[str, Any] = {}
    for row in _OF_COURSE([therapy_id]):
        if row.code not in found or found[row.code].state not in _OPEN:
            found[row.code] = row
    return found


def _last(row: Any) -> Last | None:
    if row is None:
        return None
    return Last(row.drawn_on or row.due_on, row.every_days, row.stopped)


def _baseline(watch: Watch, results: list[Result], start_on: date) -> date | None:
    oldest = start_on - timedelta(days=policy("baseline_days", start_on).value)
    there = answer(exam_of(watch.code, watch.name), results, oldest)
    return there.drawn_on if there.whole else None


def courses_to_plan(prescription_ids: list[UUID]) -> list[UUID]:
    """The courses of these orders that need a test on their list."""
    courses = dict.fromkeys(p.therapy_id for p in therapy.prescriptions(prescription_ids) if p.verified)
    return [id for id in courses if needs_of(id)]


def has_open_tests(therapy_id: UUID) -> bool:
    return Monitoring.objects.filter(therapy_id=therapy_id, state__in=_OPEN).exists()


def left_open() -> list[UUID]:
    """Courses that have ended, or whose last order has, with tests still on the list."""
    waiting = list(Monitoring.objects.filter(state__in=_OPEN).order_by().values_list("therapy_id", flat=True).distinct())
    return [id for id, t in therapy.therapies_by_id(waiting).items() if t.ended_on]


@dataclass(frozen=True, slots=True)
class MonitoringFact:
    """One test as pages and the API show it."""

    id: UUID
    state: str
    patient_id: UUID
    patient: str
    therapy_id: UUID
    drug_name: str
    code: str
    name: str
    kind: str
    every_days: int
    source: str
    due_on: date
    late_at: datetime
    drawn_on: date | None
    resulted_on: date | None
    result: str
    flagged: bool
    action_note: str
    actor_name: str
    version: int

    @property
    def late(self) -> bool:
        return self.state in ("due", "drawn", "resulted") and self.late_at <= now()


def monitoring_where(limit: int = 300, **where: Any) -> list[MonitoringFact]:
    """Rows that match: the longest overdue first."""
    rows = list(Monitoring.objects.filter(**where).order_by("late_at", "id")[:limit])
    names = patients.patients(list({r.patient_id for r in rows}))
    return [monitoring_fact(r, names[r.patient_id].name) for r in rows]


def monitoring_fact(r: Monitoring, patient: str) -> MonitoringFact:
    return MonitoringFact(
        r.id,
        r.state,
        r.patient_id,
        patient,
        r.therapy_id,
        r.drug_name,
        r.code,
        r.name,
        r.kind,
        r.every_days,
        r.source,
        r.due_on,
        r.late_at,
        r.drawn_on,
        r.resulted_on,
        r.result,
        r.flagged,
        r.action_note,
        r.actor_name,
        r.version,
    )
