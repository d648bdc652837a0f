# SPDX-License-Identifier: Apache-2.0
"""Appointments of a suite: asked for, given a length, booked, moved and moved back."""
from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from openinfusion.catalog.public import template_at
from openinfusion.compounding import public as compounding
from openinfusion.kernel.ids import new_id
from openinfusion.kernel.refusal import Fault, Malformed, NotFound, Reason, Refused
from openinfusion.nursing.actions.second import follow, wants_second
from openinfusion.nursing.adapters import take_turns
from openinfusion.nursing.domain.infusion_length import LONGEST
from openinfusion.nursing.domain.readiness import light
from openinfusion.nursing.domain.suite_terms import MOST_ACUITY
from openinfusion.nursing.domain.visit_form import types_on
from openinfusion.nursing.models import Appointment, NurseVisit
from openinfusion.nursing.permissions import REQUEST, SUITE_CARE, SUITE_PLAN
from openinfusion.nursing.queries.infusion_length import length_of
from openinfusion.nursing.queries.order import order_of
from openinfusion.nursing.queries.second import holder_of
from openinfusion.nursing.queries.suite import facts_of, second_of, time_of
from openinfusion.nursing.queries.suite_terms import terms_on, zone_at
from openinfusion.platform.action import action, lock
from openinfusion.platform.actor import Actor
from openinfusion.platform.advance import advance, revise
from openinfusion.platform.clock import now
from openinfusion.platform.house_day import house_today
from openinfusion.platform.journal import write
from openinfusion.sites import public as sites
from openinfusion.team.public import person
from openinfusion.therapy.public import therapy

_TAKEN = Reason("chair-taken", "somebody has that chair then", "choose another chair or time")
_HELD = ("requested", "ready_check", "booked")
_GIVEN = ("documented", "reviewed", "signed", "billable")


@action
def request_appointment(
    *, therapy_id: UUID, site_id: UUID, wished_at: datetime, by: Actor, purpose: str = "infusion", acuity: int = 1,
    first_dose: bool | None = None, infusion_minutes: int | None = None, prescription_id: UUID | None = None,
) -> UUID:
    """Ask for an appointment of a therapy at a suite, from an instant on. A visit that is asked for already becomes its own.

    Its length is that of the order or of the product's rate steps; where they do not say, it stays open until a human does.
    ``first_dose``: None where the record of earlier visits may say it.
    """
    by.must(SUITE_PLAN)
    course = therapy(therapy_id)
    if not sites.chairs(site_id):
        raise Refused(Reason("no-suite", "that site has no chairs", "choose a suite, or add its chairs"))
    _must_be_sound(purpose, acuity, wished_at)
    order = order_of(therapy_id, prescription_id)
    length = length_of(course, order)
    said = None if infusion_minutes is None else _minutes(infusion_minutes)
    minutes, why = (length.minutes, length.why) if said is None else (said, f"said by {by.name}")
    first = first_dose if first_dose is not None else not _given_before(therapy_id)
    terms, id = terms_on(site_id, wished_at.astimezone(zone_at(site_id)).date()), new_id()
    row = Appointment.objects.create(
        id=id, number=f"A{id.hex[-8:].upper()}", site_id=site_id, patient_id=course.patient_id, therapy_id=therapy_id,
        prescription_id=order.id if order else None, purpose=purpose.strip(), wished_at=wished_at, first_dose=first,
        acuity=acuity,
        task=template_at(course.therapy_class, course.site_id).nursing_task,
        infusion_minutes=minutes, length_why=why,
        observation_minutes=terms.observation_minutes if first else 0, visit=_adopted(therapy_id, by),
    )
    write(by, "nursing.appointment.request", row, "{actor} asked for appointment {subject}: {purpose}.",
          noted={"purpose": purpose.strip(), "length": why})
    return row.id


def _must_be_sound(purpose: str, acuity: int, wished_at: datetime) -> None:
    faults = []
    if not purpose.strip() or len(purpose) > 200:
        faults.append(Fault("purpose", "say what the appointment is for, in at most 200 signs"))
    if not 1 <= acuity <= MOST_ACUITY:
        faults.append(Fault("acuity", f"1 to {MOST_ACUITY}"))
    if wished_at.tzinfo is None:
        faults.append(Fault("wished_at", "is a date and time with its zone"))
    if faults:
        raise Malformed(*faults)


def _minutes(given: int) -> int:
    if not 1 <= given <= LONGEST:
        raise Malformed(Fault("infusion_minutes", f"1 to {LONGEST}"))
    return given


def _given_before(therapy_id: UUID) -> bool:
    return NurseVisit.objects.filter(therapy_id=therapy_id, infuses=True, state__in=_GIVEN).exists()


