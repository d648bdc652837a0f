# SPDX-License-Identifier: Apache-2.0
"""From a delivery and a visit to a paid, short-paid or denied claim, with a ledger that always balances."""
from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from openinfusion.billing import public as billing
from openinfusion.billing.models import Claim, Denial, LedgerTransfer, PerDiemDay, Remittance, RemittanceClaim, WriteOff
from openinfusion.delivery import public as delivery
from openinfusion.exchange import public as exchange
from openinfusion.exchange.public import Fate
from openinfusion.kernel.money import Money
from openinfusion.kernel.refusal import Malformed, Refused
from openinfusion.kernel.roles import Role
from openinfusion.nursing import public as nursing
from openinfusion.nursing.public import ReactionKind, Vitals
from openinfusion.platform.clock import now, today
from openinfusion.platform.files import open_file


def delivered(thread: Any, *, signed: bool = True) -> UUID:
    """A delivery and its claim; the plan of treatment signed before, or not."""
    ticket_id = thread.dispatched()
    if signed:
        thread.sign_plan(delivery.ticket(ticket_id).therapy_id)
    delivery.hand_over(ticket_id=ticket_id, received_by="Amara Sampleton", relation="self", signature="typed:Amara Sampleton",
                       arrived_c=Decimal("5.0"), by=thread.driver)
    thread.bench.tell()
    return delivery.ticket(ticket_id).therapy_id


def visited(thread: Any, therapy_id: UUID, minutes: int = 95) -> UUID:
    visit_id = nursing.visits_of(therapy_id)[0].id
    start = now() + timedelta(hours=1)
    nursing.offer_visit(visit_id=visit_id, nurse_id=thread.nurse.id, planned_start=start, planned_end=start + timedelta(hours=2),
                        by=thread.manager)
    for step in ("accept", "confirm", "set_out", "arrive"):
        nursing.advance_visit(visit_id=visit_id, step=step, by=thread.nurse)
    begun = now() - timedelta(minutes=minutes)
    row = nursing.VisitEntries(
        identifiers=("name", "birth date"), line_site="PICC", line_flushes=True, reaction=ReactionKind.NONE, started_at=begun,
        ended_at=begun + timedelta(minutes=minutes),
    )
    nursing.write_record(
        visit_id=visit_id, entries=row, vitals=[Vitals(begun, Decimal(37), 70, 12, 120, 80)],
        rates=[nursing.RateStep(begun + timedelta(minutes=5), Decimal(200)), nursing.RateStep(begun + timedelta(minutes=35), Decimal(0))],
        sections=thread.first_dose(therapy_id), by=thread.nurse,
    )
    nursing.advance_visit(visit_id=visit_id, step="document", by=thread.nurse)
    nursing.advance_visit(visit_id=visit_id, step="sign", by=thread.nurse.signing("test"))
    thread.bench.tell()
    return visit_id


def uploaded(thread: Any) -> None:
    """The biller carries what is in the outbox to the clearing house."""
    for file in exchange.transmissions("queued"):
        exchange.decide_transmission(transmission_id=file.id, step="by_hand", by=thread.biller)


def sent(thread: Any) -> billing.ClaimFact:
    delivered(thread)
    exchange.send_ready_claims(by=thread.biller)
    uploaded(thread)
    return billing.claims_of(Claim.objects.get().therapy_id)[0]


def answered(thread: Any, claim: billing.ClaimFact, fate: Fate, name: str = "era.835") -> tuple[str, list[UUID]]:
    text = exchange.simulated_remittance([claim.id], trace="T1", paid_on=today("America/Chicago"), fates={claim.control: fate})
    return text, exchange.receive_remittance(name=name, data=text.encode(), by=thread.biller)


