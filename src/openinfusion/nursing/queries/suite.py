# SPDX-License-Identifier: Apache-2.0
"""Appointments as their machine and pages need them: who sits when, what stands against a place, the facts of a step."""
from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q

from openinfusion.kernel.refusal import Reason
from openinfusion.kernel.stretch import against_time
from openinfusion.nursing.domain.appointment import APPOINTMENT, IN_CHAIR, SEATED, WAITING, AppointmentFacts
from openinfusion.nursing.domain.appointment import AppointmentState as S
from openinfusion.nursing.domain.chair_time import (
    ChairTime,
    Sitting,
    against_chair,
    against_hours,
    against_load,
    against_patient,
    chair_time,
)
from openinfusion.nursing.domain.readiness import Ready
from openinfusion.nursing.domain.roster import against_agency
from openinfusion.nursing.domain.shelf_check import GivenAs
from openinfusion.nursing.models import Appointment, NurseVisit, SecondNurse, SectionEntry, ShelfPackage
from openinfusion.nursing.queries import rates_of, record_reasons
from openinfusion.nursing.queries.order import order_reasons
from openinfusion.nursing.queries.readiness import readiness_of
from openinfusion.nursing.queries.roster import agency_terms_of, plans_shifts, stretches_of
from openinfusion.nursing.queries.second import overlapping, second_row, seconds_of
from openinfusion.nursing.queries.suite_terms import instant_at, terms_on, zone_at
from openinfusion.patients.public import patient
from openinfusion.platform.clock import now
from openinfusion.team.public import competency_reasons, licence_reasons

_SEATED = tuple(s.value for s in SEATED)
_WAITING = tuple(s.value for s in WAITING)
_DONE = ("documented", "reviewed", "signed", "billable")


def day_span(site_id: UUID, day: date) -> tuple[datetime, datetime]:
    """The instants at which a calendar day begins and ends at a suite."""
    zone = zone_at(site_id)
    start, end = (datetime.combine(d, time(0), zone).astimezone(UTC) for d in (day, day + timedelta(days=1)))
    return start, end


def on_day(site_id: UUID, day: date) -> list[Appointment]:
    """Everything that has a place on a day of a suite, what was cancelled apart."""
    start, end = day_span(site_id, day)
    rows = Appointment.objects.select_related("chair", "visit").filter(site_id=site_id, starts_at__gte=start, starts_at__lt=end)
    return list(rows.exclude(state__in=(*_WAITING, "cancelled")).order_by("starts_at", "number"))


def waiting_list(site_id: UUID, until: datetime) -> list[Appointment]:
    """Appointments without a place that are wished for until an instant, the longest waiting first."""
    rows = Appointment.objects.filter(site_id=site_id, state__in=_WAITING, wished_at__lt=until)
    return list(rows.order_by("wished_at", "made_at")[:200])


def sittings_on(a: Appointment, start: datetime, end: datetime) -> list[Sitting]:
    """Everybody else who sits, at any suite, between two instants."""
    rows = list(Appointment.objects.filter(state__in=_SEATED, starts_at__lt=end, turnover_ends_at__gt=start).exclude(pk=a.id))
    beside = beside_in(rows)
    return [
        Sitting(o.number, o.chair_id, o.nurse, o.site_id, o.starts_at, o.observation_ends_at, o.turnover_ends_at, o.acuity,
                o.patient_id, beside[o.id][0] if o.id in beside else None)
        for o in rows if o.chair_id and o.nurse and o.starts_at and o.observation_ends_at and o.turnover_ends_at
    ]


def beside_in(rows: Iterable[Appointment]) -> dict[UUID, tuple[UUID, str]]:
    """Who is, or is offered to be, the second nurse of each appointment that has one: id and name."""
    held = {a.visit_id: a.id for a in rows if a.visit_id}
    found = seconds_of(held)
    return {held[v]: (s.nurse, s.nurse_name) for v, s in found.items() if s.nurse is not None}


def load_reasons(a: Appointment, nurse: UUID, time: ChairTime) -> list[Reason]:
    """What a nurse would watch at once with this one, in either place."""
    terms = terms_on(a.site_id, time.starts_at.astimezone(zone_at(a.site_id)).date())
    others = sittings_on(a, time.starts_at, time.turnover_ends_at)
    return list(against_load(nurse, a.site_id, time, a.acuity, others, terms.nurse_acuity))


def time_of(a: Appointment, starts_at: datetime) -> ChairTime | None:
    """What it would take from a beginning; None where its length is not known."""
    if a.infusion_minutes is None:
        return None
    on = starts_at.astimezone(zone_at(a.site_id)).date()
    return chair_time(starts_at, a.infusion_minutes, a.observation_minutes, terms_on(a.site_id, on))


def nurse_reasons(a: Appointment, nurse: UUID, time: ChairTime, called: str = "") -> list[Reason]:
    """Why a nurse may not do it then: competencies, licence, agency, shift, time off, a visit at a home."""
    start, end, name = time.starts_at, time.observation_ends_at, called or a.nurse_name or "the nurse"
    on = start.astimezone(zone_at(a.site_id)).date()
    agency = agency_terms_of(nurse)
    return [
        *competency_reasons(nurse, a.task, on), *licence_reasons(nurse, patient(a.patient_id).address.state, on, "nurse"),
        *(against_agency(agency, on) if agency else ()),
        *against_time(stretches_of(nurse, start, end), start, end, name, plans_shifts(nurse, start)),
        *(Reason("nurse-busy", f"{name} makes visit {v.number} at a home then", "choose another time or nurse")
          for v in overlapping(nurse, start, end, a.visit_id)),
    ]


