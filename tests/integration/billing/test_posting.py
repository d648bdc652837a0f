# SPDX-License-Identifier: Apache-2.0
"""Posting: provider adjustments on their own accounts, payments taken back, replays, suspense, deposits, underpayments."""
from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from tests.integration.billing.conftest import ZONE, Cash, reversed_835, with_segments

from openinfusion.billing import public as billing
from openinfusion.billing.models import Denial, LedgerTransfer, Remittance, RemittanceClaim, Underpayment
from openinfusion.exchange.public import Fate
from openinfusion.kernel.money import Money
from openinfusion.kernel.refusal import Malformed, Refused
from openinfusion.platform.clock import today


def dollars(cents: int) -> str:
    return f"{Decimal(cents) / 100:f}"


def test_what_a_payer_adds_or_keeps_stands_on_its_own_account_tied_to_the_claim_it_names(cash: Cash) -> None:
    paid = cash.claim.expected_cents
    plb = f"PLB*1999999984*20261231*L6:{cash.claim.control}*-12.34*WO:{cash.claim.control} X*50*FB*-7*ZZ*1"
    kept = cash.answer(Fate.PAID, change=lambda t: with_segments(t, plb, amount=dollars(paid + 1234 - 5000 + 700 - 100)))
    a = cash.accounts()
    assert (a["interest"], a["payer_recovery"], a["forward_balance"]) == (-1234, 5000, -700)
    assert a["unapplied"] == 100, "an unknown reason waits"
    assert a["cash"] == Remittance.objects.get(pk=kept).cents == paid + 1234 - 5000 + 700 - 100
    tied = LedgerTransfer.objects.filter(kind="provider_adjustment", about_id=cash.claim_id)
    assert {t.debit for t in tied} | {t.credit for t in tied} == {"cash", "interest", "payer_recovery"}
    assert cash.claim.paid_cents == paid, "the claim's own balance is untouched"
    assert any("ZZ is not in our table" in f for f in Remittance.objects.get(pk=kept).findings)


def test_a_payment_taken_from_our_account_lowers_cash(cash: Cash) -> None:
    plb = f"PLB*1999999984*20261231*WO*{dollars(cash.claim.expected_cents + 5000)}"
    cash.answer(Fate.PAID, change=lambda t: with_segments(t, plb, amount="50", direction="D"))
    assert cash.accounts()["cash"] == -5000
    assert Remittance.objects.get().gap_cents == 0


def test_a_reversal_is_paired_with_the_answer_it_takes_back_once(cash: Cash) -> None:
    cash.answer(Fate.COINSURANCE)
    first = RemittanceClaim.objects.get()
    cash.post(reversed_835(cash.texts[0], "T2"))
    back = RemittanceClaim.objects.get(status="22")
    assert (back.outcome, back.reverses_id) == ("reversed", first.id)
    assert cash.claim.state == "accepted" and cash.claim.open_cents == cash.claim.charge_cents and cash.claim.patient_cents == 0
    cash.post(reversed_835(cash.texts[0], "T3"))
    third = RemittanceClaim.objects.filter(status="22").latest("made_at")
    assert third.outcome == "suspended" and "no posted answer" in third.findings[0]
    with pytest.raises(IntegrityError, match="answer_reversed_once"), transaction.atomic():
        RemittanceClaim.objects.filter(pk=third.pk).update(reverses=first, outcome="reversed")
    cash.accounts()


def test_reversal_and_correction_in_one_file_post_one_after_the_other(cash: Cash) -> None:
    cash.answer(Fate.DENIED)
    assert Denial.objects.filter(is_open=True).exists()
    paid = cash.claim.expected_cents
    again = cash.answer(Fate.PAID, trace="T2", change=lambda t: _both(cash.texts[0], t))
    assert Remittance.objects.get(pk=again).suspended == 0
    assert (cash.claim.state, cash.claim.paid_cents, cash.claim.open_cents) == ("paid", paid, 0)
    assert not Denial.objects.filter(is_open=True).exists()
    assert {d.outcome for d in Denial.objects.all()} == {"answered again"}


def _both(old: str, new: str) -> str:
    """The reversal of the old answer, then the new one, in one payment."""
    def claims(text: str) -> list[str]:
        lines = text.split("~\n")
        first = next(n for n, line in enumerate(lines) if line.startswith("CLP*"))
        last = next(n for n, line in enumerate(lines) if line.startswith("SE*"))
        return lines[first:last]

    lines = new.split("~\n")
    at = next(n for n, line in enumerate(lines) if line.startswith("CLP*"))
    taken = claims(reversed_835(old, "T1"))
    lines[at:at] = taken
    return "~\n".join(f"SE*{int(x.split('*')[1]) + len(taken)}*0001" if x.startswith("SE*") else x for x in lines)


def test_any_835_replayed_any_number_of_times_posts_once(cash: Cash) -> None:
    kept = cash.answer(Fate.COINSURANCE)
    before = (LedgerTransfer.objects.count(), cash.accounts())
    text = cash.texts[0]
    ways = [text, text.replace("~\n", "~"), text.replace("*000000001*0*T*", "*000000042*0*T*").replace("IEA*1*000000001", "IEA*1*000000042"),
            text.replace("*", "|"), text.replace("PER*BL*PROVIDER SERVICES", "PER*BL*SOMEBODY ELSE"), text.replace("LX*1", "LX*7")]
    for n, way in enumerate(ways * 2):
        assert cash.post(way, f"name{n}.txt") == kept
    assert (LedgerTransfer.objects.count(), cash.accounts()) == before
    assert Remittance.objects.count() == RemittanceClaim.objects.count() == 1
    row = RemittanceClaim.objects.get()
    row.id = None  # type: ignore[assignment]
    from openinfusion.kernel.ids import new_id

    row.id = new_id()
    with pytest.raises(IntegrityError, match="remitted_claim_once"), transaction.atomic():
        row.save(force_insert=True)


