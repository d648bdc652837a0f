# SPDX-License-Identifier: Apache-2.0
"""Looking at an answer of the call: it may go, or it is held; the delivery waits for the last of them.

What is the pharmacist's or a nurse's stands among clinical's calls as one row. Answered here, it is settled there in the
same breath; answered there, the news comes here. Whoever is second is told: the call in clinical decides who was first.
"""
from __future__ import annotations

from datetime import datetime
from uuid import UUID

from openinfusion.clinical import public as clinical
from openinfusion.delivery.domain.concern import CONCERN, RELEASE_OF, STEP_OF, ConcernFacts, ConcernState
from openinfusion.delivery.models import CallConcern, DeliveryTicket
from openinfusion.platform.action import action, fetch, lock
from openinfusion.platform.actor import Actor
from openinfusion.platform.advance import advance, revise
from openinfusion.platform.clock import now
from openinfusion.platform.journal import write


@action
def answer_concern(*, concern_id: UUID, step: str, reason: str, by: Actor, version: int | None = None) -> UUID:
    """Take a step of a concern: ``clear`` lets the delivery go, ``stop`` holds it. The delivery's id."""
    ticket = lock(DeliveryTicket, fetch(CallConcern, concern_id).ticket_id)
    row = lock(CallConcern, concern_id, version)
    facts = ConcernFacts(row.role, frozenset(str(r) for r in by.roles))
    CONCERN.advance(ConcernState(row.state), step, facts, by.permissions, reason=reason)
    if row.state == ConcernState.OPEN.value and row.clinical_call_id is not None:
        # settled before anything is journalled here, so that two who answer wait for the call and not for each other
        clinical.settle_referred(holds=row.id, release=RELEASE_OF[step], words=reason.strip(), by=by)
    advance(row, step, facts, by=by, reason=reason, patient_id=row.patient_id, answer=reason.strip(), answered_by=by.id,
            answerer_name=by.name, answered_at=now())
    _count(ticket, row, by)
    return ticket.id


@action
def follow_answer(
    *, concern_id: UUID, release: str, words: str, answered_by: UUID, answerer_name: str, answered_at: datetime, by: Actor,
) -> UUID:
    """What was said among clinical's calls frees the delivery or holds it; told twice, or answered here already, nothing changes.

    Whose turn it was, clinical has asked. The delivery's id.
    """
    ticket = lock(DeliveryTicket, fetch(CallConcern, concern_id).ticket_id)
    row = lock(CallConcern, concern_id)
    if row.state != ConcernState.OPEN.value:
        write(by, "delivery.concern.keep", row, "{subject} was answered already.")
        return ticket.id
    advance(row, STEP_OF[release], ConcernFacts(row.role, frozenset({row.role})), by=by,
            reason=f"{answerer_name}, in clinical: {words}", patient_id=row.patient_id, answer=words, answered_by=answered_by,
            answerer_name=answerer_name, answered_at=answered_at)
    _count(ticket, row, by)
    return ticket.id


def _count(ticket: DeliveryTicket, row: CallConcern, by: Actor) -> None:
    left = CallConcern.objects.filter(ticket=ticket).exclude(state=ConcernState.CLEARED.value).count()
    revise(ticket, "delivery.concern.answer", "{actor} answered {what} about {subject}; {left} left", by=by,
           noted={"what": row.text, "left": left}, open_concerns=left)
