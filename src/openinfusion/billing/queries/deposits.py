# SPDX-License-Identifier: Apache-2.0
"""Deposits and the payments they brought; payments that no deposit has brought yet."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from openinfusion.billing.models import Deposit, PatientPayment, Remittance
from openinfusion.billing.queries.remittances import RemittanceFact, remittance_fact

WINDOW = timedelta(days=10)


@dataclass(frozen=True, slots=True)
class PatientPaid:
    """Payments of patients that one deposit brought or may bring: one, or all of a day by one method."""

    ids: tuple[UUID, ...]
    on: date
    cents: int
    text: str


@dataclass(frozen=True, slots=True)
class DepositFact:
    """One deposit; ``left_cents`` is what no payment explains. ``offers`` are payments it may have brought.

    ``patients`` and ``patient_offers`` are the same of patients' payments.
    """

    id: UUID
    on: date
    cents: int
    method: str
    trace: str
    sender: str
    explained: str
    brought: tuple[RemittanceFact, ...]
    offers: tuple[RemittanceFact, ...]
    patients: tuple[PatientPaid, ...] = ()
    patient_offers: tuple[PatientPaid, ...] = ()

    @property
    def left_cents(self) -> int:
        return self.cents - sum(r.cents for r in self.brought) - sum(p.cents for p in self.patients)

    @property
    def agrees(self) -> bool:
        return not self.left_cents or bool(self.explained)


def deposits_where(**where: Any) -> list[DepositFact]:
    """Deposits, the newest first, each with its payments and those that might fit; five queries."""
    rows = list(Deposit.objects.filter(**where).order_by("-on", "-made_at")[:1000])
    brought: dict[UUID | None, list[RemittanceFact]] = {}
    for r in Remittance.objects.filter(deposit__in=rows):
        brought.setdefault(r.deposit_id, []).append(remittance_fact(r))
    loose = [remittance_fact(r) for r in Remittance.objects.filter(deposit__isnull=True).exclude(cents=0)]
    patients: dict[UUID | None, list[PatientPaid]] = {}
    for p in PatientPayment.objects.filter(deposit__in=rows):
        patients.setdefault(p.deposit_id, []).append(_paid([p]))
    waiting = _bundles(PatientPayment.objects.filter(deposit__isnull=True).order_by("on", "made_at")[:2000])
    return [_fact(d, tuple(brought.get(d.id, ())), loose, tuple(patients.get(d.id, ())), waiting) for d in rows]


def _paid(rows: list[PatientPayment]) -> PatientPaid:
    one = rows[0]
    text = f"patient, {one.method} {one.reference}" if len(rows) == 1 else f"{len(rows)} patients, {one.method}"
    return PatientPaid(tuple(p.id for p in rows), one.on, sum(p.cents for p in rows), text)


def _bundles(rows: Iterable[PatientPayment]) -> list[PatientPaid]:
    """Each payment that waits, and all of one day by one method where there are several: a terminal pays a day at once."""
    of_day: dict[tuple[date, str], list[PatientPayment]] = {}
    for p in rows:
        of_day.setdefault((p.on, p.method), []).append(p)
    found = [_paid(day) for day in of_day.values() if len(day) > 1]
    return found + [_paid([p]) for day in of_day.values() for p in day]


def _fact(
    d: Deposit, brought: tuple[RemittanceFact, ...], loose: list[RemittanceFact], patients: tuple[PatientPaid, ...],
    waiting: list[PatientPaid],
) -> DepositFact:
    left = d.cents - sum(r.cents for r in brought) - sum(p.cents for p in patients)
    fits = (r for r in loose if left and not d.explained and r.cents <= left and abs(r.paid_on - d.on) <= WINDOW)
    offers = sorted(fits, key=lambda r: (r.cents != left, abs(r.paid_on - d.on)))
    return DepositFact(d.id, d.on, d.cents, d.method, d.trace, d.sender, d.explained, brought, tuple(offers[:5]), patients,
                       tuple(_best(waiting, d, left)))


def _best(waiting: list[PatientPaid], d: Deposit, left: int) -> list[PatientPaid]:
    fits = [p for p in waiting if left > 0 and not d.explained and p.cents <= left and abs(p.on - d.on) <= WINDOW]
    return sorted(fits, key=lambda p: (p.cents != left, abs(p.on - d.on)))[:5]


def not_deposited(**where: Any) -> list[RemittanceFact]:
    """Payments with money in them that no deposit has brought yet, the oldest first."""
    rows = Remittance.objects.filter(deposit__isnull=True, **where).exclude(cents=0).order_by("paid_on")
    return [remittance_fact(r) for r in rows[:1000]]


def patients_not_deposited(**where: Any) -> list[PatientPaid]:
    """Payments of patients that no deposit has brought yet, the oldest first."""
    rows = PatientPayment.objects.filter(deposit__isnull=True, **where).order_by("on", "made_at")
    return [_paid([p]) for p in rows[:1000]]
