# SPDX-License-Identifier: Apache-2.0
"""Outcomes of a period, gathered from the records of all patients."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Q

from openinfusion.clinical.domain.event import Family, Related
from openinfusion.clinical.domain.monitoring import MonitoringState, last_day
from openinfusion.clinical.domain.outcome import Days, Happened, Measure, Period, device_days, rate, share, therapy_days
from openinfusion.clinical.models import Call, ClinicalEvent, Intervention, Monitoring
from openinfusion.clinical.queries.care import EventFact, events_where
from openinfusion.kernel.local_day import instants
from openinfusion.kernel.refusal import Fault, Malformed
from openinfusion.patients import public as patients
from openinfusion.platform.clock import now
from openinfusion.platform.house_day import house_zone
from openinfusion.therapy import public as therapy

LONGEST_DAYS = 1100  # three years: the days are counted one by one
_LINE_KINDS = (
    ("site_infection", "Site infections"),
    ("occlusion", "Occlusions"),
    ("thrombosis", "Thromboses"),
    ("dislodged", "Dislodgements"),
)


@dataclass(frozen=True, slots=True)
class Outcomes:
    """The measures of a period, its denominators, and the events behind them."""

    first: date
    last: date
    therapy_class: str
    measures: tuple[Measure, ...]
    denominators: tuple[tuple[str, int], ...]
    events: tuple[EventFact, ...]


def outcomes_of(first: date, last: date, therapy_class: str = "") -> Outcomes:
    """Every outcome of a period, of one class of therapy or of all; Malformed where the period is none."""
    if last < first or (last - first).days > LONGEST_DAYS:
        raise Malformed(Fault("last", f"a period has its last day after its first and at most {LONGEST_DAYS} days"))
    period = Period(first, last)
    spans = [s for s in therapy.spans(first, last) if therapy_class in ("", s.therapy_class)]
    courses = [Days(s.patient_id, s.started_on, s.ended_on, s.therapy_class) for s in spans]
    devices = [Days(d.patient_id, d.first, d.last, d.tip) for d in patients.line_spans(first, last)]
    ids = {s.therapy_id for s in spans}
    where: dict[str, Any] = {"occurred_on__gte": first, "occurred_on__lte": last}
    if therapy_class:
        where["therapy_id__in"] = ids
    facts = events_where(10_000, **where)
    tips = dict(ClinicalEvent.objects.filter(pk__in=[f.id for f in facts]).values_list("id", "tip"))
    events = [Happened(f.patient_id, f.family, f.kind, f.related, f.occurred_on, tips[f.id]) for f in facts]
    worn, care = device_days(devices, courses, period), therapy_days(courses, period)
    measures = [
        *_line_rates(events, worn, last),
        *_care_rates(events, care, last),
        _completed(spans, period),
        *_work(period, ids if therapy_class else None),
    ]
    shown = (
        ("courses under care", len(spans)),
        ("therapy-days", care),
        *((f"{tip} device-days", n) for tip, n in sorted(worn.items())),
    )
    return Outcomes(first, last, therapy_class, tuple(measures), shown, tuple(facts))


def _line_rates(events: list[Happened], worn: dict[str, int], on: date) -> list[Measure]:
    lines = [e for e in events if e.family == Family.LINE_EVENT and e.related != Related.UNRELATED]
    every, central = sum(worn.values()), worn.get("central", 0)
    found = [
        rate(
            "line_events",
            "Line events, all",
            len(lines),
            every,
            "device-days",
            on,
            "every device, every kind not judged unrelated",
        ),
        rate(
            "clabsi",
            "Bloodstream infections, central line",
            sum(e.kind == "clabsi" for e in lines),
            central,
            "central device-days",
            on,
            "central lines only",
        ),
    ]
    return found + [
        rate(kind, title, sum(e.kind == kind for e in lines), every, "device-days", on) for kind, title in _LINE_KINDS
    ]


def _care_rates(events: list[Happened], days: int, on: date) -> list[Measure]:
    def count(family: Family, kind: str = "", *, related: bool = False) -> int:
        return sum(e.family == family and kind in ("", e.kind) and (e.related == Related.RELATED or not related) for e in events)

    reactions = sum(e.family == Family.ADVERSE_REACTION and e.related != Related.UNRELATED for e in events)
    unit = "therapy-days"
    return [
        rate("adr", "Adverse drug reactions", reactions, days, unit, on, "not judged unrelated"),
        rate(
            "admission",
            "Unplanned admissions",
            count(Family.UNPLANNED_CARE, "unplanned_admission"),
            days,
            unit,
            on,
            "for any reason",
        ),
        rate(
            "admission_related",
            "Unplanned admissions, related",
            count(Family.UNPLANNED_CARE, "unplanned_admission", related=True),
            days,
            unit,
            on,
            "judged to come of the therapy",
        ),
        rate("emergency", "Emergency visits", count(Family.UNPLANNED_CARE, "emergency_visit"), days, unit, on, "for any reason"),
        rate(
            "emergency_related",
            "Emergency visits, related",
            count(Family.UNPLANNED_CARE, "emergency_visit", related=True),
            days,
            unit,
            on,
            "judged to come of the therapy",
        ),
    ]


def _completed(spans: list[therapy.Span], period: Period) -> Measure:
    ended = [s for s in spans if s.ended_on and period.first <= s.ended_on <= period.last]
    done = sum(s.state == "completed" for s in ended)
    return share(
        "completed", "Therapy completed", done, len(ended), "courses that ended", period.last, "of the courses that ended"
    )


def _work(period: Period, therapy_ids: set[UUID] | None) -> list[Measure]:
    """How the work itself went: tests drawn in time, calls taken in time, interventions accepted."""
    mine: dict[str, Any] = {} if therapy_ids is None else {"therapy_id__in": therapy_ids}
    on = period.last
    timely, tests = _tests(period, mine)
    taken, calls = _calls(period, mine)
    settled = _within(Intervention.objects.filter(in_error_at=None, state="settled", **mine), "made_at", period)
    outcomes = list(settled.values_list("outcome", flat=True))
    accepted = sum(o in _ACCEPTED for o in outcomes)
    return [
        share("tests_in_time", "Tests drawn in time", timely, tests, "tests due", on, "not later than the days of grace"),
        share("calls_in_time", "Calls on call taken in time", taken, calls, "calls handed on", on, "of the calls that were due"),
        share("interventions_accepted", "Interventions accepted", accepted, len(outcomes), "interventions settled", on),
    ]


_ACCEPTED = frozenset({"accepted", "accepted_modified", "settled_with_patient"})


def _within(rows: Any, column: str, period: Period) -> Any:
    """Rows whose instant lies in the period, by the days of the house."""
    span = instants(period.first, period.last, house_zone())
    return rows.filter(**{f"{column}__gte": span.start, f"{column}__lt": span.end})


def _tests(period: Period, mine: dict[str, Any]) -> tuple[int, int]:
    """Tests drawn in time, of those whose last day has passed or that were drawn."""
    due = Monitoring.objects.filter(due_on__gte=period.first, due_on__lte=period.last, folded=False, **mine)
    rows = (
        due.exclude(state="cancelled").filter(Q(drawn_on__isnull=False) | Q(late_at__lte=now())).values_list("due_on", "drawn_on")
    )
    timely = [drawn is not None and drawn <= last_day(MonitoringState.DUE, day) for day, drawn in rows]
    return sum(timely), len(timely)


def _calls(period: Period, mine: dict[str, Any]) -> tuple[int, int]:
    """Calls taken in time, of those that were taken or should have been by now."""
    rows = _within(Call.objects.filter(in_error_at=None, **mine), "escalated_at", period)
    seen = [(taken, due) for taken, due in rows.values_list("taken_at", "due_at") if due and (taken or due <= now())]
    return sum(taken is not None and taken <= due for taken, due in seen), len(seen)
