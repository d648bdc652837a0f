# SPDX-License-Identifier: Apache-2.0
"""What a plan of visits needs: the visits of a day at a site, and the nurses with their time, skills, licences and places."""
from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from openinfusion.kernel.position import Position
from openinfusion.kernel.rest import PlannedBreak
from openinfusion.kernel.roles import Role
from openinfusion.kernel.stretch import SpanKind
from openinfusion.nursing.domain.appointment import SEATED
from openinfusion.nursing.domain.wished_hours import NO_WISH, WishedHours
from openinfusion.nursing.models import AgencyNurse, Appointment, NurseVisit, SecondNurse
from openinfusion.nursing.queries import fit_reasons, type_of
from openinfusion.nursing.queries.roster import breaks_on, planned_between
from openinfusion.nursing.queries.second import SecondFact, seconds_of, time_held
from openinfusion.patients.public import patients
from openinfusion.platform.clock import now
from openinfusion.platform.models import Site
from openinfusion.team.public import people

Against = dict[date, tuple[str, ...]]  # by day, the reasons; days without one are left out
PLANNABLE = ("requested", "refused", "offered", "accepted", "confirmed")


@dataclass(frozen=True, slots=True)
class VisitWanted:
    """A visit as a plan sees it. ``fixed``: agreed with the nurse or the patient already; moving it has a price.

    ``needs_drug``: its type asks for the drug, so it cannot begin before the drug is in the home. ``second``: the second place
    where two nurses make it together. ``earliest_on``, ``latest_on``: while it has no time any of these days will do; without
    them any day. ``wish``: when the patient would like it to begin, by the clock of ``zone``.
    """

    id: UUID
    number: str
    version: int
    state: str
    patient_id: UUID
    patient: str
    purpose: str
    type_code: str
    task: str
    minutes: int
    address: str
    zip_code: str
    point: Position | None
    state_code: str
    planned_start: datetime | None
    planned_end: datetime | None
    nurse: UUID | None
    nurse_name: str
    fixed: bool
    nurses_before: tuple[UUID, ...]
    therapy_id: UUID
    needs_drug: bool
    site_id: UUID
    earliest_on: date | None = None
    latest_on: date | None = None
    second: SecondFact | None = None
    wish: WishedHours = NO_WISH
    zone: str = ""


@dataclass(frozen=True, slots=True)
class NurseOfDay:
    """A nurse on a day: shifts and time off, what is given already, licences by state, home site, agency."""

    id: UUID
    name: str
    home_site_id: UUID | None
    shifts: tuple[tuple[datetime, datetime], ...]
    off: tuple[tuple[datetime, datetime], ...]
    busy: tuple[tuple[datetime, datetime], ...]
    licences: tuple[tuple[str, date], ...]
    agency: str
    breaks: tuple[PlannedBreak, ...] = ()
    overtime: tuple[int, ...] = ()  # minutes beyond the end of each shift at most


def day_span(day: date, site_id: UUID) -> tuple[datetime, datetime]:
    """The instants at which a calendar day begins and ends at a site."""
    zone = ZoneInfo(Site.objects.get(pk=site_id).timezone)
    start, end = (datetime.combine(d, time(0), zone).astimezone(UTC) for d in (day, day + timedelta(days=1)))
    return start, end


def visits_waiting(day: date, site_id: UUID, last: date | None = None) -> list[VisitWanted]:
    """Visits of a site that are planned on a day (or on one of the days up to ``last``), and those without a time that it fits.

    A visit whose choice of days is over stands on every day: it is late, and does not vanish.
    """
    last = last or day
    start, end = day_span(day, site_id)[0], day_span(last, site_id)[1]
    over = now().astimezone(ZoneInfo(Site.objects.get(pk=site_id).timezone)).date()
    rows = [
        v for v in NurseVisit.objects.filter(
            site_id=site_id, in_suite=False, state__in=PLANNABLE,
        ).order_by("planned_start", "made_at")[:500]
        if (_fits(v, day, last, over) if v.planned_start is None else start <= v.planned_start < end)
    ]
    who = patients([v.patient_id for v in rows])
    before: dict[UUID, list[UUID]] = {}
    for patient_id, nurse in NurseVisit.objects.filter(
        patient_id__in=list(who), state__in=("signed", "billable"), nurse__isnull=False,
    ).order_by("-started_at").values_list("patient_id", "nurse"):
        if nurse is not None and nurse not in before.setdefault(patient_id, []):
            before[patient_id].append(nurse)
    for patient_id, nurse in SecondNurse.objects.filter(
        patient_id__in=list(who), state="present", visit__state__in=("signed", "billable"),
    ).order_by("-signed_at").values_list("patient_id", "nurse"):
        if nurse is not None and nurse not in before.setdefault(patient_id, []):
            before[patient_id].append(nurse)
    seconds = {i: s for i, s in seconds_of(v.id for v in rows).items() if s.wants_two}
    return [
        VisitWanted(
            v.id, v.number, v.version, v.state, v.patient_id, p.name, v.purpose, v.type_code, v.task, _minutes(v), str(p.address),
            p.address.zip, p.address.point, p.address.state, v.planned_start, v.planned_end, v.nurse, v.nurse_name,
            v.state in {"accepted", "confirmed"}, tuple(before.get(v.patient_id, ())), v.therapy_id,
            "drug" in type_of(v).needs, v.site_id, v.earliest_on, v.latest_on, seconds.get(v.id),
            WishedHours(v.wished_from, v.wished_by), p.timezone,
        ) for v in rows if (p := who.get(v.patient_id)) is not None
    ]


