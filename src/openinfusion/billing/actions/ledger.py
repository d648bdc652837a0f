# SPDX-License-Identifier: Apache-2.0
"""Writing transfers into the ledger."""
from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from openinfusion.billing.domain.ledger import Transfer
from openinfusion.billing.models import Claim, LedgerTransfer

AT_ONCE = 2000


def book(claim: Claim | None, moved: Iterable[Transfer], on: date, **named: Any) -> None:
    """Add these transfers to the ledger, for a claim or for none; ``named`` are further references of the entries."""
    enter(entries(claim, moved, on, **named))


def entries(
    claim: Claim | None, moved: Iterable[Transfer], on: date, *, remittance_id: UUID | None = None,
    answer_id: UUID | None = None, about_id: UUID | None = None,
) -> list[LedgerTransfer]:
    """These transfers as rows that are not written yet."""
    return [
        LedgerTransfer(
            kind=t.kind.value, debit=t.debit.value, credit=t.credit.value, cents=t.cents, on=on,
            claim_id=claim.id if claim else None, line_id=UUID(t.line_id) if t.line_id else None,
            therapy_id=claim.therapy_id if claim else None, plan_id=claim.plan_id if claim else None,
            remittance_id=remittance_id, answer_id=answer_id, about_id=about_id, note=t.note,
        ) for t in moved
    ]


def enter(rows: list[LedgerTransfer]) -> None:
    """Write the rows, many in one statement."""
    LedgerTransfer.objects.bulk_create(rows, batch_size=AT_ONCE)