def test_a_delivery_becomes_drug_and_day_lines_with_evidence_and_rates(thread: Any) -> None:
    therapy_id = delivered(thread)
    (claim,) = billing.claims_of(therapy_id)
    drug, days = sorted(claim.lines, key=lambda line: line.kind)
    assert (drug.code, drug.units, drug.modifiers, drug.ndc_unit) == ("J0696", 56, ("JZ",), "UN")
    assert (days.code, days.units, days.first_on, days.last_on) == ("S9500", 7, today("America/Chicago"), today("America/Chicago") + timedelta(days=6))
    assert "14,000 mg given" in drug.evidence
    assert claim.state == "ready" and claim.charge_cents > claim.expected_cents > 0
    assert PerDiemDay.objects.count() == 7
    assert billing.capture_delivery(ticket_id=drug.source_id, by=thread.biller) == claim.id
    assert Claim.objects.count() == 1


def test_an_unsigned_plan_holds_the_claim_until_it_is_signed(thread: Any) -> None:
    therapy_id = delivered(thread, signed=False)
    (claim,) = billing.claims_of(therapy_id)
    assert claim.state == "held" and [h.code for h in claim.holds] == ["plan-unsigned"]
    with pytest.raises(Refused, match="no claim is ready"):
        exchange.send_ready_claims(by=thread.biller)
    thread.sign_plan(therapy_id)
    billing.check_again(claim_id=claim.id, by=thread.biller)
    assert billing.claim(claim.id).state == "ready"


def test_a_signed_visit_joins_the_open_claim_and_becomes_billable(thread: Any) -> None:
    therapy_id = delivered(thread)
    visit_id = visited(thread, therapy_id, minutes=160)
    (claim,) = billing.claims_of(therapy_id)
    assert [(line.code, line.units) for line in claim.lines if line.kind == "nursing"] == [("99601", 1), ("99602", 1)]
    assert nursing.visit(visit_id).state == "billable"
    assert billing.margin_actual(therapy_id).nursing_cents > 0


def test_a_paid_claim_balances_and_the_same_file_under_another_name_is_posted_once(thread: Any) -> None:
    claim = sent(thread)
    assert claim.state == "submitted" and claim.open_cents == claim.charge_cents
    text, ids = answered(thread, claim, Fate.PAID)
    paid = billing.claim(claim.id)
    assert (paid.state, paid.open_cents, paid.paid_cents) == ("paid", 0, claim.expected_cents)
    moved = LedgerTransfer.objects.count()
    renamed = text.replace("*000000001*0*T*", "*000000777*0*T*").replace("IEA*1*000000001", "IEA*1*000000777")
    assert exchange.receive_remittance(name="other.txt", data=renamed.encode(), by=thread.biller) == ids
    assert LedgerTransfer.objects.count() == moved
    assert billing.ledger_balance() == Money(0)
    margin = billing.margin_actual(claim.therapy_id)
    assert margin.paid_cents == claim.expected_cents and margin.drug_cents > 0
    assert margin.margin_cents == margin.paid_cents - margin.cost_cents


def test_the_same_payment_with_other_content_is_refused_and_moves_nothing(thread: Any) -> None:
    claim = sent(thread)
    text, _ = answered(thread, claim, Fate.PAID)
    moved = LedgerTransfer.objects.count()
    with pytest.raises(Refused, match="posted with other content"):
        exchange.receive_remittance(name="x", data=text.replace("SAMPLETON", "SOMEBODY").encode(), by=thread.biller)
    assert (LedgerTransfer.objects.count(), Remittance.objects.count()) == (moved, 1)


def test_a_denial_leaves_the_balance_open_and_says_what_is_next(thread: Any) -> None:
    claim = sent(thread)
    answered(thread, claim, Fate.DENIED)
    denied = billing.claim(claim.id)
    assert (denied.state, denied.open_cents) == ("denied", claim.charge_cents)
    found = billing.denials()
    assert found and all(d.next_step and d.meaning and d.due_on > today("America/Chicago") for d in found)
    billing.advance_claim(claim_id=claim.id, step="correct", by=thread.biller)
    again = billing.claim(claim.id)
    assert (again.state, again.frequency) == ("held", "7")
    assert not Denial.objects.filter(is_open=True).exists()
    billing.check_again(claim_id=claim.id, by=thread.biller)
    file = exchange.claim_file(exchange.send_ready_claims(by=thread.biller))
    uploaded(thread)
    text = open_file(file.file_id).data.decode()
    assert f"REF*F8*{again.payer_control}" in text and ":7*Y*A*Y*Y" in text
    assert billing.claim(claim.id).open_cents == claim.charge_cents


