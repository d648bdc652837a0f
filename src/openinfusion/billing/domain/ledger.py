# SPDX-License-Identifier: Apache-2.0
"""The ledger: every movement of money is one transfer between two accounts, in cents, so it cannot but balance.

A transfer debits one account and credits another by the same positive amount. Nothing is ever changed or deleted; a
mistake or a payer's reversal is a transfer the other way that names the one it reverses.
"""
from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from openinfusion.kernel.refusal import Broken


class Account(StrEnum):
    RECEIVABLE = "receivable"
    REVENUE = "revenue"
    CONTRACTUAL = "contractual_adjustment"
    CASH = "cash"
    PATIENT = "patient_responsibility"
    WRITE_OFF = "write_off"
    UNAPPLIED = "unapplied"  # paid, and not yet known for what
    SUSPENSE = "suspense"  # looked at by a person and set aside, with a reason
    ASSISTANCE = "patient_assistance"
    SEQUESTRATION = "sequestration"
    INTEREST = "interest"
    PAYER_RECOVERY = "payer_recovery"
    FORWARD_BALANCE = "forward_balance"
    ADVANCE = "payer_advance"
    LEVY = "levy"
    PENALTY = "penalty"
    INCENTIVE = "incentive"
    WITHHOLD = "withhold"
    OTHER_PROVIDER = "other_provider_adjustment"


class Kind(StrEnum):
    CHARGE = "charge"
    PAYMENT = "payment"
    CONTRACTUAL = "contractual"
    PATIENT_SHARE = "patient_share"
    PATIENT_PAYMENT = "patient_payment"
    WRITE_OFF = "write_off"
    PROVIDER_ADJUSTMENT = "provider_adjustment"
    UNAPPLIED = "unapplied"
    REVERSAL = "reversal"
    SUSPENSE = "suspense"
    SEQUESTRATION = "sequestration"
    ASSISTANCE = "assistance"
    REFUND = "refund"


@dataclass(frozen=True, slots=True)
class Transfer:
    """Debit one account, credit the other, by the same amount."""

    kind: Kind
    debit: Account
    credit: Account
    cents: int
    line_id: str = ""
    note: str = ""

    def __post_init__(self) -> None:
        if self.cents <= 0 or self.debit is self.credit:
            raise Broken("a transfer moves a positive amount between two different accounts")


_SIDES = {
    Kind.CHARGE: (Account.RECEIVABLE, Account.REVENUE),
    Kind.PAYMENT: (Account.CASH, Account.RECEIVABLE),
    Kind.CONTRACTUAL: (Account.CONTRACTUAL, Account.RECEIVABLE),
    Kind.PATIENT_SHARE: (Account.PATIENT, Account.RECEIVABLE),
    Kind.PATIENT_PAYMENT: (Account.CASH, Account.PATIENT),
    Kind.UNAPPLIED: (Account.CASH, Account.UNAPPLIED),
    Kind.PROVIDER_ADJUSTMENT: (Account.UNAPPLIED, Account.CASH),
    Kind.SUSPENSE: (Account.UNAPPLIED, Account.SUSPENSE),
    Kind.SEQUESTRATION: (Account.SEQUESTRATION, Account.RECEIVABLE),
}


def transfers(kind: Kind, cents: int, *, line_id: str = "", note: str = "") -> tuple[Transfer, ...]:
    """This movement of money; a negative amount goes the other way, none at all makes no transfer."""
    debit, credit = _SIDES[kind]
    if cents < 0:
        return (Transfer(Kind.REVERSAL, credit, debit, -cents, line_id, note),)
    return (Transfer(kind, debit, credit, cents, line_id, note),) if cents else ()


def provider_adjusted(cents: int, account: Account, note: str) -> tuple[Transfer, ...]:
    """Money a payer keeps back beside its claims (positive) or adds to them (negative), on its reason's own account."""
    if not cents:
        return ()
    debit, credit = (account, Account.CASH) if cents > 0 else (Account.CASH, account)
    return (Transfer(Kind.PROVIDER_ADJUSTMENT, debit, credit, abs(cents), note=note),)


def given_up(cents: int, source: Account, account: Account, note: str = "") -> tuple[Transfer, ...]:
    """What will not be collected, out of the receivable or the patient's share: written off, or granted as assistance."""
    kind = Kind.ASSISTANCE if account is Account.ASSISTANCE else Kind.WRITE_OFF
    return (Transfer(kind, account, source, cents, note=note),) if cents else ()


def refunded(cents: int, source: Account, note: str = "") -> tuple[Transfer, ...]:
    """Money sent back to the payer (out of the receivable) or to the patient (out of their share)."""
    return (Transfer(Kind.REFUND, source, Account.CASH, cents, note=note),) if cents else ()


def balances(moved: Iterable[Transfer]) -> dict[Account, int]:
    """Debits less credits of every account. Their sum is zero, always."""
    found = dict.fromkeys(Account, 0)
    for t in moved:
        found[t.debit] += t.cents
        found[t.credit] -= t.cents
    return found
