# SPDX-License-Identifier: Apache-2.0
"""Reads of the pre-delivery call: the supply at home, the payer's window, calls that are due, concerns."""
from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from openinfusion.delivery.domain.concern import ConcernState
from openinfusion.delivery.domain.question import Answer, Said, not_asked
from openinfusion.delivery.domain.refill_call import Answers, OnHand, against_delivery
from openinfusion.delivery.domain.refill_window import Refill, too_early, windows_for
from openinfusion.delivery.domain.ticket import TicketState
from openinfusion.delivery.models import CallAttempt, CallConcern, DeliveryTicket, RefillCall
from openinfusion.kernel.refusal import Reason
from openinfusion.patients import public as patients
from openinfusion.payers import public as payers
from openinfusion.platform.clock import today
from openinfusion.platform.reading import Reading
from openinfusion.sites import public as sites
from openinfusion.therapy import public as therapy

ARRIVED = (TicketState.DELIVERED.value, TicketState.RECONCILED.value)


@dataclass(frozen=True, slots=True)
class CallFact:
    """A pre-delivery call and its answers."""

    called_at: datetime
    caller_name: str
    answers: Answers


@dataclass(frozen=True, slots=True)
class Supply:
    """The days that what has arrived covers: the first and the last day of the newest supply."""

    first: date
    last: date


_SUPPLIES = Reading(
    lambda among: DeliveryTicket.objects.filter(
        among("therapy_id"), state__in=ARRIVED, covers_last_on__isnull=False, delivered_at__isnull=False,
    ).order_by("covers_last_on"),
    "therapy_id", "covers_first_on", "covers_last_on",
)


def supplies_of(therapy_ids: Iterable[UUID]) -> dict[UUID, Supply]:
    """The newest supply that has arrived, by therapy; therapies without one are left out."""
    ids = list(therapy_ids)
    return {r.therapy_id: Supply(r.covers_first_on, r.covers_last_on) for r in (_SUPPLIES(ids) if ids else ())}


def call_fact(row: RefillCall) -> CallFact:
    return CallFact(row.called_at, row.caller_name, Answers(
        row.spoke_with, row.relation, row.doses_on_hand, row.doses_missed, row.missed_why, row.changes, row.side_effects,
        row.address_right, row.consents, row.need_by, row.instructions,
        tuple(Said(str(c), Answer(a), str(w)) for c, a, w in row.said),
        tuple(OnHand(UUID(str(line)), str(text), int(str(count))) for line, text, count in row.on_hand),
        row.receives, row.window_from, row.window_to, row.supplies_wanted,
    ))


def last_call(ticket_id: UUID) -> tuple[CallFact, ...]:
    """The latest call about a ticket; empty where nobody called."""
    row = RefillCall.objects.filter(ticket_id=ticket_id).order_by("-called_at").first()
    return (call_fact(row),) if row is not None else ()


def against_call(t: DeliveryTicket, a: Answers) -> tuple[Reason, ...]:
    """Everything that forbids confirming after this call: what was said, what was not asked, the payer's window."""
    open_question = not_asked(a.said, therapy.therapy(t.therapy_id).therapy_class)
    return (*against_delivery(a), *((open_question,) if open_question else ()), *against_window(t, a))


def against_window(t: DeliveryTicket, a: Answers) -> tuple[Reason, ...]:
    """Why the payer would not have this refill yet. A first supply, and one that comes when the last is used up, is none."""
    refill = refill_of(t, a)
    return tuple(too_early(refill, windows_for(refill.payer_type, refill.arrives_on))) if refill else ()


def refill_of(t: DeliveryTicket, a: Answers) -> Refill | None:
    """What a window is held against; None where nothing at home overlaps."""
    before = supplies_of([t.therapy_id]).get(t.therapy_id)
    if before is None or a.need_by > before.last:
        return None
    covered = [c for c in patients.coverage(t.patient_id) if c.covers(a.need_by)]
    if not covered:
        return None
    first = min(covered, key=lambda c: c.rank)
    rules = payers.rules_in_force(first.plan_id, a.need_by)
    course = therapy.therapy(t.therapy_id)
    percents = tuple(int(r.said["percent"]) for r in rules if r.kind.value == "refill" and r.about("", course.therapy_class))
    return Refill(
        payers.plan(first.plan_id).payer_type, before.first, before.last, today(sites.zone_of(t.site_id)), a.need_by,
        bool(a.on_hand), percents,
    )


def earliest_for(t: DeliveryTicket, a: Answers) -> date | None:
    """The first day on which the payer lets this refill arrive; None where it does not say."""
    refill = refill_of(t, a)
    windows = windows_for(refill.payer_type, refill.arrives_on) if refill else ()
    return max((refill.last - timedelta(days=w.earliest_days) for w in windows), default=None) if refill else None


@dataclass(frozen=True, slots=True)
class ConcernFact:
    """An answer of the call that somebody looks at, and what they said."""

    id: UUID
    ticket_id: UUID
    patient_id: UUID
    code: str
    role: str
    text: str
    state: str
    answer: str
    answerer_name: str
    answered_at: datetime | None
    raised_at: datetime
    clinical_call_id: UUID | None


def concern_fact(r: CallConcern) -> ConcernFact:
    return ConcernFact(r.id, r.ticket_id, r.patient_id, r.code, r.role, r.text, r.state, r.answer, r.answerer_name,
                       r.answered_at, r.made_at, r.clinical_call_id)


def is_concern(id: UUID) -> bool:
    """Whether this is the id of an answer of a call."""
    return CallConcern.objects.filter(pk=id).exists()


def concerns_of(ticket_id: UUID) -> list[ConcernFact]:
    """Every concern about a ticket, the oldest first."""
    return [concern_fact(r) for r in CallConcern.objects.filter(ticket_id=ticket_id).order_by("made_at")]


def concerns_where(**where: Any) -> list[ConcernFact]:
    return [concern_fact(r) for r in CallConcern.objects.filter(**where).order_by("made_at")[:300]]


OPEN = ConcernState.OPEN.value


@dataclass(frozen=True, slots=True)
class AttemptFact:
    called_at: datetime
    caller_name: str
    outcome: str
    again_at: datetime | None
    note: str


def attempts_of(ticket_id: UUID) -> list[AttemptFact]:
    """The calls that reached nobody, the latest first."""
    rows = CallAttempt.objects.filter(ticket_id=ticket_id).order_by("-called_at")
    return [AttemptFact(r.called_at, r.caller_name, r.outcome, r.again_at, r.note) for r in rows]
