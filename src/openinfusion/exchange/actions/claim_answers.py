# SPDX-License-Identifier: Apache-2.0
"""What clearing houses and payers say of claims: taken in or turned away (277CA), and where they stand (277)."""
from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from openinfusion.billing.public import ClaimFact, claims_by_control, mark_rejected, mark_taken_in, note_standing
from openinfusion.exchange.domain.x12.eligibility_words import word
from openinfusion.exchange.domain.x12.status import ClaimStanding, Standing
from openinfusion.exchange.domain.x12.status_reader import read_standings
from openinfusion.exchange.permissions import RECEIVE
from openinfusion.kernel.refusal import Reason, Refused
from openinfusion.payers.public import plans
from openinfusion.platform.actor import Actor

_OF_CLAIMS = frozenset({"patient", "subscriber", "dependent"})
_WITH_PAYER = frozenset({"P0", "P1", "P2", "P3", "P4", "P5", "F0", "F1", "F2", "F3", "F4", "R0", "R1", "R3", "R4"})


def standing_words(found: Sequence[Standing]) -> str:
    """The codes of an answer in words, each with its code."""
    told = [f"{word('status_category', s.category)} ({s.code}){f': {s.text}' if s.text else ''}" for s in found]
    return "; ".join(told) or "nothing"


def receive_claim_answers(*, data: bytes, by: Actor) -> list[str]:
    """Read 277CAs and 277s and enter each into its claim; what became of each, in words. The same again changes nothing."""
    by.must(RECEIVE)
    told = [s for s in read_standings(data) if s.level in _OF_CLAIMS and s.standings]
    if not told:
        raise Refused(Reason("no-claim", "the file speaks of no claim"))
    known = {c.control: c for c in claims_by_control(list({s.trace for s in told}))}
    if not known:
        raise Refused(Reason("no-claim", f"no claim of ours has the number {', '.join(s.trace for s in told[:5]) or '(none)'}"))
    payers = {p.id: p.payer_id for p in plans()}
    return [_entered(s, known.get(s.trace), payers, by) for s in told]


def _entered(s: ClaimStanding, claim: ClaimFact | None, payers: dict[UUID, str], by: Actor) -> str:
    if claim is None:
        return f"no claim of ours has the number {s.trace or '(none)'}"
    words = standing_words(s.standings)
    by_payer = claim.plan_id is not None and bool(s.payer.id) and s.payer.id == payers.get(claim.plan_id)
    if s.is_taken_in is True:
        state = mark_taken_in(claim_id=claim.id, by_payer=by_payer, payer_control=s.payer_control, by=by)
    elif s.is_taken_in is False:
        state = mark_rejected(claim_id=claim.id, reason=words, by=by)
    else:
        on = next((x.on for x in s.standings if x.on), None)
        note_standing(claim_id=claim.id, words=words, on=on, by=by)
        state = claim.state
        if {x.category for x in s.standings} & _WITH_PAYER:  # the payer has it, so it took it in
            state = mark_taken_in(claim_id=claim.id, by_payer=True, payer_control=s.payer_control, by=by)
    return f"{claim.control}: {words}; it is {state.replace('_', ' ')}"
