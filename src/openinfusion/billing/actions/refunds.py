# SPDX-License-Identifier: Apache-2.0
"""Sending back what was paid too much: asked for, approved by another person, entered when it is paid."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from openinfusion.billing.actions.claims import bring_up
from openinfusion.billing.actions.ledger import book
from openinfusion.billing.actions.write_offs import open_cents
from openinfusion.billing.domain.ledger import refunded
from openinfusion.billing.domain.refund import RefundFacts
from openinfusion.billing.domain.write_off import Side
from openinfusion.billing.models import Claim, Refund
from openinfusion.billing.permissions import WORK
from openinfusion.billing.queries.money import balance_of
from openinfusion.kernel.money import Money
from openinfusion.kernel.refusal import Fault, Malformed
from openinfusion.platform.action import action, lock
from openinfusion.platform.actor import Actor
from openinfusion.platform.advance import advance
from openinfusion.platform.house_day import house_today
from openinfusion.platform.journal import write


@action
def ask_refund(*, claim_id: UUID, side: Side, amount: Money, note: str, by: Actor) -> UUID:
    """Ask that a credit balance is sent back."""
    by.must(WORK)
    claim = lock(Claim, claim_id)
    credit = credit_cents(claim.id, side)
    if not 0 < amount.cents <= credit:
        raise Malformed(Fault("amount", f"the {side.value}'s credit is {Money(credit)}"))
    if not note.strip():
        raise Malformed(Fault("note", "say how the credit came about"))
    row = Refund.objects.create(
        claim=claim,
        side=side.value,
        cents=amount.cents,
        note=note.strip(),
        asked_by=by.id,
        asked_name=by.name,
    )
    write(
        by,
        "billing.refund.ask",
        row,
        "{actor} asked for a {subject} to the {side} of claim {claim}",
        reason=note,
        noted={"claim": claim.control, "side": side.value},
        patient_id=claim.patient_id,
    )
    return row.id


@action
def decide_refund(*, refund_id: UUID, step: str, by: Actor, reason: str = "", reference: str = "") -> UUID:
    """Approve a refund, enter its payment with the check or transfer number, or refuse it."""
    row = lock(Refund, refund_id)
    claim = lock(Claim, row.claim_id)
    facts = RefundFacts(row.cents, credit_cents(claim.id, Side(row.side)), str(row.asked_by), str(by.id))
    changes: dict[str, Any] = {}
    if step == "approve":
        changes = {"approved_by": by.id, "approved_name": by.name}
    if step == "pay":
        if not reference.strip():
            raise Malformed(Fault("reference", "the number of the check or transfer"))
        changes = {"paid_on": house_today(), "reference": reference.strip()}
    advance(row, step, facts, by=by, reason=reason, patient_id=claim.patient_id, **changes)
    if step == "pay":
        book(claim, refunded(row.cents, Side(row.side).account, note=f"refund {row.reference}"), house_today())
        bring_up(claim)
    return row.id


def credit_cents(claim_id: UUID, side: Side) -> int:
    """What was paid too much on one side of a claim."""
    return max(-open_cents(balance_of(claim_id), side), 0)
