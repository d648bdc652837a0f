# SPDX-License-Identifier: Apache-2.0
"""A suite as JSON: appointments, their lights, booking, moving, steps; the suite's own terms."""
from __future__ import annotations

from datetime import date, datetime, time
from uuid import UUID

from django.http import HttpRequest
from ninja import Schema

from openinfusion.nursing.actions.appointment import (
    ask_for_second_in_suite,
    book_appointment,
    move_appointment,
    request_appointment,
    set_length,
    undo_move,
)
from openinfusion.nursing.actions.appointment_pin import free_appointment, pin_appointment
from openinfusion.nursing.actions.suite_steps import advance_appointment
from openinfusion.nursing.actions.suite_terms import keep_suite_terms
from openinfusion.nursing.api.router import router
from openinfusion.nursing.domain.readiness import Ready
from openinfusion.nursing.domain.suite_terms import SuiteTerms
from openinfusion.nursing.domain.suite_use import DayUse
from openinfusion.nursing.models import Appointment
from openinfusion.nursing.permissions import READ
from openinfusion.nursing.queries.suite import appointments_where, lights_of, on_day
from openinfusion.nursing.queries.suite_day import fills_of, suite_day
from openinfusion.nursing.queries.suite_terms import terms_on
from openinfusion.nursing.queries.suite_use import days_between, suite_use
from openinfusion.platform.action import fetch
from openinfusion.platform.api import Instant, Whole


class AppointmentOut(Schema):
    id: UUID
    number: str
    state: str
    site_id: UUID
    patient_id: UUID
    therapy_id: UUID
    prescription_id: UUID | None
    visit_id: UUID | None
    purpose: str
    wished_at: datetime
    chair_id: UUID | None
    nurse: UUID | None
    nurse_name: str
    starts_at: datetime | None
    infusion_ends_at: datetime | None
    observation_ends_at: datetime | None
    turnover_ends_at: datetime | None
    first_dose: bool
    acuity: int
    infusion_minutes: int | None
    length_why: str
    hold_why: str
    pinned_at: datetime | None
    pin_why: str
    version: int


class LightOut(Schema):
    code: str
    title: str
    standing: str
    why: str
    link: str


class AppointmentIn(Schema):
    """``infusion_minutes``: only where order and rate steps do not say it; ``first_dose``: null where the record may say it."""

    therapy_id: UUID
    site_id: UUID
    wished_at: Instant
    purpose: str = "infusion"
    acuity: Whole = 1
    first_dose: bool | None = None
    infusion_minutes: Whole | None = None
    prescription_id: UUID | None = None


class BookIn(Schema):
    chair_id: UUID
    nurse_id: UUID
    starts_at: Instant
    hold_why: str = ""
    version: Whole | None = None


class MoveIn(Schema):
    """What is left out stays."""

    chair_id: UUID | None = None
    nurse_id: UUID | None = None
    starts_at: Instant | None = None
    version: Whole | None = None


class TwoIn(Schema):
    """Why it needs two nurses: double_check, turning, unsafe_address or training."""

    why: str
    note: str = ""
    version: Whole | None = None


class PinIn(Schema):
    """``at``: only where it has no time yet."""

    why: str
    at: Instant | None = None
    version: Whole | None = None


class LengthIn(Schema):
    infusion_minutes: Whole


class TakeIn(Schema):
    reason: str = ""
    version: Whole | None = None


class FitOut(Schema):
    number: str
    starts_at: datetime


class DayUseOut(Schema):
    """Minutes are whole, null where nothing was counted; ``use`` is percent."""

    day: date
    came: int
    missed: int
    late: int
    waits: int
    wait: int | None
    worst_wait: int | None
    longer: int | None
    use: int | None
    after: int


class TermsOut(Schema):
    opens: time
    closes: time
    latest: time
    nurse_acuity: int
    setup_minutes: int
    disconnect_minutes: int
    turnover_minutes: int
    observation_minutes: int
    grace_minutes: int
    prep_minutes: int
    benches: int
    effective_from: date
    source: str
    status: str


class TermsIn(Schema):
    opens: time
    closes: time
    latest: time
    nurse_acuity: Whole
    setup_minutes: Whole
    disconnect_minutes: Whole
    turnover_minutes: Whole
    observation_minutes: Whole
    grace_minutes: Whole
    prep_minutes: Whole
    benches: Whole
    effective_from: date
    source: str


@router.get("/appointments", response=list[AppointmentOut])
def appointment_list(
    request: HttpRequest, site_id: UUID | None = None, state: str = "", therapy_id: UUID | None = None,
) -> list[Appointment]:
    """Appointments that fit, the newest wish first."""
    request.actor.must(READ)  # type: ignore[attr-defined]
    return appointments_where(site_id, state, therapy_id)


@router.post("/appointments", response=AppointmentOut)
def appointment_request(request: HttpRequest, wanted: AppointmentIn) -> Appointment:
    """Ask for an appointment."""
    return fetch(Appointment, request_appointment(by=request.actor, **wanted.dict()))  # type: ignore[attr-defined]


@router.get("/appointments/{appointment_id}", response=AppointmentOut)
def appointment_one(request: HttpRequest, appointment_id: UUID) -> Appointment:
    """One appointment."""
    request.actor.must(READ)  # type: ignore[attr-defined]
    return fetch(Appointment, appointment_id)


