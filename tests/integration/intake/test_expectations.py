# SPDX-License-Identifier: Apache-2.0
"""The expected margin of an accepted course is worked out again when its order, contract or prices change."""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from tests.integration.intake.test_intake_referral import gather, take

from openinfusion.catalog import public as catalog
from openinfusion.catalog.models import ProductCost
from openinfusion.intake import models
from openinfusion.intake import public as intake
from openinfusion.intake.actions.expect import reexpect
from openinfusion.inventory import public as inventory
from openinfusion.kernel.money import Money
from openinfusion.kernel.quantity import Quantity, unit
from openinfusion.kernel.refusal import Malformed, NotFound
from openinfusion.kernel.roles import Role
from openinfusion.payers import public as payers
from openinfusion.platform.house_day import house_today
from openinfusion.platform.journal import timeline
from openinfusion.platform.news import sweep
from openinfusion.platform.permissions import system_actor
from openinfusion.therapy import public as therapy


@pytest.fixture
def accepted(house: SimpleNamespace, a_referral: Callable[..., Any], someone: Callable[..., Any]) -> UUID:
    house.biller, house.executive = someone(Role.BILLER), someone(Role.EXECUTIVE)
    id = intake.receive_referral(referral=a_referral(), fingerprint="one", by=house.intake)
    gather(house, id)
    for step, by in (("review", "intake"), ("verify_benefits", "intake"), ("accept_clinically", "rph"), ("accept", "intake")):
        take(house, id, step, by)
    return id


def new_contract(house: SimpleNamespace, rate: str, first: date = date(2026, 11, 1)) -> UUID:
    plan = next(p for p in payers.plans() if p.code == "meridian_ppo")
    before = payers.contract_for(plan.id, first)
    text = replace(payers.contract_text(before.id), rates=payers.parse_rates([f"S9500 {rate}", "J* awp 85"]))
    made = payers.draft_contract(
        payer_id=before.payer_key, copy_of=before.id, content=text, first=first, source="Amendment 4", why="new rates", by=house.biller)
    payers.advance_contract_draft(draft_id=made, step="propose", by=house.biller)
    payers.advance_contract_draft(draft_id=made, step="approve", by=house.executive.signing("test"))
    return made


def test_a_new_contract_version_is_kept_with_its_reason_and_the_difference(
    house: SimpleNamespace, accepted: UUID, scope: UUID, account: Callable[..., Any], client: Client,
) -> None:
    assert [e.why for e in intake.expectations_of(accepted)] == ["at acceptance"]
    new_contract(house, "100.00")
    sweep(scope)
    now_, before = intake.expectations_of(accepted)
    assert "was approved, from 01-Nov-2026" in now_.why
    assert now_.difference == now_.margin.margin - before.margin.margin != 0
    assert any("rate" in u or "J0696" in u for u in now_.margin.unknowns) or now_.margin.unknowns == before.margin.unknowns
    assert "worked out the expected margin" in " ".join(x.sentence for x in timeline(subject_id=accepted))
    client.force_login(account(Role.INTAKE), backend="allauth.account.auth_backends.AuthenticationBackend")
    page = client.get(f"/intake/{accepted}/").content.decode()
    assert "at acceptance" in page and "was approved, from" in page
    said = client.get(f"/api/intake/referrals/{accepted}/expectations").json()
    assert [s["why"] for s in said][-1] == "at acceptance" and said[0]["difference_cents"] == now_.difference.cents


def test_a_revised_prescription_changes_it_and_the_first_one_does_not(house: SimpleNamespace, accepted: UUID, scope: UUID) -> None:
    sweep(scope)
    assert not models.Expectation.objects.exists()
    old = intake.referral(accepted).prescription_id
    assert old is not None
    order = replace(therapy.prescription(old).order, dose=Quantity(Decimal(4), unit("g")), doses=0, days=7)
    made = therapy.revise_prescription(prescription_id=old, order=order, reason="resistant", by=house.rph)
    sweep(scope)
    newest = intake.expectations_of(accepted)[0]
    assert newest.why == f"the prescription was revised to {therapy.prescription(made).number}" and newest.margin.days == 7
    assert newest.difference is not None and newest.difference.cents != 0


