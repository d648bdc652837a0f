# SPDX-License-Identifier: Apache-2.0
"""The next payer, a corrected and a void claim, other forms: paper, institutional, the pharmacy benefit; where claims stand."""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from openinfusion.billing import jobs
from openinfusion.billing import public as billing
from openinfusion.billing.actions.recount import recount
from openinfusion.billing.domain.claim_form import form_for
from openinfusion.billing.domain.remittance import AdjustmentIn, ClaimIn, LineIn
from openinfusion.billing.domain.secondary import this_payers
from openinfusion.billing.models import Claim, ClaimLine, ClaimSent
from openinfusion.exchange import public as exchange
from openinfusion.exchange.actions.standing import ask_standing
from openinfusion.exchange.adapters.structure import judged
from openinfusion.exchange.domain.ncpdp.message import read_message
from openinfusion.exchange.domain.paper import paper_pages
from openinfusion.exchange.models import Transmission
from openinfusion.exchange.public import Fate
from openinfusion.exchange.queries import claims_out
from openinfusion.kernel.money import Money
from openinfusion.kernel.refusal import Malformed, Refused
from openinfusion.kernel.roles import Role
from openinfusion.patients import public as patients
from openinfusion.payers import public as payers
from openinfusion.platform.clock import today
from openinfusion.platform.files import open_file
from openinfusion.platform.permissions import system_actor

HERE = "America/Chicago"


@pytest.fixture
def claim(thread: Any) -> billing.ClaimFact:
    thread.delivered()
    found = billing.claims_of(Claim.objects.get().therapy_id)[0]
    thread.sign_plan(found.therapy_id)
    thread.bench.tell()
    return billing.claim(found.id)


def out(thread: Any) -> str:
    """Everything ready leaves; the text of the last file."""
    exchange.send_ready_claims(by=thread.biller)
    for file in exchange.transmissions("queued"):
        exchange.decide_transmission(transmission_id=file.id, step="by_hand", by=thread.biller)
    return open_file(exchange.transmissions()[0].file_id).data.decode()


def answer(thread: Any, claim_id: Any, fate: Fate, trace: str) -> None:
    fates = {billing.claim(claim_id).control: fate}
    text = exchange.simulated_remittance([claim_id], trace=trace, paid_on=today(HERE), fates=fates)
    exchange.receive_file(name=f"{trace}.835", data=text.encode(), by=thread.biller)


def second_coverage(thread: Any) -> None:
    plan = next(p for p in payers.plans() if p.code == "harborview_ma")
    patients.record_coverage(
        patient_id=thread.bench.patient_id, plan_id=plan.id, member_id="SEC0002", rank=2, first=today(HERE) - timedelta(days=100),
        by=thread.bench.intake,
    )


def test_what_the_first_payer_leaves_goes_to_the_next_with_the_first_ones_answer(
    thread: Any, claim: billing.ClaimFact, scope: Any,
) -> None:
    second_coverage(thread)
    out(thread)
    answer(thread, claim.id, Fate.COINSURANCE, "T1")
    share = billing.claim(claim.id).patient_cents
    assert jobs.bill_next_payers(by=system_actor(scope)) == 1 and jobs.bill_next_payers(by=system_actor(scope)) == 0
    first, next_ = billing.claim(claim.id), Claim.objects.get(primary_id=claim.id)
    assert (first.state, first.patient_cents, next_.rank, next_.share_cents) == ("secondary", 0, "S", share)
    assert share == next_.open_cents > 0 and next_.member_id == "SEC0002"
    assert billing.ledger_balance() == Money(0)
    assert billing.open_secondary(claim_id=claim.id, by=thread.biller) == next_.id
    assert Claim.objects.count() == 2
    assert next_.state == "ready", next_.holds
    text = out(thread)
    assert "SBR*S*18" in text and "SBR*P*18" in text and "SVD*FICT1*" in text and "CAS*PR*2*" in text
    assert judged(text).accepted
    charged = billing.ledger_accounts().accounts["revenue"]
    assert -charged == claim.charge_cents  # carried over, not charged twice


def test_an_answer_of_the_next_payer_counts_only_its_own_part() -> None:
    line = LineIn("S9500", (), 1000, 150, adjustments=(AdjustmentIn("OA", "23", 800), AdjustmentIn("PR", "2", 50)))
    said = ClaimIn("OI1", "2", 1000, 150, 50, "X", adjustments=(AdjustmentIn("OA", "23", 0),), lines=(line,))
    own = this_payers(said, "S")
    assert own.adjustments == () and [a.carc for a in own.lines[0].adjustments] == ["2"]
    assert this_payers(said, "P") is said


