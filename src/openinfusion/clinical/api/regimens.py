# SPDX-License-Identifier: Apache-2.0
"""Patients' regimens as JSON: cycles with their dates, hold parameters as they stand, and every act on a cycle."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.http import HttpRequest
from ninja import Schema

from openinfusion.clinical import permissions
from openinfusion.clinical.actions.regimen import clear_cycle, clear_day
from openinfusion.clinical.api.reviews import router
from openinfusion.clinical.queries.regimens import accounts_of, holds_now
from openinfusion.kernel.quantity import parse_decimal
from openinfusion.kernel.refusal import NotFound
from openinfusion.patients import public as patients
from openinfusion.platform.actor import Actor
from openinfusion.platform.api import Whole
from openinfusion.therapy import public as therapy


class RegimenMade(Schema):
    id: UUID


class DayOut(Schema):
    """A later day that asks for a fresh result."""

    day: int
    on: date
    state: str
    cleared_by: str
    judged: list[dict[str, str]]


class CycleOut(Schema):
    """One cycle. ``given`` in words; ``judged`` as it was when the cycle was cleared."""

    id: UUID
    number: int
    state: str
    day1_on: date
    dose_percent: int
    cleared_by: str
    override_code: str
    approved_by: str
    given_on: date | None
    given: list[str]
    judged: list[dict[str, str]]
    days: list[DayOut]


class HoldOut(Schema):
    test: str
    limit: str
    verdict: str
    result: str
    hard: bool


class LifetimeOut(Schema):
    """The account of a whole life; ``verdict`` may be cannot_judge."""

    drug: str
    verdict: str
    text: str


class CourseOut(Schema):
    id: UUID
    therapy_id: UUID
    regimen: str
    edition: int
    state: str
    cycles: list[CycleOut]
    holds: list[HoldOut]
    lifetime: list[LifetimeOut]


class StartIn(Schema):
    code: str
    start_on: date
    cycles: Whole = 0


class StepIn(Schema):
    """``step``: reopen or omit a cycle; complete or stop a regimen."""

    step: str
    reason: str = ""


class ClearIn(Schema):
    """Grades that no laboratory measures, as text; the prescriber's override where something holds."""

    told: dict[str, str] = {}
    override_code: str = ""
    override_note: str = ""
    approved_by: str = ""


class DelayIn(Schema):
    day1_on: date
    reason: str


class ReduceIn(Schema):
    percent: Whole
    reason: str
    later_too: bool = True


class GivenIn(Schema):
    line: Whole
    amount: str
    days: Whole = 1


class GiveIn(Schema):
    given_on: date
    lines: list[GivenIn]


class ExposureIn(Schema):
    """``amount`` as text; "0" for never, empty where nobody knows."""

    drug_code: str
    amount: str
    measure: str
    told_by: str


def _by(request: HttpRequest) -> Actor:
    return request.actor  # type: ignore[attr-defined,no-any-return]


@router.get("/therapies/{therapy_id}/regimens", response=list[CourseOut])
def regimens(request: HttpRequest, therapy_id: UUID) -> list[CourseOut]:
    """The regimens of a therapy, newest first."""
    _by(request).must(permissions.READ)
    return [_course(c) for c in therapy.regimen_courses_of(therapy_id=therapy.therapy(therapy_id).id)]


@router.post("/therapies/{therapy_id}/regimens", response=RegimenMade)
def regimen_start(request: HttpRequest, therapy_id: UUID, given: StartIn) -> RegimenMade:
    """Start a regimen."""
    return RegimenMade(id=therapy.start_regimen(therapy_id=therapy_id, by=_by(request), **given.model_dump()))


@router.get("/regimens/{course_id}", response=CourseOut)
def regimen(request: HttpRequest, course_id: UUID) -> CourseOut:
    """A patient's regimen, with hold parameters and accounts as they stand now."""
    _by(request).must(permissions.READ)
    return _course(therapy.regimen_course(course_id))


@router.post("/regimens/{course_id}/steps", response=RegimenMade)
def regimen_step(request: HttpRequest, course_id: UUID, taken: StepIn) -> RegimenMade:
    """Complete or stop a regimen."""
    steps: dict[str, Callable[..., UUID]] = {"complete": therapy.complete_regimen, "stop": therapy.stop_regimen}
    if taken.step not in steps:
        raise NotFound(f"step {taken.step}")
    return RegimenMade(id=steps[taken.step](course_id=course_id, reason=taken.reason, by=_by(request)))


@router.post("/regimens/{course_id}/exposures", response=RegimenMade)
def exposure_note(request: HttpRequest, course_id: UUID, given: ExposureIn) -> RegimenMade:
    """Note what was given elsewhere before."""
    amount: Decimal | None = parse_decimal(given.amount) if given.amount.strip() else None
    made = therapy.note_exposure(
        patient_id=therapy.regimen_course(course_id).patient_id, drug_code=given.drug_code, amount=amount,
        measure=given.measure, told_by=given.told_by, by=_by(request),
    )
    return RegimenMade(id=made)