def _adopted(therapy_id: UUID, by: Actor) -> NurseVisit | None:
    """The visit a verified order asked for by itself and nobody has planned: made in the suite now, by two if it says so."""
    visit = (
        NurseVisit.objects.select_for_update(of=("self",))
        .filter(therapy_id=therapy_id, state="requested", infuses=True, in_suite=False, planned_start=None)
        .order_by("made_at").first()
    )
    if visit is not None:
        revise(visit, "nursing.visit.in_suite", "{actor} put visit {subject} into a suite.", by=by, in_suite=True)
    return visit


@action
def set_length(*, appointment_id: UUID, infusion_minutes: int, by: Actor, version: int | None = None) -> UUID:
    """Say how long the infusion takes, where order and rate steps do not; before it is booked."""
    by.must(SUITE_PLAN if by.may(SUITE_PLAN.code) else SUITE_CARE)
    row = lock(Appointment, appointment_id, version)
    if row.state not in {"requested", "ready_check"}:
        raise Refused(Reason("booked", "it is booked already", "put it back on the waiting list first"))
    revise(row, "nursing.appointment.length", "{actor} said that the infusion of {subject} takes {minutes} minutes.", by=by,
           noted={"minutes": infusion_minutes}, infusion_minutes=_minutes(infusion_minutes), length_why=f"said by {by.name}")
    return row.id


@action
def book_appointment(
    *, appointment_id: UUID, chair_id: UUID, nurse_id: UUID, starts_at: datetime, by: Actor, hold_why: str = "",
    version: int | None = None,
) -> UUID:
    """Give an appointment its chair, nurse and time. What is not ready needs a word why, and then stands as a hold."""
    row = lock(Appointment, appointment_id, version)
    if row.state == "requested":
        advance(row, "begin_check", facts_of(row), by=by)
    changes = _placed(row, chair_id, nurse_id, starts_at) | {"hold_why": hold_why.strip()[:500], "before": None}
    for name, value in changes.items():
        setattr(row, name, value)
    _second_follows(row, nurse_id, True, by)
    facts = facts_of(row)
    changes["light_at_booking"] = light(facts.ready).value
    with _one_in_a_chair():
        advance(row, "book", facts, by=by, reason=hold_why.strip(), noted={"place": _said(row)}, **changes)
    tell_the_bench(row, by)
    return row.id


def tell_the_bench(row: Appointment, by: Actor) -> None:
    """When its patient sits, or that nobody sits any more: the drug is made for that hour."""
    at = row.starts_at if row.state == "booked" else None
    compounding.needed_in_chair(appointment_id=row.id, therapy_id=row.therapy_id, at=at, by=by)


def tell_the_bench_of_all(therapy_id: UUID, by: Actor) -> None:
    """The hours of a therapy's booked appointments, where its drug came to be planned after they were booked."""
    for row in Appointment.objects.filter(therapy_id=therapy_id, state="booked", starts_at__gt=now()).order_by("starts_at"):
        tell_the_bench(row, by)


@action
def move_appointment(
    *, appointment_id: UUID, by: Actor, starts_at: datetime | None = None, chair_id: UUID | None = None,
    nurse_id: UUID | None = None, version: int | None = None,
) -> UUID:
    """Another time, chair or nurse for a booked appointment; what is left out stays. The place before is kept for undoing."""
    row = lock(Appointment, appointment_id, version)
    return _moved(row, chair_id, nurse_id, starts_at, by)


@action
def undo_move(*, appointment_id: UUID, by: Actor, version: int | None = None) -> UUID:
    """Back to the place before the last move, where it is still free."""
    row = lock(Appointment, appointment_id, version)
    if row.before is None:
        raise Refused(Reason("not-moved", "this appointment was not moved"))
    b = row.before
    return _moved(row, UUID(b["chair"]), UUID(b["nurse"]), datetime.fromisoformat(b["starts_at"]), by, undo=True)


def _moved(
    row: Appointment, chair_id: UUID | None, nurse_id: UUID | None, starts_at: datetime | None, by: Actor, undo: bool = False,
) -> UUID:
    by.must(SUITE_PLAN)
    if row.state != "booked" or row.chair_id is None or row.nurse is None or row.starts_at is None:
        raise Refused(Reason("not-booked", f"the appointment is {row.state.replace('_', ' ')}; only a booked one is moved"))
    _second_follows(row, nurse_id or row.nurse, starts_at not in (None, row.starts_at), by)
    before = {"chair": str(row.chair_id), "nurse": str(row.nurse), "starts_at": row.starts_at.isoformat()}
    was = _said(row)
    changes = _placed(row, chair_id or row.chair_id, nurse_id or row.nurse, starts_at or row.starts_at)
    changes["before"] = None if undo else before
    if row.pinned_at is not None:
        changes["pinned_at"] = changes["starts_at"]
    for name, value in changes.items():
        setattr(row, name, value)
    against = facts_of(row).against_place
    if against:
        raise Refused(*against)
    with _one_in_a_chair():
        revise(row, "nursing.appointment.move", "{actor} moved {subject} from {was} to {place}.", by=by,
               noted={"was": was, "place": _said(row)}, **changes)
    tell_the_bench(row, by)
    return row.id