def test_without_a_next_payer_or_an_answer_nothing_is_opened(thread: Any, claim: billing.ClaimFact, scope: Any) -> None:
    with pytest.raises(Refused, match="answer is not posted"):
        billing.open_secondary(claim_id=claim.id, by=thread.biller)
    out(thread)
    answer(thread, claim.id, Fate.COINSURANCE, "T1")
    with pytest.raises(Refused, match="no further payer"):
        billing.open_secondary(claim_id=claim.id, by=thread.biller)
    assert jobs.bill_next_payers(by=system_actor(scope)) == 0
    assert billing.claim(claim.id).state == "paid" and Claim.objects.count() == 1


def test_a_corrected_claim_names_the_payers_number_and_the_first_one_is_kept(
    thread: Any, claim: billing.ClaimFact, client: Client, account: Callable[..., Any],
) -> None:
    out(thread)
    answer(thread, claim.id, Fate.PAID, "T1")
    number = billing.claim(claim.id).payer_control
    billing.advance_claim(claim_id=claim.id, step="correct", reason="two units less", by=thread.biller)
    ClaimLine.objects.filter(claim_id=claim.id, kind="drug").update(units=50)
    recount(claim_id=claim.id, by=thread.biller)
    text = out(thread)
    assert f"REF*F8*{number}" in text and ":7*" in text
    assert list(ClaimSent.objects.order_by("number").values_list("number", "frequency")) == [(1, "1"), (2, "7")]
    assert sum(t for t in [billing.ledger_accounts().accounts["revenue"]]) == -claim.charge_cents
    client.force_login(account(Role.BILLER))
    assert "replacement, 837P" in client.get(f"/billing/claims/{claim.id}/").content.decode()


def test_a_void_claim_goes_as_eight_and_waits_for_the_money_to_go_back(thread: Any, claim: billing.ClaimFact) -> None:
    with pytest.raises(Refused, match="not possible"):
        billing.advance_claim(claim_id=claim.id, step="void", reason="x", by=thread.biller)
    out(thread)
    answer(thread, claim.id, Fate.PAID, "T1")
    billing.advance_claim(claim_id=claim.id, step="void", reason="billed to the wrong payer", by=thread.biller)
    billing.check_again(claim_id=claim.id, by=thread.biller)
    assert billing.claim(claim.id).state == "ready"
    assert ":8*" in out(thread)
    with pytest.raises(Refused, match="own|answered by files"):
        billing.advance_claim(claim_id=claim.id, step="voided", by=thread.biller)


def test_on_paper_six_lines_stand_on_a_sheet_and_the_sum_on_the_last(
    thread: Any, claim: billing.ClaimFact, client: Client, account: Callable[..., Any],
) -> None:
    client.force_login(account(Role.BILLER))
    page = client.get(f"/exchange/claims/{claim.id}/paper.pdf")
    assert page.status_code == 200 and page.content.startswith(b"%PDF")
    (one,) = claims_out([claim])
    many = replace(one, lines=tuple(replace(one.lines[0], control=f"L{n}") for n in range(8)), charge=one.lines[0].charge * 8)
    first, last = paper_pages(many)
    assert (len(first.lines), len(last.lines), first.boxes["28"]) == (6, 2, "CONTINUED")
    assert last.boxes["28"] == f"{many.charge:.2f}" and Decimal(first.total) + Decimal(last.total) == many.charge
    assert first.lines[0].shaded.startswith("N4") and first.boxes["26"] == claim.control
    with pytest.raises(Malformed, match="nothing to bill"):
        paper_pages(replace(one, lines=()))


def test_an_institutional_claim_is_written_and_accepted_by_the_validator(thread: Any, claim: billing.ClaimFact) -> None:
    Claim.objects.update(form="837I")
    text = out(thread)
    assert "005010X223A2" in text and "SV2*0636" in text and "SV2*0640" in text
    assert judged(text).accepted, judged(text).faults
    with pytest.raises(Malformed, match="UB-04"):
        paper_pages(claims_out([billing.claim(claim.id)])[0])


