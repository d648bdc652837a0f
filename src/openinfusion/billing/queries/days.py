# SPDX-License-Identifier: Apache-2.0
"""The day ledger of a patient, and the stays that interrupt it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from openinfusion.billing.domain.claim import UNSENT
from openinfusion.billing.domain.day_ledger import Away, LedgerDay
from openinfusion.billing.models import PerDiemDay, Stay


def day_rows(patient_id: UUID, days: Iterable[date]) -> list[PerDiemDay]:
    """The entries of a patient on these days, each with its line and claim."""
    wanted = list(days)
    if not wanted:
        return []
    rows = PerDiemDay.objects.select_related("line", "line__claim").filter(patient_id=patient_id, day__in=wanted)
    return list(rows.order_by("day", "made_at"))


def entry(row: PerDiemDay) -> LedgerDay:
    """A row as the domain ranks it."""
    is_fixed = row.line.claim.state not in UNSENT
    return LedgerDay(str(row.id), row.code, row.group, row.rate_cents, row.modifier, is_fixed)


def by_day(rows: Sequence[PerDiemDay]) -> dict[date, list[LedgerDay]]:
    found: dict[date, list[LedgerDay]] = {}
    for row in rows:
        found.setdefault(row.day, []).append(entry(row))
    return found


def stays_of(patient_id: UUID) -> list[Stay]:
    """A patient's stays elsewhere, the newest first."""
    return list(Stay.objects.filter(patient_id=patient_id).order_by("-admitted_on"))


def away(patient_id: UUID) -> list[Away]:
    return [Away(s.kind, s.admitted_on, s.returned_on) for s in stays_of(patient_id)]


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """One day of the ledger as pages show it."""

    day: date
    code: str
    group: str
    modifier: str
    rate_cents: int
    authorization: str
    claim_id: UUID
    claim: str
    state: str
    therapy: str


def ledger_rows(patient_id: UUID, limit: int = 400) -> list[LedgerRow]:
    """A patient's billed days, the newest first."""
    rows = PerDiemDay.objects.select_related("line__claim", "therapy").filter(patient_id=patient_id).order_by("-day", "code")
    return [
        LedgerRow(
            r.day,
            r.code,
            r.group,
            r.modifier,
            r.rate_cents,
            r.authorization,
            r.line.claim_id,
            r.line.claim.control,
            r.line.claim.state,
            r.therapy.drug_name,
        )
        for r in rows[:limit]
    ]
