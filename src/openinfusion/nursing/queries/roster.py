# SPDX-License-Identifier: Apache-2.0
"""Reads about nurses' time, their agencies, miles and handovers."""
from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from openinfusion.kernel.rest import PlannedBreak, breaks_in
from openinfusion.kernel.stretch import SpanKind, Stretch
from openinfusion.nursing.domain.roster import AgencyTerms
from openinfusion.nursing.models import Agency, AgencyNurse, Availability, Handover, Mileage, NurseBreaks
from openinfusion.nursing.queries.second import time_held

SHIFTS_SEEN_DAYS = 3
SICK = "sick"


def stretches_of(nurse: UUID, start: datetime, end: datetime) -> list[Stretch]:
    """What is planned of a nurse's time and touches these hours."""
    rows = Availability.objects.filter(nurse=nurse, ended=False, starts_at__lt=end, ends_at__gt=start).order_by("starts_at")
    return [Stretch(SpanKind(r.kind), r.starts_at, r.ends_at, SICK if r.sick else r.note, r.overtime_minutes) for r in rows]


def plans_shifts(nurse: UUID, near: datetime) -> bool:
    """Whether shifts of this nurse are planned around that day; where none are, a time is not judged by shifts."""
    margin = timedelta(days=SHIFTS_SEEN_DAYS)
    return Availability.objects.filter(
        nurse=nurse, ended=False, kind=SpanKind.WORKS.value, starts_at__lt=near + margin, ends_at__gt=near - margin,
    ).exists()


@dataclass(frozen=True, slots=True)
class AvailabilityFact:
    id: UUID
    nurse: UUID
    nurse_name: str
    site_id: UUID | None
    kind: str
    starts_at: datetime
    ends_at: datetime
    sick: bool
    note: str
    overtime_minutes: int = 0


def planned_between(start: datetime, end: datetime, nurse: UUID | None = None) -> list[AvailabilityFact]:
    """Every stretch that touches these hours, by nurse and time."""
    rows = Availability.objects.filter(ended=False, starts_at__lt=end, ends_at__gt=start)
    if nurse is not None:
        rows = rows.filter(nurse=nurse)
    return [
        AvailabilityFact(r.id, r.nurse, r.nurse_name, r.site_id, r.kind, r.starts_at, r.ends_at, r.sick, r.note,
                         r.overtime_minutes)
        for r in rows.order_by("nurse_name", "starts_at")[:2000]
    ]


@dataclass(frozen=True, slots=True)
class BreakFact:
    """A break as planned. ``crossed``: a visit was put over it since, by hand."""

    nurse: UUID
    nurse_name: str
    day: date
    starts_at: datetime
    ends_at: datetime
    why: str
    zone: str
    crossed: bool = False


def breaks_on(days: Iterable[date]) -> dict[UUID, tuple[PlannedBreak, ...]]:
    """The planned breaks of every nurse on these days."""
    found: dict[UUID, tuple[PlannedBreak, ...]] = {}
    for row in NurseBreaks.objects.filter(day__in=list(days)):
        found[row.nurse] = (*found.get(row.nurse, ()), *breaks_in(row.breaks))
    return found


def breaks_ahead(first: date, last: date, nurse: UUID | None = None) -> list[BreakFact]:
    """The planned breaks of a nurse, or of all, on these days, in the order of their time."""
    rows = NurseBreaks.objects.filter(day__range=(first, last)).select_related("site")
    if nurse is not None:
        rows = rows.filter(nurse=nurse)
    found = [(r, b) for r in rows for b in breaks_in(r.breaks)]
    if not found:
        return []
    held = time_held(min(b.starts_at for _, b in found), max(b.ends_at for _, b in found))
    return sorted((
        BreakFact(r.nurse, r.nurse_name, r.day, b.starts_at, b.ends_at, b.why, r.site.timezone,
                  any(who == r.nurse and starts < b.ends_at and b.starts_at < ends for who, starts, ends in held))
        for r, b in found
    ), key=lambda b: (b.starts_at, b.nurse_name))


@dataclass(frozen=True, slots=True)
class AgencyFact:
    id: UUID
    name: str
    phone: str
    contact: str
    licence_number: str
    licence_state: str
    terms: AgencyTerms
    hour_cents: int
    nurses: tuple[tuple[UUID, str], ...] = ()


def _terms(a: Agency) -> AgencyTerms:
    return AgencyTerms(a.name, a.contract_until, a.licence_until, a.insurance_until, a.competencies_on)


def agency_terms_of(nurse: UUID) -> AgencyTerms | None:
    """The terms of the agency a nurse comes from; None for one of the house."""
    row = AgencyNurse.objects.select_related("agency").filter(nurse=nurse).first()
    return _terms(row.agency) if row else None


def agencies() -> list[AgencyFact]:
    """Every agency with its nurses, by name."""
    sent: dict[UUID, list[tuple[UUID, str]]] = {}
    for row in AgencyNurse.objects.order_by("nurse_name"):
        sent.setdefault(row.agency_id, []).append((row.nurse, row.nurse_name))
    return [
        AgencyFact(a.id, a.name, a.phone, a.contact, a.licence_number, a.licence_state, _terms(a), a.hour_cents,
                   tuple(sent.get(a.id, ())))
        for a in Agency.objects.order_by("name")
    ]


@dataclass(frozen=True, slots=True)
class MileageFact:
    visit_id: UUID
    nurse: UUID
    nurse_name: str
    driven_on: date
    miles: Decimal
    cents_per_mile: Decimal
    cents: int


def miles_driven(first: date, last: date, nurse: UUID | None = None) -> list[MileageFact]:
    """Miles of these days, by day and nurse."""
    rows = Mileage.objects.filter(driven_on__gte=first, driven_on__lte=last)
    if nurse is not None:
        rows = rows.filter(nurse=nurse)
    return [_mileage(r) for r in rows.order_by("driven_on", "nurse_name")[:5000]]


def mileage_of(visit_id: UUID) -> tuple[MileageFact, ...]:
    """What each nurse of a visit drove."""
    return tuple(_mileage(r) for r in Mileage.objects.filter(visit_id=visit_id).order_by("made_at"))


def _mileage(r: Mileage) -> MileageFact:
    return MileageFact(r.visit_id, r.nurse, r.nurse_name, r.driven_on, r.miles, r.cents_per_mile, r.cents)


@dataclass(frozen=True, slots=True)
class HandoverFact:
    id: UUID
    patient_id: UUID
    therapy_id: UUID
    for_nurse: UUID | None
    for_name: str
    situation: str
    background: str
    assessment: str
    recommendation: str
    writer_name: str
    written_by: UUID
    written_at: datetime
    read_at: datetime | None
    reader_name: str


def handover_facts(rows: Iterable[Handover]) -> list[HandoverFact]:
    return [
        HandoverFact(r.id, r.patient_id, r.therapy_id, r.for_nurse, r.for_name, r.situation, r.background, r.assessment,
                     r.recommendation, r.writer_name, r.written_by, r.made_at, r.read_at, r.reader_name)
        for r in rows
    ]


def handovers_of(patient_id: UUID) -> list[HandoverFact]:
    """The notes about a patient, newest first."""
    return handover_facts(Handover.objects.filter(patient_id=patient_id).order_by("-made_at")[:20])
