# SPDX-License-Identifier: Apache-2.0
"""Working underpayments: dispute, accept, record as made up; a payer's next answer settles them."""
from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from openinfusion.billing.domain.remittance import ClaimIn
from openinfusion.billing.models import Underpayment
from openinfusion.kernel.money import Money
from openinfusion.kernel.refusal import Reason, Refused
from openinfusion.platform.action import action, lock
from openinfusion.platform.actor import Actor
from openinfusion.platform.advance import advance


@action
def advance_underpayment(*, underpayment_id: UUID, step: str, by: Actor, reason: str = "") -> UUID:
    """Dispute an underpayment, accept it, or record that it was made up outside a remittance."""
    row = lock(Underpayment, underpayment_id)
    if step == "answer":
        raise Refused(Reason("own-action", "a remittance records the payer's next answer"))
    advance(row, step, None, by=by, reason=reason, patient_id=row.claim.patient_id, outcome=reason.strip() or row.outcome)
    return row.id


def close_answered_shorts(rows: Iterable[Underpayment], claim_in: ClaimIn, patient_id: UUID, *, by: Actor) -> None:
    """A new answer settles what was short before: it is taken back, made up, or found anew."""
    paid = Money(claim_in.paid_cents)
    outcome = "the answer was taken back" if claim_in.is_reversal else f"answered again with {paid}"
    for row in rows:
        advance(row, "answer", None, by=by, patient_id=patient_id, outcome=outcome)
