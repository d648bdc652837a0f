# SPDX-License-Identifier: Apache-2.0
"""A month of the demo pharmacy, closed: everything delivered is billed or told why not, and the books agree to the cent."""
from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import DatabaseError, transaction

from openinfusion.billing import public as billing
from openinfusion.billing.domain.period import month_of
from openinfusion.billing.models import ClaimLine, Cost, Denial, LedgerTransfer, Period, PeriodNote, Remittance
from openinfusion.billing.queries.closing import checklist, margin_report, reconciliation
from openinfusion.billing.queries.periods import first_open_day
from openinfusion.delivery.public import delivered_between
from openinfusion.demo.load import load
from openinfusion.kernel.refusal import Refused
from openinfusion.platform.clock import told
from openinfusion.platform.house_day import house_today
from openinfusion.platform.scope import entered


def work_the_month(first: date, last: date, by: Any) -> None:
    """What a team does before it closes: denials taken on, underpayments disputed, the bank's list entered."""
    for d in Denial.objects.filter(state="open", told_on__range=(first, last)):
        billing.advance_denial(denial_id=d.id, step="take", by=by)
    paid = Remittance.objects.filter(paid_on__range=(first, last)).exclude(cents=0)
    rows = [billing.DepositIn(r.paid_on, r.cents, "eft", r.trace, r.payer_name, f"bank-{r.trace}") for r in paid]
    if rows:
        billing.record_deposits(deposits=rows, by=by)


def explain_the_rest(period_id: UUID, first: date, last: date, by: Any) -> int:
    """Every row that stands is explained; how many."""
    rows = [t for item in checklist(first, last) for t in item.todo if t.can_explain]
    for t in rows:
        billing.explain_row(period_id=period_id, key=t.key, text="looked at; see the claim", by=by)
    return len(rows)


def test_a_month_of_the_demonstration_is_closed_and_then_takes_no_entry(committed: None) -> None:
    """The clock stands in the middle of the month after, so that the month is full of work and over."""
    first, last = month_of(house_today())
    with told(datetime.combine(last + timedelta(days=14), time(18), UTC)):
        loaded = load(lambda *_: None, patients=28, days=70, late=0.3, domain="close.example")
        biller, executive = loaded.house.by("biller"), loaded.house.by("executive")
        with entered(loaded.organization_id):
            entries = LedgerTransfer.objects.filter(on__range=(first, last))
            assert {t.kind for t in entries} >= {"charge", "payment", "contractual"}
            begun = min(LedgerTransfer.objects.order_by("on")[0].on, Cost.objects.order_by("on")[0].on)
            earlier = month_of(begun)
            while earlier[0] < first:
                close(*earlier, biller, executive)
                earlier = month_of(earlier[1] + timedelta(days=1))
            close(first, last, biller, executive)
            assert all(not r.difference for r in reconciliation(first, last))
            assert margin_report(first, last)
            billed_and_worked(first, last)
            late(first, last)


def billed_and_worked(first: date, last: date) -> None:
    """Every delivery is on a claim that went out, or the closed month says why not; every denial is worked."""
    delivered = delivered_between(first, last)
    on = {line.source_id: line.claim for line in ClaimLine.objects.filter(source_kind="ticket").select_related("claim")}
    notes = set(PeriodNote.objects.values_list("key", flat=True))
    unsent = [t for t in delivered if t.id not in on or on[t.id].state in ("unbilled", "held", "ready", "rejected")]
    assert delivered and len(unsent) < len(delivered)
    for t in unsent:
        assert any(str(t.id) in key for key in notes), t.number
    assert not Denial.objects.filter(told_on__range=(first, last), state="open").exists()


def close(first: date, last: date, biller: Any, executive: Any) -> None:
    period_id = billing.open_period(day=first, by=biller)
    if not all(i.is_done for i in checklist(first, last)):
        with pytest.raises(Refused, match="checklist is not done"):
            billing.advance_period(period_id=period_id, step="propose", by=biller)
    work_the_month(first, last, biller)
    explain_the_rest(period_id, first, last, biller)
    billing.advance_period(period_id=period_id, step="propose", by=biller)
    with pytest.raises(Refused, match="does not approve"):
        billing.advance_period(period_id=period_id, step="approve", by=biller)
    billing.advance_period(period_id=period_id, step="approve", by=executive)
    assert Period.objects.get(pk=period_id).figures["margin"]


def late(first: date, last: date) -> None:
    """The database refuses an entry inside a closed month; what comes late goes to the first open day."""
    row = LedgerTransfer.objects.filter(on__range=(first, last))[0]
    with pytest.raises(DatabaseError, match="is closed"), transaction.atomic():
        LedgerTransfer.objects.create(kind="charge", debit="receivable", credit="revenue", cents=1, on=row.on)
    with pytest.raises(DatabaseError, match="is closed"), transaction.atomic():
        Cost.objects.create(therapy_id=row.therapy_id or Cost.objects.all()[0].therapy_id, kind="drug", cents=1, on=last, source_key="late")
    assert first_open_day(last) == last + timedelta(days=1)
