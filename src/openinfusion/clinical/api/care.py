# SPDX-License-Identifier: Apache-2.0
"""Interventions, care plan, teaching, calls and events as JSON."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Schema

from openinfusion.clinical import permissions, public
from openinfusion.clinical.api.reviews import Made, router
from openinfusion.clinical.api.reviews import StepIn as ReasonIn
from openinfusion.platform.api import Instant, Whole


class StepIn(Schema):
    step: str
    reason: str = ""
    version: Whole | None = None


class InterventionIn(Schema):
    kind: str
    problem: str
    minutes: Whole
    discipline: str = "pharmacy"
    recommendation: str = ""
    outcome: str = ""
    therapy_id: UUID | None = None
    prescription_id: UUID | None = None


class InterventionOut(Schema):
    id: UUID
    state: str
    therapy_id: UUID | None
    prescription_id: UUID | None
    kind: str
    discipline: str
    problem: str
    recommendation: str
    outcome: str
    minutes: int
    recorded_name: str
    made_at: datetime
    version: int


class OutcomeIn(Schema):
    outcome: str
    minutes: Whole = 0
    version: Whole | None = None


class GoalIn(Schema):
    discipline: str
    problem: str
    goal: str
    measure: str
    review_on: date | None = None
    therapy_id: UUID | None = None


class GoalReviewIn(Schema):
    progress: str
    review_on: date | None = None
    version: Whole | None = None


class GoalReviewOut(Schema):
    reviewed_on: date
    progress: str
    reviewer_name: str


class GoalOut(Schema):
    id: UUID
    state: str
    therapy_id: UUID | None
    discipline: str
    problem: str
    goal: str
    measure: str
    review_on: date
    reviewed_on: date | None
    version: int
    reviews: list[GoalReviewOut]


class TeachingIn(Schema):
    topic: str
    method: str
    result: str
    learner: str = "patient"
    language: str = ""
    interpreter: bool = False
    note: str = ""
    taught_on: date | None = None
    therapy_id: UUID | None = None


class TeachingOut(Schema):
    id: UUID
    therapy_id: UUID | None
    topic: str
    learner: str
    result: str
    taught_on: date
    recorded_name: str


class CallIn(Schema):
    """hand_to: empty, pharmacist or nurse."""

    caller: str
    topic: str
    words: str
    relation: str = ""
    phone: str = ""
    advice: str = ""
    minutes: Whole = 0
    called_at: Instant | None = None
    hand_to: str = ""
    therapy_id: UUID | None = None


class CallStepIn(StepIn):
    release: str = ""
    advice: str = ""


class CallOut(Schema):
    id: UUID
    state: str
    patient_id: UUID
    called_at: datetime
    caller: str
    topic: str
    urgent: bool
    words: str
    advice: str
    on_call_name: str
    on_call_phone: str
    on_call_words: str
    raised: int
    escalated_at: datetime | None
    due_at: datetime | None
    taken_at: datetime | None
    taker_name: str
    resolution: str
    role: str
    holds_text: str
    release: str
    settler_name: str
    version: int


class EventIn(Schema):
    """family: adverse_reaction, line_event (with line_id) or unplanned_care."""

    family: str
    kind: str
    occurred_on: date
    text: str
    harm: str = "mild"
    related: str = "unknown"
    ended_on: date | None = None
    line_id: UUID | None = None
    therapy_id: UUID | None = None


class EventOut(Schema):
    id: UUID
    state: str
    therapy_id: UUID | None
    family: str
    kind: str
    harm: str
    related: str
    occurred_on: date
    ended_on: date | None
    text: str
    device: str
    judgement: str
    version: int


class EventStepIn(StepIn):
    related: str = ""
    ended_on: date | None = None


def _may(request: HttpRequest) -> None:
    request.actor.must(permissions.CARE_READ)  # type: ignore[attr-defined]


@router.get("/patients/{patient_id}/interventions", response=list[InterventionOut])
def interventions(request: HttpRequest, patient_id: UUID) -> list[InterventionOut]:
    """What was done about problems, newest first."""
    _may(request)
    return [InterventionOut.from_orm(i) for i in public.interventions_where(patient_id=patient_id)]


@router.post("/patients/{patient_id}/interventions", response=Made)
def intervention_record(request: HttpRequest, patient_id: UUID, given: InterventionIn) -> Made:
    """Write an intervention down."""
    return Made(id=public.record_intervention(patient_id=patient_id, by=request.actor, **given.model_dump()))  # type: ignore[attr-defined]


@router.post("/interventions/{intervention_id}/outcome", response=Made)
def intervention_settle(request: HttpRequest, intervention_id: UUID, given: OutcomeIn) -> Made:
    """Say what came of it."""
    return Made(id=public.settle_intervention(intervention_id=intervention_id, by=request.actor, **given.model_dump()))  # type: ignore[attr-defined]


@router.get("/patients/{patient_id}/goals", response=list[GoalOut])
def goals(request: HttpRequest, patient_id: UUID) -> list[GoalOut]:
    """The care plan."""
    _may(request)
    return [GoalOut.from_orm(g) for g in public.goals_where(patient_id=patient_id)]


@router.post("/patients/{patient_id}/goals", response=Made)
def goal_write(request: HttpRequest, patient_id: UUID, given: GoalIn) -> Made:
    """Add a goal."""
    return Made(id=public.write_goal(patient_id=patient_id, by=request.actor, **given.model_dump()))  # type: ignore[attr-defined]


@router.post("/goals/{goal_id}/reviews", response=Made)
def goal_review(request: HttpRequest, goal_id: UUID, given: GoalReviewIn) -> Made:
    """How a goal stands."""
    return Made(id=public.review_goal(goal_id=goal_id, by=request.actor, **given.model_dump()))  # type: ignore[attr-defined]


@router.post("/goals/{goal_id}/steps", response=Made)
def goal_step(request: HttpRequest, goal_id: UUID, taken: StepIn) -> Made:
    """Meet, miss, withdraw or resume."""
    return Made(id=public.advance_goal(goal_id=goal_id, by=request.actor, **taken.model_dump()))  # type: ignore[attr-defined]


@router.get("/patients/{patient_id}/education", response=list[TeachingOut])
def education(request: HttpRequest, patient_id: UUID) -> list[TeachingOut]:
    """What was taught, newest first."""
    _may(request)
    return [TeachingOut.from_orm(t) for t in public.teaching_where(patient_id=patient_id)]


@router.post("/patients/{patient_id}/education", response=Made)
def education_record(request: HttpRequest, patient_id: UUID, given: TeachingIn) -> Made:
    """Record what was taught and whether it was taught back."""
    return Made(id=public.record_teaching(patient_id=patient_id, by=request.actor, **given.model_dump()))  # type: ignore[attr-defined]


@router.get("/calls", response=list[CallOut])
def calls(request: HttpRequest, patient_id: UUID | None = None, state: str = "") -> list[CallOut]:
    """Calls, newest first."""
    _may(request)
    where: dict[str, Any] = {k: v for k, v in (("patient_id", patient_id), ("state", state)) if v}
    return [CallOut.from_orm(c) for c in public.calls_where(**where)]


@router.post("/patients/{patient_id}/calls", response=Made)
def call_log(request: HttpRequest, patient_id: UUID, given: CallIn) -> Made:
    """Write a call down; an urgent one goes to the pharmacist on call."""
    return Made(id=public.log_call(patient_id=patient_id, by=request.actor, **given.model_dump()))  # type: ignore[attr-defined]


@router.post("/calls/{call_id}/steps", response=Made)
def call_step(request: HttpRequest, call_id: UUID, taken: CallStepIn) -> Made:
    """settle, to_pharmacist, to_nurse, take, resolve; with ``release`` go or hold where something waits for the call."""
    return Made(id=public.advance_call(call_id=call_id, by=request.actor, **taken.model_dump()))  # type: ignore[attr-defined]


@router.get("/patients/{patient_id}/events", response=list[EventOut])
def events(request: HttpRequest, patient_id: UUID) -> list[EventOut]:
    """Adverse reactions, line events and unplanned care, newest first."""
    _may(request)
    return [EventOut.from_orm(e) for e in public.events_where(patient_id=patient_id)]


@router.post("/patients/{patient_id}/events", response=Made)
def event_report(request: HttpRequest, patient_id: UUID, given: EventIn) -> Made:
    """Report an event."""
    return Made(id=public.report_event(patient_id=patient_id, by=request.actor, **given.model_dump()))  # type: ignore[attr-defined]


@router.post("/events/{event_id}/steps", response=Made)
def event_step(request: HttpRequest, event_id: UUID, taken: EventStepIn) -> Made:
    """review or reopen."""
    return Made(id=public.advance_event(event_id=event_id, by=request.actor, **taken.model_dump()))  # type: ignore[attr-defined]


@router.post("/entries/{kind}/{entry_id}/error", response=Made)
def entry_strike(request: HttpRequest, kind: str, entry_id: UUID, given: ReasonIn) -> Made:
    """Mark an entry (intervention, goal, education, call, event) as entered in error."""
    return Made(id=public.strike_entry(kind=kind, entry_id=entry_id, reason=given.reason, by=request.actor))  # type: ignore[attr-defined]
