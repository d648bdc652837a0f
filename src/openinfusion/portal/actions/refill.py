# SPDX-License-Identifier: Apache-2.0
"""The patient answers the questions of the refill call on their own page: delivery's own call, with the patient as its source."""

from __future__ import annotations

from uuid import UUID

from openinfusion.delivery import public as delivery
from openinfusion.kernel.refusal import NotFound, Refused
from openinfusion.platform.action import action
from openinfusion.platform.actor import Actor
from openinfusion.platform.scope import attempt
from openinfusion.portal.permissions import USE
from openinfusion.portal.queries import patient_actor

CALL = ("delivery.ticket.call", "clinical.call.refer")


@action
def answer_refill(*, ticket_id: UUID, answers: delivery.Answers, by: Actor) -> str:
    """Write the answers down and confirm. The delivery's state after it: confirmed, or still waiting for somebody's look.

    What forbids confirming (the payer's window) does not lose the answers: they are kept and staff confirm.
    """
    by.must(USE)
    if delivery.ticket(ticket_id).patient_id != by.id:
        raise NotFound("delivery")
    caller = patient_actor(by.id, *CALL)
    try:
        with attempt():
            delivery.answer_call(ticket_id=ticket_id, answers=answers, confirms=True, by=caller)
    except Refused:
        delivery.answer_call(ticket_id=ticket_id, answers=answers, confirms=False, by=caller)
    return delivery.ticket(ticket_id).state
