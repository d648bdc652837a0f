# SPDX-License-Identifier: Apache-2.0
"""The door of exchange: files out and in; questions to payers and their answers as plain values.

Rooms above exchange on the street (intake, payers, billing) cannot call this door. Exchange asks them by theirs for what
is to be sent, and hands them what came in; who stands below (the demonstration, commands) calls here.
"""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from uuid import UUID

from openinfusion.billing.public import claim
from openinfusion.exchange.actions.acknowledge import acknowledge
from openinfusion.exchange.actions.inbox import receive_file
from openinfusion.exchange.actions.receive_bundle import receive_bundle
from openinfusion.exchange.actions.transmit import decide_transmission
from openinfusion.exchange.actions.x12_receive import receive_remittance
from openinfusion.exchange.actions.x12_send import send_ready_claims
from openinfusion.exchange.domain.simulated.clearing_house import House, Reply, replies
from openinfusion.exchange.domain.simulated.remittance import Answer, Fate, answer, fate_of
from openinfusion.exchange.domain.simulated.temper import Temper
from openinfusion.exchange.domain.x12.eligibility import Benefit, EligibilityAnswer, EligibilityQuestion, Rejection
from openinfusion.exchange.domain.x12.eligibility_reader import read_eligibility_answers
from openinfusion.exchange.domain.x12.eligibility_words import in_words, word
from openinfusion.exchange.domain.x12.eligibility_writer import write_eligibility_questions
from openinfusion.exchange.domain.x12.inspection import Inspection, inspect
from openinfusion.exchange.domain.x12.inspection_json import plain
from openinfusion.exchange.domain.x12.parties import Member, Payer, Provider
from openinfusion.exchange.domain.x12.review import ReviewAnswer, ReviewedService, ReviewRequest
from openinfusion.exchange.domain.x12.review_reader import read_review_answers
from openinfusion.exchange.domain.x12.review_writer import write_review_requests
from openinfusion.exchange.domain.x12.writing import Envelope
from openinfusion.exchange.queries import (
    ClaimFileFact,
    InboundFact,
    TransmissionFact,
    claim_file_of,
    claim_files,
    claims_out,
    inbound_files,
    inbound_of,
    transmission_of,
    transmissions,
    waiting_files,
    waiting_inbound,
)
from openinfusion.kernel.refusal import Reason, Refused
from openinfusion.kernel.waiting import EVERYTHING, Ask, Waited
from openinfusion.platform.actor import Actor

__all__ = [
    "Benefit", "ClaimFileFact", "EligibilityAnswer", "EligibilityQuestion", "Envelope", "Fate", "House", "InboundFact",
    "Inspection", "Member", "Payer", "Provider", "Rejection", "Reply", "ReviewAnswer", "ReviewRequest", "ReviewedService",
    "Temper", "TransmissionFact", "acknowledge", "claim_file", "claim_files", "decide_transmission", "fate_of", "in_words",
    "inbound_files", "inbound_of", "inspect", "plain", "read_eligibility_answers", "read_review_answers", "receive_bundle",
    "receive_file", "receive_remittance", "replies", "send_ready_claims", "simulated_remittance", "transmission_of",
    "transmissions", "word", "write_eligibility_questions", "write_review_requests",
]


def claim_file(claim_file_id: UUID) -> ClaimFileFact:
    """A file that went out; NotFound otherwise."""
    return claim_file_of(claim_file_id)


def simulated_remittance(
    claim_ids: Sequence[UUID], *, trace: str, paid_on: date, control: int = 1, fates: Mapping[str, Fate] | None = None,
) -> str:
    """The 835 with which the demonstration's payer answers claims of ours, all of one plan; it allows what we
    expect.
    """
    facts = [claim(i) for i in claim_ids]
    if not facts or len({f.plan_id for f in facts}) != 1:
        raise Refused(Reason("one-payer", "a remittance answers claims of one payer"))
    outs = claims_out(facts)
    allowed = {line.control: Decimal(line.expected_cents) / 100 for f in facts for line in f.lines}
    return answer(outs, Answer(outs[0].payer, "999000001", trace, paid_on, control, allowed, dict(fates or {})))


def waiting(by: Actor, ask: Ask = EVERYTHING) -> Waited:
    """Files that a person must look at, outgoing and incoming."""
    return waiting_files(by, ask) + waiting_inbound(by, ask)
