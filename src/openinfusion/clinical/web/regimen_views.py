# SPDX-License-Identifier: Apache-2.0
"""Views of a patient's regimen."""
from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.http import HttpResponse

from openinfusion.clinical.actions.regimen import clear_cycle, clear_day
from openinfusion.clinical.permissions import READ
from openinfusion.clinical.web import regimen_forms as f
from openinfusion.clinical.web import regimen_pages as pages
from openinfusion.kernel.quantity import Quantity
from openinfusion.kernel.refusal import NotFound
from openinfusion.platform.ui.forms import StepForm
from openinfusion.platform.web import Request, read, reads, show, then, writes
from openinfusion.therapy import public as therapy

_COURSE_STEPS: dict[str, Callable[..., UUID]] = {"complete": therapy.complete_regimen, "stop": therapy.stop_regimen}
_DAY_STEPS: dict[str, Callable[..., UUID]] = {"reopen": therapy.reopen_day, "omit": therapy.omit_day}
_PLAIN_STEPS: dict[str, Callable[..., UUID]] = {"reopen": therapy.reopen_cycle, "omit": therapy.omit_cycle}


@reads(READ.code)
def courses(request: Request, therapy_id: UUID) -> HttpResponse:
    return show(request, "clinical/regimens.html", pages.courses_page(therapy_id, request.actor))


@reads(READ.code)
def course(request: Request, course_id: UUID) -> HttpResponse:
    return show(request, "clinical/regimen.html", pages.course_page(course_id, request.actor))


@writes
def start(request: Request, therapy_id: UUID) -> HttpResponse:
    made = therapy.start_regimen(therapy_id=therapy_id, by=request.actor, **read(f.StartForm, request))
    return then(request, "clinical:regimen", made, said="Started. Each cycle is cleared before it is given.")


@writes
def course_step(request: Request, course_id: UUID, step: str) -> HttpResponse:
    if step not in _COURSE_STEPS:
        raise NotFound(f"step {step}")
    _COURSE_STEPS[step](course_id=course_id, by=request.actor, **read(StepForm, request))
    return then(request, "clinical:regimen", course_id, said="Done.")


@writes
def cycle_clear(request: Request, course_id: UUID, cycle_id: UUID) -> HttpResponse:
    tests = tuple(dict.fromkeys(h.test for h in therapy.regimen_course(course_id).regimen.holds_on(1)))
    values = f.cleared_values(read(f.ClearForm, request, tests=tests))
    clear_cycle(course_id=course_id, cycle_id=cycle_id, by=request.actor, **values)
    return then(request, "clinical:regimen", course_id, said="Cleared and signed.")


@writes
def cycle_day_step(request: Request, course_id: UUID, cycle_id: UUID, day: int, step: str) -> HttpResponse:
    if step not in _DAY_STEPS:
        raise NotFound(f"step {step}")
    _DAY_STEPS[step](cycle_id=cycle_id, day=day, by=request.actor, **read(StepForm, request))
    return then(request, f"/clinical/regimens/{course_id}/#days", said="Done.")


@writes
def cycle_day_clear(request: Request, course_id: UUID, cycle_id: UUID, day: int) -> HttpResponse:
    tests = tuple(dict.fromkeys(h.test for h in therapy.regimen_course(course_id).regimen.holds_on(day)))
    values = f.cleared_values(read(f.ClearForm, request, tests=tests))
    clear_day(course_id=course_id, cycle_id=cycle_id, day=day, by=request.actor, **values)
    return then(request, f"/clinical/regimens/{course_id}/#days", said="Cleared and signed.")


@writes
def cycle_delay(request: Request, course_id: UUID, cycle_id: UUID) -> HttpResponse:
    values = read(f.DelayForm, request) | read(StepForm, request)
    therapy.delay_cycle(cycle_id=cycle_id, by=request.actor, **values)
    return then(request, "clinical:regimen", course_id, said="Delayed; the later cycles moved along.")


@writes
def cycle_reduce(request: Request, course_id: UUID, cycle_id: UUID) -> HttpResponse:
    values = read(f.ReduceForm, request) | read(StepForm, request)
    therapy.reduce_cycle(cycle_id=cycle_id, by=request.actor, **values)
    return then(request, "clinical:regimen", course_id, said="Reduced. Orders are compared with the reduced dose now.")


@writes
def cycle_give(request: Request, course_id: UUID, cycle_id: UUID) -> HttpResponse:
    values = read(f.GiveForm, request, lines=therapy.regimen_course(course_id).regimen.lines)
    therapy.give_cycle(cycle_id=cycle_id, given_on=values["given_on"], lines=f.given_lines(values), by=request.actor)
    return then(request, "clinical:regimen", course_id, said="Recorded as given.")


@writes
def cycle_step(request: Request, course_id: UUID, cycle_id: UUID, step: str) -> HttpResponse:
    if step not in _PLAIN_STEPS:
        raise NotFound(f"step {step}")
    _PLAIN_STEPS[step](cycle_id=cycle_id, by=request.actor, **read(StepForm, request))
    return then(request, "clinical:regimen", course_id, said="Done.")


@writes
def cycle_order(request: Request, course_id: UUID, cycle_id: UUID, number: int) -> HttpResponse:
    line = therapy.regimen_course(course_id).regimen.line(number)
    if line is None:
        raise NotFound(f"line {number}")
    said = read(f.LineOrderForm, request)
    therapy.order_line(cycle_id=cycle_id, line_number=number, dose=Quantity(said["amount"], line.dose.unit),
                       prescriber=said["prescriber"], ordered_on=said["ordered_on"], by=request.actor)
    return then(request, "clinical:regimen", course_id, said="Transcribed and joined. A pharmacist verifies it next.")


@writes
def cycle_join(request: Request, course_id: UUID, cycle_id: UUID, number: int) -> HttpResponse:
    orders = therapy.open_orders_of(therapy.regimen_course(course_id).patient_id)
    said = read(f.JoinForm, request, orders=[(str(p.id), p.number) for p in orders])
    therapy.join_order(cycle_id=cycle_id, line_number=number, prescription_id=UUID(said["prescription_id"]), by=request.actor)
    return then(request, "clinical:regimen", course_id, said="Joined.")


@writes
def exposure(request: Request, course_id: UUID) -> HttpResponse:
    values = f.exposure_values(read(f.ExposureForm, request))
    therapy.note_exposure(patient_id=therapy.regimen_course(course_id).patient_id, by=request.actor, **values)
    return then(request, "clinical:regimen", course_id, said="Noted.")
