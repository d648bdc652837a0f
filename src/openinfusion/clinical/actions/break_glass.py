# SPDX-License-Identifier: Apache-2.0
"""Ask that a hard stop be passed in an emergency, confirm it as a second pharmacist, end it, review it afterwards."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from openinfusion.clinical import permissions
from openinfusion.clinical.actions.review import send_back
from openinfusion.clinical.domain.break_glass import PassFacts, check_proposal, emergency_reasons, passable, review_due
from openinfusion.clinical.domain.review import ReviewState
from openinfusion.clinical.models import BreakGlass, Review
from openinfusion.clinical.queries import findings_of
from openinfusion.kernel.refusal import Reason, Refused
from openinfusion.platform.action import action, lock
from openinfusion.platform.actor import Actor
from openinfusion.platform.advance import advance
from openinfusion.platform.clock import now
from openinfusion.platform.journal import write
from openinfusion.therapy import public as therapy


@action
def propose_pass(
    *, review_id: UUID, fingerprint: str, reason_code: str, note: str, prescriber: str, reached_at: datetime, by: Actor
) -> UUID:
    """Ask that a hard stop be passed, with the prescriber who was called. A second pharmacist must confirm it.

    Refused for a stop that is never passed, one that is gone, one already asked for, and without a signature.
    """
    by.must(permissions.BREAK_GLASS)
    review = lock(Review, review_id)
    if not by.signed:
        raise Refused(Reason("signature-missing", "this needs your signature"))
    if review.state != ReviewState.WAITING.value:
        raise Refused(Reason("not-waiting", "the order does not wait for a pharmacist"))
    found = next((f for f in findings_of(review.prescription_id) if f.fingerprint == fingerprint), None)
    if found is None:
        raise Refused(Reason("finding-gone", "this finding is no longer there; look again", "reload the page"))
    check_proposal(found, reason_code=reason_code, note=note, prescriber=prescriber, reached_at=reached_at, at=now())
    if BreakGlass.objects.filter(review=review, fingerprint=fingerprint, state__in=("proposed", "in_force")).exists():
        raise Refused(Reason("asked-already", "somebody asked for this already", "a second pharmacist confirms it"))
    row = BreakGlass.objects.create(
        review=review,
        prescription_id=review.prescription_id,
        patient_id=review.patient_id,
        fingerprint=fingerprint,
        code=found.code,
        title=found.title,
        text=found.text,
        evidence=list(found.evidence),
        reason_code=reason_code,
        note=note.strip(),
        prescriber=prescriber.strip(),
        reached_at=reached_at,
        proposed_by=by.id,
        proposer_name=by.name,
    )
    for subject in (row, review):
        write(
            by,
            "clinical.break_glass.propose",
            subject,
            "{actor} asked that the hard stop “{stop}” be passed: {because}; {prescriber} was called",
            reason=row.note,
            patient_id=review.patient_id,
            noted={
                "stop": row.title,
                "because": emergency_reasons()[reason_code],
                "prescriber": row.prescriber,
                "rule": row.code,
            },
        )
    return row.id


@action
def advance_pass(*, pass_id: UUID, step: str, by: Actor, reason: str = "", version: int | None = None) -> UUID:
    """Confirm as the second pharmacist, withdraw, end before its time, review afterwards."""
    row = lock(BreakGlass, pass_id, version)
    stands = step != "confirm" or any(f.fingerprint == row.fingerprint for f in findings_of(row.prescription_id))
    facts = PassFacts(
        actor_proposed=row.proposed_by == by.id,
        actor_took_part=by.id in (row.proposed_by, row.confirmed_by),
        stands=stands,
        ordered_by_hand_of_actor=therapy.prescription(row.prescription_id).transcribed_by == by.id,
    )
    changes = _changes(row, step, reason, by)
    noted = {"until": f"{changes['ends_at']:%d-%b-%Y %H:%M} UTC" if step == "confirm" else "", "rule": row.code}
    advance(row, step, facts, by=by, reason=reason, noted=noted, patient_id=row.patient_id, **changes)
    if step == "end":
        _send_back(row, by)
    return row.id


def _changes(row: BreakGlass, step: str, reason: str, by: Actor) -> dict[str, Any]:
    at = now()
    if step == "confirm":
        ends = at + timedelta(hours=passable()[row.code].hours if row.code in passable() else 0)
        named = {"confirmed_by": by.id, "confirmer_name": by.name, "confirmed_at": at}
        return named | {"ends_at": ends, "review_due_at": review_due(at)}
    if step == "end":
        return {"ends_at": min(at, row.ends_at) if row.ends_at else None}
    if step == "review":
        return {"reviewed_by": by.id, "reviewer_name": by.name, "reviewed_at": at, "judgement": reason.strip()}
    return {}


def _send_back(row: BreakGlass, by: Actor) -> None:
    """An order verified on a pass that is over waits for a pharmacist again, if the stop still stands."""
    review = lock(Review, row.review_id)
    stands = any(f.fingerprint == row.fingerprint for f in findings_of(row.prescription_id))
    if stands and review.state == ReviewState.VERIFIED.value:
        send_back(review, f"the emergency passing of “{row.title}” is over", by)
