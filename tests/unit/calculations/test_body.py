# SPDX-License-Identifier: Apache-2.0
"""Body size where the worked examples do not go: the site's policies, what is missing, what is not believed."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from openinfusion.calculations.public import Verdict, ask
from openinfusion.kernel.refusal import Malformed, Refused

SHORT = {"height": "140 cm", "sex": "female", "age": "70 a"}


def codes(name: str, given: dict[str, Any]) -> list[str]:
    return [w.code for w in ask(name, given).worked.warnings]


@pytest.mark.parametrize(
    ("policy", "weight", "kg"),
    [("subtract", "38 kg", "34.3"), ("floor", "38 kg", "40"), ("actual", "30 kg", "30"), ("actual", "38 kg", "34.3")],
)
def test_below_60_inches_the_site_says_what_holds(policy: str, weight: str, kg: str) -> None:
    worked = ask("ideal-weight-devine", {**SHORT, "weight": weight, "below_60_inches": policy}).worked
    assert f"{worked.value('ideal'):.1f}".removesuffix(".0") == kg
    assert [w.code for w in worked.warnings] == ["below-60-inches"]


def test_from_60_inches_no_policy_counts() -> None:
    worked = ask("ideal-weight-devine", {**SHORT, "height": "60 in", "below_60_inches": "floor"}).worked
    assert abs(worked.value("ideal") - Decimal("45.5")) < Decimal("1e-9")
    assert worked.warnings == ()


def test_what_a_policy_compares_with_must_be_given() -> None:
    with pytest.raises(Malformed, match="actual weight"):
        ask("ideal-weight-devine", {**SHORT, "below_60_inches": "actual"})
    with pytest.raises(Malformed, match="below one year"):
        ask("ideal-weight-child", {"height": "60 cm", "sex": "male", "age": "6 mo"})
    for half in ({"height": "180 cm"}, {"sex": "male"}):
        with pytest.raises(Malformed, match="height and sex"):
            ask("adjusted-weight", {"weight": "80 kg", **half})


def test_a_very_short_adult_is_confirmed_first_and_never_weighs_nothing() -> None:
    tiny = {"height": "110 cm", "sex": "female", "age": "40 a"}
    with pytest.raises(Refused, match="not plausible"):
        ask("ideal-weight-devine", tiny)
    assert ask("ideal-weight-devine", {**tiny, "height_confirmed": "yes"}).worked.value("ideal") > 0
    with pytest.raises(Refused, match="gives no weight"):
        ask("ideal-weight-devine", {**tiny, "height": "80 cm", "height_confirmed": "yes"})


def test_a_child_has_its_own_formula_and_an_infant_its_own_weight() -> None:
    infant = ask("ideal-weight-child", {"height": "60 cm", "sex": "male", "age": "6 mo", "weight": "6 kg"}).worked
    assert infant.value("ideal") == 6
    with pytest.raises(Refused, match="for children"):
        ask("ideal-weight-child", {"height": "170 cm", "sex": "male", "age": "18 a"})


def test_adjusting_is_meant_for_those_well_above_ideal() -> None:
    assert codes("adjusted-weight", {"weight": "80 kg", "height": "180 cm", "sex": "male"}) == ["not-above-ideal"]
    given = {"weight": "100 kg", "ideal_weight": "60 kg", "share": "0.25"}
    assert ask("adjusted-weight", given).worked.value("adjusted") == 70 and codes("adjusted-weight", given) == []


def test_du_bois_warns_for_infants_only() -> None:
    assert codes("body-surface-du-bois", {"weight": "3.5 kg", "height": "50 cm"}) == ["not-for-infants"]
    assert codes("body-surface-du-bois", {"weight": "80 kg", "height": "180 cm"}) == []


@pytest.mark.parametrize(
    ("weight", "last", "code"),
    [
        ("176 kg", "80 kg", "pounds-for-kilograms"),
        ("36.3 kg", "80 kg", "pounds-for-kilograms"),
        ("89 kg", "80 kg", "confirm"),
        ("86 kg", "80 kg", "plausible"),
    ],
)
def test_a_weight_is_held_against_the_last(weight: str, last: str, code: str) -> None:
    verdict = ask("weight-change", {"weight": weight, "last_weight": last}).worked.result("verdict")
    assert isinstance(verdict, Verdict) and verdict.code == code
