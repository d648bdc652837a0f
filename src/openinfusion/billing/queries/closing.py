# SPDX-License-Identifier: Apache-2.0
"""The checklist of a month's close, computed from the records, and the margin reconciled with the ledger to the cent."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q, Sum

from openinfusion.billing.domain.ledger import Account
from openinfusion.billing.domain.period import Item, PeriodFacts, Todo, with_notes
from openinfusion.billing.models import (
    Claim,
    ClaimLine,
    Cost,
    Denial,
    LedgerTransfer,
    PatientPayment,
    Period,
    Remittance,
    RemittanceClaim,
    Underpayment,
)
from openinfusion.billing.queries.deposits import deposits_where, not_deposited, patients_not_deposited
from openinfusion.billing.queries.money import sums_of
from openinfusion.billing.queries.periods import notes_of
from openinfusion.delivery.public import delivered_between
from openinfusion.kernel.money import Money
from openinfusion.platform.actor import Actor
from openinfusion.platform.house_day import house_today

_UNSENT = ("unbilled", "held", "ready", "rejected")


def checklist(first: date, last: date, notes: dict[str, str] | None = None) -> tuple[Item, ...]:
    """Everything that must be done or explained before these days are closed."""
    items = (
        _billed(first, last),
        _denials_worked(first, last),
        _shorts_looked_at(first, last),
        _payments_deposited(first, last),
        _deposits_explained(first, last),
        _suspense(last),
        _margin_agrees(first, last),
        _projections_agree(),
    )
    return with_notes(items, notes or {})


def period_facts(p: Period, by: Actor) -> PeriodFacts:
    """What the guards of a month ask of this person."""
    earlier = Period.objects.filter(first__lt=p.first).exclude(state="closed").order_by("first").first()
    return PeriodFacts(
        p.last,
        house_today(),
        checklist(p.first, p.last, notes_of(p.id)),
        str(p.closed_by or ""),
        str(by.id),
        str(earlier) if earlier else "",
    )


def _billed(first: date, last: date) -> Item:
    """Every delivery of the month is on a claim that has gone out, or it is told why not."""
    tickets = delivered_between(first, last)
    on: dict[UUID, Claim] = {}
    rows = ClaimLine.objects.filter(source_kind="ticket", source_id__in=[t.id for t in tickets]).select_related("claim")
    for line in rows:
        on[line.source_id] = line.claim
    todo = []
    for t in tickets:
        claim = on.get(t.id)
        if claim is None:
            todo.append(Todo(f"ticket:{t.id}", f"delivery {t.number} is on no claim", f"/delivery/{t.id}/"))
        elif claim.state in _UNSENT:
            why = "; ".join(h["text"] for h in claim.holds) or claim.state.replace("_", " ")
            todo.append(
                Todo(
                    f"claim:{claim.id}:{t.id}",
                    f"delivery {t.number}: claim {claim.control} was not sent: {why}",
                    f"/billing/claims/{claim.id}/",
                )
            )
    return Item("billed", "Every delivery is billed", len(tickets), tuple(todo))


def _denials_worked(first: date, last: date) -> Item:
    rows = Denial.objects.filter(told_on__range=(first, last)).select_related("claim")
    todo = tuple(
        Todo(f"denial:{d.id}", f"{d} of {Money(d.cents)} on claim {d.claim.control} is untouched", f"/billing/denials/{d.id}/")
        for d in rows
        if d.state == "open"
    )
    return Item("denials", "Every denial is being worked", len(rows), todo)


def _shorts_looked_at(first: date, last: date) -> Item:
    rows = Underpayment.objects.filter(found_on__range=(first, last)).select_related("claim")
    todo = tuple(
        Todo(f"short:{s.id}", f"claim {s.claim.control} was paid {Money(s.cents)} below the contract", "/billing/underpayments/")
        for s in rows
        if s.state == "found"
    )
    return Item("shorts", "Every underpayment is disputed or accepted", len(rows), todo)


def _payments_deposited(first: date, last: date) -> Item:
    inside = Remittance.objects.filter(paid_on__range=(first, last)).exclude(cents=0).count()
    inside += PatientPayment.objects.filter(on__range=(first, last)).count()
    todo = tuple(
        Todo(
            f"remittance:{r.id}",
            f"payment {r.trace or 'without trace'} of {Money(r.cents)} has no deposit",
            f"/billing/remittances/{r.id}/",
        )
        for r in not_deposited(paid_on__range=(first, last))
    )
    todo += tuple(
        Todo(f"patient:{p.ids[0]}", f"payment of {Money(p.cents)} of a {p.text} has no deposit", "/billing/deposits/")
        for p in patients_not_deposited(on__range=(first, last))
    )
    return Item("payments", "Every payment has reached the bank", inside, todo)


def _deposits_explained(first: date, last: date) -> Item:
    found = deposits_where(on__range=(first, last))
    todo = tuple(
        Todo(f"deposit:{d.id}", f"{Money(d.left_cents)} of the deposit of {d.on:%d-%b-%Y} are not matched", "/billing/deposits/")
        for d in found
        if not d.agrees
    )
    return Item("deposits", "Every deposit is matched or explained", len(found), todo)


def _suspense(last: date) -> Item:
    """What waits unapplied or in suspense by the end of the month is told answer by answer; the rest of the balance too."""
    rows = (
        RemittanceClaim.objects.filter(
            outcome__in=["suspended", "in_suspense"],
            remittance__paid_on__lte=last,
        )
        .exclude(paid_cents=0)
        .select_related("remittance")
    )
    todo = [
        Todo(
            f"suspense:{r.id}",
            f"{Money(r.paid_cents)} for {r.patient_control or 'no claim named'}, payment {r.remittance.trace}"
            + (f" ({r.matched_by})" if r.matched_by else ""),
            f"/billing/remittances/{r.remittance_id}/",
        )
        for r in rows
    ]
    held = -account_sums(Q(on__lte=last)).get(Account.UNAPPLIED, 0) - account_sums(Q(on__lte=last)).get(Account.SUSPENSE, 0)
    rest = held - sum(r.paid_cents for r in rows)
    if rest:
        todo.append(
            Todo(f"suspense:rest:{last}:{rest}", f"{Money(rest)} unapplied beside the waiting answers", "/billing/ledger/")
        )
    return Item("suspense", "Suspense is empty or explained", len(rows), tuple(todo))


@dataclass(frozen=True, slots=True)
class Reconciled:
    """One line of the margin report against the ledger, in cents; ``outside`` belongs to no therapy, by account."""

    what: str
    report_cents: int
    outside_cents: int
    ledger_cents: int

    @property
    def difference(self) -> int:
        return self.ledger_cents - self.report_cents - self.outside_cents


def reconciliation(first: date, last: date) -> tuple[Reconciled, ...]:
    """Cash, patient share, receivable and revenue of the margin report, and what belongs to no therapy, against the ledger."""
    inside = Q(on__range=(first, last))
    report: dict[str, int] = {}
    for m in margin_report(first, last):
        for what, amount in (
            ("cash", m.paid_cents),
            ("patient_responsibility", m.patient_cents),
            ("receivable", m.open_cents),
            ("revenue", m.charged_cents),
            ("cost", m.cost_cents),
        ):
            report[what] = report.get(what, 0) + amount
    outside, whole = account_sums(inside & Q(therapy__isnull=True)), account_sums(inside)
    found = []
    for account in (Account.CASH, Account.PATIENT, Account.RECEIVABLE, Account.REVENUE):
        sign = -1 if account is Account.REVENUE else 1
        found.append(
            Reconciled(account.value, report.get(account.value, 0), sign * outside.get(account, 0), sign * whole.get(account, 0))
        )
    costs = int(Cost.objects.filter(on__range=(first, last)).aggregate(cents=Sum("cents"))["cents"] or 0)
    return (*found, Reconciled("cost", report.get("cost", 0), 0, costs))


def _margin_agrees(first: date, last: date) -> Item:
    rows = reconciliation(first, last)
    todo = tuple(
        Todo(
            f"margin:{r.what}",
            f"{r.what.replace('_', ' ')}: the report and the ledger differ by {Money(r.difference)}",
            "/billing/ledger/",
            can_explain=False,
        )
        for r in rows
        if r.difference
    )
    return Item("margin", "The margin report agrees with the ledger to the cent", len(rows), todo)


def _projections_agree() -> Item:
    """The figures written on claims are the sums of their transfers."""
    claims = list(Claim.objects.only("id", "control", "paid_cents", "open_cents", "patient_cents"))
    sums = sums_of([c.id for c in claims])
    todo = tuple(
        Todo(
            f"projection:{c.id}",
            f"claim {c.control} shows other figures than the ledger",
            f"/billing/claims/{c.id}/",
            can_explain=False,
        )
        for c in claims
        if not _agrees(c, sums.get(c.id, {}))
    )
    return Item("projections", "Every claim shows what the ledger says", len(claims), todo)


def _agrees(c: Claim, s: dict[str, int]) -> bool:
    said = (c.paid_cents, c.open_cents, c.patient_cents)
    return said == (s.get(Account.CASH, 0), s.get(Account.RECEIVABLE, 0), s.get(Account.PATIENT, 0))


def account_sums(where: Q) -> dict[Account, int]:
    """Debits less credits of every account over the entries that fit."""
    found: dict[Account, int] = {}
    for row in LedgerTransfer.objects.filter(where).order_by().values("debit", "credit").annotate(cents=Sum("cents")):
        found[Account(row["debit"])] = found.get(Account(row["debit"]), 0) + row["cents"]
        found[Account(row["credit"])] = found.get(Account(row["credit"]), 0) - row["cents"]
    return found


@dataclass(frozen=True, slots=True)
class MarginLine:
    """What one therapy moved in a span of days, in cents."""

    therapy_id: UUID
    charged_cents: int
    paid_cents: int
    patient_cents: int
    open_cents: int
    cost_cents: int

    @property
    def margin_cents(self) -> int:
        return self.paid_cents + self.patient_cents - self.cost_cents


def margin_report(first: date, last: date) -> list[MarginLine]:
    """The margin of every therapy over these days, by the day of entry; read therapy by therapy from the ledger."""
    span = {"on__range": (first, last)}
    sums: dict[UUID, dict[str, int]] = {}
    rows = LedgerTransfer.objects.filter(**span, therapy__isnull=False).order_by()
    for therapy_id, debit, credit, amount in rows.values_list("therapy_id", "debit", "credit").annotate(c=Sum("cents")):
        one = sums.setdefault(therapy_id, {})
        one[debit] = one.get(debit, 0) + amount
        one[credit] = one.get(credit, 0) - amount
    costs = dict(Cost.objects.filter(**span).order_by().values_list("therapy_id").annotate(c=Sum("cents")))
    return list(_margin_lines(sums, costs))


def _margin_lines(sums: dict[UUID, dict[str, int]], costs: dict[UUID, int]) -> Iterator[MarginLine]:
    for therapy_id in {**sums, **costs}:
        s = sums.get(therapy_id, {})
        yield MarginLine(
            therapy_id,
            -s.get(Account.REVENUE, 0),
            s.get(Account.CASH, 0),
            s.get(Account.PATIENT, 0),
            s.get(Account.RECEIVABLE, 0),
            int(costs.get(therapy_id, 0)),
        )
