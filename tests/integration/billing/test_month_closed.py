# SPDX-License-Identifier: Apache-2.0
"""A closed month is opened again only with a reason."""
from __future__ import annotations

from datetime import timedelta

import pytest
from tests.integration.billing.conftest import Cash

from openinfusion.billing import public as billing
from openinfusion.billing.models import LedgerTransfer
from openinfusion.kernel.money import Money
from openinfusion.kernel.refusal import Refused
from openinfusion.platform.house_day import house_today


def test_a_month_reopens_with_a_reason_and_takes_entries_again(cash: Cash) -> None:
    last = house_today().replace(day=1) - timedelta(days=1)
    period_id = billing.open_period(day=last, by=cash.biller)
    billing.advance_period(period_id=period_id, step="propose", by=cash.biller)
    billing.advance_period(period_id=period_id, step="approve", by=cash.executive)
    with pytest.raises(Refused, match="needs a reason"):
        billing.advance_period(period_id=period_id, step="reopen", by=cash.executive)
    billing.advance_period(period_id=period_id, step="reopen", reason="a payment was missed", by=cash.executive)
    LedgerTransfer.objects.create(kind="charge", debit="receivable", credit="revenue", cents=1, on=last)
    assert billing.ledger_balance() == Money(0)
