# SPDX-License-Identifier: Apache-2.0
"""Verification as JSON: the queue, findings, answers and verification."""
from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.http import HttpRequest
from ninja import Schema

from openinfusion.clinical import permissions
from openinfusion.clinical.actions.review import answer_finding, clarify, enter_answer, open_review, reopen, verify
from openinfusion.clinical.domain.finding import Finding
from openinfusion.clinical.public import findings_for, reasons_for, review_id_of, reviews_waiting, unanswered_for, verified
from openinfusion.platform.api import router_for

router = router_for("clinical")


class WaitingOut(Schema):
    review_id: UUID
    patient: str
    title: str
    state: str
    due_at: datetime | None


class FindingOut(Schema):
    fingerprint: str
    rule: str
    code: str
    tier: str
    title: str
    text: str
    what_to_do: str
    source: str
    answered: bool
    reasons: list[str]  # the codes it may be answered with; none where it needs no answer or admits none


class ReviewOut(Schema):
    review_id: UUID
    prescription_id: UUID
    verified: bool
    findings: list[FindingOut]


class AnswerIn(Schema):
    fingerprint: str
    reason_code: str
    note: str = ""


class StepIn(Schema):
    reason: str = ""
    version: int | None = None


class Made(Schema):
    id: UUID


def _finding(f: Finding, open_prints: set[str]) -> FindingOut:
    return FindingOut(
        fingerprint=f.fingerprint, rule=f.rule, code=f.code, tier=f.tier.value, title=f.title, text=f.text,
        what_to_do=f.do, source=str(f.source or ""), answered=f.tier.needs_answer and f.fingerprint not in open_prints,
        reasons=[r.code for r in reasons_for(f)] if f.tier.needs_answer else [],
    )


@router.get("/queue", response=list[WaitingOut])
def queue(request: HttpRequest) -> list[WaitingOut]:
    """The verification queue, the most urgent first."""
    request.actor.must(permissions.READ)  # type: ignore[attr-defined]
    return [
        WaitingOut(review_id=w.id, patient=w.patient, title=w.title, state=w.state, due_at=w.due_at)
        for w in reviews_waiting(request.actor).rows  # type: ignore[attr-defined]
    ]


@router.get("/prescriptions/{prescription_id}/review", response=ReviewOut)
def review(request: HttpRequest, prescription_id: UUID) -> ReviewOut:
    """The review of a prescription version with its findings as they are now."""
    request.actor.must(permissions.READ)  # type: ignore[attr-defined]
    open_prints = {f.fingerprint for f in unanswered_for(prescription_id)}
    return ReviewOut(
        review_id=review_id_of(prescription_id), prescription_id=prescription_id, verified=verified(prescription_id),
        findings=[_finding(f, open_prints) for f in findings_for(prescription_id)],
    )


@router.post("/prescriptions/{prescription_id}/review", response=Made)
def review_open(request: HttpRequest, prescription_id: UUID) -> Made:
    """Open the review, or say which one is open."""
    return Made(id=open_review(prescription_id=prescription_id, by=request.actor))  # type: ignore[attr-defined]


@router.post("/reviews/{review_id}/answers", response=Made)
def answer(request: HttpRequest, review_id: UUID, given: AnswerIn) -> Made:
    """Answer a finding with a coded reason."""
    return Made(id=answer_finding(
        review_id=review_id, fingerprint=given.fingerprint, reason_code=given.reason_code, note=given.note,
        by=request.actor,  # type: ignore[attr-defined]
    ))


@router.post("/reviews/{review_id}/verify", response=Made)
def review_verify(request: HttpRequest, review_id: UUID, step: StepIn) -> Made:
    """Verify and sign (header X-Signature)."""
    return Made(id=verify(review_id=review_id, version=step.version, by=request.actor))  # type: ignore[attr-defined]


@router.post("/reviews/{review_id}/clarify", response=Made)
def review_clarify(request: HttpRequest, review_id: UUID, step: StepIn) -> Made:
    """Ask the prescriber."""
    return Made(id=clarify(review_id=review_id, reason=step.reason, version=step.version,
                           by=request.actor))  # type: ignore[attr-defined]


@router.post("/reviews/{review_id}/answer", response=Made)
def review_answer(request: HttpRequest, review_id: UUID, step: StepIn) -> Made:
    """Enter the prescriber's answer."""
    return Made(id=enter_answer(review_id=review_id, reason=step.reason, version=step.version,
                                by=request.actor))  # type: ignore[attr-defined]


@router.post("/reviews/{review_id}/reopen", response=Made)
def review_reopen(request: HttpRequest, review_id: UUID, step: StepIn) -> Made:
    """Send a verified order back to the queue."""
    return Made(id=reopen(review_id=review_id, reason=step.reason, version=step.version,
                          by=request.actor))  # type: ignore[attr-defined]