def test_a_price_list_changes_it_only_for_the_codes_it_prices_and_taking_it_back_changes_it_again(
    house: SimpleNamespace, accepted: UUID, scope: UUID,
) -> None:
    new_contract(house, "145.00")
    sweep(scope)
    count = models.Expectation.objects.count()
    ndc = b"ndc,hcpcs,price,units\n00000000001,J9999,5,1\n"
    payers.import_prices(basis="awp", name="a.csv", data=ndc, first=date(2026, 11, 1), last=date(2027, 1, 1), source="x", by=house.biller)
    sweep(scope)
    assert models.Expectation.objects.count() == count, "another drug"
    file = payers.import_prices(
        basis="fee", name="b.csv", data=b"hcpcs,price\nJ0696,3.00\n", first=date(2026, 11, 1), last=date(2027, 1, 1), source="x",
        by=house.biller)
    sweep(scope)
    payers.withdraw_prices(file_id=file, reason="the wrong list", by=house.biller)
    sweep(scope)
    assert payers.priced_codes(file) == {"J0696"}


def test_the_same_cause_told_twice_is_kept_once_and_without_a_course_there_is_none(
    house: SimpleNamespace, accepted: UUID, scope: UUID, a_referral: Callable[..., Any],
) -> None:
    new_contract(house, "100.00")
    sweep(scope)
    row = models.Expectation.objects.get()
    again = reexpect(
        referral_id=accepted, cause=models.Cause.CONTRACT, cause_id=row.cause_id, why="again", on=row.on, by=system_actor(scope))
    assert again is False and models.Expectation.objects.count() == 1
    waiting = intake.receive_referral(referral=a_referral(), fingerprint="two", by=house.intake)
    assert intake.expectations_of(waiting) == []
    with pytest.raises(NotFound):
        reexpect(referral_id=waiting, cause=models.Cause.CONTRACT, cause_id=row.cause_id, why="x", on=row.on, by=system_actor(scope))


def test_a_suppliers_price_changes_the_courses_that_use_the_product_from_its_day_on(
    house: SimpleNamespace, accepted: UUID, scope: UUID, someone: Callable[..., Any],
) -> None:
    buyer = someone(Role.BUYER)
    supplier = inventory.add_supplier(code="EXW", name="Example Wholesale", by=buyer)
    drugs = {p.name: p for p in catalog.products_of("ceftriaxone", kind="drug")}
    other = next(p for p in catalog.products_of(kind="drug") if p.drug_code == "vancomycin")
    inventory.set_price(supplier_id=supplier, product_id=other.id, price=Money.of("0.10"), by=buyer)
    sweep(scope)
    assert not models.Expectation.objects.exists(), "another drug"
    for name, product in drugs.items():
        assert catalog.costs_on([product.id], house_today())[product.id] == product.cost
        inventory.set_price(supplier_id=supplier, product_id=product.id, price=product.cost, by=buyer)
        inventory.set_price(supplier_id=supplier, product_id=product.id, price=product.cost * 3, by=buyer)
        assert catalog.costs_on([product.id], house_today())[product.id] == product.cost * 3, name
        assert catalog.costs_on([product.id], house_today() - timedelta(days=1))[product.id] == product.cost, "not before its day"
    sweep(scope)
    rows = intake.expectations_of(accepted)
    assert "costs otherwise from" in rows[0].why and rows[0].margin.cost > rows[-1].margin.cost
    assert rows[0].difference is not None and rows[0].difference.cents < 0


def test_a_cheaper_second_supplier_is_the_cost_and_a_price_that_changes_nothing_is_not_recorded(
    house: SimpleNamespace, scope: UUID, someone: Callable[..., Any],
) -> None:
    buyer, product = someone(Role.BUYER), catalog.products_of("ceftriaxone", kind="drug")[0]
    first, second = (inventory.add_supplier(code=c, name=c, by=buyer) for c in ("ONE", "TWO"))
    for supplier, price, cost in ((first, "50", "50"), (second, "40", "40"), (first, "45", "40"), (second, "60", "45")):
        inventory.set_price(supplier_id=supplier, product_id=product.id, price=Money.of(price), by=buyer)
        assert catalog.costs_on([product.id], house_today())[product.id] == Money.of(cost)
    assert ProductCost.objects.filter(product_id=product.id).count() == 3
    with pytest.raises(Malformed):
        catalog.record_cost(product_id=product.id, cost=Money(-1), first=house_today(), source="x", by=buyer)
    with pytest.raises(DatabaseError), transaction.atomic():
        ProductCost.objects.update(cost_cents=1)
