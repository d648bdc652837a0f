# SPDX-License-Identifier: Apache-2.0
"""Where do our claims stand? A 276 for those that a payer has not answered in time, asked at most once a week."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from openinfusion.billing.public import ClaimFact, claims_waiting_since
from openinfusion.exchange.actions.control import next_control
from openinfusion.exchange.actions.transmit import queue_file
from openinfusion.exchange.domain.inquiry_time import AGAIN, UNANSWERED, inquiry_time
from openinfusion.exchange.domain.trading_partners import partners, receiver_for
from openinfusion.exchange.domain.x12.claim import ClaimOut
from openinfusion.exchange.domain.x12.claim_writer import Receiver
from openinfusion.exchange.domain.x12.parties import Member, Payer, Provider
from openinfusion.exchange.domain.x12.status import StatusQuestion
from openinfusion.exchange.domain.x12.status_writer import write_status_questions
from openinfusion.exchange.domain.x12.writing import Envelope
from openinfusion.exchange.models import Transmission, TransmittedClaim
from openinfusion.exchange.permissions import SEND
from openinfusion.exchange.queries import claims_out
from openinfusion.kernel.refusal import Reason, Refused
from openinfusion.platform.action import action
from openinfusion.platform.actor import Actor
from openinfusion.platform.clock import now
from openinfusion.platform.files import store
from openinfusion.platform.house_day import house_now, house_today
from openinfusion.platform.journal import write

NOT_BY_X12 = frozenset({"NCPDP", "CMS1500"})


@action
def ask_standing(*, by: Actor, claim_ids: Sequence[UUID] = ()) -> list[UUID]:
    """Ask about the claims named, or about every one that was sent long enough ago and not answered; the files' transmissions."""
    by.must(SEND)
    found = _due(claim_ids)
    if not found:
        raise Refused(Reason("nothing-to-ask", "no claim has waited long enough, or it was asked about lately"))
    groups: dict[Receiver, list[tuple[ClaimFact, ClaimOut]]] = {}
    for c, out in zip(found, claims_out(found), strict=True):
        groups.setdefault(receiver_for(out.payer.id), []).append((c, out))
    return [_ask(receiver, mine, by) for receiver, mine in groups.items()]


def _due(claim_ids: Sequence[UUID]) -> list[ClaimFact]:
    at, today = now(), house_today()
    since = at - (timedelta(0) if claim_ids else inquiry_time(UNANSWERED, today))
    lately_is = at - inquiry_time(AGAIN, today)
    found = [c for c in claims_waiting_since(since) if not claim_ids or c.id in set(claim_ids)]
    asked = TransmittedClaim.objects.filter(transmission__kind="276", made_at__gt=lately_is, claim__in=[c.id for c in found])
    lately = set(asked.values_list("claim_id", flat=True))
    return [c for c in found if c.id not in lately and c.form not in NOT_BY_X12 and c.member_id]


def _ask(receiver: Receiver, mine: Sequence[tuple[ClaimFact, ClaimOut]], by: Actor) -> UUID:
    control = next_control()
    envelope = Envelope("276", control, partners().sender_id, receiver.id, house_now(), partners().is_test)
    name, text = f"276-{control:09d}.txt", write_status_questions(envelope, [_question(c, out) for c, out in mine])
    data = text.encode("ascii")
    queued = queue_file(
        kind="276",
        receiver=receiver.id,
        control=control,
        name=name,
        data=data,
        file_id=store(name, data, "text/plain", by),
        by=by,
    )
    TransmittedClaim.objects.bulk_create([TransmittedClaim(transmission_id=queued, claim_id=c.id) for c, _ in mine])
    row = Transmission.objects.get(pk=queued)
    write(by, "exchange.claims.ask", row, "{actor} asked in {subject} where {claims} claims stand.", noted={"claims": len(mine)})
    return queued


def _question(c: ClaimFact, out: ClaimOut) -> StatusQuestion:
    who = out.patient
    first, last = min(x.first_on for x in out.lines), max(x.last_on for x in out.lines)
    return StatusQuestion(
        out.patient_control,
        Payer(out.payer.name, out.payer.id),
        Provider(out.billing.name, partners().sender_id),
        Provider(out.billing.name, out.billing.npi),
        Member(who.family, who.given, out.member_id, who.born_on, who.sex),
        out.charge,
        first,
        last,
        c.payer_control,
    )
