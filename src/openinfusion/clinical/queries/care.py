# SPDX-License-Identifier: Apache-2.0
"""Interventions, goals, teaching, calls and events as frozen facts. Entries made in error are left out everywhere."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from openinfusion.catalog import public as catalog
from openinfusion.clinical.domain.coded import call_topics, coded
from openinfusion.clinical.domain.education import Taught, outstanding
from openinfusion.clinical.models import Call, ClinicalEvent, Education, Goal, GoalReview, Intervention
from openinfusion.kernel.refusal import NotFound
from openinfusion.patients import public as patients
from openinfusion.therapy import public as therapy


@dataclass(frozen=True, slots=True)
class InterventionFact:
    id: UUID
    state: str
    patient_id: UUID
    therapy_id: UUID | None
    prescription_id: UUID | None
    kind: str
    kind_text: str
    discipline: str
    problem: str
    recommendation: str
    outcome: str
    outcome_text: str
    minutes: int
    recorded_name: str
    made_at: datetime
    version: int


@dataclass(frozen=True, slots=True)
class ReviewFact:
    reviewed_on: date
    progress: str
    reviewer_name: str


@dataclass(frozen=True, slots=True)
class GoalFact:
    id: UUID
    state: str
    patient_id: UUID
    therapy_id: UUID | None
    discipline: str
    problem: str
    goal: str
    measure: str
    review_on: date
    reviewed_on: date | None
    recorded_name: str
    version: int
    reviews: tuple[ReviewFact, ...]


@dataclass(frozen=True, slots=True)
class TeachingFact:
    id: UUID
    patient_id: UUID
    therapy_id: UUID | None
    topic: str
    method_text: str
    learner: str
    language: str
    interpreter: bool
    result: str
    result_text: str
    note: str
    taught_on: date
    recorded_name: str


@dataclass(frozen=True, slots=True)
class CallFact:
    id: UUID
    state: str
    patient_id: UUID
    patient: str
    therapy_id: UUID | None
    called_at: datetime
    caller: str
    relation: str
    phone: str
    topic: str
    topic_text: str
    urgent: bool
    words: str
    advice: str
    minutes: int
    recorded_name: str
    on_call_name: str
    on_call_phone: str
    on_call_words: str
    raised: int
    escalated_at: datetime | None
    due_at: datetime | None
    taken_at: datetime | None
    taker_name: str
    resolution: str
    settled_at: datetime | None
    version: int
    role: str = ""
    holds: UUID | None = None
    holds_text: str = ""
    holds_url: str = ""
    release: str = ""
    settler_name: str = ""


@dataclass(frozen=True, slots=True)
class EventFact:
    id: UUID
    state: str
    patient_id: UUID
    therapy_id: UUID | None
    family: str
    kind: str
    kind_text: str
    harm: str
    related: str
    occurred_on: date
    ended_on: date | None
    text: str
    device: str
    judgement: str
    recorded_name: str
    reviewer_name: str
    version: int


def _valid(model: Any, **where: object) -> Any:
    return model.objects.filter(in_error_at=None, **where)


def interventions_where(limit: int = 100, **where: Any) -> list[InterventionFact]:
    """Newest first."""
    kinds, outcomes = coded("intervention_type"), coded("intervention_outcome")
    return [
        InterventionFact(
            r.id,
            r.state,
            r.patient_id,
            r.therapy_id,
            r.prescription_id,
            r.kind,
            kinds.get(r.kind, r.kind),
            r.discipline,
            r.problem,
            r.recommendation,
            r.outcome,
            outcomes.get(r.outcome, r.outcome),
            r.minutes,
            r.recorded_name,
            r.made_at,
            r.version,
        )
        for r in _valid(Intervention, **where).order_by("-made_at", "-id")[:limit]
    ]


def goals_where(limit: int = 100, **where: Any) -> list[GoalFact]:
    """Active ones first, by discipline."""
    rows = list(_valid(Goal, **where).order_by("state", "discipline", "made_at")[:limit])
    reviews: dict[UUID, list[ReviewFact]] = {}
    for v in GoalReview.objects.filter(goal_id__in=[r.id for r in rows]).order_by("-made_at"):
        reviews.setdefault(v.goal_id, []).append(ReviewFact(v.reviewed_on, v.progress, v.reviewer_name))
    return [
        GoalFact(
            r.id,
            r.state,
            r.patient_id,
            r.therapy_id,
            r.discipline,
            r.problem,
            r.goal,
            r.measure,
            r.review_on,
            r.reviewed_on,
            r.recorded_name,
            r.version,
            tuple(reviews.get(r.id, ())),
        )
        for r in rows
    ]


def teaching_where(limit: int = 100, **where: Any) -> list[TeachingFact]:
    """Newest first."""
    methods, results = coded("teach_method"), coded("teach_result")
    return [
        TeachingFact(
            r.id,
            r.patient_id,
            r.therapy_id,
            r.topic,
            methods.get(r.method, r.method),
            r.learner,
            r.language,
            r.interpreter,
            r.result,
            results.get(r.result, r.result),
            r.note,
            r.taught_on,
            r.recorded_name,
        )
        for r in _valid(Education, **where).order_by("-taught_on", "-made_at")[:limit]
    ]


def topics_of(course: therapy.TherapyFact) -> tuple[str, ...]:
    """What the therapy's template, as it holds today, says is taught."""
    return catalog.template_at(course.therapy_class, course.site_id).teaching


