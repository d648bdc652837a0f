# SPDX-License-Identifier: Apache-2.0
"""Files on their way: into the outbox, judged, sent once, acknowledged. Each step is an action of its own, and saved."""
from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from openinfusion.billing.public import mark_received, mark_submitted, take_back_claims
from openinfusion.exchange.domain.transmission import BY_PEOPLE, TransmissionFacts
from openinfusion.exchange.models import Transmission, TransmittedClaim
from openinfusion.exchange.permissions import ASK, SEND
from openinfusion.kernel.refusal import Reason, Refused
from openinfusion.platform.action import action, lock
from openinfusion.platform.actor import Actor
from openinfusion.platform.advance import advance
from openinfusion.platform.clock import now
from openinfusion.platform.journal import write

QUESTIONS = frozenset({"270", "278"})  # asked by intake and the authorization desk
CLAIM_KINDS = frozenset({"837P", "837I", "NCPDP", "CMS1500"})
_SENT = frozenset({"send", "arrived", "by_hand", "by_hand_checked"})


@action
def queue_file(
    *, kind: str, receiver: str, control: int, name: str, data: bytes, file_id: UUID, by: Actor, subject_id: UUID | None = None,
) -> UUID:
    """Put a file into the outbox; the same bytes again answer what is there already. In the transaction that made it."""
    by.must(ASK if kind in QUESTIONS else SEND)
    digest = hashlib.sha256(data).hexdigest()
    before = Transmission.objects.filter(sha256=digest).first()
    if before is not None:
        write(by, "exchange.transmission.repeated", before, "{actor} asked again to send {subject}.")
        return before.id
    row = Transmission(
        kind=kind, receiver=receiver, control=control, name=name, file_id=file_id, sha256=digest, subject_id=subject_id,
    )
    row.save(force_insert=True)
    write(by, "exchange.transmission.queue", row, "{actor} put {subject} into the outbox.")
    return row.id


def decide_transmission(*, transmission_id: UUID, step: str, by: Actor, reason: str = "") -> str:
    """A step that is a person's to take: it was uploaded by hand, it arrived, it did not arrive."""
    if step not in BY_PEOPLE:
        raise Refused(Reason("not-by-hand", "this step is taken by the house itself"))
    return advance_transmission(transmission_id=transmission_id, step=step, reason=reason, by=by)


@action
def advance_transmission(
    *, transmission_id: UUID, step: str, by: Actor, reason: str = "", report: str = "", refused_sets: Sequence[str] = (),
) -> str:
    """Take one step of a file's way; the state it is in then. Refused where another run was faster.

    ``refused_sets`` are the transactions (ST02) of a file that was accepted in part which were not: their claims come back.
    """
    row = lock(Transmission, transmission_id)
    sent_at: datetime | None = now() if step in _SENT else row.sent_at
    attempts = row.attempts + (1 if step == "begin" else 0)
    advance(row, step, TransmissionFacts(), by=by, reason=reason, noted={"why": reason}, sent_at=sent_at, attempts=attempts,
            report=report or row.report)
    if row.kind in CLAIM_KINDS:
        _tell_claims(row, step, by, refused_sets)
    return str(row.state)


def _tell_claims(row: Transmission, step: str, by: Actor, refused_sets: Sequence[str]) -> None:
    """What the file's step means for the claims in it, in the same transaction: neither is ever without the other."""
    if step in _SENT:
        mark_submitted(file_id=row.file_id, by=by)
        return
    why = f"{row} was turned away: {row.report or 'no reason was given'}"[:2000]
    if step in ("fault", "reject"):
        take_back_claims(file_id=row.file_id, reason=why, by=by)
    elif step == "accept_partly":
        back = TransmittedClaim.objects.filter(transmission=row, set_control__in=list(refused_sets))
        take_back_claims(file_id=row.file_id, claim_ids=list(back.values_list("claim_id", flat=True)), reason=why, by=by)
    if step in ("accept", "accept_partly"):  # what was not taken back stands
        mark_received(file_id=row.file_id, by=by)
