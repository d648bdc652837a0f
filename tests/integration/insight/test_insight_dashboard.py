# SPDX-License-Identifier: Apache-2.0
"""Every measure opens to its rows; the margin of a therapy stands beside what was expected."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.test import Client

from openinfusion.billing import public as billing
from openinfusion.billing.models import Claim
from openinfusion.exchange import public as exchange
from openinfusion.insight import public as insight
from openinfusion.insight.queries import MEASURES
from openinfusion.kernel.roles import Role
from openinfusion.platform.clock import today


def test_measures_and_margin_follow_a_paid_claim(thread: Any, client: Client, account: Callable[..., Any]) -> None:
    client.force_login(account(Role.EXECUTIVE))
    assert client.get("/insight/").status_code == 200
    thread.delivered()
    claim = billing.claim(Claim.objects.get().id)
    thread.sign_plan(claim.therapy_id)
    thread.bench.tell()
    exchange.send_ready_claims(by=thread.biller)
    for file in exchange.transmissions("queued"):
        exchange.decide_transmission(transmission_id=file.id, step="by_hand", by=thread.biller)
    assert insight.measure("dso").figure == "90.0 d"
    before = insight.margin(claim.therapy_id).actual
    assert (before.paid_cents, before.awaited_cents) == (0, claim.expected_cents)
    assert before.foreseen_margin_cents == claim.expected_cents - before.cost_cents
    text = exchange.simulated_remittance([claim.id], trace="I", paid_on=today("America/Chicago"), fates={claim.control: exchange.Fate.PAID})
    exchange.receive_remittance(name="i", data=text.encode(), by=thread.biller)
    assert insight.measure("dso").figure == "0.0 d"
    assert insight.measure("denials").figure == "0.0 %"
    assert insight.measure("census").figure == "1"
    compared = insight.margin(claim.therapy_id)
    assert compared.supplied_days == 7
    assert compared.expected is None and compared.actual.paid_cents == claim.expected_cents
    assert compared.actual.awaited_cents == 0 and compared.actual.foreseen_margin_cents == before.foreseen_margin_cents
    page = client.get("/insight/")
    assert page.status_code == 200 and "<svg" in page.content.decode()
    for key in MEASURES:
        assert client.get(f"/insight/{key}/").status_code == 200, key
        assert client.get(f"/insight/{key}/rows.csv")["Content-Type"].startswith("text/csv")
        assert client.get(f"/api/insight/measures/{key}").status_code == 200
    assert "Not estimated" in client.get(f"/insight/therapies/{claim.therapy_id}/").content.decode()
    assert client.get("/insight/nonsense/").status_code == 404


def test_who_may_not_see_measures_is_refused(client: Client, account: Callable[..., Any]) -> None:
    client.force_login(account(Role.DRIVER))
    assert client.get("/insight/").status_code == 403
    assert client.get("/api/insight/measures").status_code == 403
