# SPDX-License-Identifier: Apache-2.0
"""Which benefit pays, who pays first, what the patient owes, when it is asked again; and the margin as a range."""
from __future__ import annotations

from datetime import date
from decimal import Decimal as D
from uuid import UUID

import pytest

from openinfusion.intake.domain.benefit import Cover, Terms, ask_again, may_have_copay_card, patient_cost, payer_order, routed
from openinfusion.intake.domain.margin import CostLine, ExpectedMargin, Pack, cost_of_money, thrown_away
from openinfusion.kernel.money import Money
from openinfusion.kernel.quantity import MG, ML, Quantity


@pytest.mark.parametrize(("type", "benefit", "pump", "route", "why"), [
    ("part_d", "pharmacy", True, "pharmacy", "drug only"), ("medicare_b", "medical", True, "medical", "pump gives"),
    ("medicare_b", "medical", False, "both", "without a pump"), ("commercial", "both", False, "both", "pharmacy benefit"),
    ("commercial", "medical", False, "medical", "medical benefit"),
])
def test_the_benefit_is_routed_with_its_reason(type: str, benefit: str, pump: bool, route: str, why: str) -> None:
    found = routed(type, benefit, by_pump=pump)
    assert found.benefit == route and why in found.why


def cover(plan: str, type: str = "commercial", rank: int = 1, relationship: str = "self", born: date | None = None) -> Cover:
    return Cover(UUID(int=rank), plan, type, rank, relationship, born)


def order(*covers: Cover) -> list[str]:
    return [p.cover.plan for p in payer_order(covers)]


def test_who_pays_first_goes_by_rule() -> None:
    assert order(cover("Medicaid", "medicaid", 1), cover("TRICARE", "tricare", 2), cover("PPO", rank=3)) == ["PPO", "TRICARE", "Medicaid"]
    assert order(cover("spouse's", rank=1, relationship="spouse"), cover("own", rank=2)) == ["own", "spouse's"]
    parents = cover("March", rank=2, relationship="child", born=date(1980, 3, 1)), cover("June", rank=1, relationship="child", born=date(1970, 6, 1))
    assert order(*parents) == ["March", "June"]
    assert payer_order([cover("one")])[0].why == "the only coverage"


def test_what_has_to_be_asked_first_is_said() -> None:
    medicare = payer_order([cover("Medicare", "medicare_b", 1), cover("PPO", rank=2)])[0]
    assert "employer's size" in medicare.ask
    unknown = payer_order([cover("a", rank=1, relationship="child"), cover("b", rank=2, relationship="child", born=date(1980, 1, 1))])
    assert [p.cover.plan for p in unknown] == ["b", "a"] and "date of birth" in unknown[1].ask


M = Money.of


@pytest.mark.parametrize(("terms", "low", "high", "unknown"), [
    (Terms(M("500"), D(20), None, M("2000")), "600", "600", 0), (Terms(M("500"), D(20), None, M("550")), "550", "550", 0),
    (Terms(None, D(20), None, None), "200", "1000", 2), (Terms(M("0"), None, None, None), "0", "1000", 2),
    (Terms(M("0"), None, M("40"), None), "80", "80", 1), (Terms(M("5000"), D(20), None, None), "1000", "1000", 1),
])
def test_the_patients_share_is_a_range_where_something_is_not_known(terms: Terms, low: str, high: str, unknown: int) -> None:
    found = patient_cost(M("1000"), M("1000"), terms, copays=2)
    assert (found.low, found.high, len(found.unknown)) == (M(low), M(high), unknown)
    assert found.certain is (low == high and not unknown)


@pytest.mark.parametrize(("verified", "today", "ship", "text"), [
    (date(2026, 3, 5), date(2026, 3, 20), None, ""), (date(2026, 2, 27), date(2026, 3, 1), None, "first of each month"),
    (date(2026, 3, 5), date(2026, 3, 19), date(2026, 3, 20), "before what ships"), (date(2026, 3, 18), date(2026, 3, 19), date(2026, 3, 20), ""),
])
def test_benefits_grow_stale_with_the_month_and_before_a_shipment(verified: date, today: date, ship: date | None, text: str) -> None:
    found = ask_again(verified, today, ship, 3)
    assert text in found and bool(found) is bool(text)


def test_a_copay_card_is_never_for_federal_programmes() -> None:
    no = may_have_copay_card("manufacturer_copay", ["commercial", "medicaid"])
    assert no is not None and no.code == "federal-payer"
    assert may_have_copay_card("foundation", ["medicaid"]) is None and may_have_copay_card("manufacturer_copay", ["commercial"]) is None


def test_a_margin_is_a_range_and_says_when_it_may_be_lost() -> None:
    income, costs = (CostLine("S9500", M("100"), spread_pct=D(10)),), (CostLine("drug", M("80"), "drug", "catalog", D(5)),)
    found = ExpectedMargin(M("100"), M("80"), (), income, costs)
    assert (found.least, found.margin, found.most, found.is_thin) == (M("6"), M("20"), M("34"), False)
    assert ExpectedMargin(M("80"), M("80"), (), (), costs).is_thin


def test_what_is_thrown_away_and_what_waiting_costs() -> None:
    packs = [Pack(Quantity(D(100), MG), M("10")), Pack(Quantity(D(10), ML), M("1"))]
    assert thrown_away(Quantity(D(150), MG), packs) == D("0.25")
    assert thrown_away(Quantity(D(1), ML), packs[:1]) is None
    assert cost_of_money(M("1000"), 73, D(10)) == M("20")
