# SPDX-License-Identifier: Apache-2.0
"""What plans weigh: the assumption is sound by the rules that the house's own figures are judged by."""
from __future__ import annotations

from dataclasses import replace
from datetime import date, time
from typing import Any

import pytest

from openinfusion.dispatch.domain.day_plan import PlanKind
from openinfusion.dispatch.domain.figures import assumed_on, must_be_sound
from openinfusion.kernel.refusal import Broken, Malformed

DAY = date(2026, 3, 2)


@pytest.mark.parametrize("kind", PlanKind)
def test_the_assumption_is_sound_and_not_signed(kind: PlanKind) -> None:
    found = assumed_on(kind, DAY)
    must_be_sound(found)
    assert found.status == "unverified" and found.kind is kind


def test_before_the_first_row_nothing_is_guessed() -> None:
    with pytest.raises(Broken, match="no figures of dispatch"):
        assumed_on(PlanKind.NURSES, date(2025, 12, 31))


@pytest.mark.parametrize(("wrong", "path"), [
    ({"ends": time(8)}, "ends"), ({"overtime": 481}, "overtime"), ({"agreed": 91}, "agreed"), ({"flexible": -1}, "flexible"),
    ({"late": -1}, "late"), ({"moved": 100_001}, "moved"), ({"distance": 0, "paid": 0}, "paid"), ({"left_out": 999_999}, "left_out"),
    ({"source": "  "}, "source"),
])
def test_what_cannot_be_is_named(wrong: dict[str, Any], path: str) -> None:
    with pytest.raises(Malformed) as no:
        must_be_sound(replace(assumed_on(PlanKind.NURSES, DAY), **wrong))
    assert path in {f.path for f in no.value.faults}


def test_fairness_has_its_price_over_several_days_only() -> None:
    found = assumed_on(PlanKind.NURSES, DAY)
    assert found.prices(several=False).longest_week == 0 and found.prices(several=True).longest_week == found.fair > 0
    assert found.prices(several=False).overtime == found.overtime_price
