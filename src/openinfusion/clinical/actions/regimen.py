# SPDX-License-Identifier: Apache-2.0
"""Clear a cycle of a regimen, or a later day of it: everything is judged here, on what is known now."""
from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from uuid import UUID

from openinfusion.clinical.domain.hold import holding, unjudged
from openinfusion.clinical.domain.hold_override import check_override
from openinfusion.clinical.domain.lifetime import LifetimeVerdict
from openinfusion.clinical.queries.regimens import accounts_of, day_holds, holds_now
from openinfusion.kernel.refusal import NotFound
from openinfusion.patients import public as patients
from openinfusion.platform.action import action
from openinfusion.platform.actor import Actor
from openinfusion.therapy import public as therapy


@action
def clear_cycle(
    *, course_id: UUID, cycle_id: UUID, by: Actor, told: Mapping[str, Decimal] | None = None, override_code: str = "",
    override_note: str = "", approved_by: str = "", version: int | None = None,
) -> UUID:
    """Clear a cycle and sign. ``told`` are grades; an override is the prescriber's, with a coded reason and words."""
    check_override(override_code)
    course = therapy.regimen_course(course_id)
    if cycle_id not in {c.id for c in course.cycles}:
        raise NotFound(f"cycle {cycle_id}")
    chart = patients.charts([course.patient_id])[course.patient_id]
    found, accounts = holds_now(course.regimen, chart, told), accounts_of(course, chart)
    beyond = [a for a in accounts if a.verdict is LifetimeVerdict.BEYOND]
    unknown = [a for a in accounts if a.verdict is LifetimeVerdict.CANNOT_JUDGE]
    rows = [
        *(j.kept for j in found),
        *({"test": _named(a.limit.name), "limit": "limit of a whole life", "verdict": a.verdict.value, "text": a.words}
          for a in accounts),
    ]
    judgement = therapy.Judgement(
        rows=rows,
        hard=(*holding(found, hard=True), *(_named(a.limit.name) for a in beyond)), holding=holding(found, hard=False),
        unjudged=(*unjudged(found), *(_named(a.limit.name) for a in unknown)), override_code=override_code,
        override_note=override_note, approved_by=approved_by,
    )
    return therapy.mark_cycle_cleared(cycle_id=cycle_id, judgement=judgement, by=by, version=version)


@action
def clear_day(
    *, course_id: UUID, cycle_id: UUID, day: int, by: Actor, told: Mapping[str, Decimal] | None = None, override_code: str = "",
    override_note: str = "", approved_by: str = "", version: int | None = None,
) -> UUID:
    """Clear a later day of a cycle and sign, on results taken since the dose before. As for the cycle, rows of this day."""
    check_override(override_code)
    course = therapy.regimen_course(course_id)
    cycle = next((c for c in course.cycles if c.id == cycle_id), None)
    if cycle is None or cycle.day(day) is None:
        raise NotFound(f"day {day} of cycle {cycle_id}")
    chart = patients.charts([course.patient_id])[course.patient_id]
    found = day_holds(course.regimen, cycle, day, chart, told)
    judgement = therapy.Judgement(
        rows=[j.kept for j in found], hard=holding(found, hard=True), holding=holding(found, hard=False),
        unjudged=unjudged(found), override_code=override_code, override_note=override_note, approved_by=approved_by,
    )
    return therapy.mark_day_cleared(cycle_id=cycle_id, day=day, judgement=judgement, by=by, version=version)


def _named(drug: str) -> str:
    return f"{drug} in life"
