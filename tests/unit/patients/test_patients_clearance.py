# SPDX-License-Identifier: Apache-2.0
"""Creatinine clearance of a chart: the weight rule, the cap and the age of the creatinine are shown."""
from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from openinfusion.kernel.refusal import Malformed, Refused
from openinfusion.patients.adapters import bounds, renal_policy
from openinfusion.patients.domain.clearance import Clearance, clearance
from openinfusion.patients.domain.identity import Sex, age_on
from openinfusion.patients.domain.plausible import check_bounds, jump

POLICY = renal_policy()


@pytest.mark.parametrize(("weight", "rule"), [("60", "actual"), ("80", "ideal"), ("120", "adjusted")])
def test_the_weight_rule_is_actual_below_ideal_then_ideal_then_adjusted(weight: str, rule: str) -> None:
    found = result(weight_kg=Decimal(weight), height_cm=Decimal(180))
    assert isinstance(found, Clearance) and found.weight_rule == rule


def result(**changes: object) -> object:
    facts: dict[str, object] = {
        "born_on": date(1959, 1, 1), "sex": Sex.MALE, "weight_kg": Decimal("183.5"), "height_cm": Decimal(168),
        "creatinine": Decimal("1.24"), "creatinine_on": date(2026, 1, 1), "on": date(2026, 1, 5), "policy": POLICY,
    }
    return clearance(**(facts | changes))  # type: ignore[arg-type]


def test_the_result_says_how_it_was_made() -> None:
    assert str(result()) == "91 mL/min (Cockcroft-Gault, adjusted weight 111.9 kg)"
    assert "capped" in str(result(creatinine=Decimal("0.2")))
    assert "creatinine too old" in str(result(on=date(2026, 2, 1)))


@pytest.mark.parametrize("changes", [
    {"born_on": date(2015, 1, 1)}, {"sex": Sex.UNKNOWN}, {"height_cm": Decimal(90)}, {"creatinine": Decimal(0)},
])
def test_the_formula_refuses_where_it_does_not_speak(changes: dict[str, object]) -> None:
    with pytest.raises(Refused):
        result(**changes)


def test_a_birthday_counts_on_its_day() -> None:
    assert age_on(date(2000, 2, 29), date(2026, 2, 28)) == 25
    assert age_on(date(2000, 2, 29), date(2026, 3, 1)) == 26


def test_pounds_for_kilograms_are_doubted_and_impossible_values_refused() -> None:
    limits = bounds("weight_kg")
    assert jump("weight", Decimal(176), Decimal(80), limits) is not None
    assert jump("weight", Decimal(86), Decimal(80), limits) is None
    assert jump("weight", Decimal(86), None, limits) is None
    with pytest.raises(Malformed):
        check_bounds("weight", Decimal(900), limits)
