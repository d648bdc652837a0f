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
    UNAPPLIED = "unapplied"


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
}


def transfers(kind: Kind, cents: int, *, line_id: str = "", note: str = "") -> tuple[Transfer, ...]:
    """This movement of money; a negative amount goes the other way, none at all makes no transfer."""
    debit, credit = _SIDES[kind]
    if cents < 0:
        return (Transfer(Kind.REVERSAL, credit, debit, -cents, line_id, note),)
    return (Transfer(kind, debit, credit, cents, line_id, note),) if cents else ()


def write_off(cents: int, source: Account) -> tuple[Transfer, ...]:
    """What is given up, out of the receivable or out of the patient's share."""
    return (Transfer(Kind.WRITE_OFF, Account.WRITE_OFF, source, cents),) if cents else ()


def balances(moved: Iterable[Transfer]) -> dict[Account, int]:
    """Debits less credits of every account. Their sum is zero, always."""
    found = dict.fromkeys(Account, 0)
    for t in moved:
        found[t.debit] += t.cents
        found[t.credit] -= t.cents
    return found
