# SPDX-License-Identifier: Apache-2.0
"""The pre-delivery call: asked, answered, and confirmed or not."""
from __future__ import annotations

from uuid import UUID

from openinfusion.delivery.domain.refill_call import Answers, flags
from openinfusion.delivery.domain.ticket import TicketState
from openinfusion.delivery.models import DeliveryTicket, RefillCall
from openinfusion.delivery.permissions import CALL
from openinfusion.delivery.queries import facts_of, lines_of
from openinfusion.platform.action import action, lock
from openinfusion.platform.actor import Actor
from openinfusion.platform.advance import advance, revise
from openinfusion.platform.clock import now


@action
def record_call(*, ticket_id: UUID, answers: Answers, by: Actor, version: int | None = None) -> UUID:
    """Write down what was said on the call; begins the call if nobody has. Whether it confirms is the next step."""
    by.must(CALL)
    ticket = lock(DeliveryTicket, ticket_id, version)
    if ticket.state == TicketState.DRAFT.value:
        advance(ticket, "begin_call", facts_of(ticket, lines_of(ticket), by), by=by)
    _write_call(ticket, answers, by)
    told = "; ".join(flags(answers))
    revise(
        ticket, "delivery.call.record", "{actor} asked {who} before delivery {subject}{flags}", by=by,
        noted={"who": answers.spoke_with or "nobody", "flags": f": {told}" if told else "",
            "consents": answers.consents},
        need_by=answers.need_by, instructions=answers.instructions,
    )
    return ticket.id


def _write_call(ticket: DeliveryTicket, a: Answers, by: Actor) -> None:
    RefillCall.objects.create(
        ticket=ticket, called_at=now(), called_by=by.id, caller_name=by.name, spoke_with=a.spoke_with,
        relation=a.relation,
        doses_on_hand=a.doses_on_hand, doses_missed=a.doses_missed, missed_why=a.missed_why, changes=a.changes,
        side_effects=a.side_effects, address_right=a.is_address_right, consents=a.consents, need_by=a.need_by,
        instructions=a.instructions,
    )


@action
def answer_call(*, ticket_id: UUID, answers: Answers, confirms: bool, by: Actor) -> UUID:
    """The call, and with ``confirms`` its confirmation in one: refused, and nothing kept, if what was said forbids
    it.
    """
    record_call(ticket_id=ticket_id, answers=answers, by=by)
    if confirms:
        ticket = lock(DeliveryTicket, ticket_id)
        advance(ticket, "confirm", facts_of(ticket, lines_of(ticket), by), by=by)
    return ticket_id


def confirm_by_call(*, ticket_id: UUID, answers: Answers, by: Actor) -> UUID:
    """The call and its confirmation in one."""
    return answer_call(ticket_id=ticket_id, answers=answers, confirms=True, by=by)
