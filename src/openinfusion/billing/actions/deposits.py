# SPDX-License-Identifier: Apache-2.0
"""The bank's deposits: entered or imported, matched with what payers and patients paid, explained where they brought none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from openinfusion.billing.models import Deposit, PatientPayment, Remittance
from openinfusion.billing.permissions import BANK
from openinfusion.kernel.money import Money
from openinfusion.kernel.refusal import Fault, Malformed, NotFound, Reason, Refused
from openinfusion.platform.action import action, lock
from openinfusion.platform.actor import Actor
from openinfusion.platform.journal import write

METHODS = ("eft", "check", "card", "cash")


@dataclass(frozen=True, slots=True)
class DepositIn:
    """One line of the bank's statement. ``key`` tells it from every other, so that a list may be imported twice."""

    on: date
    cents: int
    method: str
    trace: str = ""
    sender: str = ""
    key: str = ""


@action
def record_deposits(*, deposits: Sequence[DepositIn], by: Actor) -> int:
    """Take deposits in; those whose key is known are left out. A trace and an amount that name one payment match it."""
    by.must(BANK)
    if not deposits:
        raise Malformed(Fault("deposits", "there is none"))
    if bad := [d for d in deposits if d.method not in METHODS or d.cents == 0]:
        raise Malformed(
            *(Fault("deposit", f"{d.on}: the method is one of {', '.join(METHODS)}, the amount not zero") for d in bad)
        )
    known = set(Deposit.objects.filter(source_key__in=[d.key for d in deposits if d.key]).values_list("source_key", flat=True))
    made = 0
    for d in deposits:
        if d.key and d.key in known:
            continue
        known.add(d.key)
        row = Deposit.objects.create(
            on=d.on,
            cents=d.cents,
            method=d.method,
            trace=d.trace.strip(),
            sender=d.sender.strip(),
            source_key=d.key,
        )
        made += 1
        write(
            by,
            "billing.deposit.record",
            row,
            "{actor} took in {subject} of {amount}, received {on}",
            noted={"amount": str(Money(d.cents)), "on": d.on},
        )
        _match_by_trace(row, by)
    if not made:
        first = Deposit.objects.filter(source_key=deposits[0].key).first()
        assert first is not None
        write(by, "billing.deposit.repeat", first, "{actor} sent deposits again; all of them were known.")
    return made


def _match_by_trace(row: Deposit, by: Actor) -> None:
    """Trace and amount the same, and one payment only: that is the one. Anything else is for a person."""
    if not row.trace:
        return
    found: list[Remittance | PatientPayment] = list(
        Remittance.objects.filter(trace=row.trace, cents=row.cents, deposit__isnull=True)[:2])
    found += PatientPayment.objects.filter(reference=row.trace, cents=row.cents, deposit__isnull=True)[:2]
    if len(found) == 1:
        _tie(row, found[0], by, "by its trace number")


@action
def match_deposit(*, deposit_id: UUID, remittance_id: UUID, by: Actor) -> UUID:
    """Say that this deposit brought this payment; one deposit may bring several."""
    by.must(BANK)
    row, paid = lock(Deposit, deposit_id), lock(Remittance, remittance_id)
    if paid.deposit_id is not None:
        raise Refused(Reason("matched", f"payment {paid.trace} came by another deposit already", "take it off there first"))
    left = row.cents - brought_cents(row.id)
    if paid.cents > left:
        raise Refused(Reason("too-much", f"{Money(left)} of this deposit is not matched yet; the payment is {Money(paid.cents)}"))
    _tie(row, paid, by, "by hand")
    return row.id


@action
def match_patient_payments(*, deposit_id: UUID, payment_ids: Sequence[UUID], by: Actor) -> UUID:
    """Say that this deposit brought these payments of patients: a check, or the cards of a day."""
    by.must(BANK)
    row = lock(Deposit, deposit_id)
    paid = list(PatientPayment.objects.select_for_update(of=("self",)).filter(pk__in=list(payment_ids)).order_by("pk"))
    if not paid or len(paid) != len(set(payment_ids)):
        raise NotFound("a payment of a patient")
    if any(p.deposit_id is not None for p in paid):
        raise Refused(Reason("matched", "one of these payments came by another deposit already", "take it off there first"))
    left, sum_cents = row.cents - brought_cents(row.id), sum(p.cents for p in paid)
    if sum_cents > left:
        raise Refused(Reason("too-much", f"{Money(left)} of this deposit is not matched yet; they are {Money(sum_cents)}"))
    for p in paid:
        _tie(row, p, by, "by hand")
    return row.id


@action
def unmatch_patient_payment(*, payment_id: UUID, by: Actor, reason: str) -> UUID:
    """Take a patient's payment off a deposit, because it was the wrong one."""
    by.must(BANK)
    paid = lock(PatientPayment, payment_id)
    if paid.deposit_id is None:
        raise Refused(Reason("not-matched", "this payment is on no deposit"))
    if not reason.strip():
        raise Malformed(Fault("reason", "say why"))
    paid.deposit = None
    paid.save(update_fields=["deposit"])
    write(by, "billing.deposit.unmatch", paid, "{actor} took {subject} off its deposit", reason=reason)
    return paid.id


def _tie(row: Deposit, paid: Remittance | PatientPayment, by: Actor, how: str) -> None:
    paid.deposit = row
    paid.save(update_fields=["deposit"])
    write(
        by,
        "billing.deposit.match",
        paid,
        "{actor} matched {subject} with the deposit of {on}, {how}",
        noted={"on": row.on, "how": how, "deposit": row.id},
    )


@action
def unmatch_deposit(*, remittance_id: UUID, by: Actor, reason: str) -> UUID:
    """Take a payment off a deposit, because it was the wrong one."""
    by.must(BANK)
    paid = lock(Remittance, remittance_id)
    if paid.deposit_id is None:
        raise Refused(Reason("not-matched", "this payment is on no deposit"))
    if not reason.strip():
        raise Malformed(Fault("reason", "say why"))
    paid.deposit = None
    paid.save(update_fields=["deposit"])
    write(by, "billing.deposit.unmatch", paid, "{actor} took {subject} off its deposit", reason=reason)
    return paid.id


@action
def explain_deposit(*, deposit_id: UUID, text: str, by: Actor) -> UUID:
    """Say what a deposit was, where no payment of a payer explains it: patients' cards of the day, a rebate."""
    by.must(BANK)
    row = lock(Deposit, deposit_id)
    if not text.strip():
        raise Malformed(Fault("explanation", "say what it was"))
    row.explained, row.explained_by = text.strip(), by.name
    row.save(update_fields=["explained", "explained_by"])
    write(by, "billing.deposit.explain", row, "{actor} explained {subject}: {text}", noted={"text": row.explained})
    return row.id


def brought_cents(deposit_id: UUID) -> int:
    """Cents of the payments, of payers and of patients, that a deposit is matched with."""
    return sum(
        sum(model.objects.filter(deposit_id=deposit_id).values_list("cents", flat=True)) for model in (Remittance, PatientPayment)
    )