def test_the_pharmacy_benefit_goes_as_ncpdp_and_bills_drugs_only(thread: Any, claim: billing.ClaimFact) -> None:
    assert (form_for("by_benefit", "pharmacy"), form_for("", "medical"), form_for("837I", "pharmacy")) == ("NCPDP", "837P", "837I")
    plan = next(p for p in payers.plans() if p.benefit == "pharmacy")
    Claim.objects.update(form="NCPDP", plan_id=plan.id)
    with pytest.raises(Refused, match="drugs only"):
        exchange.send_ready_claims(by=thread.biller)
    from openinfusion.billing.actions.day_lines import drop_days
    from openinfusion.billing.models import PerDiemDay

    drop_days(PerDiemDay.objects.select_related("line", "line__claim"))
    Claim.objects.update(plan_id=plan.id, payer_name=plan.payer_name, holds=[])
    text = out_of(thread)
    message = read_message(text.rstrip("\n"))
    assert (message.version, message.code) == ("D0", "B1")
    drug = ClaimLine.objects.get(kind="drug")
    (rx,) = message.segments("07")
    fields = dict(rx.fields)
    assert fields["D7"] == drug.ndc and fields["D5"] == "007" and fields["U7"] == "3"
    assert Transmission.objects.get().receiver == "BIN999999"


def out_of(thread: Any) -> str:
    """What would be written, without the scrub: the plan was changed by hand in this test."""
    from openinfusion.billing.public import ready_claims
    from openinfusion.exchange.actions.transmit import queue_file
    from openinfusion.exchange.actions.x12_send import _pharmacy
    from openinfusion.platform.action import action
    from openinfusion.platform.files import store
    from openinfusion.platform.journal import write

    ((part, faults),) = _pharmacy(ready_claims())
    assert not faults

    @action
    def queue(*, by: Any) -> Any:
        data = part.text.encode()
        made = queue_file(kind="NCPDP", receiver="BIN999999", control=1, name="b1", data=data,
                          file_id=store("b1", data, "text/plain", by), by=by)
        write(by, "exchange.test", Transmission.objects.get(id=made), "{actor} tested.")
        return made

    queue(by=thread.biller)
    return part.text


def test_a_claim_without_an_answer_is_asked_about_once_a_week(
    thread: Any, claim: billing.ClaimFact, client: Client, account: Callable[..., Any],
) -> None:
    with pytest.raises(Refused, match="waited long enough"):
        ask_standing(by=thread.biller)
    out(thread)
    client.force_login(account(Role.BILLER))
    assert client.post(f"/exchange/claims/{claim.id}/standing/").status_code == 302
    asked = Transmission.objects.get(kind="276")
    text = open_file(asked.file_id).data.decode()
    assert f"TRN*1*{claim.control}" in text
    assert client.post(f"/exchange/claims/{claim.id}/standing/").status_code == 409
    from openinfusion.platform.clock import now

    house = exchange.House(exchange.Temper(files_rejected=0, unanswered=0))
    (said,) = [r.text for r in exchange.replies(text, house, now()) if r.kind == "277"]
    exchange.receive_file(name="a.277", data=said.encode(), by=thread.biller)
    page = client.get(f"/billing/claims/{claim.id}/").content.decode()
    assert "read where claim" in page


def test_a_void_is_recorded_when_the_money_is_back_and_the_delivery_may_be_charged_again(
    thread: Any, claim: billing.ClaimFact, client: Client, account: Callable[..., Any],
) -> None:
    out(thread)
    answer(thread, claim.id, Fate.DENIED, "T1")
    billing.advance_claim(claim_id=claim.id, step="void", reason="billed to the wrong payer", by=thread.biller)
    billing.check_again(claim_id=claim.id, by=thread.biller)
    out(thread)
    client.force_login(account(Role.BILLER))
    assert client.post(f"/billing/claims/{claim.id}/record-void/").status_code == 302
    gone = billing.claim(claim.id)
    assert (gone.state, gone.open_cents) == ("voided", 0) and billing.ledger_accounts().accounts["receivable"] == 0
    ticket = ClaimLine.objects.filter(kind="drug").get().source_id
    assert "not charged" in client.get("/billing/unbilled/").content.decode()
    assert client.post(f"/billing/deliveries/{ticket}/charge/").status_code == 302
    again = Claim.objects.exclude(id=claim.id).get()
    assert again.charge_cents == claim.charge_cents and again.state == "ready"


def test_a_rented_pump_is_charged_by_the_month_with_its_marks() -> None:
    from datetime import date

    from openinfusion.billing.domain.rental import next_month, rental_code

    first = next_month(0, date(2026, 1, 31))
    assert first is not None and (first.number, first.last, first.marks) == (1, date(2026, 2, 27), ("RR", "KH"))
    assert [m.marks[1] for n in (1, 2, 3, 12) if (m := next_month(n, date(2026, 2, 1)))] == ["KI", "KI", "KJ", "KJ"]
    assert next_month(13, date(2026, 2, 1)) is None and rental_code() == "E0781"