def test_what_is_not_found_goes_to_suspense_with_a_reason_and_may_be_placed_later(cash: Cash) -> None:
    control, paid = cash.claim.control, cash.claim.expected_cents
    cash.answer(Fate.PAID, change=lambda t: t.replace(f"CLP*{control}", "CLP*NOBODY").replace("MBR0001", "OTHER"))
    (row,) = RemittanceClaim.objects.all()
    with pytest.raises(Malformed, match="say why"):
        billing.park_suspended(remitted_id=row.id, reason=" ", by=cash.biller)
    billing.park_suspended(remitted_id=row.id, reason="asked the payer", by=cash.biller)
    assert (cash.accounts()["unapplied"], cash.accounts()["suspense"]) == (0, -paid)
    with pytest.raises(Refused, match="in suspense already"):
        billing.park_suspended(remitted_id=row.id, reason="again", by=cash.biller)
    billing.post_suspended(remitted_id=row.id, claim_control=control, reason="the payer says so", by=cash.biller)
    a = cash.accounts()
    assert (a["unapplied"], a["suspense"], a["cash"], cash.claim.state) == (0, 0, paid, "paid")


def test_a_line_below_the_contract_is_found_at_posting_and_worked(cash: Cash) -> None:
    control = next(line.control for line in cash.claim.lines if line.kind == "per_diem")

    def less(text: str) -> str:
        """Ten dollars less for the per diem, as contract adjustment, the payment too."""
        lines, inside = text.split("~\n"), []
        for n, line in enumerate(lines):
            e = line.split("*")
            if e[0] == "SVC":
                inside = [n]
            if e[0] == "CAS" and inside:
                inside.append(n)
            if line == f"REF*6R*{control}":
                svc, cas = lines[inside[0]].split("*"), lines[inside[1]].split("*")
                svc[3], cas[3] = dollars(_c(svc[3]) - 1000), dollars(_c(cas[3]) + 1000)
                lines[inside[0]], lines[inside[1]] = "*".join(svc), "*".join(cas)
        for n, line in enumerate(lines):
            e = line.split("*")
            if e[0] == "CLP":
                e[4] = dollars(_c(e[4]) - 1000)
            if e[0] == "BPR":
                e[2] = dollars(_c(e[2]) - 1000)
            lines[n] = "*".join(e)
        return "~\n".join(lines)

    cash.answer(Fate.PAID, change=less)
    (short,) = Underpayment.objects.all()
    assert (short.cents, short.line.control, cash.claim.open_cents) == (1000, control, 0)
    with pytest.raises(Refused, match="needs a reason"):
        billing.advance_underpayment(underpayment_id=short.id, step="dispute", by=cash.biller)
    billing.advance_underpayment(underpayment_id=short.id, step="dispute", reason="letter sent", by=cash.biller)
    cash.post(reversed_835(cash.texts[0], "T2"))
    assert Underpayment.objects.get().state == "answered_again"


def _c(text: str) -> int:
    return int(Decimal(text) * 100)


def test_a_deposit_matches_by_its_trace_and_what_is_left_is_explained(cash: Cash) -> None:
    kept = cash.answer(Fate.PAID)
    paid = Remittance.objects.get(pk=kept)
    one = billing.DepositIn(today(ZONE), paid.cents, "eft", "T1", "Meridian", "k1")
    assert billing.record_deposits(deposits=[one], by=cash.biller) == 1
    assert billing.record_deposits(deposits=[one], by=cash.biller) == 0, "imported twice, taken once"
    paid.refresh_from_db()
    assert paid.deposit is not None
    billing.unmatch_deposit(remittance_id=kept, reason="wrong one", by=cash.biller)
    other = billing.DepositIn(today(ZONE), paid.cents - 1, "check", "", "", "k2")
    billing.record_deposits(deposits=[other], by=cash.biller)
    from openinfusion.billing.models import Deposit

    less = Deposit.objects.get(source_key="k2")
    with pytest.raises(Refused, match="not matched yet"):
        billing.match_deposit(deposit_id=less.id, remittance_id=kept, by=cash.biller)
    billing.match_deposit(deposit_id=Deposit.objects.get(source_key="k1").id, remittance_id=kept, by=cash.biller)
    billing.explain_deposit(deposit_id=less.id, text="patients' checks of the week", by=cash.biller)
    with pytest.raises(Malformed):
        billing.record_deposits(deposits=[billing.DepositIn(today(ZONE), 0, "eft")], by=cash.biller)


def test_the_payment_page_shows_what_stood_beside_the_claims(cash: Cash, browse: Any) -> None:
    plb = f"PLB*1999999984*20261231*L6:{cash.claim.control}*-10"
    amount = dollars(cash.claim.expected_cents + 1000)
    kept = cash.answer(Fate.PAID, change=lambda t: with_segments(t, plb, amount=amount))
    page = browse(cash.biller).get(f"/billing/remittances/{kept}/").content.decode()
    assert "Interest on a late payment" in page and "not arrived yet" in page and str(Money(1000)) in page
