# SPDX-License-Identifier: Apache-2.0
"""Writing transfers into the ledger."""
from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from openinfusion.billing.domain.ledger import Transfer
from openinfusion.billing.models import Claim, LedgerTransfer


def book(claim: Claim | None, moved: Iterable[Transfer], on: date, *, remittance_id: UUID | None = None) -> None:
    """Add these transfers to the ledger, for a claim or for none."""
    LedgerTransfer.objects.bulk_create([
        LedgerTransfer(
            kind=t.kind.value, debit=t.debit.value, credit=t.credit.value, cents=t.cents, on=on,
            claim=claim, line_id=UUID(t.line_id) if t.line_id else None, therapy_id=claim.therapy_id if claim else None,
            plan_id=claim.plan_id if claim else None, remittance_id=remittance_id, note=t.note,
        ) for t in moved
    ])