def goals_of(course: therapy.TherapyFact) -> tuple[str, ...]:
    """What the care plan of a course may aim at, as its template suggests today."""
    return catalog.template_at(course.therapy_class, course.site_id).goals


def to_teach(course: therapy.TherapyFact) -> tuple[str, ...]:
    """The topics of a course nobody has taught back yet. A topic taught in another course of the patient counts too."""
    rows = _valid(Education, patient_id=course.patient_id).order_by("made_at")
    taught = [Taught(r.topic, r.result, r.taught_on, n) for n, r in enumerate(rows)]
    return outstanding(topics_of(course), taught)


def calls_where(limit: int = 100, **where: Any) -> list[CallFact]:
    """Newest first."""
    rows = list(_valid(Call, **where).order_by("-called_at", "-id")[:limit])
    names = patients.patients(list({r.patient_id for r in rows}))
    topics = call_topics()
    return [
        CallFact(
            r.id,
            r.state,
            r.patient_id,
            names[r.patient_id].name,
            r.therapy_id,
            r.called_at,
            r.caller,
            r.relation,
            r.phone,
            r.topic,
            topics[r.topic].text if r.topic in topics else r.topic,
            r.urgent,
            r.words,
            r.advice,
            r.minutes,
            r.recorded_name,
            r.on_call_name,
            r.on_call_phone,
            r.on_call_words,
            r.raised,
            r.escalated_at,
            r.due_at,
            r.taken_at,
            r.taker_name,
            r.resolution,
            r.settled_at,
            r.version,
            r.role,
            r.holds,
            r.holds_text,
            r.holds_url,
            r.release,
            r.settler_name,
        )
        for r in rows
    ]


def call_of(call_id: UUID) -> CallFact:
    """One call; NotFound if it is not there, not yours or was an error."""
    for one in calls_where(1, pk=call_id):
        return one
    raise NotFound(f"call {call_id}")


def events_where(limit: int = 200, **where: Any) -> list[EventFact]:
    """Newest first."""
    return [
        EventFact(
            r.id,
            r.state,
            r.patient_id,
            r.therapy_id,
            r.family,
            r.kind,
            coded(r.family).get(r.kind, r.kind),
            r.harm,
            r.related,
            r.occurred_on,
            r.ended_on,
            r.text,
            r.device,
            r.judgement,
            r.recorded_name,
            r.reviewer_name,
            r.version,
        )
        for r in _valid(ClinicalEvent, **where).order_by("-occurred_on", "-id")[:limit]
    ]
