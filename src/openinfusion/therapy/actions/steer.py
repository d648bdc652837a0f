# SPDX-License-Identifier: Apache-2.0
"""Steps of a prescription version that are not transcription: verify, ask, hold, end."""
from __future__ import annotations

from uuid import UUID

from openinfusion.kernel.refusal import Reason, Refused
from openinfusion.platform.action import action, lock
from openinfusion.platform.actor import Actor
from openinfusion.platform.advance import advance
from openinfusion.platform.clock import now
from openinfusion.therapy.events import PrescriptionEnded
from openinfusion.therapy.models import Prescription, Therapy
from openinfusion.therapy.queries import local_today, prescription_facts, therapy_facts

_ENDINGS = {"complete": "completed", "discontinue": "discontinued", "expire": "expired"}
_PAGE_STEPS = frozenset({"hold", "resume", *_ENDINGS})


@action
def steer_prescription(
    *, prescription_id: UUID, step: str, by: Actor, reason: str = "", version: int | None = None,
) -> UUID:
    """Hold, resume, complete, discontinue or expire. Verification has its own door, the clinical room."""
    if step not in _PAGE_STEPS:
        raise Refused(Reason("no-such-step", f"“{step}” is not done here", "verification is done in the review"))
    row = lock(Prescription, prescription_id, version)
    news = []
    if step in _ENDINGS:
        news = [PrescriptionEnded(
            prescription_id=row.id, therapy_id=row.therapy_id, ending=_ENDINGS[step], patient_id=row.patient_id)]
    advance(row, step, prescription_facts(row), by=by, reason=reason, news=news)
    return row.id


@action
def mark_verified(*, prescription_id: UUID, by: Actor) -> UUID:
    """A pharmacist verified this version; called by the clinical room within its own transaction."""
    row = lock(Prescription, prescription_id)
    if row.transcribed_by == by.id:
        own = "whoever transcribed the order may not verify it"
        raise Refused(Reason("own-transcription", own, "another pharmacist verifies"))
    advance(row, "verify", prescription_facts(row), by=by, verified_by=by.id, verifier_name=by.name, verified_at=now())
    return row.id


@action
def return_for_verification(*, prescription_id: UUID, reason: str, by: Actor) -> UUID:
    """A verified version goes back, because what was known of the patient changed."""
    row = lock(Prescription, prescription_id)
    advance(row, "reopen", prescription_facts(row), by=by, reason=reason, verified_by=None, verifier_name="",
            verified_at=None)
    return row.id


@action
def ask_prescriber(*, prescription_id: UUID, question: str, by: Actor) -> UUID:
    """The order waits for the prescriber's answer."""
    row = lock(Prescription, prescription_id)
    advance(row, "query", prescription_facts(row), by=by, reason=question)
    return row.id


@action
def enter_answer(*, prescription_id: UUID, answer: str, by: Actor) -> UUID:
    """The prescriber answered that the order stands as written; a changed order is a revision."""
    row = lock(Prescription, prescription_id)
    advance(row, "answer", prescription_facts(row), by=by, reason=answer)
    return row.id


@action
def activate_prescription(*, prescription_id: UUID, by: Actor) -> UUID:
    """The first supply left the house: the version becomes active, and care starts if it had not."""
    row = lock(Prescription, prescription_id)
    therapy = lock(Therapy, row.therapy_id)
    advance(row, "activate", prescription_facts(row), by=by)
    if therapy.state == "planned" and by.may("therapy.therapy.steer"):
        advance(therapy, "start", therapy_facts(therapy), by=by, started_on=local_today(row.patient_id))
    return row.id
