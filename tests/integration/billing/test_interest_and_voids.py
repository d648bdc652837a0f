# SPDX-License-Identifier: Apache-2.0
"""Interest told at a claim is posted once, tied to it; a void is recorded when its reversal is posted."""
from __future__ import annotations

from decimal import Decimal

from tests.integration.billing.conftest import Cash, reversed_835, with_segments

from openinfusion.billing import public as billing
from openinfusion.billing.models import LedgerTransfer, Remittance
from openinfusion.exchange import public as exchange
from openinfusion.exchange.public import Fate


def dollars(cents: int) -> str:
    return f"{Decimal(cents) / 100:f}"


def told(text: str, interest: str, *more: str, amount: int) -> str:
    """The 835 with AMT*I at its claim, before its first line, and further segments at its end."""
    lines = text.split("~\n")
    at = next(n for n, line in enumerate(lines) if line.startswith("SVC*"))
    lines[at:at] = [f"AMT*I*{interest}"]
    lines = [f"SE*{int(x.split('*')[1]) + 1}*0001" if x.startswith("SE*") else x for x in lines]
    return with_segments("~\n".join(lines), *more, amount=dollars(amount))


def interest_of(cash: Cash) -> tuple[int, list[object]]:
    rows = LedgerTransfer.objects.filter(credit="interest")
    return sum(r.cents for r in rows), [r.about_id for r in rows]


def test_interest_told_at_the_claim_alone_is_posted_and_the_payment_balances(cash: Cash) -> None:
    paid = cash.claim.expected_cents
    kept = cash.answer(Fate.PAID, change=lambda t: told(t, "4.56", amount=paid + 456))
    row = Remittance.objects.get(pk=kept)
    assert (row.gap_cents, row.findings) == (0, [])
    assert interest_of(cash) == (456, [cash.claim_id])
    assert cash.accounts()["cash"] == paid + 456 and cash.claim.paid_cents == paid
    assert cash.post(cash.texts[0], "again") == kept and interest_of(cash)[0] == 456


def test_interest_told_twice_is_posted_once_and_tied_to_the_claim(cash: Cash) -> None:
    paid = cash.claim.expected_cents
    cash.answer(Fate.PAID, change=lambda t: told(t, "4.56", "PLB*1999999984*20261231*L6*-4.56", amount=paid + 456))
    assert Remittance.objects.get().gap_cents == 0
    assert interest_of(cash) == (456, [cash.claim_id])


def test_interest_that_does_not_agree_is_named_and_nothing_is_guessed(cash: Cash) -> None:
    paid = cash.claim.expected_cents
    cash.answer(Fate.PAID, change=lambda t: told(t, "4.56", "PLB*1999999984*20261231*L6*-3", amount=paid + 300))
    row = Remittance.objects.get()
    assert row.gap_cents == 0 and any("tell $4.56 of interest" in f for f in row.findings), row.findings
    assert interest_of(cash) == (300, [None])
    cash.accounts()


def test_a_posted_reversal_voids_the_claim_that_was_asked_to_be_voided(cash: Cash) -> None:
    cash.answer(Fate.PAID)
    billing.advance_claim(claim_id=cash.claim_id, step="void", reason="billed to the wrong payer", by=cash.biller)
    billing.check_again(claim_id=cash.claim_id, by=cash.biller)
    exchange.send_ready_claims(by=cash.biller)
    (file,) = exchange.transmissions("queued")
    exchange.decide_transmission(transmission_id=file.id, step="by_hand", by=cash.biller)
    assert cash.claim.state == "submitted" and cash.claim.paid_cents > 0
    cash.post(reversed_835(cash.texts[0], "T2"))
    assert (cash.claim.state, cash.claim.paid_cents, cash.claim.open_cents) == ("voided", 0, 0)
    accounts = cash.accounts()
    assert accounts["receivable"] == accounts["revenue"] == accounts["cash"] == 0
    cash.post(reversed_835(cash.texts[0], "T2"), "again")
    assert cash.claim.state == "voided"
