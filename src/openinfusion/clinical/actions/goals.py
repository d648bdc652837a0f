# SPDX-License-Identifier: Apache-2.0
"""Write goals of the care plan, review them, settle them."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from openinfusion.clinical import permissions
from openinfusion.clinical.actions.intervene import course_of
from openinfusion.clinical.domain.coded import check, said
from openinfusion.clinical.domain.goal import GoalFacts, check_goal
from openinfusion.clinical.domain.policy import policy
from openinfusion.clinical.models import Goal, GoalReview
from openinfusion.clinical.queries.monitoring import zone_of
from openinfusion.kernel.refusal import Fault, Reason, Refused
from openinfusion.platform.action import action, lock
from openinfusion.platform.actor import Actor
from openinfusion.platform.advance import advance, revise
from openinfusion.platform.clock import today
from openinfusion.platform.journal import write
from openinfusion.therapy import public as therapy


def _next(on: date, given: date | None) -> date:
    return given or on + timedelta(days=policy("goal_review_days", on).value)


@action
def write_goal(
    *,
    patient_id: UUID,
    discipline: str,
    problem: str,
    goal: str,
    measure: str,
    by: Actor,
    review_on: date | None = None,
    therapy_id: UUID | None = None,
) -> UUID:
    """Add a goal to the care plan; Malformed where it could never be told whether it was reached."""
    by.must(permissions.CARE_PLAN)
    course = course_of(patient_id, therapy_id)
    on = today(zone_of(patient_id))
    day = _next(on, review_on)
    check_goal(discipline, problem, goal, measure, day, on, therapy.vague_words(f"{goal} {measure}"))
    row = Goal.objects.create(
        patient_id=patient_id,
        therapy_id=course,
        discipline=discipline,
        problem=problem.strip(),
        goal=goal.strip(),
        measure=measure.strip(),
        review_on=day,
        recorded_by=by.id,
        recorded_name=by.name,
    )
    write(by, "clinical.goal.write", row, "{actor} set {subject}: {measure}", noted={"measure": row.measure})
    return row.id


@action
def review_goal(*, goal_id: UUID, progress: str, by: Actor, review_on: date | None = None, version: int | None = None) -> UUID:
    """How the goal stands today, and when it is looked at again."""
    by.must(permissions.CARE_PLAN)
    row = lock(Goal, goal_id, version)
    on = today(zone_of(row.patient_id))
    day = _next(on, review_on)
    check(said("progress", progress, "say how the goal stands"), None if day > on else Fault("review_on", "lies in the past"))
    if row.state != "active" or row.in_error_at:
        raise Refused(Reason("not-active", "only a goal that is active is reviewed"))
    GoalReview.objects.create(
        goal=row,
        patient_id=row.patient_id,
        reviewed_on=on,
        progress=progress.strip(),
        reviewed_by=by.id,
        reviewer_name=by.name,
    )
    revise(
        row,
        "clinical.goal.review",
        "{actor} reviewed {subject}: {progress}",
        by=by,
        noted={"progress": progress.strip()},
        reviewed_on=on,
        review_on=day,
    )
    return row.id


@action
def advance_goal(*, goal_id: UUID, step: str, by: Actor, reason: str = "", version: int | None = None) -> UUID:
    """Met, not met, withdrawn, or taken up again."""
    row = lock(Goal, goal_id, version)
    if row.in_error_at:
        raise Refused(Reason("in-error", "this entry is marked as entered in error"))
    advance(row, step, GoalFacts(row.reviewed_on is not None), by=by, reason=reason)
    return row.id
