# SPDX-License-Identifier: Apache-2.0
"""The same payment sent by many at the same moment is posted once."""
from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date
from uuid import UUID

from django.db import connection

from openinfusion.billing import public as billing
from openinfusion.billing.models import LedgerTransfer, Remittance
from openinfusion.kernel.money import Money
from openinfusion.kernel.roles import Role
from openinfusion.platform.actor import Actor
from openinfusion.platform.scope import entered

THREADS = 8
PAYMENT = billing.RemittanceIn(
    "Imaginary Payer", "999", "RACE1", 10_000, date(2026, 2, 1), "ACH",
    (billing.ClaimIn("NOBODY", "1", 12_000, 10_000, 0, "ICN", adjustments=(billing.AdjustmentIn("CO", "45", 2_000),)),),
)


def test_one_of_many_posts_and_the_others_find_it_posted(
    committed: None, organization_id: UUID, someone: Callable[..., Actor],
) -> None:
    biller, start = someone(Role.BILLER), threading.Barrier(THREADS)
    results: list[object] = [None] * THREADS

    def post(n: int) -> None:
        try:
            start.wait(timeout=20)
            results[n] = billing.post_remittance(remittance=PAYMENT, fingerprint="f" * 64, by=biller)
        except Exception as trouble:
            results[n] = f"{type(trouble).__name__}: {trouble}"
        finally:
            connection.close()

    threads = [threading.Thread(target=post, args=(n,)) for n in range(THREADS)]
    for t in threads:
        t.start()
    for t in threads:
        t.join(timeout=60)
    with entered(organization_id):
        (kept,) = Remittance.objects.all()
        assert results == [kept.id] * THREADS
        assert LedgerTransfer.objects.count() == 1
        assert billing.ledger_balance() == Money(0)
