# SPDX-License-Identifier: Apache-2.0
"""The pre-delivery call: asked, answered, and confirmed or not; and the calls that reached nobody."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from openinfusion.clinical import public as clinical
from openinfusion.delivery.domain.concern import CLINICAL, ConcernState
from openinfusion.delivery.domain.refill_call import Answers, Attempt, Raised, must_be_sound, raised
from openinfusion.delivery.domain.ticket import TicketState
from openinfusion.delivery.models import CallAttempt, CallConcern, DeliveryTicket, RefillCall, TicketLine
from openinfusion.delivery.permissions import CALL
from openinfusion.delivery.queries import facts_of, lines_of
from openinfusion.delivery.queries.refill import against_call, earliest_for
from openinfusion.kernel.refusal import Fault, Malformed, Reason, Refused
from openinfusion.platform.action import action, lock
from openinfusion.platform.actor import Actor
from openinfusion.platform.advance import advance, revise
from openinfusion.platform.clock import now

_CALLED_FOR = (TicketState.DRAFT.value, TicketState.PRE_DELIVERY_ASSESSMENT.value)


@action
def record_call(*, ticket_id: UUID, answers: Answers, by: Actor, version: int | None = None) -> UUID:
    """Write down what was said on the call; begins the call if nobody has. Whether it confirms is the next step."""
    by.must(CALL)
    ticket = lock(DeliveryTicket, ticket_id, version)
    _write_down(ticket, lines_of(ticket), answers, by)
    return ticket.id


@action
def answer_call(*, ticket_id: UUID, answers: Answers, confirms: bool, by: Actor) -> UUID:
    """The call, and with ``confirms`` its confirmation in one: refused, and nothing kept, if what was said forbids

    it. Where an answer waits for somebody, the call is kept and the delivery is confirmed later.
    """
    by.must(CALL)
    ticket = lock(DeliveryTicket, ticket_id)
    lines = lines_of(ticket)
    _write_down(ticket, lines, answers, by)
    if confirms:
        against = against_call(ticket, answers)
        if against or not ticket.open_concerns:
            _confirm(ticket, lines, answers, against, by)
    return ticket_id


def _confirm(ticket: DeliveryTicket, lines: Sequence[TicketLine], a: Answers, against: Sequence[Reason], by: Actor) -> None:
    facts = replace(facts_of(ticket, lines, by, asked=False), was_called=True, call_reasons=against)
    earliest = earliest_for(ticket, a)
    changes: dict[str, Any] = {"not_before": earliest} if earliest else {}
    advance(ticket, "confirm", facts, by=by, **changes)


def confirm_by_call(*, ticket_id: UUID, answers: Answers, by: Actor) -> UUID:
    """The call and its confirmation in one."""
    return answer_call(ticket_id=ticket_id, answers=answers, confirms=True, by=by)


def _write_down(ticket: DeliveryTicket, lines: Sequence[TicketLine], a: Answers, by: Actor) -> None:
    must_be_sound(a)
    if ticket.state not in _CALLED_FOR:
        raise Refused(Reason("call-over", f"delivery {ticket.number} is {ticket.state.replace('_', ' ')}", "reopen it first"))
    if unknown := {o.line_id for o in a.on_hand} - {row.id for row in lines}:
        raise Malformed(Fault("on_hand", f"{unknown.pop()} is no line of this delivery"))
    if ticket.state == TicketState.DRAFT.value:
        advance(ticket, "begin_call", facts_of(ticket, lines, by), by=by)
    _write_call(ticket, a, by)
    found = raised(a)
    waiting = _raise_concerns(ticket, found, a, by)
    told = "; ".join(r.text for r in found)
    changes: dict[str, Any] = {"open_concerns": waiting} if waiting != ticket.open_concerns else {}
    revise(
        ticket, "delivery.call.record", "{actor} asked {who} before delivery {subject}{flags}", by=by,
        noted={"who": a.spoke_with or "nobody", "flags": f": {told}" if told else "", "consents": a.consents,
               "said": {s.code: s.answer.value for s in a.said}, "on_hand": {o.text: o.count for o in a.on_hand}},
        need_by=a.need_by, instructions=a.instructions, call_again_at=None, window_from=a.window_from, window_to=a.window_to,
        **changes,
    )


def _raise_concerns(ticket: DeliveryTicket, found: Sequence[Raised], a: Answers, by: Actor) -> int:
    """Put what was raised before those it concerns; how many wait in all. What an earlier call raised stays until somebody

    has looked at it, also where the patient says otherwise now.
    """
    before: list[CallConcern] = []
    if ticket.open_concerns:
        before = list(CallConcern.objects.filter(ticket=ticket).exclude(state=ConcernState.CLEARED.value))
    there = {(c.code, c.text) for c in before}
    new = [r for r in found if (r.code, r.text) not in there]
    for r in new:
        row = CallConcern(ticket=ticket, patient_id=ticket.patient_id, code=r.code, role=r.role, text=r.text)
        if r.role in CLINICAL:
            row.clinical_call_id = clinical.refer(
                patient_id=ticket.patient_id, therapy_id=ticket.therapy_id, role=r.role, words=r.text, caller=a.spoke_with,
                relation=a.relation, holds=row.id, holds_text=f"delivery {ticket.number}",
                holds_url=f"/delivery/{ticket.id}/#concerns", by=by,
            )
        row.save(force_insert=True)
    return len(before) + len(new)


def _write_call(ticket: DeliveryTicket, a: Answers, by: Actor) -> None:
    RefillCall.objects.create(
        ticket=ticket, called_at=now(), called_by=by.id, caller_name=by.name, spoke_with=a.spoke_with,
        relation=a.relation, doses_on_hand=a.doses_on_hand, doses_missed=a.doses_missed, missed_why=a.missed_why,
        changes=a.changes, side_effects=a.side_effects, address_right=a.is_address_right, consents=a.consents,
        need_by=a.need_by, instructions=a.instructions, said=[[s.code, s.answer.value, s.words] for s in a.said],
        on_hand=[[str(o.line_id), o.text, o.count] for o in a.on_hand], receives=a.receives, window_from=a.window_from,
        window_to=a.window_to, supplies_wanted=a.supplies_wanted,
    )


@action
def note_attempt(
    *, ticket_id: UUID, outcome: Attempt, by: Actor, again_at: datetime | None = None, note: str = "",
    version: int | None = None,
) -> UUID:
    """A call that reached nobody who could answer, and when to try again."""
    by.must(CALL)
    ticket = lock(DeliveryTicket, ticket_id, version)
    if ticket.state not in _CALLED_FOR:
        raise Refused(Reason("call-over", f"delivery {ticket.number} is {ticket.state.replace('_', ' ')}"))
    if again_at is not None and again_at <= now():
        raise Malformed(Fault("Call again at", "this moment has passed"))
    CallAttempt.objects.create(
        ticket=ticket, called_at=now(), called_by=by.id, caller_name=by.name, outcome=outcome.value, again_at=again_at,
        note=note.strip(),
    )
    revise(
        ticket, "delivery.call.attempt", "{actor} called about {subject}: {outcome}", by=by, reason=note,
        noted={"outcome": outcome.value.replace("_", " "), "again_at": again_at}, call_attempts=ticket.call_attempts + 1,
        call_again_at=again_at,
    )
    return ticket.id
