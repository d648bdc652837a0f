# SPDX-License-Identifier: Apache-2.0
"""Patients' money, credits and the API: never asked while insurance is pending; refunds take two people."""
from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from tests.integration.billing.conftest import ZONE, Cash, reversed_835

from openinfusion.billing import public as billing
from openinfusion.billing.models import Instalment, PaymentPlan, Refund, Statement, StatementLine
from openinfusion.billing.queries.patient_accounts import plan_facts, plans_where
from openinfusion.exchange.public import Fate
from openinfusion.insight.queries.revenue import REVENUE, frame_of
from openinfusion.kernel.money import Money
from openinfusion.kernel.refusal import Malformed, Refused
from openinfusion.platform.clock import now, today, told
from openinfusion.platform.house_day import house_today


def test_a_statement_comes_after_the_insurance_and_its_plan_is_paid_down(cash: Cash, browse: Any) -> None:
    patient = cash.claim.patient_id
    with pytest.raises(Refused, match="owes nothing"):
        billing.make_statement(patient_id=patient, by=cash.biller)
    cash.answer(Fate.COINSURANCE)
    owed = cash.claim.patient_cents
    assert owed > 0
    with pytest.raises(Refused, match="not been transferred"):
        billing.make_statement(patient_id=patient, by=cash.biller)
    client = browse(cash.biller)
    account = f"/billing/patients/{patient}/"
    assert "Transfer to the patient" in client.get(account).content.decode()
    assert client.post(f"{account}transfer/").status_code == 302
    assert client.post(f"{account}statement/").status_code == 302
    row = Statement.objects.get()
    assert row.cents == owed and client.get(f"/billing/statements/{row.id}.pdf").content[:4] == b"%PDF"
    due = (today(ZONE) + timedelta(days=5)).isoformat()
    assert client.post(f"{account}plan/", {"count": "1e1", "first_due": due, "agreed_with": "the patient"}).status_code == 422
    assert client.post(f"{account}plan/", {"count": "2", "first_due": due, "agreed_with": "the patient"}).status_code == 302
    assert sum(Instalment.objects.values_list("cents", flat=True)) == owed
    with pytest.raises(Refused, match="running already"):
        billing.agree_plan(patient_id=patient, count=2, first_due=today(ZONE), agreed_with="x", by=cash.biller)
    with told(now() + timedelta(days=60)):
        (plan,) = plans_where(patient_id=patient)
        assert [i.number for i in plan.missed(house_today())] == [1, 2]
        assert plan_facts(plan).missed == 2
    first = Instalment.objects.get(number=1)
    assert client.post(f"{account}payment/", {"amount": str(first.cents / 100), "method": "card", "reference": "1"}).status_code == 302
    with pytest.raises(Malformed, match="the patient owes"):
        billing.receive_payment(patient_id=patient, amount=Money(owed), method="card", reference="2", by=cash.biller)
    billing.receive_payment(patient_id=patient, amount=Money(owed - first.cents), method="card", reference="3", by=cash.biller)
    assert PaymentPlan.objects.get().state == "kept" and cash.claim.patient_cents == 0
    cash.accounts()


def test_the_database_refuses_a_statement_line_while_insurance_is_pending(cash: Cash) -> None:
    cash.answer(Fate.COINSURANCE)
    billing.transfer_to_patient(patient_id=cash.claim.patient_id, by=cash.biller)
    made = billing.make_statement(patient_id=cash.claim.patient_id, by=cash.biller)
    cash.post(reversed_835(cash.texts[0], "T2"))
    with pytest.raises(DatabaseError, match="insurance is pending"), transaction.atomic():
        StatementLine.objects.create(statement_id=made, claim_id=cash.claim_id, cents=1)
    with pytest.raises(Refused):
        billing.make_statement(patient_id=cash.claim.patient_id, by=cash.biller)


