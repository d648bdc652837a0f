# SPDX-License-Identifier: Apache-2.0
"""Steer one cycle of a regimen: clear, delay, reduce, omit, record as given. The course is locked first."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from openinfusion.catalog import public as catalog
from openinfusion.kernel.quantity import Quantity
from openinfusion.kernel.refusal import Fault, Malformed, Reason, Refused
from openinfusion.platform.action import action, fetch, lock
from openinfusion.platform.actor import Actor
from openinfusion.platform.advance import advance, revise
from openinfusion.platform.clock import now
from openinfusion.therapy.actions.cycle_day import UNCLEARED, plan_days, uncleared_days
from openinfusion.therapy.domain.cycle import ENDED, CycleFacts, moved
from openinfusion.therapy.domain.judgement import Judgement, checked
from openinfusion.therapy.models import RegimenCourse, RegimenCycle
from openinfusion.therapy.queries import local_today
from openinfusion.therapy.queries.regimens import bodies

_FOUR_PLACES = Decimal("0.0001")


@dataclass(frozen=True, slots=True)
class GivenLine:
    """What was given of a line: the amount of one day, and on how many days of the cycle."""

    line_number: int
    amount: Decimal
    days: int


def _locked(cycle_id: UUID, version: int | None) -> tuple[RegimenCourse, RegimenCycle]:
    course = lock(RegimenCourse, fetch(RegimenCycle, cycle_id).course_id)
    return course, lock(RegimenCycle, cycle_id, version)


def _facts(course: RegimenCourse, row: RegimenCycle, **more: Any) -> CycleFacts:
    open_before = RegimenCycle.objects.filter(course=course, number__lt=row.number).exclude(state__in=[s.value for s in ENDED])
    return CycleFacts(course_runs=course.state == "running", earlier_open=open_before.count(), day1_on=row.day1_on,
                      percent=row.dose_percent, **more)


@action
def mark_cycle_cleared(*, cycle_id: UUID, judgement: Judgement, by: Actor, version: int | None = None) -> UUID:
    """Clear a cycle on this judgement; Refused while something holds that no override answers. Asked by verification."""
    course, row = _locked(cycle_id, version)
    said = checked(judgement)
    advance(row, "clear", _facts(course, row, **said.facts), by=by, reason=said.override_note, noted=said.noted,
            cleared_by=by.id, clearer_name=by.name, cleared_at=now(), **said.kept)
    plan_days(row, catalog.regimen(course.regimen_code, course.edition))
    return row.id


@action
def reopen_cycle(*, cycle_id: UUID, reason: str, by: Actor, version: int | None = None) -> UUID:
    """Take a clearance back: something new is known."""
    course, row = _locked(cycle_id, version)
    advance(row, "reopen", _facts(course, row), by=by, reason=reason, **UNCLEARED)
    uncleared_days([row], by, reason)
    return row.id


@action
def delay_cycle(*, cycle_id: UUID, day1_on: date, reason: str, by: Actor, version: int | None = None) -> UUID:
    """Move day 1 later. Later cycles move by the same days; a clearance is void."""
    course, row = _locked(cycle_id, version)
    by_days = (day1_on - row.day1_on).days
    advance(row, "delay", _facts(course, row, new_day1_on=day1_on), by=by, reason=reason,
            noted={"from": row.day1_on, "to": day1_on}, day1_on=day1_on, **UNCLEARED)
    uncleared_days([row], by, reason)
    _move_later(course, row, by_days, by, reason)
    return row.id


def _move_later(course: RegimenCourse, row: RegimenCycle, by_days: int, by: Actor, reason: str) -> None:
    rows = RegimenCycle.objects.select_for_update(of=("self",)).filter(course=course, number__gt=row.number)
    later = list(rows.exclude(state__in=[s.value for s in ENDED]).order_by("number"))
    for cycle, day in zip(later, moved([c.day1_on for c in later], by_days), strict=True):
        if cycle.state == "cleared":
            advance(cycle, "reopen", _facts(course, cycle), by=by, reason=reason, day1_on=day, **UNCLEARED)
        else:
            revise(cycle, "therapy.cycle.moved", "{subject} moved to {day} with the one before", by=by, reason=reason,
                   noted={"day": day}, day1_on=day)


@action
def reduce_cycle(
    *, cycle_id: UUID, percent: int, reason: str, by: Actor, later_too: bool = True, version: int | None = None,
) -> UUID:
    """Give a share of the full dose from this cycle on (or in this one only); a clearance is void."""
    course, row = _locked(cycle_id, version)
    advance(row, "reduce", _facts(course, row, new_percent=percent), by=by, reason=reason,
            noted={"from": row.dose_percent, "percent": percent}, dose_percent=percent, **UNCLEARED)
    uncleared_days([row], by, reason)
    rows = RegimenCycle.objects.select_for_update(of=("self",)).filter(course=course, number__gt=row.number)
    for cycle in rows.exclude(state__in=[s.value for s in ENDED]).order_by("number") if later_too else ():
        advance(cycle, "reduce", _facts(course, cycle, new_percent=percent), by=by, reason=reason, dose_percent=percent,
                noted={"from": cycle.dose_percent, "percent": percent}, **UNCLEARED)
    return row.id


@action
def omit_cycle(*, cycle_id: UUID, reason: str, by: Actor, version: int | None = None) -> UUID:
    """Leave a cycle out; the others stay where they are."""
    course, row = _locked(cycle_id, version)
    advance(row, "omit", _facts(course, row), by=by, reason=reason)
    return row.id


@action
def give_cycle(
    *, cycle_id: UUID, given_on: date | None, lines: Sequence[GivenLine], by: Actor, version: int | None = None,
) -> UUID:
    """Record what was given, with the body surface of now. Given later than planned, the later cycles move along."""
    course, row = _locked(cycle_id, version)
    surface = bodies([row.patient_id])[row.patient_id].surface_m2
    if surface is None:
        raise Refused(Reason("body-unknown", "no weight and height on record", "record them: what is given in life counts by m²"))
    given = _given(catalog.regimen(course.regimen_code, course.edition), lines)
    planned, today = row.day1_on, local_today(row.patient_id)
    advance(row, "give", _facts(course, row, given_on=given_on, today=today), by=by,
            noted={"given": [f"{g['drug']} {g['amount']} {g['unit']} × {g['days']}" for g in given], "on": given_on},
            given_on=given_on, surface_m2=surface.quantize(_FOUR_PLACES), given=given)
    if given_on is not None and given_on > planned:
        _move_later(course, row, (given_on - planned).days, by, "the cycle before was given later")
    return row.id


def _given(regimen: catalog.Regimen, lines: Sequence[GivenLine]) -> list[dict[str, Any]]:
    """Every line that was given, once; Malformed where something does not fit the regimen."""
    faults, found = [], []
    for said in lines:
        line = regimen.line(said.line_number)
        if line is None or said.amount < 0 or not 0 <= said.days <= len(line.days):
            faults.append(Fault(f"line {said.line_number}", "an amount, and no more days than the regimen has"))
        elif said.amount and said.days:
            amount = Quantity(said.amount, line.dose.unit)
            found.append({"line": line.number, "drug": line.drug_code, "amount": f"{amount.amount:f}",
                          "unit": amount.unit.code, "days": said.days})
    if len({said.line_number for said in lines}) != len(lines):
        faults.append(Fault("lines", "a line stands twice"))
    if not found:
        faults.append(Fault("lines", "nothing was given; omit the cycle instead"))
    if faults:
        raise Malformed(*faults)
    return found
