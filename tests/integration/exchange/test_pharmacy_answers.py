# SPDX-License-Identifier: Apache-2.0
"""A processor's answers come in by the same inbox: taken, rejected, reversed; what fits no claim is left for a person."""
from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from openinfusion.billing import public as billing
from openinfusion.billing.models import Claim, ClaimLine
from openinfusion.exchange import jobs
from openinfusion.exchange import public as exchange
from openinfusion.exchange.adapters.simulated import Simulated
from openinfusion.exchange.domain.ncpdp.claim import billing as bill
from openinfusion.exchange.domain.ncpdp.claim import reversal, rx_reference
from openinfusion.exchange.domain.ncpdp.message import write_message
from openinfusion.exchange.domain.simulated.processor import processed
from openinfusion.exchange.models import InboundFile, Transmission
from openinfusion.exchange.queries.pharmacy_claims import pharmacy_claims
from openinfusion.kernel.refusal import Malformed
from openinfusion.payers import public as payers

PAYS = exchange.Temper(claims_rejected_by_payer=0)
REJECTS = exchange.Temper(claims_rejected_by_payer=100)


@pytest.fixture
def sent(thread: Any) -> billing.ClaimFact:
    """A claim of a drug alone that went to the processor of a pharmacy benefit."""
    from openinfusion.billing.actions.day_lines import drop_days
    from openinfusion.billing.models import PerDiemDay

    thread.delivered()
    thread.bench.tell()
    plan = next(p for p in payers.plans() if p.benefit == "pharmacy")
    drop_days(PerDiemDay.objects.select_related("line", "line__claim"))
    Claim.objects.update(form="NCPDP", plan_id=plan.id, payer_name=plan.payer_name, holds=[], submitted_at=timezone.now())
    for state in ("ready", "queued", "submitted"):
        if Claim.objects.get().state != state:
            Claim.objects.update(state=state)
    return billing.claim(Claim.objects.get().id)


def asked(claim: billing.ClaimFact, make: Any = bill) -> str:
    (one,) = pharmacy_claims([claim])
    assert not one.faults
    return "\n".join(write_message(make(m)) for m in one.messages) + "\n"


def take(thread: Any, text: str, name: str = "answer.d0") -> InboundFile:
    return InboundFile.objects.get(id=exchange.receive_file(name=name, data=text.encode("latin-1"), by=thread.biller))


def test_a_paid_answer_makes_the_claim_accepted_with_its_number_and_moves_no_money(thread: Any, sent: billing.ClaimFact) -> None:
    before = billing.ledger_accounts().accounts
    row = take(thread, processed(asked(sent), PAYS))
    assert (row.kinds, row.outcome) == (["NCPDP"], "taken"), row.said
    now = billing.claim(sent.id)
    assert now.state == "accepted" and now.payer_control.startswith("AUTH")
    assert "to come" in row.said[0] and "the patient pays 10.00" in row.said[0]
    assert billing.ledger_accounts().accounts == before
    again = take(thread, processed(asked(sent), PAYS).replace("\x1cANP", "\x1cAND"), "dup")
    assert again.outcome == "taken" and "it was paid before" in again.said[0]
    assert billing.claim(sent.id).state == "accepted"


def test_captured_is_accepted_without_an_amount(thread: Any, sent: billing.ClaimFact) -> None:
    row = take(thread, processed(asked(sent), PAYS).replace("\x1cANP", "\x1cANC").split("\x1e\x1cAM23")[0] + "\n")
    assert "captured, to be judged later" in row.said[0] and "to come" not in row.said[0]
    assert billing.claim(sent.id).state == "accepted"


def test_a_rejection_says_why_and_the_claim_is_corrected(thread: Any, sent: billing.ClaimFact) -> None:
    row = take(thread, processed(asked(sent), REJECTS))
    assert row.outcome == "taken" and "a prior authorization is needed (75)" in row.said[0] and "CALL THE PLAN" in row.said[0]
    assert billing.claim(sent.id).state == "rejected"


def test_an_answer_to_nothing_of_ours_or_of_an_unknown_status_is_left(thread: Any, sent: billing.ClaimFact) -> None:
    text = processed(asked(sent), PAYS)
    line = ClaimLine.objects.filter(kind="drug").get()
    stranger = take(thread, text.replace(f"D2{rx_reference(line.rx_number)}", "D2000000000001"))
    assert stranger.outcome == "left" and "no claim of ours" in stranger.said[0]
    odd = take(thread, text.replace("\x1cANP", "\x1cANX"))
    assert odd.outcome == "left" and "status X" in odd.said[0]
    broken = text.replace(f"{sent.first_on:%Y%m%d}", "2026AB01", 1)
    assert "not a day" in take(thread, broken).said[0]
    assert billing.claim(sent.id).state == "submitted"


def test_an_approved_reversal_voids_the_claim_that_asked_for_it(thread: Any, sent: billing.ClaimFact) -> None:
    unasked = take(thread, processed(asked(sent, reversal), PAYS), "unasked")
    assert unasked.outcome == "left" and "no reversal of it was asked for" in unasked.said[0]
    Claim.objects.update(frequency="8", payer_control="AUTH1")
    row = take(thread, "\n" + processed(asked(sent, reversal), PAYS), "void")
    assert row.outcome == "taken" and "it is voided" in row.said[0]
    assert billing.claim(sent.id).state == "voided"
    assert "voided before" in take(thread, "\r\n" + processed(asked(sent, reversal), PAYS), "again").said[0]


def test_framed_answers_are_read_and_a_file_of_neither_kind_is_refused(thread: Any, sent: billing.ClaimFact) -> None:
    body = processed(asked(sent), PAYS).rstrip("\n")
    row = take(thread, f"\x0200T0000001\x03\x02G1{'0' * 10}{body}\x03\x0299\x03")
    assert row.outcome == "taken" and billing.claim(sent.id).state == "accepted"
    with pytest.raises(Malformed):
        exchange.receive_file(name="x", data=b"nothing of ours", by=thread.biller)


def test_the_demonstrations_house_answers_pharmacy_claims_too(sent: billing.ClaimFact, tmp_path: Any, monkeypatch: Any) -> None:
    house = Simulated(tmp_path, exchange.House(PAYS))
    house.put("b1.txt", asked(sent).encode())
    assert house.incoming() == []
    later = timezone.now() + timedelta(hours=1)
    monkeypatch.setattr("openinfusion.exchange.adapters.simulated.now", lambda: later)
    (name,) = house.incoming()
    assert name.endswith(".NCPDP") and b"AUTH" in house.take(name)


def test_paper_is_mailed_by_a_person_and_never_by_the_job(thread: Any, scope: Any) -> None:
    from openinfusion.platform.permissions import system_actor

    thread.delivered()
    found = Claim.objects.get()
    thread.sign_plan(found.therapy_id)
    thread.bench.tell()
    Claim.objects.update(form="CMS1500")
    exchange.send_ready_claims(by=thread.biller)
    file = Transmission.objects.get()
    assert (file.kind, file.receiver, file.name[-4:]) == ("CMS1500", "PAPER", ".pdf")
    jobs.empty_outbox(by=system_actor(scope))
    file.refresh_from_db()
    assert file.state == "queued"
    rows = exchange.waiting(thread.biller).rows
    assert any("print it and mail it" in w.missing for w in rows)
    exchange.decide_transmission(transmission_id=file.id, step="by_hand", by=thread.biller)
    assert billing.claim(found.id).state == "submitted"
