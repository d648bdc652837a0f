# SPDX-License-Identifier: Apache-2.0
"""Reads of nursing: visits as frozen facts, and the facts their machine asks for."""
from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.db.models import Q

from openinfusion.kernel.refusal import Reason
from openinfusion.kernel.stretch import against_time
from openinfusion.nursing.domain.appointment import SEATED
from openinfusion.nursing.domain.infusion_record import (
    CORE,
    InfusionRecord,
    RateStep,
    ReactionKind,
    Vitals,
    minutes_between,
    missing,
)
from openinfusion.nursing.domain.roster import against_agency
from openinfusion.nursing.domain.second_nurse import SecondFacts, why_two
from openinfusion.nursing.domain.visit import VisitFacts, VisitState
from openinfusion.nursing.domain.visit_form import VisitType, lacking, section, visit_type
from openinfusion.nursing.domain.wished_hours import NO_WISH, WishedHours
from openinfusion.nursing.models import Appointment, NurseVisit, RateReading, SecondNurse, SectionEntry, ShelfPackage, VitalSigns
from openinfusion.nursing.queries.roster import agency_terms_of, plans_shifts, stretches_of
from openinfusion.nursing.queries.second import SecondFact, overlapping, second_row, seconds_of, visits_beside
from openinfusion.nursing.queries.suite_terms import zone_at
from openinfusion.patients.public import patient
from openinfusion.platform.action import fetch
from openinfusion.platform.actor import Actor
from openinfusion.platform.house_day import house_today
from openinfusion.team.public import competency_reasons, licence_reasons

GIVEN = ("offered", "accepted", "confirmed", "en_route")
OPEN = ("requested", "refused", *GIVEN, "in_progress", "documented", "reviewed")
BEGUN = ("in_progress", "documented", "reviewed", "signed", "billable")


@dataclass(frozen=True, slots=True)
class VisitFact:
    """A visit as other rooms see it."""

    id: UUID
    number: str
    state: str
    patient_id: UUID
    therapy_id: UUID
    prescription_id: UUID | None
    site_id: UUID
    purpose: str
    nurse: UUID | None
    nurse_name: str
    planned_start: datetime | None
    planned_end: datetime | None
    started_at: datetime | None
    ended_at: datetime | None
    reaction: str
    reaction_grade: int
    infuses: bool
    since: datetime
    type_code: str = "general"
    edition: int = 1
    version: int = 1
    in_suite: bool = False
    earliest_on: date | None = None
    latest_on: date | None = None
    wish: WishedHours = NO_WISH
    second: SecondFact | None = None

    @property
    def nurses(self) -> str:
        """Who makes it, both names where there are two."""
        return " and ".join(n for n in (self.nurse_name, self.second.nurse_name if self.second else "") if n)

    @property
    def minutes(self) -> int:
        """Minutes with the patient; zero until the visit has ended."""
        return minutes_between(self.started_at, self.ended_at) if self.started_at and self.ended_at else 0


def visit_fact(v: NurseVisit, second: SecondFact | None = None) -> VisitFact:
    return VisitFact(
        v.id, v.number, v.state, v.patient_id, v.therapy_id, v.prescription_id, v.site_id, v.purpose, v.nurse,
        v.nurse_name,
        v.planned_start, v.planned_end, v.started_at, v.ended_at, v.reaction, v.reaction_grade, v.infuses, v.made_at,
        v.type_code, v.edition, v.version, v.in_suite, v.earliest_on, v.latest_on,
        WishedHours(v.wished_from, v.wished_by), second,
    )


def visit_facts(rows: Iterable[NurseVisit]) -> list[VisitFact]:
    """Visits with their second nurses, in two queries."""
    found = list(rows)
    seconds = seconds_of(v.id for v in found)
    return [visit_fact(v, seconds.get(v.id)) for v in found]


def visit_of(visit_id: UUID) -> VisitFact:
    return visit_facts([fetch(NurseVisit, visit_id)])[0]


