# SPDX-License-Identifier: Apache-2.0
"""Open, answer, verify, ask, reopen and withdraw a review."""
from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from openinfusion.clinical import permissions
from openinfusion.clinical.domain.answer import check_answer
from openinfusion.clinical.domain.figures import figure
from openinfusion.clinical.domain.finding import Finding
from openinfusion.clinical.domain.review import ReviewFacts
from openinfusion.clinical.events import PrescriptionVerified, VerificationReopened
from openinfusion.clinical.models import FindingAnswer, Firing, Outcome, Review
from openinfusion.clinical.queries import findings_of, passed, review_facts
from openinfusion.kernel.refusal import Reason, Refused
from openinfusion.platform.action import action, lock
from openinfusion.platform.actor import Actor
from openinfusion.platform.advance import advance
from openinfusion.platform.clock import now
from openinfusion.platform.journal import write
from openinfusion.therapy import public as therapy


@action
def open_review(*, prescription_id: UUID, by: Actor) -> UUID:
    """The review of a transcribed version; the one that is there, if there is one."""
    by.must(permissions.OPEN)
    order = therapy.prescription(prescription_id)
    hours = int(figure("new_order_due_hours").value)
    row, made = Review.objects.get_or_create(prescription_id=prescription_id, defaults={
        "therapy_id": order.therapy_id, "patient_id": order.patient_id, "title": order.line,
        "is_change": order.version_no > 1, "due_at": now() + timedelta(hours=hours),
    })
    told = "{actor} put {title} into the verification queue", "{title} is in the verification queue already"
    write(by, "clinical.review.open", row, told[not made], noted={"title": order.line})
    return row.id


@action
def answer_finding(*, review_id: UUID, fingerprint: str, reason_code: str, by: Actor, note: str = "") -> UUID:
    """Answer a soft stop, or sign for what could not be judged. Refused for a hard stop or a finding that is gone."""
    by.must(permissions.ANSWER)
    review = lock(Review, review_id)
    found = [f for f in findings_of(review.prescription_id) if f.fingerprint == fingerprint]
    if not found:
        raise Refused(Reason("finding-gone", "this finding is no longer there; look again", "reload the page"))
    finding = found[0]
    reason = check_answer(finding, reason_code, note)
    row = FindingAnswer.objects.create(
        review=review, patient_id=review.patient_id, fingerprint=fingerprint, rule=finding.rule, code=finding.code,
        tier=finding.tier.value, title=finding.title, text=finding.text, evidence=list(finding.evidence),
        reason_code=reason.code, note=note.strip(), answered_by=by.id, answerer_name=by.name,
    )
    Firing.objects.filter(
        prescription_id=review.prescription_id, fingerprint=fingerprint, cleared_at=None
    ).update(outcome=Outcome.OVERRIDDEN.value)
    write(by, "clinical.finding.answer", row, "{actor} answered “{finding}”: {because}", reason=note,
          patient_id=review.patient_id,
          noted={"finding": finding.title, "because": reason.text, "rule": finding.code, "evidence": finding.evidence})
    return row.id


@action
def verify(*, review_id: UUID, by: Actor, version: int | None = None, reason: str = "") -> UUID:
    """Verify and sign. The checks run again here, on what is known at this moment."""
    review = lock(Review, review_id, version)
    findings = findings_of(review.prescription_id)
    again = therapy.prescription(review.prescription_id).verified  # an active order that had been sent back
    emergency = passed(review.id)
    told = PrescriptionVerified(
        prescription_id=review.prescription_id, therapy_id=review.therapy_id, patient_id=review.patient_id,
    )
    advance(review, "verify", review_facts(review, by.id, findings), by=by, reason=reason, news=[] if again else [told],
            noted={"findings": [f.code for f in findings], "passed": [f.code for f in findings if f.fingerprint in emergency]},
            verified_by=by.id, verifier_name=by.name, verified_at=now(), seen=[_kept(f) for f in findings])
    if not again:
        therapy.mark_verified(prescription_id=review.prescription_id, by=by)
    return review.id


def _kept(finding: Finding) -> dict[str, str]:
    return {
        "code": finding.code, "tier": finding.tier.value, "title": finding.title, "text": finding.text,
        "fingerprint": finding.fingerprint, "source": str(finding.source or ""),
    }


@action
def clarify(*, review_id: UUID, reason: str, by: Actor, version: int | None = None) -> UUID:
    """Ask the prescriber; the order waits for the answer."""
    review = lock(Review, review_id, version)
    advance(review, "clarify", ReviewFacts(), by=by, reason=reason)
    therapy.ask_prescriber(prescription_id=review.prescription_id, question=reason, by=by)
    return review.id


@action
def enter_answer(*, review_id: UUID, reason: str, by: Actor, version: int | None = None) -> UUID:
    """The prescriber says the order stands. A changed order is a revision, which ends this review."""
    review = lock(Review, review_id, version)
    advance(review, "answer", ReviewFacts(), by=by, reason=reason)
    therapy.enter_answer(prescription_id=review.prescription_id, answer=reason, by=by)
    return review.id


@action
def reopen(*, review_id: UUID, reason: str, by: Actor, version: int | None = None) -> UUID:
    """What was known has changed: verify again."""
    review = lock(Review, review_id, version)
    send_back(review, reason, by)
    return review.id


def send_back(review: Review, reason: str, by: Actor) -> None:
    """A verified order waits for a pharmacist again: nothing more is made until one has signed.

    Before the first supply the order itself goes back; a course that runs goes on running.
    """
    told = VerificationReopened(
        prescription_id=review.prescription_id, therapy_id=review.therapy_id, patient_id=review.patient_id,
    )
    advance(review, "reopen", ReviewFacts(), by=by, reason=reason, news=[told], verified_by=None, verified_at=None,
            verifier_name="", due_at=now() + timedelta(hours=int(figure("new_order_due_hours").value)))
    if therapy.prescription(review.prescription_id).state == "clinically_verified":
        therapy.return_for_verification(prescription_id=review.prescription_id, reason=reason, by=by)


@action
def withdraw(*, review_id: UUID, reason: str, by: Actor) -> UUID:
    """The order ended, so nothing is left to verify."""
    review = lock(Review, review_id)
    advance(review, "withdraw", ReviewFacts(), by=by, reason=reason)
    return review.id