@router.post("/regimens/{course_id}/cycles/{cycle_id}/clearance", response=RegimenMade)
def cycle_clear(request: HttpRequest, course_id: UUID, cycle_id: UUID, given: ClearIn) -> RegimenMade:
    """Clear a cycle; refused while something holds that no override answers."""
    told = {name: parse_decimal(value, field=name) for name, value in given.told.items()}
    return RegimenMade(id=clear_cycle(
        course_id=course_id, cycle_id=cycle_id, told=told, override_code=given.override_code,
        override_note=given.override_note, approved_by=given.approved_by, by=_by(request)))


@router.post("/regimens/{course_id}/cycles/{cycle_id}/days/{day}/clearance", response=RegimenMade)
def cycle_day_clear(request: HttpRequest, course_id: UUID, cycle_id: UUID, day: int, given: ClearIn) -> RegimenMade:
    """Clear a later day of a cycle on results taken since the dose before."""
    told = {name: parse_decimal(value, field=name) for name, value in given.told.items()}
    return RegimenMade(id=clear_day(
        course_id=course_id, cycle_id=cycle_id, day=day, told=told, override_code=given.override_code,
        override_note=given.override_note, approved_by=given.approved_by, by=_by(request)))


@router.post("/regimens/cycles/{cycle_id}/days/{day}/steps", response=RegimenMade)
def cycle_day_step(request: HttpRequest, cycle_id: UUID, day: int, taken: StepIn) -> RegimenMade:
    """Take the clearance of a day back, or leave its dose out."""
    steps: dict[str, Callable[..., UUID]] = {"reopen": therapy.reopen_day, "omit": therapy.omit_day}
    if taken.step not in steps:
        raise NotFound(f"step {taken.step}")
    return RegimenMade(id=steps[taken.step](cycle_id=cycle_id, day=day, reason=taken.reason, by=_by(request)))


@router.post("/regimens/cycles/{cycle_id}/delay", response=RegimenMade)
def cycle_delay(request: HttpRequest, cycle_id: UUID, given: DelayIn) -> RegimenMade:
    """Move a cycle and those after it."""
    return RegimenMade(id=therapy.delay_cycle(cycle_id=cycle_id, by=_by(request), **given.model_dump()))


@router.post("/regimens/cycles/{cycle_id}/reduction", response=RegimenMade)
def cycle_reduce(request: HttpRequest, cycle_id: UUID, given: ReduceIn) -> RegimenMade:
    """Give a share of the full dose."""
    return RegimenMade(id=therapy.reduce_cycle(cycle_id=cycle_id, by=_by(request), **given.model_dump()))


@router.post("/regimens/cycles/{cycle_id}/given", response=RegimenMade)
def cycle_give(request: HttpRequest, cycle_id: UUID, given: GiveIn) -> RegimenMade:
    """Record what was given."""
    lines = [therapy.GivenLine(g.line, parse_decimal(g.amount), g.days) for g in given.lines]
    return RegimenMade(id=therapy.give_cycle(cycle_id=cycle_id, given_on=given.given_on, lines=lines, by=_by(request)))


@router.post("/regimens/cycles/{cycle_id}/steps", response=RegimenMade)
def cycle_step(request: HttpRequest, cycle_id: UUID, taken: StepIn) -> RegimenMade:
    """Take a clearance back, or omit a cycle."""
    steps: dict[str, Callable[..., UUID]] = {"reopen": therapy.reopen_cycle, "omit": therapy.omit_cycle}
    if taken.step not in steps:
        raise NotFound(f"step {taken.step}")
    return RegimenMade(id=steps[taken.step](cycle_id=cycle_id, reason=taken.reason, by=_by(request)))


def _course(c: therapy.RegimenCourseFact) -> CourseOut:
    chart = patients.charts([c.patient_id])[c.patient_id]
    return CourseOut(
        id=c.id, therapy_id=c.therapy_id, regimen=c.regimen.code, edition=c.regimen.edition, state=c.state,
        cycles=[_cycle(x) for x in c.cycles],
        holds=[HoldOut(test=h.name, limit=h.limit, verdict=h.verdict.value, result=h.result, hard=h.hard)
               for h in holds_now(c.regimen, chart)],
        lifetime=[LifetimeOut(drug=a.limit.drug_code, verdict=a.verdict.value, text=a.words) for a in accounts_of(c, chart)],
    )


def _cycle(c: therapy.CycleFact) -> CycleOut:
    return CycleOut(
        id=c.id, number=c.number, state=c.state.value, day1_on=c.day1_on, dose_percent=c.dose_percent, cleared_by=c.clearer_name,
        override_code=c.override_code, approved_by=c.approved_by, given_on=c.given_on,
        given=[f"{g.drug_code} {g.amount} × {g.days}" for g in c.given], judged=list(c.judged),
        days=[DayOut(day=d.day, on=c.on(d.day), state=d.state.value, cleared_by=d.clearer_name, judged=list(d.judged))
              for d in c.days],
    )