@router.get("/appointments/{appointment_id}/lights", response=list[LightOut])
def appointment_lights(request: HttpRequest, appointment_id: UUID) -> tuple[Ready, ...]:
    """Drug, authorization, labs, order, nurse and chair: yes, no or unknown, with the reason."""
    request.actor.must(READ)  # type: ignore[attr-defined]
    return lights_of(fetch(Appointment, appointment_id))


@router.post("/appointments/{appointment_id}/book", response=AppointmentOut)
def appointment_book(request: HttpRequest, appointment_id: UUID, to: BookIn) -> Appointment:
    """Give it chair, nurse and time; refused with every reason why not."""
    return fetch(Appointment, book_appointment(appointment_id=appointment_id, by=request.actor, **to.dict()))  # type: ignore[attr-defined]


@router.post("/appointments/{appointment_id}/move", response=AppointmentOut)
def appointment_move(request: HttpRequest, appointment_id: UUID, to: MoveIn) -> Appointment:
    """Another chair, nurse or time."""
    return fetch(Appointment, move_appointment(appointment_id=appointment_id, by=request.actor, **to.dict()))  # type: ignore[attr-defined]


@router.post("/appointments/{appointment_id}/undo", response=AppointmentOut)
def appointment_undo(request: HttpRequest, appointment_id: UUID) -> Appointment:
    """Back to the place before the last move."""
    return fetch(Appointment, undo_move(appointment_id=appointment_id, by=request.actor))  # type: ignore[attr-defined]


@router.post("/appointments/{appointment_id}/pin", response=AppointmentOut)
def appointment_pin(request: HttpRequest, appointment_id: UUID, said: PinIn) -> Appointment:
    """Decide when it begins, whatever a plan finds."""
    return fetch(Appointment, pin_appointment(appointment_id=appointment_id, by=request.actor, **said.dict()))  # type: ignore[attr-defined]


@router.delete("/appointments/{appointment_id}/pin", response=AppointmentOut)
def appointment_free(request: HttpRequest, appointment_id: UUID) -> Appointment:
    """Take the pin off."""
    return fetch(Appointment, free_appointment(appointment_id=appointment_id, by=request.actor))  # type: ignore[attr-defined]


@router.post("/appointments/{appointment_id}/length", response=AppointmentOut)
def appointment_length(request: HttpRequest, appointment_id: UUID, said: LengthIn) -> Appointment:
    """Say how long the infusion takes."""
    made = set_length(appointment_id=appointment_id, infusion_minutes=said.infusion_minutes, by=request.actor)  # type: ignore[attr-defined]
    return fetch(Appointment, made)


@router.post("/appointments/{appointment_id}/second", response=AppointmentOut)
def appointment_second(request: HttpRequest, appointment_id: UUID, said: TwoIn) -> Appointment:
    """Say that it needs two nurses; the second place is offered, accepted and signed for on its visit."""
    ask_for_second_in_suite(appointment_id=appointment_id, by=request.actor, **said.dict())  # type: ignore[attr-defined]
    return fetch(Appointment, appointment_id)


@router.post("/appointments/{appointment_id}/steps/{step}", response=AppointmentOut)
def appointment_step(request: HttpRequest, appointment_id: UUID, step: str, said: TakeIn) -> Appointment:
    """Take a step: check_in, pre_medicate, infuse, observe, discharge and the rest."""
    made = advance_appointment(appointment_id=appointment_id, step=step, by=request.actor, **said.dict())  # type: ignore[attr-defined]
    return fetch(Appointment, made)


@router.get("/suites/{site_id}/days/{day}", response=list[AppointmentOut])
def suite_of_a_day(request: HttpRequest, site_id: UUID, day: date) -> list[Appointment]:
    """Everything that has a place on a day of a suite."""
    request.actor.must(READ)  # type: ignore[attr-defined]
    return on_day(site_id, day)


@router.get("/suites/{site_id}/days/{day}/fits", response=list[FitOut])
def suite_fits(request: HttpRequest, site_id: UUID, day: date) -> list[FitOut]:
    """Who of the waiting list fits into the day as it is booked, and when."""
    request.actor.must(READ)  # type: ignore[attr-defined]
    return [FitOut(number=n, starts_at=at) for n, at in fills_of(suite_day(site_id, day)).items()]


@router.get("/suites/{site_id}/use", response=list[DayUseOut])
def suite_days_gone(request: HttpRequest, site_id: UUID, first: date, last: date) -> list[DayUse]:
    """How the suite's days went: who came, waits, chairs in use."""
    request.actor.must(READ)  # type: ignore[attr-defined]
    return suite_use(site_id, *days_between(first, last))


@router.get("/suites/{site_id}/terms/{day}", response=TermsOut)
def suite_terms(request: HttpRequest, site_id: UUID, day: date) -> SuiteTerms:
    """Hours, minutes and the acuity a nurse watches on a day."""
    request.actor.must(READ)  # type: ignore[attr-defined]
    return terms_on(site_id, day)


@router.post("/suites/{site_id}/terms", response=TermsOut)
def suite_terms_keep(request: HttpRequest, site_id: UUID, given: TermsIn) -> SuiteTerms:
    """The suite's own terms from a day on."""
    keep_suite_terms(site_id=site_id, terms=SuiteTerms(**given.dict(), status=""), by=request.actor)  # type: ignore[attr-defined]
    return terms_on(site_id, given.effective_from)
