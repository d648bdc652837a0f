# SPDX-License-Identifier: Apache-2.0
"""Any file of a clearing house comes in: kept byte for byte, and each kind in it handed to the room that answers for it.

The same bytes again do nothing. What could not be taken in stays on the list with its reason, for a person.
"""
from __future__ import annotations

import hashlib
from collections.abc import Callable
from uuid import UUID

from openinfusion.exchange.actions.acknowledge import acknowledge
from openinfusion.exchange.actions.claim_answers import receive_claim_answers
from openinfusion.exchange.actions.eligibility import receive_eligibility
from openinfusion.exchange.actions.payer_questions import receive_review_answers
from openinfusion.exchange.actions.pharmacy_answers import NOT_TAKEN, receive_pharmacy_answers
from openinfusion.exchange.actions.x12_receive import receive_remittance
from openinfusion.exchange.domain.ncpdp.response import is_response
from openinfusion.exchange.domain.x12.acknowledgement import interchange_answers
from openinfusion.exchange.domain.x12.inspection import kind_of
from openinfusion.exchange.domain.x12.sets import transaction_sets
from openinfusion.exchange.domain.x12.tokens import interchanges_of
from openinfusion.exchange.models import InboundFile
from openinfusion.exchange.models.inbound import Outcome
from openinfusion.exchange.permissions import ASK, RECEIVE
from openinfusion.kernel.refusal import Fault, Malformed, NotFound, Reason, Refused
from openinfusion.platform.action import action, lock
from openinfusion.platform.actor import Actor
from openinfusion.platform.advance import revise
from openinfusion.platform.clock import now
from openinfusion.platform.files import store
from openinfusion.platform.journal import write
from openinfusion.platform.scope import attempt

MOST_BYTES = 20_000_000
Taker = Callable[[str, bytes, Actor], list[str]]


def _remittance(name: str, data: bytes, by: Actor) -> list[str]:
    found = receive_remittance(name=name, data=data, by=by)
    return [f"{len(found)} remittance{'s' if len(found) != 1 else ''} posted or known"]


def _acknowledged(name: str, data: bytes, by: Actor) -> list[str]:
    return [f"{acknowledge(data=data, by=by)} of our files answered"]


_TAKERS: dict[str, Taker] = {
    "835": _remittance,
    "999": _acknowledged, "997": _acknowledged, "TA1": _acknowledged,
    "277": lambda name, data, by: receive_claim_answers(data=data, by=by),
    "277CA": lambda name, data, by: receive_claim_answers(data=data, by=by),
    "271": lambda name, data, by: receive_eligibility(data=data, by=by),
    "278": lambda name, data, by: receive_review_answers(data=data, by=by),
    "NCPDP": lambda name, data, by: receive_pharmacy_answers(data=data, by=by),
}


def kinds_in(data: bytes) -> list[str]:
    """The kinds of transaction in a file, TA1 and a processor's answers among them; Malformed where there is none."""
    if is_response(data):
        return ["NCPDP"]
    found = interchanges_of(data)
    kinds = list(dict.fromkeys(kind_of(one) for one in transaction_sets(found)))
    if any(True for _ in interchange_answers(found)):
        kinds.append("TA1")
    if not kinds:
        raise Malformed(Fault("file", "the file holds no transaction"))
    return kinds


@action
def receive_file(*, name: str, data: bytes, by: Actor) -> UUID:
    """Take in a file of any kind; its record, the same again for the same bytes. Malformed where it is neither X12 nor NCPDP."""
    if not (by.may(RECEIVE.code) or by.may(ASK.code)):
        by.must(RECEIVE)
    if len(data) > MOST_BYTES:
        raise Malformed(Fault("file", f"the file is larger than {MOST_BYTES // 1_000_000} MB"))
    digest = hashlib.sha256(data).hexdigest()
    row = InboundFile.objects.select_for_update(of=("self",)).filter(sha256=digest).first()
    if row is not None and row.outcome == Outcome.TAKEN.value:
        revise(row, "exchange.inbox.repeat", "{actor} brought {subject}, which had come in before.", by=by, times=row.times + 1)
        return row.id
    if row is None:
        row = InboundFile(
            name=name[:200], sha256=digest, file_id=store(name, data, "text/plain", by), kinds=kinds_in(data),
            outcome=Outcome.LEFT.value, received_name=by.name,
        )
        row.save(force_insert=True)
    _take_in(row, data, by)
    return row.id


def _take_in(row: InboundFile, data: bytes, by: Actor) -> None:
    """Hand every kind that is not done yet to its room; what is refused is undone alone, and said."""
    said: list[str] = []
    done = list(row.done)
    for kind in row.kinds:
        taker = _TAKERS.get(kind)
        if kind in done:
            continue
        if taker is None:
            said.append(f"{kind}: nobody here reads it")
            continue
        try:
            with attempt():
                found = taker(row.name, data, by)
            said += [f"{kind}: {text}" for text in found]
            if not any(NOT_TAKEN in text for text in found):
                done.append(kind)
        except (Malformed, Refused, NotFound) as no:
            said.append(f"{kind}: {NOT_TAKEN}: {no}")
    row.done, row.said = done, said[:500]
    row.outcome = (Outcome.TAKEN if set(done) == set(row.kinds) else Outcome.LEFT).value
    row.version += 1
    row.save(update_fields=["done", "said", "outcome", "version"])
    verb, words = ("take", "took in") if row.outcome == Outcome.TAKEN.value else ("leave", "could not take in all of")
    write(by, f"exchange.inbox.{verb}", row, f"{{actor}} {words} {{subject}}: {{kinds}}.", noted={"kinds": ", ".join(row.kinds)})


@action
def settle_file(*, inbound_id: UUID, by: Actor, reason: str) -> UUID:
    """A person looked at what was left and did with it what was to do; it waits no longer."""
    by.must(RECEIVE)
    row = lock(InboundFile, inbound_id)
    if row.outcome != Outcome.LEFT.value or row.looked_at is not None:
        raise Refused(Reason("nothing-left", "nothing of this file waits"))
    if not reason.strip():
        raise Malformed(Fault("reason", "say what was done with it"))
    revise(row, "exchange.inbox.settle", "{actor} settled what was left of {subject}.", by=by, reason=reason, looked_at=now())
    return row.id