def _fits(v: NurseVisit, first: date, last: date, today: date) -> bool:
    """Whether a visit without a time may be made on one of these days."""
    if v.earliest_on is None or v.latest_on is None or v.latest_on < today:
        return True
    return v.earliest_on <= last and v.latest_on >= first


def _minutes(v: NurseVisit) -> int:
    if v.planned_start and v.planned_end:
        return int((v.planned_end - v.planned_start).total_seconds()) // 60
    return type_of(v).minutes


def nurses_of(day: date, site_id: UUID) -> list[NurseOfDay]:
    """The nurses of a site (and those of no site), with what is known of their day."""
    start, end = day_span(day, site_id)
    spans, rests = planned_between(start, end), breaks_on([day])
    agency = {r.nurse: r.agency.name for r in AgencyNurse.objects.select_related("agency")}
    given: dict[UUID, list[tuple[datetime, datetime]]] = {}
    for who, held, until in time_held(start, end):
        given.setdefault(who, []).append((held, until))
    seated = list(Appointment.objects.filter(
        state__in=[s.value for s in SEATED], starts_at__lt=end, observation_ends_at__gt=start,
    ).values_list("nurse", "visit_id", "starts_at", "observation_ends_at"))
    beside = seconds_of(visit for _, visit, _, _ in seated if visit is not None)
    for nurse, visit, first, last in seated:
        if first is not None and last is not None:
            for one in (nurse, beside[visit].nurse if visit in beside else None):
                if one is not None:
                    given.setdefault(one, []).append((first, last))
    return [
        NurseOfDay(
            p.id, p.name, p.home_site_id,
            tuple((s.starts_at, s.ends_at) for s in spans if s.nurse == p.id and s.kind == SpanKind.WORKS),
            tuple((s.starts_at, s.ends_at) for s in spans if s.nurse == p.id and s.kind == SpanKind.OFF),
            tuple(sorted(given.get(p.id, ()))), tuple((c.state, c.expires_on) for c in p.credentials if c.kind == "nurse"),
            agency.get(p.id, ""), rests.get(p.id, ()),
            tuple(s.overtime_minutes for s in spans if s.nurse == p.id and s.kind == SpanKind.WORKS),
        ) for p in people(Role.NURSE) if p.home_site_id in (None, site_id)
    ]


def reasons_for(visit_id: UUID, nurse_id: UUID, on: date) -> tuple[str, ...]:
    """Why this nurse may not make this visit on a day, but for the hours: competencies, licence, agency."""
    return tuple(str(r) for r in fit_reasons(NurseVisit.objects.get(pk=visit_id), nurse_id, on))


def reasons_over(visit_ids: Iterable[UUID], nurse_ids: Iterable[UUID], days: Iterable[date]) -> dict[UUID, dict[UUID, Against]]:
    """The same of many visits and nurses on several days, worked out once for visits that ask for the same: who may on which day.

    A nurse against whom nothing stands on any of the days is left out of a visit's answer.
    """
    rows = list(NurseVisit.objects.filter(pk__in=list(visit_ids)))
    who, nurses, on = patients([v.patient_id for v in rows]), list(nurse_ids), list(days)
    alike: dict[tuple[str, str], dict[UUID, Against]] = {}
    found: dict[UUID, dict[UUID, Against]] = {}
    for v in rows:
        key = (v.task, who[v.patient_id].address.state)
        if key not in alike:
            judged = {n: {d: why for d in on if (why := tuple(str(r) for r in fit_reasons(v, n, d)))} for n in nurses}
            alike[key] = {n: against for n, against in judged.items() if against}
        found[v.id] = alike[key]
    return found
