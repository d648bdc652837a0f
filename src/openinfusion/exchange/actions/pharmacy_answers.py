# SPDX-License-Identifier: Apache-2.0
"""What a pharmacy benefit's processor says of our claims: taken with its number, rejected with its codes, or reversed.

Its word is no money: the claim stands accepted until the 835 pays it. An answer that fits no single claim of ours, or that
splits a claim, is left for a person.
"""
from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from uuid import UUID

from openinfusion.billing.public import (
    ClaimFact,
    claims_served,
    mark_rejected,
    mark_taken_in,
    note_standing,
    record_void,
)
from openinfusion.exchange.domain.ncpdp.claim import rx_reference
from openinfusion.exchange.domain.ncpdp.response import Answered, read_responses
from openinfusion.exchange.permissions import RECEIVE
from openinfusion.platform.actor import Actor

PHARMACY, VOID, VOIDED = "NCPDP", "8", "voided"
NOT_TAKEN = "not taken in"


def receive_pharmacy_answers(*, data: bytes, by: Actor) -> list[str]:
    """Read a processor's answers and enter each into its claim; what became of each, in words. Again, it changes nothing."""
    by.must(RECEIVE)
    told = read_responses(data)
    ours = _by_prescription(sorted({a.served_on for a in told}))
    said, of_claim = [], defaultdict(list)
    for a in told:
        found = ours.get((a.answer.rx_number.strip().zfill(12), a.served_on), {})
        if len(found) != 1:
            which = "no claim" if not found else f"{len(found)} claims"
            rx = a.answer.rx_number or "(none)"
            said.append(f"{NOT_TAKEN}: {which} of ours: prescription {rx} of {a.served_on:%d-%b-%Y}: {a.words}")
            continue
        of_claim[next(iter(found.values())).id].append(a)
    claims = {c.id: c for found in ours.values() for c in found.values()}
    return [*said, *(_entered(claims[id], answers, by) for id, answers in of_claim.items())]


def _by_prescription(days: Sequence[date]) -> dict[tuple[str, date], dict[UUID, ClaimFact]]:
    """The claims sent to processors with a drug of these days, by the prescription's number as it was sent."""
    found: dict[tuple[str, date], dict[UUID, ClaimFact]] = defaultdict(dict)
    for claim in claims_served(days, PHARMACY):
        for line in claim.lines:
            if line.rx_number:
                found[rx_reference(line.rx_number), line.first_on][claim.id] = claim
    return found


def _entered(claim: ClaimFact, told: Sequence[Answered], by: Actor) -> str:
    """All answers to one claim together: one claim has one state."""
    words = " / ".join(a.words for a in told)
    if all(a.is_rejected for a in told):
        state = mark_rejected(claim_id=claim.id, reason=words, by=by)
        return f"{claim.control}: {words}; it is {state.replace('_', ' ')}"
    note_standing(claim_id=claim.id, words=words, on=None, by=by)
    if all(a.is_taken_back for a in told):
        return f"{claim.control}: {words}; {_taken_back(claim, by)}"
    if all(a.is_taken for a in told):
        number = next((a.answer.authorization.strip() for a in told if a.answer.authorization.strip()), "")
        state = mark_taken_in(claim_id=claim.id, by_payer=True, payer_control=number, by=by)
        return f"{claim.control}: {words}; it is {state.replace('_', ' ')}"
    return f"{NOT_TAKEN}: {claim.control} has answers that differ, or that nobody here reads: {words}"


def _taken_back(claim: ClaimFact, by: Actor) -> str:
    """An approved reversal voids the claim that asked for it; where money is still with us, the 835 takes it first."""
    if claim.state == VOIDED:
        return "it was voided before"
    if claim.frequency != VOID:
        return f"{NOT_TAKEN}: no reversal of it was asked for"
    if claim.paid_cents:
        return "it is voided when the payment has been taken back"
    record_void(claim_id=claim.id, by=by)
    return "it is voided"
