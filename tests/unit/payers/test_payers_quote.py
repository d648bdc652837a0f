# SPDX-License-Identifier: Apache-2.0
"""Quotes, terms and deadlines of contracts; the data files are whole."""
from __future__ import annotations

from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest

from openinfusion.kernel.money import Money
from openinfusion.kernel.standing import Source, Standing
from openinfusion.payers.adapters import rates, terms
from openinfusion.payers.domain.contract import ContractFact, PayerRules, PayerType
from openinfusion.payers.domain.quote import QuoteLine, quoted


def contract(**changes: object) -> ContractFact:
    said: dict[str, object] = {
        "id": UUID(int=1), "name": "made up", "payer_key": UUID(int=2), "first": date(2026, 1, 1), "last": None, "day_basis": "access",
        "max_interval_h": 72, "count_first_day": True, "count_last_day": True, "line_split": "none", "line_form": "span",
        "bill_when": "delivery_proof", "concurrent_pct": (100, 50, 33), "modifiers": ("", "SH", "SJ"), "suite_modifier": "SS",
        "timely_filing_days": 90, "timely_from": "last", "per_diem_payable": True, "nursing_payable": True, "require_kx": False,
        "jw_jz": True, "source": Source("a test", date(2026, 1, 1), Standing.UNVERIFIED),
    }
    return ContractFact(**(said | changes))  # type: ignore[arg-type]


def test_a_line_is_rate_times_units_times_share_rounded_once() -> None:
    quote = quoted([QuoteLine("S9500", Decimal(7)), QuoteLine("S9501", Decimal(3), 33)], {"S9500": Money.of("145.00"), "S9501": Money.of("0.05")})
    assert [line.amount for line in quote.lines] == [Money.of("1015.00"), Money.of("0.05")]
    assert quote.reimbursement == Money.of("1015.05") and quote.complete


def test_what_has_no_rate_is_unknown_once_and_not_nothing() -> None:
    quote = quoted([QuoteLine("A", Decimal(1)), QuoteLine("A", Decimal(2)), QuoteLine("B", Decimal(1))], {"B": Money(100)})
    assert quote.unknown == ("A",) and quote.reimbursement == Money(100) and not quote.complete


@pytest.mark.parametrize(("start", "due"), [("last", date(2026, 5, 1)), ("first", date(2026, 4, 1))])
def test_the_filing_deadline_counts_from_the_day_the_contract_says(start: str, due: date) -> None:
    assert contract(timely_from=start).timely_until(date(2026, 1, 1), date(2026, 1, 31)) == due


@pytest.mark.parametrize(("rank", "share"), [(1, 100), (2, 50), (3, 33), (9, 33)])
def test_later_therapies_are_paid_by_their_rank(rank: int, share: int) -> None:
    assert contract().share(rank) == share


def test_a_payer_is_asked_for_its_classes_and_codes() -> None:
    rules = PayerRules(frozenset({"biologic"}), frozenset({"S9379"}), ())
    assert rules.authorization_needed("biologic") and rules.authorization_needed("iron", ("S9379",))
    assert not rules.authorization_needed("iron", ("S9500",))


def test_the_files_name_a_payer_of_every_type_and_prices_above_zero() -> None:
    found = terms()["payers"]
    assert {p["type"] for p in found.values()} == set(PayerType)
    schedules = {p["contract"]["schedule"] for p in found.values()}
    for row in rates():
        assert row["source"] and row["status"] in set(Standing)
        assert all(Decimal(row[s]) > 0 for s in schedules if row[s]), row["code"]
    assert all(any(row[s] for row in rates()) for s in schedules)
