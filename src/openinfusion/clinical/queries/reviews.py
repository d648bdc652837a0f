# SPDX-License-Identifier: Apache-2.0
"""Findings as they are now, the answers given to them, and the reviews they stand in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from openinfusion.clinical.domain.answer import Answer, hard_stops, unanswered
from openinfusion.clinical.domain.checks import judge
from openinfusion.clinical.domain.finding import Finding
from openinfusion.clinical.domain.review import ReviewFacts
from openinfusion.clinical.models import FindingAnswer, Review
from openinfusion.clinical.queries.break_glass import passed
from openinfusion.clinical.queries.facts import facts_for
from openinfusion.clinical.queries.rules import retired_rules
from openinfusion.kernel.refusal import NotFound
from openinfusion.platform.rows import rows_by
from openinfusion.therapy import public as therapy


@dataclass(frozen=True, slots=True)
class AnswerFact:
    """An answer as pages show it."""

    fingerprint: str
    reason_code: str
    note: str
    answerer_name: str
    made_at: datetime
    title: str


def findings_of(prescription_id: UUID) -> tuple[Finding, ...]:
    """The findings as they are now. Never stored and looked up: what is known may have changed."""
    return judge(facts_for(therapy.prescription(prescription_id)), retired_rules())


def answers_of(review_id: UUID) -> list[AnswerFact]:
    rows = FindingAnswer.objects.filter(review_id=review_id).order_by("made_at")
    return [AnswerFact(r.fingerprint, r.reason_code, r.note, r.answerer_name, r.made_at, r.title) for r in rows]


def review_facts(review: Review, actor_id: UUID, findings: tuple[Finding, ...]) -> ReviewFacts:
    """What the guards of a review look at, counted on these findings."""
    answers = [Answer(a.fingerprint, a.reason_code) for a in answers_of(review.id)]
    order = therapy.prescription(review.prescription_id)
    emergency = passed(review.id)
    return ReviewFacts(
        hard=tuple(f.title for f in hard_stops(findings) if f.fingerprint not in emergency),
        unanswered=tuple(f.title for f in unanswered(findings, answers)),
        transcribed_by_actor=order.transcribed_by == actor_id,
    )


def review_of(prescription_id: UUID) -> Review:
    """The review of a version; NotFound if none was opened."""
    found = rows_by(Review, "prescription_id", prescription_id)
    if not found:
        raise NotFound(f"review of prescription {prescription_id}")
    return found[0]
