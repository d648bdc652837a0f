# SPDX-License-Identifier: Apache-2.0
"""A claim on its way: into a file, out with it, taken in or turned away, or back because the file was.

Each of these is told by what happened to a file, once; told again, it changes nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from openinfusion.billing.actions.claims import bring_up
from openinfusion.billing.actions.ledger import book
from openinfusion.billing.domain.claim import OUT, VOID, ClaimState
from openinfusion.billing.domain.ledger import Kind, transfers
from openinfusion.billing.models import Claim, ClaimLine, ClaimSent
from openinfusion.billing.permissions import POST, SUBMIT
from openinfusion.billing.queries.claims import facts_of, lines_of
from openinfusion.billing.queries.money import balance_of
from openinfusion.billing.queries.scrub import findings_of, hard
from openinfusion.platform.action import action, lock
from openinfusion.platform.actor import Actor
from openinfusion.platform.advance import advance
from openinfusion.platform.clock import now
from openinfusion.platform.house_day import house_today
from openinfusion.platform.journal import plain, write

S = ClaimState


@action
def mark_queued(*, claim_id: UUID, control_no: str, file_id: UUID, by: Actor) -> UUID:
    """The claim stands in this file, which is to leave: it is scrubbed once more, and what it says is kept as it is."""
    claim = lock(Claim, claim_id)
    lines = lines_of(claim)
    holds = tuple(f.reason for f in hard(findings_of(claim, lines)))
    advance(
        claim,
        "queue",
        facts_of(claim, holds),
        by=by,
        noted={"control": control_no, "file": file_id},
        sent_in=control_no,
        file_id=file_id,
    )
    _keep(claim, lines, control_no, file_id)
    return claim.id


def _keep(claim: Claim, lines: Sequence[ClaimLine], control_no: str, file_id: UUID) -> None:
    before = ClaimSent.objects.filter(claim=claim).count()
    ClaimSent.objects.create(
        claim=claim,
        number=before + 1,
        frequency=claim.frequency,
        form=claim.form,
        control=control_no,
        file_id=file_id,
        charge_cents=claim.charge_cents,
        queued_at=now(),
        lines=[_said(row) for row in lines],
    )


def _said(row: ClaimLine) -> dict[str, Any]:
    names = (
        "control",
        "code",
        "modifiers",
        "units",
        "first_on",
        "last_on",
        "charge_cents",
        "ndc",
        "ndc_amount",
        "ndc_unit",
        "rx_number",
        "description",
        "authorization",
    )
    return {name: plain(getattr(row, name)) for name in names}


def mark_submitted(*, file_id: UUID, by: Actor) -> int:
    """The file left: its claims are submitted, and what they charge is owed to us; how many."""
    by.must(SUBMIT)
    return len([submit_claim(claim_id=i, by=by) for i in _of_file(file_id, S.QUEUED)])


def take_back_claims(*, file_id: UUID, by: Actor, reason: str, claim_ids: Sequence[UUID] | None = None) -> int:
    """The file never left, or was turned away: its claims are ready again, to go with a new number; how many.

    With ``claim_ids`` only these: the receiver refused the part of the file in which they stood.
    """
    by.must(SUBMIT)
    mine = _of_file(file_id, S.QUEUED, S.SUBMITTED)
    chosen = mine if claim_ids is None else [i for i in mine if i in set(claim_ids)]
    return len([take_back_claim(claim_id=i, reason=reason, by=by) for i in chosen])


def mark_received(*, file_id: UUID, by: Actor) -> int:
    """The file was taken in by who received it (999): its claims are on their way to the payer; how many."""
    by.must(POST)
    return len([receive_claim(claim_id=i, by=by) for i in _of_file(file_id, S.SUBMITTED)])


def _of_file(file_id: UUID, *states: ClaimState) -> list[UUID]:
    """The claims of a file in these states, in one order, so that two who lock them do not wait for each other."""
    rows = Claim.objects.filter(file_id=file_id, state__in=[s.value for s in states]).order_by("pk")
    return list(rows.values_list("pk", flat=True))


@action
def submit_claim(*, claim_id: UUID, by: Actor) -> UUID:
    """One claim left with its file."""
    claim = lock(Claim, claim_id)
    advance(claim, "submit", facts_of(claim), by=by, noted={"control": claim.sent_in}, submitted_at=now())
    if claim.rank == "P" and claim.frequency != VOID:
        already = balance_of(claim.id).charged_cents
        book(claim, transfers(Kind.CHARGE, claim.charge_cents - already), house_today())
    bring_up(claim)
    return claim.id


@action
def take_back_claim(*, claim_id: UUID, by: Actor, reason: str) -> UUID:
    """One claim out of a file that does not count; what it charges stays owed, and is not charged again."""
    claim = lock(Claim, claim_id)
    advance(
        claim,
        "take_back",
        facts_of(claim),
        by=by,
        reason=reason,
        noted={"why": reason, "control": claim.sent_in},
        file_id=None,
        sent_in="",
        submitted_at=None,
    )
    return claim.id


@action
def receive_claim(*, claim_id: UUID, by: Actor) -> UUID:
    """One claim whose file was taken in."""
    claim = lock(Claim, claim_id)
    advance(claim, "receive", facts_of(claim), by=by)
    return claim.id


@action
def mark_taken_in(*, claim_id: UUID, by_payer: bool, payer_control: str, by: Actor) -> str:
    """A 277CA says the claim was taken in: by the clearing house, or by the payer with its number. The state then."""
    by.must(POST)
    claim = lock(Claim, claim_id)
    step = "accept" if by_payer else "forward"
    done = S.ACCEPTED if by_payer else S.FORWARDED
    if claim.state in OUT and claim.state != done.value:
        number = payer_control if by_payer and payer_control else claim.payer_control
        advance(claim, step, facts_of(claim), by=by, noted={"payer_control": payer_control}, payer_control=number)
    else:
        write(by, "billing.claim.told_again", claim, "{actor} read again that {subject} was taken in.")
    return str(claim.state)


@action
def mark_rejected(*, claim_id: UUID, by: Actor, reason: str) -> str:
    """A 277CA turns the claim away: it was never judged; it is corrected and goes again. The state then."""
    by.must(POST)
    claim = lock(Claim, claim_id)
    if claim.state in OUT:
        advance(claim, "reject", facts_of(claim), by=by, reason=reason, noted={"why": reason})
    else:
        write(
            by,
            "billing.claim.told_again",
            claim,
            "{actor} read that {subject} was turned away, and it is {state}: {why}",
            noted={"state": claim.state.replace("_", " "), "why": reason},
        )
    return str(claim.state)


@action
def note_standing(*, claim_id: UUID, words: str, on: date | None, by: Actor) -> UUID:
    """What the payer says where the claim stands (277): written down; only a remittance moves money."""
    by.must(POST)
    claim = lock(Claim, claim_id)
    write(
        by,
        "billing.claim.standing",
        claim,
        "{actor} read where claim {subject} stands: {words}",
        noted={"words": words, "on": on.isoformat() if on else ""},
    )
    return claim.id
