# SPDX-License-Identifier: Apache-2.0
"""Giving up what will not be paid: within one's limit at once, above it when another person agrees."""

from __future__ import annotations

from uuid import UUID

from openinfusion.billing.actions.claims import bring_up
from openinfusion.billing.actions.denials import close_denials
from openinfusion.billing.actions.ledger import book
from openinfusion.billing.domain.claim import CLAIM, ClaimState
from openinfusion.billing.domain.ledger import given_up
from openinfusion.billing.domain.write_off import Side, WriteOffFacts, limit_cents, write_off_reasons
from openinfusion.billing.models import Claim, WriteOff
from openinfusion.billing.permissions import WRITE_OFF
from openinfusion.billing.queries.claims import facts_of
from openinfusion.billing.queries.money import ClaimBalance, balance_of
from openinfusion.kernel.money import Money
from openinfusion.kernel.refusal import Fault, Malformed
from openinfusion.platform.action import action, lock
from openinfusion.platform.actor import Actor
from openinfusion.platform.advance import advance
from openinfusion.platform.house_day import house_today
from openinfusion.platform.journal import write


@action
def ask_write_off(*, claim_id: UUID, side: Side, amount: Money, reason_code: str, note: str, by: Actor) -> UUID:
    """Ask that an amount of a claim is given up; it is posted at once where the asker's limit holds it."""
    by.must(WRITE_OFF)
    claim = lock(Claim, claim_id)
    why = write_off_reasons().get(reason_code)
    if why is None or not why.fits(side):
        raise Malformed(Fault("reason", f"choose a reason for the {side.value}'s share"))
    if not note.strip():
        raise Malformed(Fault("note", "say what was tried, or which application is on file"))
    is_open = open_cents(balance_of(claim.id), side)
    if not 0 < amount.cents <= is_open:
        raise Malformed(Fault("amount", f"{Money(max(is_open, 0))} is open on the {side.value}'s side"))
    row = WriteOff.objects.create(
        claim=claim,
        side=side.value,
        cents=amount.cents,
        reason_code=why.code,
        avoidable=why.avoidable,
        note=note.strip(),
        asked_by=by.id,
        asked_name=by.name,
        limit_cents=limit_cents(by.roles),
    )
    write(
        by,
        "billing.write_off.ask",
        row,
        "{actor} asked to write off {subject} on claim {claim}",
        reason=note,
        noted={"claim": claim.control},
        patient_id=claim.patient_id,
    )
    if row.cents <= row.limit_cents:
        _post(row, claim, by)
    return row.id


@action
def decide_write_off(*, write_off_id: UUID, step: str, by: Actor, reason: str = "") -> UUID:
    """Agree to a write-off that waits and post it, or refuse it."""
    row = lock(WriteOff, write_off_id)
    claim = lock(Claim, row.claim_id)
    if step == "post":
        _post(row, claim, by)
    else:
        advance(
            row, step, _facts(row, by), by=by, reason=reason, patient_id=claim.patient_id, decided_by=by.id, decided_name=by.name
        )
    return row.id


def _post(row: WriteOff, claim: Claim, by: Actor) -> None:
    today = house_today()
    advance(
        row, "post", _facts(row, by), by=by, patient_id=claim.patient_id, decided_by=by.id, decided_name=by.name, posted_on=today
    )
    why, side = write_off_reasons()[row.reason_code], Side(row.side)
    book(claim, given_up(row.cents, side.account, why.account, note=why.text), today)
    bring_up(claim)
    if claim.open_cents <= 0:
        close_denials(claim, "write_off", "written off", by=by)
    if claim.open_cents <= 0 and claim.patient_cents <= 0 and _may_end(claim):
        advance(claim, "write_off", facts_of(claim), by=by, reason=f"{why.text}: {row.note}")


def _may_end(claim: Claim) -> bool:
    return any(s.name == "write_off" and s.source is ClaimState(claim.state) for s in CLAIM.steps)


def _facts(row: WriteOff, by: Actor) -> WriteOffFacts:
    is_open = open_cents(balance_of(row.claim_id), Side(row.side))
    return WriteOffFacts(row.cents, is_open, str(row.asked_by), row.limit_cents, str(by.id), limit_cents(by.roles))


def open_cents(balance: ClaimBalance, side: Side) -> int:
    """What is open on one side of a claim."""
    return balance.open_cents if side is Side.PAYER else balance.patient_cents
