# SPDX-License-Identifier: Apache-2.0
"""Payers are loaded once; a contract prices what it knows and names what it does not."""
from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest

from openinfusion.kernel.money import Money
from openinfusion.kernel.refusal import Refused
from openinfusion.kernel.roles import Role
from openinfusion.payers import public as payers
from openinfusion.platform.actor import Actor

DAY = date(2026, 11, 1)


@pytest.fixture
def plans(scope: UUID, someone: Callable[..., Actor]) -> dict[str, payers.PlanFact]:
    assert payers.load_payers(by=someone(Role.ADMINISTRATOR)) > 300
    assert payers.load_payers(by=someone(Role.ADMINISTRATOR)) == 0
    return {p.code: p for p in payers.plans()}


def test_there_is_a_payer_of_every_type(plans: dict[str, payers.PlanFact]) -> None:
    assert {p.payer_type for p in plans.values()} == set(payers.PayerType)


def test_a_contract_prices_a_per_diem_and_refuses_a_code_without_a_rate(plans: dict[str, payers.PlanFact]) -> None:
    contract = payers.contract_for(plans["meridian_ppo"].id, DAY)
    assert payers.rate(contract.id, "S9500", DAY) == Money.of("145.00")
    with pytest.raises(Refused, match="no rate for Z9999"):
        payers.rate(contract.id, "Z9999", DAY)


def test_before_the_contract_begins_there_is_none(plans: dict[str, payers.PlanFact]) -> None:
    with pytest.raises(Refused, match="no contract"):
        payers.contract_for(plans["meridian_ppo"].id, date(2020, 1, 1))


def test_medicare_does_not_pay_per_diems_and_the_quote_says_so(plans: dict[str, payers.PlanFact]) -> None:
    lines = [payers.QuoteLine("S9348", Decimal(7)), payers.QuoteLine("J2260", Decimal(53))]
    quote = payers.quote(plans["medicare_b"].id, lines, DAY)
    assert quote.unknown == ("S9348",) and quote.reimbursement > Money(0) and not quote.complete


def test_a_payer_says_for_which_therapies_it_wants_to_be_asked(plans: dict[str, payers.PlanFact]) -> None:
    rules = payers.rules(plans["harborview_ma"].id, DAY)
    assert rules.authorization_needed("biologic") and not rules.authorization_needed("antibiotic")
    assert rules.authorization_needed("antibiotic", ("S9379",))
