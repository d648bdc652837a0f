# SPDX-License-Identifier: Apache-2.0
"""Deposits and the payments they brought; payments that no deposit has brought yet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from openinfusion.billing.models import Deposit, Remittance
from openinfusion.billing.queries.remittances import RemittanceFact, remittance_fact

WINDOW = timedelta(days=10)


@dataclass(frozen=True, slots=True)
class DepositFact:
    """One deposit; ``left_cents`` is what no payment explains. ``offers`` are payments it may have brought."""

    id: UUID
    on: date
    cents: int
    method: str
    trace: str
    sender: str
    explained: str
    brought: tuple[RemittanceFact, ...]
    offers: tuple[RemittanceFact, ...]

    @property
    def left_cents(self) -> int:
        return self.cents - sum(r.cents for r in self.brought)

    @property
    def agrees(self) -> bool:
        return not self.left_cents or bool(self.explained)


def deposits_where(**where: Any) -> list[DepositFact]:
    """Deposits, the newest first, each with its payments and those that might fit; three queries."""
    rows = list(Deposit.objects.filter(**where).order_by("-on", "-made_at")[:1000])
    brought: dict[UUID | None, list[RemittanceFact]] = {}
    for r in Remittance.objects.filter(deposit__in=rows):
        brought.setdefault(r.deposit_id, []).append(remittance_fact(r))
    loose = [remittance_fact(r) for r in Remittance.objects.filter(deposit__isnull=True).exclude(cents=0)]
    return [_fact(d, tuple(brought.get(d.id, ())), loose) for d in rows]


def _fact(d: Deposit, brought: tuple[RemittanceFact, ...], loose: list[RemittanceFact]) -> DepositFact:
    left = d.cents - sum(r.cents for r in brought)
    fits = (r for r in loose if left and not d.explained and r.cents <= left and abs(r.paid_on - d.on) <= WINDOW)
    offers = sorted(fits, key=lambda r: (r.cents != left, abs(r.paid_on - d.on)))
    return DepositFact(d.id, d.on, d.cents, d.method, d.trace, d.sender, d.explained, brought, tuple(offers[:5]))


def not_deposited(**where: Any) -> list[RemittanceFact]:
    """Payments with money in them that no deposit has brought yet, the oldest first."""
    rows = Remittance.objects.filter(deposit__isnull=True, **where).exclude(cents=0).order_by("paid_on")
    return [remittance_fact(r) for r in rows[:1000]]
