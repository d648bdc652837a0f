# SPDX-License-Identifier: Apache-2.0
"""A delivery that could not be made: why, coded, and what is done next."""
from __future__ import annotations

from uuid import UUID

from openinfusion.delivery.actions.stop import end_stop
from openinfusion.delivery.domain.failure import Failure, Next
from openinfusion.delivery.models import DeliveryTicket
from openinfusion.delivery.queries import facts_of, lines_of
from openinfusion.platform.action import action, lock
from openinfusion.platform.actor import Actor
from openinfusion.platform.advance import advance


@action
def fail_delivery(
    *, ticket_id: UUID, failure: Failure, then_do: Next, by: Actor, note: str = "", version: int | None = None,
) -> UUID:
    """Record that it could not be delivered. It stays with who has it until it goes out again or comes back."""
    ticket = lock(DeliveryTicket, ticket_id, version)
    words = failure.value.replace("_", " ")
    advance(
        ticket, "fail", facts_of(ticket, lines_of(ticket), by), by=by, reason=f"{words}. {note.strip()}".strip(),
        noted={"failure": failure.value, "next": then_do.value}, fail_code=failure.value, fail_next=then_do.value,
    )
    end_stop(ticket, f"failed: {words}", by)
    return ticket.id