def test_coinsurance_moves_to_the_patient_and_the_claim_closes_when_it_is_paid(thread: Any) -> None:
    claim = sent(thread)
    answered(thread, claim, Fate.COINSURANCE)
    paid = billing.claim(claim.id)
    assert paid.state == "paid" and paid.patient_cents > 0
    with pytest.raises(Refused, match="still a balance"):
        billing.advance_claim(claim_id=claim.id, step="close", by=thread.biller)
    billing.advance_claim(claim_id=claim.id, step="bill_patient", by=thread.biller)
    with pytest.raises(Malformed, match="the patient owes"):
        billing.receive_from_patient(claim_id=claim.id, amount=Money(paid.patient_cents + 1), reference="x", by=thread.biller)
    billing.receive_from_patient(claim_id=claim.id, amount=Money(paid.patient_cents), reference="card", by=thread.biller)
    billing.advance_claim(claim_id=claim.id, step="close", by=thread.biller)
    assert billing.claim(claim.id).state == "closed"
    assert billing.ledger_balance() == Money(0)


def test_a_write_off_is_no_step_of_its_own_and_above_the_limit_another_person_agrees(thread: Any, someone: Any) -> None:
    claim = sent(thread)
    answered(thread, claim, Fate.DENIED)
    with pytest.raises(Refused, match="asked for with its reason"):
        billing.advance_claim(claim_id=claim.id, step="write_off", reason="late", by=thread.biller)
    asked = {"claim_id": claim.id, "side": billing.Side.PAYER, "amount": Money(claim.charge_cents), "reason_code": "timely_filing"}
    with pytest.raises(Malformed, match="say what was tried"):
        billing.ask_write_off(**asked, note=" ", by=thread.biller)
    with pytest.raises(Malformed, match="choose a reason"):
        billing.ask_write_off(**(asked | {"reason_code": "bad_debt"}), note="x", by=thread.biller)
    row = billing.ask_write_off(**asked, note="late beyond appeal", by=thread.biller)
    assert claim.charge_cents > 25_000, "above the biller's limit"
    assert WriteOff.objects.get(pk=row).state == "requested" and billing.claim(claim.id).open_cents == claim.charge_cents
    with pytest.raises(Refused, match="another person must agree"):
        billing.decide_write_off(write_off_id=row, step="post", by=thread.biller)
    with pytest.raises(IntegrityError, match="write_off_second_person"), transaction.atomic():
        WriteOff.objects.filter(pk=row).update(state="posted", decided_by=thread.biller.id)
    billing.decide_write_off(write_off_id=row, step="post", by=someone(Role.EXECUTIVE))
    assert (billing.claim(claim.id).state, billing.claim(claim.id).open_cents) == ("written_off", 0)
    assert billing.ledger_accounts().accounts["write_off"] == claim.charge_cents
    assert not Denial.objects.filter(is_open=True).exists()


def test_an_unbalanced_or_unknown_claim_waits_and_its_money_is_unapplied(thread: Any) -> None:
    claim = sent(thread)
    text = exchange.simulated_remittance([claim.id], trace="T9", paid_on=today("America/Chicago"), fates={claim.control: Fate.PAID})
    wrong = text.replace(f"CLP*{claim.control}", "CLP*NOBODY").replace("MBR0001", "OTHER")
    exchange.receive_remittance(name="a", data=wrong.encode(), by=thread.biller)
    (row,) = RemittanceClaim.objects.all()
    assert row.outcome == "suspended" and "no single claim of ours matches" in row.findings[0]
    assert billing.claim(claim.id).state == "submitted"
    accounts = billing.ledger_accounts().accounts
    assert accounts["unapplied"] == -accounts["cash"] != 0
    assert any(w.kind == "Remittance" for w in billing.waiting(thread.biller).rows)
    with pytest.raises(Refused, match="no claim of ours"):
        billing.post_suspended(remitted_id=row.id, claim_control="OI0", reason="name", by=thread.biller)
    billing.post_suspended(remitted_id=row.id, claim_control=claim.control, reason="name and day agree", by=thread.biller)
    assert (billing.claim(claim.id).state, billing.ledger_accounts().accounts["unapplied"]) == ("paid", 0)
    assert billing.ledger_accounts().accounts["cash"] == claim.expected_cents
    with pytest.raises(Refused, match="resolved already"):
        billing.post_suspended(remitted_id=row.id, claim_control=claim.control, reason="again", by=thread.biller)


