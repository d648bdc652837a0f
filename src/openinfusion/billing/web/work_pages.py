# SPDX-License-Identifier: Apache-2.0
"""What the templates of unbilled work and of a patient's days receive."""
from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from openinfusion.billing.domain.claim import CLAIM, ClaimState
from openinfusion.billing.models import Stay
from openinfusion.billing.permissions import WORK
from openinfusion.billing.queries.days import LedgerRow, ledger_rows, stays_of
from openinfusion.billing.queries.unbilled import KINDS, UnbilledRow, unbilled
from openinfusion.billing.web.forms import ReturnForm, StayForm
from openinfusion.kernel.money import Money, total
from openinfusion.patients.public import Banner, banner
from openinfusion.platform.actor import Actor


@dataclass(frozen=True, slots=True)
class Heap:
    """One kind of unbilled work, how much of it, and what it is worth."""

    kind: str
    count: int
    money: Money


@dataclass(frozen=True, slots=True)
class UnbilledPage:
    heaps: tuple[Heap, ...]
    rows: tuple[UnbilledRow, ...]
    kind: str
    text: str


def unbilled_page(kind: str, text: str) -> UnbilledPage:
    every = unbilled()
    chosen = kind if kind in KINDS else ""
    heaps = (Heap(k, len(mine), total(r.amount for r in mine)) for k in KINDS if (mine := [r for r in every if r.kind == k]))
    rows = every if not (chosen or text) else unbilled(chosen, text)
    return UnbilledPage(tuple(heaps), rows, chosen, text)


@dataclass(frozen=True, slots=True)
class DayRow:
    row: LedgerRow
    rate: Money
    tone: str


@dataclass(frozen=True, slots=True)
class StayRow:
    """A stay, with the form for the return where there is none yet."""

    stay: Stay
    form: ReturnForm | None


@dataclass(frozen=True, slots=True)
class DaysPage:
    banner: Banner
    days: tuple[DayRow, ...]
    stays: tuple[StayRow, ...]
    form: StayForm | None
    patient_id: UUID


def days_page(patient_id: UUID, by: Actor) -> DaysPage:
    may = by.may(WORK.code)
    return DaysPage(
        banner(patient_id),
        tuple(DayRow(r, Money(r.rate_cents), CLAIM.tone(ClaimState(r.state))) for r in ledger_rows(patient_id)),
        tuple(
            StayRow(s, ReturnForm(auto_id=f"{s.id}-%s") if may and s.returned_on is None else None) for s in stays_of(patient_id)
        ),
        StayForm() if may else None, patient_id,
    )
