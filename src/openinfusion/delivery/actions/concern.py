# SPDX-License-Identifier: Apache-2.0
"""Looking at an answer of the call: it may go, or it is held; the delivery waits for the last of them."""
from __future__ import annotations

from uuid import UUID

from openinfusion.delivery.domain.concern import ConcernFacts, ConcernState
from openinfusion.delivery.models import CallConcern, DeliveryTicket
from openinfusion.platform.action import action, fetch, lock
from openinfusion.platform.actor import Actor
from openinfusion.platform.advance import advance, revise
from openinfusion.platform.clock import now


@action
def answer_concern(*, concern_id: UUID, step: str, reason: str, by: Actor, version: int | None = None) -> UUID:
    """Take a step of a concern: ``clear`` lets the delivery go, ``stop`` holds it. The delivery's id."""
    ticket = lock(DeliveryTicket, fetch(CallConcern, concern_id).ticket_id)
    row = lock(CallConcern, concern_id, version)
    facts = ConcernFacts(row.role, frozenset(str(r) for r in by.roles))
    advance(row, step, facts, by=by, reason=reason, patient_id=row.patient_id, answer=reason.strip(), answered_by=by.id,
            answerer_name=by.name, answered_at=now())
    left = CallConcern.objects.filter(ticket=ticket).exclude(state=ConcernState.CLEARED.value).count()
    revise(ticket, "delivery.concern.answer", "{actor} answered {what} about {subject}; {left} left", by=by,
           noted={"what": row.text, "left": left}, open_concerns=left)
    return ticket.id
