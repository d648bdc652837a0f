# SPDX-License-Identifier: Apache-2.0
"""Deposits are matched with what patients paid: one check, or the cards of a day; the month's close asks for them."""
from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from tests.integration.billing.conftest import ZONE, Cash

from openinfusion.billing import public as billing
from openinfusion.billing.models import Deposit, PatientPayment
from openinfusion.billing.queries.closing import checklist
from openinfusion.billing.queries.deposits import deposits_where
from openinfusion.exchange.public import Fate
from openinfusion.kernel.money import Money
from openinfusion.kernel.refusal import Malformed, NotFound, Refused
from openinfusion.kernel.roles import Role
from openinfusion.platform.clock import today


@pytest.fixture
def paid(cash: Cash) -> Cash:
    """The patient paid the share in two card payments of one day."""
    cash.answer(Fate.COINSURANCE)
    billing.transfer_to_patient(patient_id=cash.claim.patient_id, by=cash.biller)
    owed = cash.claim.patient_cents
    for n, part in enumerate((owed - 100, 100), 1):
        billing.receive_payment(patient_id=cash.claim.patient_id, amount=Money(part), method="card", reference=f"slip {n}", by=cash.biller)
    return cash


def deposit(cash: Cash, cents: int, trace: str = "") -> Any:
    billing.record_deposits(deposits=[billing.DepositIn(today(ZONE), cents, "card", trace)], by=cash.biller)
    return Deposit.objects.latest("made_at")


def test_a_day_of_cards_is_offered_first_and_matched_whole(
    paid: Cash, client: Client, account: Callable[..., Any],
) -> None:
    whole = sum(PatientPayment.objects.values_list("cents", flat=True))
    row = deposit(paid, whole)
    (fact,) = deposits_where(id=row.id)
    assert fact.patient_offers[0].text == "2 patients, card" and fact.patient_offers[0].cents == whole == fact.left_cents
    client.force_login(account(Role.BILLER), backend="allauth.account.auth_backends.AuthenticationBackend")
    page = client.get("/billing/deposits/").content.decode()
    assert "2 patients, card" in page and "slip 1" in page
    choice = f"patients {' '.join(map(str, fact.patient_offers[0].ids))}"
    assert client.post(f"/billing/deposits/{row.id}/match/", {"remittance": "patients nothing"}).status_code == 422
    assert client.post(f"/billing/deposits/{row.id}/match/", {"remittance": choice}).status_code == 302
    (fact,) = deposits_where(id=row.id)
    assert fact.left_cents == 0 and fact.agrees and len(fact.patients) == 2
    assert "slip 1" in client.get("/billing/deposits.csv").content.decode()


def test_a_reference_and_an_amount_that_name_one_payment_match_by_themselves(paid: Cash) -> None:
    row = deposit(paid, 100, "slip 2")
    assert PatientPayment.objects.get(reference="slip 2").deposit_id == row.id
    one = PatientPayment.objects.get(reference="slip 2")
    with pytest.raises(Malformed, match="say why"):
        billing.unmatch_patient_payment(payment_id=one.id, reason=" ", by=paid.biller)
    billing.unmatch_patient_payment(payment_id=one.id, reason="the wrong day", by=paid.biller)
    with pytest.raises(Refused, match="on no deposit"):
        billing.unmatch_patient_payment(payment_id=one.id, reason="again", by=paid.biller)


def test_what_does_not_fit_is_refused(paid: Cash) -> None:
    row, other = deposit(paid, 50), deposit(paid, 500_000)
    small = PatientPayment.objects.get(reference="slip 2")
    with pytest.raises(Refused, match="not matched yet"):
        billing.match_patient_payments(deposit_id=row.id, payment_ids=[small.id], by=paid.biller)
    with pytest.raises(NotFound):
        billing.match_patient_payments(deposit_id=row.id, payment_ids=[row.id], by=paid.biller)
    billing.match_patient_payments(deposit_id=other.id, payment_ids=[small.id], by=paid.biller)
    with pytest.raises(Refused, match="another deposit"):
        billing.match_patient_payments(deposit_id=other.id, payment_ids=[small.id], by=paid.biller)


def test_the_close_asks_for_patients_money_too(paid: Cash, client: Client, account: Callable[..., Any]) -> None:
    day = today(ZONE)
    item = next(i for i in checklist(day - timedelta(days=5), day + timedelta(days=5)) if i.key == "payments")
    assert sum("patient, card" in t.text for t in item.todo) == 2
    row = deposit(paid, 100)
    client.force_login(account(Role.BILLER), backend="allauth.account.auth_backends.AuthenticationBackend")
    ids = [str(PatientPayment.objects.get(reference="slip 2").id)]
    said = client.post(f"/api/billing/deposits/{row.id}/match", {"payment_ids": ids}, content_type="application/json").json()
    assert said[0]["left_cents"] == 0 and said[0]["patients"][0]["cents"] == 100
    item = next(i for i in checklist(day - timedelta(days=5), day + timedelta(days=5)) if i.key == "payments")
    assert sum("patient, card" in t.text for t in item.todo) == 1
