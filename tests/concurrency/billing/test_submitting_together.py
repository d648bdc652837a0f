# SPDX-License-Identifier: Apache-2.0
"""Two people submit the same claims, and take in the same file, at the same moment: each happens once."""
from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from django.db import connection
from tests.integration.conftest import a_bench, a_thread

from openinfusion.billing import public as billing
from openinfusion.billing.models import Claim, ClaimSent, LedgerTransfer, Remittance
from openinfusion.exchange import public as exchange
from openinfusion.exchange.models import InboundFile, Transmission, TransmittedClaim
from openinfusion.kernel.money import Money
from openinfusion.kernel.refusal import Refused
from openinfusion.platform.actor import Actor
from openinfusion.platform.clock import today
from openinfusion.platform.scope import entered

TOGETHER = 4


def at_once(work: Callable[[int], Any]) -> list[Any]:
    """Run this by several threads that begin together; what each answered, or its trouble."""
    start = threading.Barrier(TOGETHER)
    results: list[Any] = [None] * TOGETHER

    def one(n: int) -> None:
        try:
            start.wait(timeout=20)
            results[n] = work(n)
        except Exception as trouble:
            results[n] = trouble
        finally:
            connection.close()

    threads = [threading.Thread(target=one, args=(n,)) for n in range(TOGETHER)]
    for t in threads:
        t.start()
    for t in threads:
        t.join(timeout=120)
    return results


def test_the_same_claim_goes_into_one_file_and_is_charged_once(
    committed: None, organization_id: Any, someone: Callable[..., Actor],
) -> None:
    with entered(organization_id):
        thread = a_thread(a_bench(organization_id), someone, organization_id)
        thread.delivered()
        thread.sign_plan(Claim.objects.get().therapy_id)
        thread.bench.tell()
    sent = at_once(lambda _: exchange.send_ready_claims(by=thread.biller))
    won = [r for r in sent if not isinstance(r, Exception)]
    assert len(won) == 1, sent
    assert all(isinstance(r, Refused) for r in sent if r is not won[0]), sent
    with entered(organization_id):
        assert Transmission.objects.count() == TransmittedClaim.objects.count() == ClaimSent.objects.count() == 1
        file = Transmission.objects.get()
        claim = billing.claim(Claim.objects.get().id)
    gone = at_once(lambda _: exchange.decide_transmission(transmission_id=file.id, step="by_hand", by=thread.biller))
    assert [r for r in gone if r == "sent"] == ["sent"], gone
    with entered(organization_id):
        assert sum(t.cents for t in LedgerTransfer.objects.filter(kind="charge")) == claim.charge_cents
        text = exchange.simulated_remittance([claim.id], trace="RACE", paid_on=today("America/Chicago")).encode()
    at_once(lambda n: exchange.receive_file(name=f"{n}.835", data=text, by=thread.biller))
    with entered(organization_id):
        assert Remittance.objects.count() == InboundFile.objects.count() == 1
        assert InboundFile.objects.get().outcome == "taken"
        paid = sum(t.cents for t in LedgerTransfer.objects.filter(kind="payment"))
        assert paid == billing.claim(claim.id).paid_cents
        assert billing.ledger_balance() == Money(0)