def _second_follows(row: Appointment, nurse_id: UUID, another_time: bool, by: Actor) -> None:
    """The second nurse stays where the time stays, and is asked again for another; she is never the first as well."""
    second = second_of(row)
    if second is None or row.visit is None:
        return
    if another_time:
        follow(row.visit, "the appointment has another time", by)
    elif holder_of(second) == nurse_id:
        raise Refused(Reason("same-nurse", f"{second.nurse_name} is the second nurse of this appointment",
                             "take the second place back first"))


@action
def ask_for_second_in_suite(
    *, appointment_id: UUID, why: str, by: Actor, note: str = "", version: int | None = None,
) -> UUID:
    """Say that an appointment needs two nurses, and why, until its patient sits. The id of the visit that it is made as."""
    by.must(REQUEST)
    row = lock(Appointment, appointment_id, version)
    if row.state not in _HELD:
        text = f"the appointment is {row.state.replace('_', ' ')}; who makes it is settled"
        raise Refused(Reason("visit-underway", text, "ask for another appointment"))
    visit = visit_behind(row, by)
    if row.visit_id is None:
        revise(row, "nursing.appointment.visit", "{actor} tied visit {visit} to {subject}.", by=by, noted={"visit": visit.number},
               visit=visit, made_visit=True)
    if second_of(row) is not None:
        raise Refused(Reason("asked-already", "this appointment needs two nurses already"))
    wants_second(visit, why, note, by)
    return visit.id


def visit_behind(row: Appointment, by: Actor) -> NurseVisit:
    """The visit this appointment is made as; one that was asked for already, or a new one."""
    if row.visit_id is not None:
        return lock(NurseVisit, row.visit_id)
    id, code = new_id(), "first_dose" if row.first_dose else "infusion"
    visit = NurseVisit.objects.create(
        id=id, number=f"V{id.hex[-8:].upper()}", patient_id=row.patient_id, therapy_id=row.therapy_id, site_id=row.site_id,
        prescription_id=row.prescription_id, purpose=row.purpose, infuses=True, in_suite=True, type_code=code,
        edition=types_on(house_today())[code].edition, task=row.task,
    )
    write(by, "nursing.visit.request", visit, "{actor} asked for visit {subject}: {purpose}.", noted={"purpose": row.purpose})
    return visit


def _placed(row: Appointment, chair_id: UUID, nurse_id: UUID, starts_at: datetime) -> dict[str, Any]:
    """The columns of a place. Whoever books the same nurse or chair at the same time waits until this is done."""
    if starts_at.tzinfo is None:
        raise Malformed(Fault("starts_at", "is a date and time with its zone"))
    if chair_id not in {id for id, _ in sites.chairs(row.site_id)}:
        raise NotFound(f"chair {chair_id}")
    take_turns([f"nurse:{nurse_id}", f"chair:{chair_id}"])
    time = time_of(row, starts_at)
    nurse = person(nurse_id)
    changes: dict[str, Any] = {"chair_id": chair_id, "nurse": nurse.id, "nurse_name": nurse.name, "starts_at": starts_at}
    if time is not None:
        changes |= {
            "infusion_ends_at": time.infusion_ends_at, "observation_ends_at": time.observation_ends_at,
            "turnover_ends_at": time.turnover_ends_at,
        }
    return changes


def _said(row: Appointment) -> str:
    if row.starts_at is None or row.chair_id is None:
        return "no place"
    local = row.starts_at.astimezone(zone_at(row.site_id))
    return f"{dict(sites.chairs(row.site_id)).get(row.chair_id, 'no chair')}, {local:%d-%b-%Y %H:%M}, {row.nurse_name}"


class _one_in_a_chair:
    """A savepoint in which the database's refusal of a chair taken twice becomes ours."""

    def __enter__(self) -> None:
        self._atomic = transaction.atomic()
        self._atomic.__enter__()

    def __exit__(self, kind: Any, value: Any, trace: Any) -> None:
        self._atomic.__exit__(kind, value, trace)
        if isinstance(value, IntegrityError) and "chair_one_patient_at_a_time" in str(value):
            raise Refused(_TAKEN) from value