def visits_where(*, therapy_id: UUID | None = None, patient_id: UUID | None = None, states: Sequence[str] = (),
                 nurse: UUID | None = None, limit: int = 500) -> list[VisitFact]:
    """Visits that fit, planned first to last. ``nurse``: in the first place or the second."""
    rows = NurseVisit.objects.all()
    for name, value in (("therapy_id", therapy_id), ("patient_id", patient_id)):
        if value is not None:
            rows = rows.filter(**{name: value})
    if nurse is not None:
        rows = rows.filter(Q(nurse=nurse) | Q(pk__in=visits_beside(nurse)))
    if states:
        rows = rows.filter(state__in=states)
    return visit_facts(rows.order_by("planned_start", "made_at")[:limit])


def rates_of(visit_id: UUID) -> tuple[RateStep, ...]:
    return tuple(RateStep(r.at, r.rate_ml_per_h) for r in RateReading.objects.filter(visit_id=visit_id).order_by("at"))


def vitals_of(visit_id: UUID) -> tuple[Vitals, ...]:
    return tuple(
        Vitals(
            v.at, v.temperature_c, v.pulse_per_min, v.respirations_per_min, v.systolic_mmhg, v.diastolic_mmhg,
            v.spo2_percent,
        ) for v in VitalSigns.objects.filter(visit_id=visit_id).order_by("at")
    )


def record_of(v: NurseVisit) -> InfusionRecord:
    """The record as the rules read it."""
    return InfusionRecord(
        v.infuses, tuple(v.identifiers), v.line_site, v.line_flushes, v.line_blood_return, rates_of(v.id),
        vitals_of(v.id),
        ReactionKind(v.reaction) if v.reaction else None, v.reaction_grade, v.reaction_action, tuple(v.taught),
        v.taught_back, v.started_at, v.ended_at,
    )


def type_of(v: NurseVisit) -> VisitType:
    return visit_type(v.type_code, v.edition)


def sections_of(v: NurseVisit) -> tuple[str, ...]:
    """Every section the record of this visit may have: its type's, and in a suite what is taken from the shelf besides."""
    kind = type_of(v)
    found = kind.sections(v.infuses)
    return (*found, "shelf") if v.in_suite and "drug" in kind.sections(True) else found


def standing_entries(visit_ids: Iterable[UUID]) -> dict[UUID, dict[str, list[SectionEntry]]]:
    """The entries that stand, by visit and section, the earliest first."""
    found: dict[UUID, dict[str, list[SectionEntry]]] = {}
    for row in SectionEntry.objects.filter(visit_id__in=list(visit_ids), stands=True).order_by("section", "number", "made_at"):
        found.setdefault(row.visit_id, {}).setdefault(row.section, []).append(row)
    return found


def record_reasons(v: NurseVisit) -> tuple[Reason, ...]:
    """Everything the record lacks for its type of visit."""
    kind, entries = type_of(v), standing_entries([v.id]).get(v.id, {})
    needed = kind.needed(v.infuses)
    found = list(missing(record_of(v), frozenset(needed)))
    for code in needed:
        if code not in CORE and code not in entries:
            found.append(Reason(code, section(code).title.lower()))
    for code, rows in entries.items():
        for row in rows:
            found += [r for r in lacking(code, row.values) if r.code not in {f.code for f in found}]
    return tuple(found)


def seats_of(nurse: UUID, start: datetime, end: datetime) -> list[Appointment]:
    """Appointments of a suite that this nurse watches at that time, in either place."""
    return list(Appointment.objects.filter(
        Q(nurse=nurse) | Q(visit_id__in=visits_beside(nurse)), state__in=[s.value for s in SEATED], starts_at__lt=end,
        observation_ends_at__gt=start,
    )[:3])


