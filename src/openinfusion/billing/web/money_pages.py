# SPDX-License-Identifier: Apache-2.0
"""What the templates of billing receive: remittances and the ledger."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from openinfusion.billing.permissions import POST
from openinfusion.billing.queries.ageing import AGES, AgeRow, receivables
from openinfusion.billing.queries.money import Beside, TransferFact, TrialBalance, beside_of, transfers_where, trial_balance
from openinfusion.billing.queries.remittances import (
    RemittanceFact,
    RemittedClaim,
    deposit_words,
    remittance_of,
    remittances,
    remitted_where,
)
from openinfusion.billing.web.cash_forms import ReasonForm
from openinfusion.billing.web.forms import ResolveForm
from openinfusion.kernel.money import Money
from openinfusion.platform.actor import Actor


@dataclass(frozen=True, slots=True)
class RemittancesPage:
    rows: tuple[RemittanceFact, ...]
    suspended: tuple[RemittedClaim, ...]
    may_receive: bool


def remittances_page(by: Actor) -> RemittancesPage:
    return RemittancesPage(
        tuple(remittances()),
        tuple(remitted_where(outcome__in=["suspended", "in_suspense"])),
        by.may("exchange.remittance.receive"),
    )


@dataclass(frozen=True, slots=True)
class RemittancePage:
    """One payment: does it balance, and what became of each claim."""

    remittance: RemittanceFact
    claims: tuple[RemittedClaim, ...]
    transfers: tuple[TransferFact, ...]
    paid_total: Money
    adjustments: Money
    balances: bool
    resolve_form: ResolveForm | None
    park_form: ReasonForm | None
    deposit: str
    beside: tuple[Beside, ...]


def remittance_page(remittance_id: UUID, by: Actor) -> RemittancePage:
    r = remittance_of(remittance_id)
    claims = tuple(remitted_where(remittance_id=remittance_id, limit=5000))
    moved = tuple(transfers_where(remittance_id=remittance_id, limit=5000))
    paid = Money(sum(c.paid_cents for c in claims))
    return RemittancePage(
        r,
        claims,
        moved,
        paid,
        Money(r.cents) - paid - Money(r.gap_cents),
        r.gap_cents == 0 and r.suspended == 0,
        ResolveForm() if r.suspended and by.may(POST.code) else None,
        ReasonForm() if r.suspended and by.may(POST.code) else None,
        deposit_words(remittance_id),
        tuple(beside_of(remittance_id)),
    )


@dataclass(frozen=True, slots=True)
class LedgerPage:
    trial: TrialBalance
    accounts: tuple[tuple[str, Money, Money], ...]
    ages: tuple[str, ...]
    receivables: tuple[AgeRow, ...]
    transfers: tuple[TransferFact, ...]


def ledger_page() -> LedgerPage:
    trial = trial_balance()
    accounts = tuple((name, Money(max(cents, 0)), Money(max(-cents, 0))) for name, cents in trial.accounts.items())
    return LedgerPage(trial, accounts, tuple(text for _, text in AGES), receivables(), tuple(transfers_where(limit=200)))
