# SPDX-License-Identifier: Apache-2.0
"""Rates are read strictly, the longest beginning wins, and a price that is not known is said, never guessed."""
from __future__ import annotations

from datetime import date
from decimal import Decimal as D

import pytest

from openinfusion.kernel.money import Money
from openinfusion.kernel.refusal import Malformed
from openinfusion.payers.domain.price import Asked, ListPrice, escalated, price
from openinfusion.payers.domain.rate import Basis, Leg, RateTerm, parse_rate, parse_rates, rate_for

DAY = date(2026, 1, 1)


def listed(basis: Basis, code: str, dollars: str, ndc11: str = "") -> dict[tuple[Basis, str], ListPrice]:
    return {(basis, ndc11 or code): ListPrice(basis, code, ndc11, D(dollars), DAY, date(2026, 3, 31), "a list")}


@pytest.mark.parametrize("line", [
    "S9500 145.00", "J1745 asp 106", "J1745 asp 106 lesser charge 100 cap 55.00", "J* awp 85", "J7170 carved specialty pharmacy",
    "J7170 carved", "* charge 80", "S9379 charge 80 cap 250.00", "J0878 0.125", "99601 fee 92.5",
])
def test_a_line_reads_and_writes_the_same(line: str) -> None:
    assert str(parse_rate(line)) == line
    assert parse_rate(str(parse_rate(line.lower()))).words


@pytest.mark.parametrize(("line", "said"), [
    ("", "begin with a billing code"), ("S950 145", "begin with a billing code"), ("S9500", "say dollars"),
    ("S9500 1e3", "not a plain number"), ("S9500 0", "above zero"), ("S9500 -4", "above zero"), ("S9500 2000000", "below a million"),
    ("S9500 NaN", "not a plain number"), ("J1745 asp 301", "more than any contract"), ("J1745 xyz 10", "say dollars"),
    ("J1745 asp 106 lesser asp 100", "two different"), ("J1745 asp 106 cap x", "not a plain number"), ("J1745 carve 1 2", "say dollars"),
    ("J1745 asp 1 lesser awp 1 lesser wac 1", "two different"), ("J1745 fixed 5", "say dollars"),
])
def test_what_cannot_be_read_is_named(line: str, said: str) -> None:
    with pytest.raises(Malformed, match=said):
        parse_rate(line)


def test_lines_are_sorted_and_a_code_stands_there_once() -> None:
    assert [t.pattern for t in parse_rates(["S9500 1", "J1745 2"])] == ["J1745", "S9500"]
    with pytest.raises(Malformed) as no:
        parse_rates(["S9500 1", "S9500 2", "bad"])
    assert len(no.value.faults) == 2


def test_the_longest_beginning_that_fits_prices_a_code() -> None:
    terms = parse_rates(["* charge 50", "J* awp 85", "J17* asp 110", "J1745 31.04"])
    found = [rate_for(code, terms) for code in ("J1745", "J1756", "J0696", "S9500")]
    assert [t.pattern for t in found if t] == ["J1745", "J17*", "J*", "*"]
    assert rate_for("S9500", terms[2:]) is None


@pytest.mark.parametrize(("line", "asked", "cents"), [
    ("S9500 145.00", Asked("S9500", D(7)), 101500),
    ("J0878 0.125", Asked("J0878", D(3)), 38),
    ("S9500 145.00 cap 100", Asked("S9500", D(2)), 20000),
    ("S9379 charge 80", Asked("S9379", D(1), charge=Money(10000)), 8000),
    ("J1745 asp 106", Asked("J1745", D(42)), 130372),
    ("J1745 asp 100", Asked("J1745", D(106)), 310410),
    ("J1745 asp 106 lesser charge 100", Asked("J1745", D(1), charge=Money(2000)), 2000),
    ("Q5103 asp 106", Asked("Q5103", D(1)), 2604),
    ("J1745 awp 85", Asked("J1745", D(2), ndc11="00000000001"), 17000),
])
def test_each_basis_prices_its_units_once_rounded(line: str, asked: Asked, cents: int) -> None:
    prices = (listed(Basis.ASP, "J1745", "31.041") | listed(Basis.ASP, "Q5103", "26.035")
              | listed(Basis.AWP, "J1745", "100", "00000000001"))
    found = price(parse_rate(line), asked, prices)
    assert found.amount == Money(cents), found.words


@pytest.mark.parametrize(("line", "asked", "said"), [
    ("J1745 wac 100", Asked("J1745", D(1), ndc11="00000000009"), "no WAC price of J1745 (NDC 00000000009)"),
    ("J1745 asp 106", Asked("J1745", D(1)), "no ASP price"),
    ("S9379 charge 80", Asked("S9379", D(1)), "which is not known yet"),
    ("J1745 charge 50 lesser asp 106", Asked("J1745", D(1), charge=Money(1)), "no ASP price"),
    ("J7170 carved specialty pharmacy", Asked("J7170", D(1)), "carved out of the contract: specialty pharmacy"),
    ("Q5103 asp 105", Asked("Q5103", D(1)), "biosimilar"),
])
def test_a_price_that_is_not_known_is_said(line: str, asked: Asked, said: str) -> None:
    found = price(parse_rate(line), asked, listed(Basis.ASP, "Q5103", "26.035"))
    assert found.amount is None and said in found.words


def test_a_code_without_a_line_has_no_price() -> None:
    assert "no rate for J1745" in price(None, Asked("J1745", D(1)), {}).words
    assert "carved out" in RateTerm("J7170", ()).words and RateTerm("J7170", ()).carved


def test_the_lesser_of_rate_and_charge_is_paid_where_the_contract_says_so() -> None:
    term = RateTerm("S9500", (Leg(Basis.FIXED, D(100)),))
    assert price(term, Asked("S9500", D(1), charge=Money(5000)), {}, lesser_of_charge=True).amount == Money(5000)
    open_still = price(term, Asked("S9500", D(1)), {}, lesser_of_charge=True)
    assert open_still.amount == Money(10000) and "unless less is charged" in open_still.words
    assert price(term, Asked("S9500", D(1), charge=Money(20000)), {}, lesser_of_charge=True).amount == Money(10000)


@pytest.mark.parametrize(("on", "factor"), [
    (date(2025, 6, 1), D(1)), (date(2026, 5, 31), D(1)), (date(2026, 6, 1), D("1.03")), (date(2028, 7, 1), D("1.092727")),
])
def test_the_escalator_steps_on_the_anniversary(on: date, factor: D) -> None:
    assert escalated(date(2025, 6, 1), on, D(3)) == factor
    paid = price(RateTerm("S9500", (Leg(Basis.FIXED, D("145.00")),)), Asked("S9500", D(1)), {}, factor=escalated(date(2025, 6, 1), on, D(3)))
    assert paid.amount == Money.rounded(D("145.00") * factor)


def test_a_list_price_holds_for_its_days() -> None:
    row = listed(Basis.ASP, "J1745", "1")[Basis.ASP, "J1745"]
    assert row.holds_on(DAY) and not row.holds_on(date(2026, 4, 1)) and not row.holds_on(date(2025, 12, 31))