def nurse_reasons(v: NurseVisit, nurse: UUID, start: datetime, end: datetime, name: str = "the nurse") -> tuple[Reason, ...]:
    """Why this nurse may not make this visit then, in either place: competencies, and where they already are."""
    busy = [
        Reason("nurse-busy", f"{name} has visit {o.number} at that time", "choose another time or nurse")
        for o in overlapping(nurse, start, end, v.id)
    ]
    if not v.in_suite:
        busy += [
            Reason("nurse-in-suite", f"{name} watches {o.number} in a suite at that time", "choose another time or nurse")
            for o in seats_of(nurse, start, end)
        ]
    time = against_time(stretches_of(nurse, start, end), start, end, name, plans_shifts(nurse, start))
    return (*fit_reasons(v, nurse, start.astimezone(zone_at(v.site_id)).date()), *time, *busy)


def fit_reasons(v: NurseVisit, nurse: UUID, on: date) -> list[Reason]:
    """Why this nurse may not make such a visit on a day: competencies, a licence of the patient's state, the agency."""
    state = patient(v.patient_id).address.state
    agency = agency_terms_of(nurse)
    return [
        *competency_reasons(nurse, v.task, on), *licence_reasons(nurse, state, on, "nurse"),
        *(against_agency(agency, on) if agency else ()),
    ]


_JUDGED = frozenset({VisitState.REQUESTED.value, VisitState.REFUSED.value, VisitState.OFFERED.value,
    VisitState.CONFIRMED.value})
_SECOND_JUDGED = frozenset({"wanted", "refused", "offered"})
_OVER = ("discharged", "no_show", "cancelled", "refused")
_WRITTEN = frozenset({VisitState.IN_PROGRESS.value, VisitState.DOCUMENTED.value, VisitState.REVIEWED.value})


def facts_of(v: NurseVisit, by: Actor) -> VisitFacts:
    """What the guards of this visit ask; competencies and the record only where a step needs them."""
    planned = v.planned_start is not None and v.planned_end is not None
    reasons: tuple[Reason, ...] = ()
    if v.nurse is not None and v.planned_start and v.planned_end and v.state in _JUDGED:
        reasons = nurse_reasons(v, v.nurse, v.planned_start, v.planned_end, v.nurse_name or "the nurse")
    undone = record_reasons(v) if v.state in _WRITTEN else ()
    second = second_row(v)
    beside = second_reasons(v, second) if second is not None and v.state == VisitState.CONFIRMED.value else ()
    shelf = ShelfPackage.objects.filter(visit=v, became="").count() if v.in_suite and v.state in _WRITTEN else 0
    ahead = Appointment.objects.filter(visit=v).exclude(state__in=_OVER).values_list("number", flat=True) if v.in_suite else ()
    return VisitFacts(v.nurse, by.id, reasons, planned, undone, v.in_suite, second.state if second else "", beside, shelf,
                      next(iter(ahead), ""))


def second_reasons(v: NurseVisit, row: SecondNurse) -> tuple[Reason, ...]:
    """Why the second nurse who is named may not be there then: what is asked of the first, and where she already is."""
    if row.nurse is None or v.planned_start is None or v.planned_end is None:
        return ()
    return nurse_reasons(v, row.nurse, v.planned_start, v.planned_end, row.nurse_name or "the nurse")


def second_facts(v: NurseVisit, row: SecondNurse, by: Actor) -> SecondFacts:
    """What the guards of the second place ask."""
    reasons = second_reasons(v, row) if row.state in _SECOND_JUDGED else ()
    first = v.nurse if v.state in GIVEN else None
    return SecondFacts(row.nurse, first, by.id, reasons, v.state in BEGUN, why_two(row.why, house_today()).one_may)


def counts(states: Iterable[str]) -> dict[str, int]:
    found = dict.fromkeys(states, 0)
    for state in NurseVisit.objects.filter(state__in=list(found)).values_list("state", flat=True):
        found[state] += 1
    return found


def wasted_of(v: NurseVisit) -> Decimal:
    return v.wasted_ml or Decimal(0)
