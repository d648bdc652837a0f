# SPDX-License-Identifier: Apache-2.0
"""What was expected of a course, line by line and for the part supplied so far."""

from __future__ import annotations

from decimal import Decimal

from openinfusion.intake.domain.margin import CostLine, ExpectedMargin
from openinfusion.kernel.money import Money

COSTS = (CostLine("drug, 14 doses", Money(7000), "drug"), CostLine("kit", Money(500), "supplies"), CostLine("kit", Money(300), "supplies"))


def test_costs_are_summed_by_kind() -> None:
    expected = ExpectedMargin(Money(10000), Money(7800), (), (), COSTS, 14)
    assert (expected.cost_of("drug"), expected.cost_of("supplies"), expected.cost_of("nursing")) == (Money(7000), Money(800), Money(0))
    assert expected.margin == Money(2200) and expected.share == Decimal(22)


def test_the_part_supplied_is_never_more_than_all_and_nothing_where_the_length_is_unknown() -> None:
    expected = ExpectedMargin(Money(0), Money(0), (), days=14)
    assert [expected.share_of(d) for d in (0, 7, 14, 20)] == [0, Decimal("0.5"), 1, 1]
    assert ExpectedMargin(Money(0), Money(0), ()).share_of(7) == 0 and expected.share is None
