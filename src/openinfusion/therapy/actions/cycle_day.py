# SPDX-License-Identifier: Apache-2.0
"""Settle a later day of a cycle: clear it on a fresh judgement, take that back, leave its dose out."""
from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from openinfusion.catalog import public as catalog
from openinfusion.kernel.refusal import NotFound
from openinfusion.platform.action import action, fetch, lock
from openinfusion.platform.actor import Actor
from openinfusion.platform.advance import advance
from openinfusion.platform.clock import now
from openinfusion.therapy.domain.cycle_day import DayFacts
from openinfusion.therapy.domain.judgement import Judgement, checked
from openinfusion.therapy.models import CycleDay, RegimenCourse, RegimenCycle

UNCLEARED: dict[str, Any] = {"cleared_by": None, "clearer_name": "", "cleared_at": None, "judged": [], "override_code": "",
                             "override_note": "", "approved_by": ""}


def plan_days(cycle: RegimenCycle, regimen: catalog.Regimen) -> None:
    """The later days of a cleared cycle that ask for a fresh result; those that are there stay."""
    there = set(CycleDay.objects.filter(cycle=cycle).values_list("day", flat=True))
    CycleDay.objects.bulk_create(
        CycleDay(cycle=cycle, patient_id=cycle.patient_id, day=day) for day in regimen.days_asked if day not in there
    )


def uncleared_days(cycles: Iterable[RegimenCycle], by: Actor, reason: str) -> None:
    """The clearance of a cycle is void: so is that of its days."""
    for row in CycleDay.objects.select_for_update(of=("self",)).filter(cycle__in=list(cycles), state="cleared").order_by("day"):
        advance(row, "reopen", DayFacts(), by=by, reason=reason, **UNCLEARED)


def _locked(cycle_id: UUID, day: int, version: int | None) -> tuple[RegimenCourse, RegimenCycle, CycleDay]:
    course = lock(RegimenCourse, fetch(RegimenCycle, cycle_id).course_id)
    cycle = lock(RegimenCycle, cycle_id)
    found = CycleDay.objects.filter(cycle=cycle, day=day).first()
    if found is None:
        raise NotFound(f"day {day} of {cycle} asks for nothing")
    return course, cycle, lock(CycleDay, found.id, version)


def _facts(course: RegimenCourse, cycle: RegimenCycle, row: CycleDay, **more: Any) -> DayFacts:
    earlier = CycleDay.objects.filter(cycle=cycle, day__lt=row.day, state="due").count()
    return DayFacts(course_runs=course.state == "running", cycle_cleared=cycle.state in ("cleared", "given"),
                    earlier_days_due=earlier, **more)


@action
def mark_day_cleared(*, cycle_id: UUID, day: int, judgement: Judgement, by: Actor, version: int | None = None) -> UUID:
    """Clear a later day of a cycle on this judgement; Refused while something holds that no override answers."""
    course, cycle, row = _locked(cycle_id, day, version)
    said = checked(judgement)
    advance(row, "clear", _facts(course, cycle, row, **said.facts), by=by, reason=said.override_note, noted=said.noted,
            cleared_by=by.id, clearer_name=by.name, cleared_at=now(), **said.kept)
    return row.id


@action
def reopen_day(*, cycle_id: UUID, day: int, reason: str, by: Actor, version: int | None = None) -> UUID:
    """Take the clearance of a day back: something new is known."""
    course, cycle, row = _locked(cycle_id, day, version)
    advance(row, "reopen", _facts(course, cycle, row), by=by, reason=reason, **UNCLEARED)
    return row.id


@action
def omit_day(*, cycle_id: UUID, day: int, reason: str, by: Actor, version: int | None = None) -> UUID:
    """Leave the dose of a day out; the other days stay where they are."""
    course, cycle, row = _locked(cycle_id, day, version)
    advance(row, "omit", _facts(course, cycle, row), by=by, reason=reason)
    return row.id