def test_what_a_patient_paid_too_much_goes_back_by_two_people(cash: Cash) -> None:
    cash.answer(Fate.COINSURANCE)
    owed = cash.claim.patient_cents
    billing.transfer_to_patient(patient_id=cash.claim.patient_id, by=cash.biller)
    billing.receive_payment(patient_id=cash.claim.patient_id, amount=Money(owed), method="card", reference="1", by=cash.biller)
    cash.post(reversed_835(cash.texts[0], "T2"))
    assert cash.claim.patient_cents == -owed
    ask = {"claim_id": cash.claim_id, "side": billing.Side.PATIENT, "note": "the payer took its answer back"}
    with pytest.raises(Malformed, match="credit is"):
        billing.ask_refund(**ask, amount=Money(owed + 1), by=cash.biller)
    row = billing.ask_refund(**ask, amount=Money(owed), by=cash.biller)
    with pytest.raises(Refused, match="does not approve"):
        billing.decide_refund(refund_id=row, step="approve", by=cash.biller)
    with pytest.raises(IntegrityError, match="refund_second_person"), transaction.atomic():
        Refund.objects.filter(pk=row).update(state="approved", approved_by=cash.biller.id)
    billing.decide_refund(refund_id=row, step="approve", by=cash.executive)
    with pytest.raises(Malformed, match="number of the check"):
        billing.decide_refund(refund_id=row, step="pay", by=cash.biller)
    billing.decide_refund(refund_id=row, step="pay", reference="check 12", by=cash.biller)
    assert cash.claim.patient_cents == 0 and cash.accounts()["cash"] == 0


def test_hardship_within_the_limit_is_granted_at_once_as_assistance(cash: Cash) -> None:
    cash.answer(Fate.COINSURANCE)
    cents = min(cash.claim.patient_cents, 25_000)
    billing.ask_write_off(claim_id=cash.claim_id, side=billing.Side.PATIENT, amount=Money(cents), reason_code="hardship",
                          note="application of 3 November", by=cash.biller)
    assert cash.accounts()["patient_assistance"] == cents


def test_the_same_by_api_and_every_measure_opens(cash: Cash, browse: Any) -> None:
    client = browse(cash.biller)
    cash.answer(Fate.DENIED)
    (first, *_) = client.get("/api/billing/denials").json()
    one = f"/api/billing/denials/{first['id']}"
    headers = {"content_type": "application/json"}
    assert client.post(f"{one}/steps/take", {}, **headers).json()["state"] == "working"
    letter = {"letter": "The enclosed record shows the order and the proof of delivery as billed."}
    assert client.post(f"{one}/appeals", letter, **headers).json()[0]["level"] == 1
    assert client.post(f"{one}/steps/appeal", {"sent_by": "portal"}, **headers).json()["state"] == "appealed"
    assert client.post(f"{one}/steps/write_off", {}, **headers).status_code == 409
    rows = [{"on": today(ZONE).isoformat(), "cents": "1e3", "method": "eft"}]
    assert client.post("/api/billing/deposits", rows, **headers).status_code == 422
    rows[0]["cents"] = "1000"
    assert client.post("/api/billing/deposits", rows, **headers).json() == 1
    month = client.post("/api/billing/months", {"day": today(ZONE).isoformat()}, **headers).json()
    assert client.get(f"/api/billing/months/{month['id']}/reconciliation").json()[0]["difference"] == 0
    assert {i["key"] for i in client.get(f"/api/billing/months/{month['id']}/checklist").json()} >= {"billed", "denials", "margin"}
    assert client.get(f"/billing/months/{month['id']}/").status_code == 200
    assert client.get("/api/billing/underpayments").json() == []
    assert client.get(f"/api/billing/patients/{cash.claim.patient_id}/shares").json() == []
    assert len(client.get("/api/insight/revenue").json()) == len(REVENUE)
    assert client.get("/insight/revenue/?first=2026-13-01").status_code == 422
    for key, make in REVENUE.items():
        assert make(frame_of({})).key == key
        assert client.get(f"/insight/revenue/{key}/").status_code == 200
        assert client.get(f"/insight/revenue/{key}/rows.csv").status_code == 200
    denied = REVENUE["denied_by_cause"](frame_of({}))
    assert denied.figure == "100.0 %" and denied.urls == (f"/billing/claims/{cash.claim_id}/",)
    assert REVENUE["first_pass"](frame_of({})).figure == "0.0 %"
    assert client.get(f"/insight/revenue/?site={cash.claim.site_id}").status_code == 200
