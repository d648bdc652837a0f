# SPDX-License-Identifier: Apache-2.0
"""Months as frozen facts, and the day on which something may still be entered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from openinfusion.billing.domain.period import PeriodState, month_of
from openinfusion.billing.models import LedgerTransfer, Period, PeriodNote
from openinfusion.platform.action import fetch


@dataclass(frozen=True, slots=True)
class PeriodFact:
    """One month of the books."""

    id: UUID
    first: date
    last: date
    state: str
    closed_name: str
    approved_name: str
    approved_at: datetime | None
    figures: dict[str, Any]

    @property
    def name(self) -> str:
        return f"{self.first:%B %Y}"


def period_fact(p: Period) -> PeriodFact:
    return PeriodFact(p.id, p.first, p.last, p.state, p.closed_name, p.approved_name, p.approved_at, p.figures)


def period_of(period_id: UUID) -> PeriodFact:
    return period_fact(fetch(Period, period_id))


def periods() -> list[PeriodFact]:
    """Every month that was ever opened for closing, the newest first."""
    return [period_fact(p) for p in Period.objects.order_by("-first")]


def months_with_entries(today: date) -> list[date]:
    """The first days of the months from the first entry of the ledger until now, the newest first."""
    first = LedgerTransfer.objects.order_by("on").values_list("on", flat=True).first()
    found, month = [], month_of(first or today)[0]
    while month <= today:
        found.append(month)
        month = month_of(month + timedelta(days=32))[0]
    return found[::-1]


def notes_of(period_id: UUID) -> dict[str, str]:
    """The explanations of a month's checklist, by row."""
    return {n.key: f"{n.text} ({n.written_name})" for n in PeriodNote.objects.filter(period_id=period_id)}


def first_open_day(on: date) -> date:
    """The day itself, or the first day after the closed months that hold it: what comes late is entered there."""
    closed = {p.first: p.last for p in Period.objects.filter(state=PeriodState.CLOSED.value, last__gte=on)}
    while (month := month_of(on)[0]) in closed:
        on = closed[month] + timedelta(days=1)
    return on