def test_a_reversal_takes_everything_back_and_a_correction_posts_anew(thread: Any) -> None:
    claim = sent(thread)
    text, _ = answered(thread, claim, Fate.PAID)
    exchange.receive_remittance(name="rev", data=reversed_835(text).encode(), by=thread.biller)
    back = billing.claim(claim.id)
    assert (back.state, back.paid_cents, back.open_cents) == ("accepted", 0, claim.charge_cents)
    again = exchange.simulated_remittance([claim.id], trace="T3", paid_on=today("America/Chicago"), fates={claim.control: Fate.PAID})
    exchange.receive_remittance(name="again", data=again.encode(), by=thread.biller)
    assert (billing.claim(claim.id).state, billing.claim(claim.id).open_cents) == ("paid", 0)
    assert billing.ledger_balance() == Money(0)


def reversed_835(text: str) -> str:
    """The same 835 with every amount turned round, as a payer's reversal."""
    def minus(value: str) -> str:
        return f"-{value}" if value and value != "0" else value

    found = []
    for line in text.replace("TRN*1*T1*", "TRN*1*T2*").split("~\n"):
        e = line.split("*")
        if e[0] == "CLP":
            e[2], e[3], e[4] = "22", minus(e[3]), minus(e[4])
        elif e[0] == "SVC":
            e[2], e[3] = minus(e[2]), minus(e[3])
        elif e[0] == "CAS":
            e[3] = minus(e[3])
        elif e[0] == "BPR":
            e[2] = minus(e[2])
        found.append("*".join(e))
    return "~\n".join(found)


def test_the_file_sent_is_accepted_by_the_independent_validator(thread: Any) -> None:
    import io

    import pyx12.params
    import pyx12.x12n_document

    delivered(thread)
    file = exchange.claim_file(exchange.send_ready_claims(by=thread.biller))
    report = io.StringIO()
    text = open_file(file.file_id).data.decode()
    accepted = pyx12.x12n_document.x12n_document(pyx12.params.ParamsBase(), io.StringIO(text), None, None, fd_json=report)
    assert accepted, report.getvalue()
    assert (file.claims, file.control) == (1, 1)


def test_the_ledger_only_grows_and_a_day_is_never_billed_twice(thread: Any) -> None:
    sent(thread)
    row = LedgerTransfer.objects.first()
    assert row is not None
    with pytest.raises(DatabaseError), transaction.atomic():
        LedgerTransfer.objects.filter(pk=row.pk).update(cents=1)
    with pytest.raises(DatabaseError), transaction.atomic():
        row.delete()
    day = PerDiemDay.objects.first()
    assert day is not None
    with pytest.raises(IntegrityError, match="per_diem_day_once"), transaction.atomic():
        PerDiemDay.objects.create(patient_id=day.patient_id, therapy_id=day.therapy_id, line_id=day.line_id, group=day.group,
                                  code="S9501", day=day.day)


def test_a_line_is_corrected_only_while_the_claim_is_here(thread: Any) -> None:
    therapy_id = delivered(thread)
    (claim,) = billing.claims_of(therapy_id)
    line = claim.lines[0]
    billing.correct_line(claim_id=claim.id, line_id=line.id, correction=billing.LineCorrection(modifiers=("JZ", "KX")),
                         reason="payer wants KX", by=thread.biller)
    assert billing.claim(claim.id).lines[0].modifiers == ("JZ", "KX")
    exchange.send_ready_claims(by=thread.biller)
    with pytest.raises(Refused, match="not out"):
        billing.correct_line(claim_id=claim.id, line_id=line.id, correction=billing.LineCorrection(modifiers=()), reason="x",
                             by=thread.biller)
