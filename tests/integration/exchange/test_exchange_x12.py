# SPDX-License-Identifier: Apache-2.0
"""Claim files and remittances over pages and API; what is refused changes nothing."""
from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from openinfusion.billing import public as billing
from openinfusion.billing.models import Claim, LedgerTransfer, Remittance
from openinfusion.exchange import public as exchange
from openinfusion.exchange.domain.x12.tokens import segments_of
from openinfusion.exchange.models import ClaimFileSent
from openinfusion.kernel.roles import Role
from openinfusion.platform.clock import today


@pytest.fixture
def ready(thread: Any) -> billing.ClaimFact:
    """A delivered therapy whose plan is signed: its claim is ready."""
    ticket_id = thread.delivered()
    claim = billing.claims_of(Claim.objects.get().therapy_id)[0]
    thread.sign_plan(claim.therapy_id)
    thread.bench.tell()
    assert ticket_id
    return billing.claim(claim.id)


def uploaded(thread: Any) -> None:
    for file in exchange.transmissions("queued"):
        exchange.decide_transmission(transmission_id=file.id, step="by_hand", by=thread.biller)


@pytest.fixture
def biller(client: Client, account: Callable[..., Any], scope: Any) -> Client:
    client.force_login(account(Role.BILLER))
    return client


def test_a_signed_plan_frees_the_claim_that_waited_for_it(ready: billing.ClaimFact) -> None:
    assert ready.state == "ready"


def test_the_biller_sends_reads_and_posts_through_the_pages(ready: billing.ClaimFact, biller: Client, thread: Any) -> None:
    assert ready.control in biller.get("/billing/").content.decode()
    assert biller.post("/exchange/claim-files/send/").status_code == 302
    uploaded(thread)
    sent = ClaimFileSent.objects.get()
    page = biller.get(f"/exchange/claim-files/{sent.id}/").content.decode()
    assert ready.control in page
    download = biller.get(f"/exchange/files/{sent.file_id}/")
    assert {s.name for s in segments_of(download.content)} >= {"ISA", "CLM", "SV1", "IEA"}
    from django.core.files.uploadedfile import SimpleUploadedFile

    text = exchange.simulated_remittance([ready.id], trace="PAGE1", paid_on=today("America/Chicago"), fates={ready.control: exchange.Fate.DENIED})
    answer = biller.post("/exchange/remittance/receive/", {"file": SimpleUploadedFile("a.835", text.encode())})
    assert answer.status_code == 302
    assert "balances, all posted" in biller.get(answer["Location"]).content.decode()
    for url in ("/billing/denials/", "/billing/ledger/", "/billing/remittances/", f"/billing/claims/{ready.id}/", "/billing/claims.csv",
                "/billing/denials.csv", "/billing/ledger.csv", "/exchange/claim-files/", "/exchange/remittance/"):
        assert biller.get(url).status_code == 200, url
    assert "Until" in biller.get(f"/billing/claims/{ready.id}/").content.decode()


def test_a_file_that_is_not_x12_is_refused_in_words_and_keeps_nothing(biller: Client, thread: Any) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    answer = biller.post("/exchange/remittance/receive/", {"file": SimpleUploadedFile("a.txt", b"hello")})
    assert answer.status_code == 422
    assert "not X12" in answer.content.decode()
    assert Remittance.objects.count() == 0


def test_the_same_by_api_with_a_repeat_that_moves_nothing(ready: billing.ClaimFact, biller: Client, thread: Any) -> None:
    made = biller.post("/api/exchange/claim-files", json.dumps({}), content_type="application/json")
    assert made.status_code == 200, made.content
    uploaded(thread)
    content = biller.get(f"/api/exchange/claim-files/{made.json()['id']}/content").content.decode()
    assert content.startswith("ISA*") and ready.control in content
    text = exchange.simulated_remittance([ready.id], trace="API1", paid_on=today("America/Chicago"), fates={ready.control: exchange.Fate.PAID})
    first = biller.post("/api/exchange/remittances", text, content_type="application/edi-x12").json()
    moved = LedgerTransfer.objects.count()
    again = biller.post("/api/exchange/remittances?name=renamed", text, content_type="application/edi-x12").json()
    assert first[0]["remittance_id"] == again[0]["remittance_id"] and first[0]["posted"] == 1
    assert LedgerTransfer.objects.count() == moved
    assert biller.get(f"/api/billing/claims/{ready.id}").json()["state"] == "paid"
    assert biller.get("/api/billing/ledger").json()["difference"] == 0
    margin = biller.get(f"/api/billing/margins/{ready.therapy_id}").json()
    assert margin["paid_cents"] == ready.expected_cents


def test_who_may_not_send_or_post_is_refused_and_nothing_moves(
    ready: billing.ClaimFact, client: Client, account: Callable[..., Any],
) -> None:
    client.force_login(account(Role.NURSE))
    assert client.post("/exchange/claim-files/send/").status_code == 409
    assert client.get("/billing/").status_code == 403
    assert client.post("/api/exchange/claim-files", "{}", content_type="application/json").status_code == 403
    assert client.post("/api/exchange/remittances", "ISA", content_type="text/plain").status_code == 403
    assert (ClaimFileSent.objects.count(), billing.claim(ready.id).state) == (0, "ready")


def test_control_numbers_never_repeat(ready: billing.ClaimFact, thread: Any) -> None:
    exchange.send_ready_claims(by=thread.biller)
    uploaded(thread)
    billing_claim = billing.claim(ready.id)
    text = exchange.simulated_remittance([ready.id], trace="N", paid_on=today("America/Chicago"), fates={ready.control: exchange.Fate.DENIED})
    exchange.receive_remittance(name="n", data=text.encode(), by=thread.biller)
    billing.advance_claim(claim_id=billing_claim.id, step="correct", by=thread.biller)
    billing.check_again(claim_id=billing_claim.id, by=thread.biller)
    exchange.send_ready_claims(by=thread.biller)
    assert sorted(ClaimFileSent.objects.values_list("control", flat=True)) == [1, 2]
