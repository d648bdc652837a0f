# SPDX-License-Identifier: Apache-2.0
"""The pages of money: each shows its empty state and its rows, and every form does one thing."""
from __future__ import annotations

from typing import Any

import pytest
from tests.integration.billing.conftest import Cash

from openinfusion.billing import public as billing
from openinfusion.billing.models import Denial
from openinfusion.exchange.public import Fate

PAGES = ("denials/", "underpayments/", "deposits/", "adjustments/", "patients/", "months/", "remittances/", "ledger/")
TABLES = ("denials.csv", "underpayments.csv", "deposits.csv", "adjustments.csv", "patients.csv", "ledger.csv")


@pytest.fixture
def denied(cash: Cash) -> Denial:
    """A claim of the thread, wholly denied."""
    cash.answer(Fate.DENIED)
    return Denial.objects.filter(claim_id=cash.claim_id).order_by("id")[0]


def test_every_page_and_table_opens_empty(thread: Any, browse: Any) -> None:
    client = browse(thread.biller)
    for path in (*PAGES, *TABLES):
        assert client.get(f"/billing/{path}").status_code == 200, path


def test_a_denial_is_taken_on_appealed_with_a_packet_upheld_and_written_off(thread: Any, browse: Any, denied: Denial) -> None:
    client, url = browse(thread.biller), f"/billing/denials/{denied.id}/"
    page = client.get("/billing/denials/").content.decode()
    assert str(denied) in page and "may be hoped for" in page
    assert "Take it on" in client.get(url).content.decode()
    assert client.post(f"{url}take/").status_code == 302
    assert "Appeal" in client.get(url).content.decode()
    assert client.post(f"{url}appeal/", {"sent_by": "fax"}).status_code == 409  # nothing is prepared
    letter = "The guideline supports it; the enclosed record shows the order and the proof of delivery."
    assert client.post(f"{url}appeal-packet/", {"letter": letter}).status_code == 302
    page = client.get(url).content.decode()
    packet = page.split('href="/billing/appeals/')[1].split('"')[0]
    paper = client.get(f"/billing/appeals/{packet}")
    assert paper["Content-Type"] == "application/pdf" and paper.content[:4] == b"%PDF"
    assert "Proof of delivery" in page and "Prescription" in page
    assert client.post(f"{url}appeal/", {}).status_code == 422  # how it was sent
    assert client.post(f"{url}appeal/", {"sent_by": "fax 555-0100"}).status_code == 302
    assert billing.claim(denied.claim_id).state == "appealed"
    assert client.post(f"{url}uphold/", {"reason": "they stand by it"}).status_code == 302
    assert "File the second appeal" in client.get(url).content.decode()
    claim = billing.claim(denied.claim_id)
    money = f"/billing/claims/{claim.id}/money/"
    assert "Write off" in client.get(money).content.decode()
    asked = {"side": "payer", "amount": str(claim.open_cents / 100), "reason_code": "appeals_exhausted", "note": "two appeals"}
    assert client.post(f"/billing/claims/{claim.id}/write-off/", asked).status_code == 302
    for path in PAGES:
        assert client.get(f"/billing/{path}?all=1").status_code == 200
    for path in TABLES:
        assert client.get(f"/billing/{path}?all=1").status_code == 200