def second_of(a: Appointment) -> SecondNurse | None:
    """The second place of an appointment; None where one nurse makes it."""
    return second_row(a.visit) if a.visit is not None else None


def at_the_chair(a: Appointment, row: SecondNurse) -> tuple[Reason, ...]:
    """What speaks against the second nurse beside this chair: what is asked of its nurse, and her load with it."""
    time = time_of(a, a.starts_at) if a.starts_at else None
    if row.nurse is None or time is None:
        return ()
    return (*nurse_reasons(a, row.nurse, time, row.nurse_name), *load_reasons(a, row.nurse, time))


def place_reasons(a: Appointment, chair_id: UUID, nurse: UUID, time: ChairTime) -> list[Reason]:
    """Why chair, nurse and time cannot be, the nurse's own reasons apart: hours, the chair, her load."""
    zone = zone_at(a.site_id)
    day = time.starts_at.astimezone(zone).date()
    terms, others = terms_on(a.site_id, day), sittings_on(a, time.starts_at, time.turnover_ends_at)
    local = ChairTime(*(t.astimezone(zone) for t in (time.starts_at, time.infusion_ends_at, time.observation_ends_at,
                                                    time.turnover_ends_at)))
    return [
        *against_hours(local, instant_at(day, terms.opens, zone), instant_at(day, terms.latest, zone)),
        *against_chair(chair_id, time, others),
        *against_patient(a.patient_id, time, others),
        *against_load(nurse, a.site_id, time, a.acuity, others, terms.nurse_acuity),
    ]


def lights_of(a: Appointment) -> tuple[Ready, ...]:
    """The lights as the appointment stands now."""
    time = time_of(a, a.starts_at) if a.starts_at else None
    placed = time is not None and a.chair_id is not None and a.nurse is not None
    judged = placed and a.state in (*_WAITING, S.BOOKED.value)
    place = place_reasons(a, a.chair_id, a.nurse, time) if judged and time and a.chair_id and a.nurse else []
    nurse = nurse_reasons(a, a.nurse, time) if judged and time and a.nurse else []
    return readiness_of(a, place, nurse)


def facts_of(a: Appointment) -> AppointmentFacts:
    """What the guards ask, each only in the state that needs it."""
    zone, state = zone_at(a.site_id), S(a.state)
    at, time = now(), time_of(a, a.starts_at) if a.starts_at else None
    placed = time is not None and a.chair_id is not None and a.nurse is not None
    place: list[Reason] = []
    nurse: list[Reason] = []
    ready: Sequence[Ready] = ()
    if placed and time and a.chair_id and a.nurse and state in (*WAITING, S.BOOKED):
        nurse = nurse_reasons(a, a.nurse, time)
        place = [*place_reasons(a, a.chair_id, a.nurse, time), *nurse]
    if state is S.READY_CHECK:
        ready = readiness_of(a, place, nurse)
    on = at.astimezone(zone).date()
    its_day = a.starts_at is not None and a.starts_at.astimezone(zone).date() == on
    grace = timedelta(minutes=terms_on(a.site_id, on).grace_minutes)
    order = order_reasons(a.therapy_id, a.prescription_id, on) if state in (S.CHECKED_IN, S.PRE_MED) else []
    second = second_of(a) if state is S.BOOKED else None
    beside = at_the_chair(a, second) if second is not None else ()
    facts = _record_facts(a) if state in IN_CHAIR and a.visit is not None else {}
    return AppointmentFacts(
        length_known=a.infusion_minutes is not None, placed=placed, against_place=tuple(place), ready=ready,
        hold_why=a.hold_why, now=at, late_at=a.starts_at + grace if a.starts_at else None, its_day=its_day,
        nurse_reasons=tuple(nurse), order_reasons=tuple(order),
        second=second.state if second else "", second_reasons=beside, **facts,
    )


def _record_facts(a: Appointment) -> dict[str, Any]:
    """What the record of the visit behind it says."""
    assert a.visit is not None
    scanned = SectionEntry.objects.filter(visit_id=a.visit_id, section="drug", stands=True, problems=[]).exists()
    rates = rates_of(a.visit.id)
    stopped = bool(rates) and rates[-1].rate_ml_per_h == 0
    until = rates[-1].at + timedelta(minutes=a.observation_minutes) if stopped else None
    if not a.visit.infuses:
        until = now()
    return {
        "infused": bool(rates),
        "drug_from_shelf": ShelfPackage.objects.filter(visit_id=a.visit_id, given_as=GivenAs.DRUG.value, became="").count(),
        "nothing_infused": not a.visit.infuses,
        "drug_scanned": scanned, "infusion_stopped": stopped, "record_done": a.visit.state in _DONE,
        "observed_until": until.astimezone(zone_at(a.site_id)) if until else None,
    }


def lacking_record(visit: NurseVisit | None) -> tuple[str, ...]:
    """What the record of the visit still lacks."""
    return tuple(r.text for r in record_reasons(visit)) if visit is not None and visit.state == "in_progress" else ()


def appointments_where(site_id: UUID | None = None, state: str = "", therapy_id: UUID | None = None) -> list[Appointment]:
    """Appointments that fit, the newest first."""
    found = Q()
    for name, value in (("site_id", site_id), ("state", state), ("therapy_id", therapy_id)):
        if value:
            found &= Q(**{name: value})
    return list(Appointment.objects.select_related("chair").filter(found).order_by("-wished_at", "number")[:500])


__all__ = ["APPOINTMENT", "appointments_where", "day_span", "facts_of", "lacking_record", "lights_of", "nurse_reasons", "on_day",
           "place_reasons", "sittings_on", "time_of", "waiting_list"]
