# SPDX-License-Identifier: Apache-2.0
"""Renal function where the worked examples do not go; and the traps that published sources have fallen into."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from openinfusion.calculations.domain.filtration import calvert
from openinfusion.calculations.domain.renal import cockcroft_gault
from openinfusion.calculations.public import Worked, ask, calculations
from openinfusion.kernel.refusal import Malformed, Refused

MAN = {"age": "60 a", "sex": "male", "weight": "80 kg", "creatinine": "1.2 mg/dL", "height": "180 cm", "stable": "yes"}


def clearance(**changes: Any) -> Worked:
    return ask("creatinine-clearance", {**MAN, **changes}).worked


def codes(worked: Worked) -> list[str]:
    return [w.code for w in worked.warnings]


def weight_name(worked: Worked) -> str:
    return worked.result("weight").label


def test_t1_calvert_adds_25_and_nothing_else() -> None:
    assert calvert(Decimal(5), Decimal(100)) == 625 != 700


def test_t2_no_jelliffe_is_offered_as_long_as_its_female_factor_is_unsure() -> None:
    assert not [c.name for c in calculations() if "jelliffe" in f"{c.name} {c.title} {c.formula}".lower()]


def test_t3_a_woman_clears_085_of_a_man_never_more() -> None:
    given: dict[str, Any] = {"age_years": Decimal(40), "weight_kg": Decimal(80), "creatinine_mg_per_dl": Decimal(1)}
    man, woman = cockcroft_gault(**given, female=False), cockcroft_gault(**given, female=True)
    assert woman == man * Decimal("0.85") < man


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"weight": "60 kg"}, "actual"),
        ({"weight": "80 kg"}, "ideal"),
        ({"weight": "80 kg", "middle_weight": "actual"}, "actual"),
        ({"weight": "95 kg"}, "adjusted"),
        ({"weight": "95 kg", "adjust_above": "1.3"}, "ideal"),
        ({"weight": "55 kg", "weight_rule": "b"}, "actual"),
        ({"weight": "78 kg", "weight_rule": "b"}, "ideal"),
        ({"weight": "70 kg", "weight_rule": "b"}, "actual"),
        ({"weight": "82 kg", "weight_rule": "b"}, "adjusted"),
        ({"weight": "60 kg", "weight_rule": "ideal"}, "ideal"),
        ({"weight": "60 kg", "weight_rule": "adjusted"}, "adjusted"),
        ({"weight": "120 kg", "weight_rule": "actual"}, "actual"),
    ],
)
def test_the_weight_rule_is_the_sites(changes: dict[str, str], name: str) -> None:
    worked = clearance(**changes)
    assert weight_name(worked) == f"Weight used ({name})"
    assert any("Weight rule" in str(step) for step in worked.steps)


def test_a_rule_by_height_needs_the_height() -> None:
    with pytest.raises(Malformed, match="height"):
        clearance(height="")


def test_a_short_adult_is_confirmed_first() -> None:
    with pytest.raises(Refused, match="not plausible"):
        clearance(height="115 cm")
    assert clearance(height="119 cm", height_confirmed="yes").value("crcl") > 0


def test_a_low_creatinine_is_rounded_up_only_when_asked_and_said() -> None:
    assert codes(clearance(creatinine="0.8 mg/dL")) == []
    up = clearance(creatinine="0.8 mg/dL", creatinine_floor="1 mg/dL")
    assert codes(up) == ["creatinine-rounded-up"] and up.value("crcl") < clearance(creatinine="0.8 mg/dL").value("crcl")
    assert any("Winter" in str(source) for source in up.used)


def test_the_cap_is_the_sites_and_is_said() -> None:
    capped = clearance(creatinine="0.4 mg/dL", cap="120 mL/min")
    assert capped.value("crcl") == 120 < capped.value("uncapped") and codes(capped) == ["capped"]
    with pytest.raises(Refused, match="above the cap"):
        clearance(creatinine="0.4 mg/dL", above_cap="refuse")


def test_a_creatinine_serves_longer_at_home_than_for_vancomycin() -> None:
    assert codes(clearance(creatinine_age="5 d")) == []
    assert codes(clearance(creatinine_age="5 d", purpose="vancomycin")) == ["creatinine-too-old"]
    assert codes(clearance(stable="")) == ["stability-not-said"]


def test_creatinine_and_weight_are_above_zero() -> None:
    for weight, creatinine in ((Decimal(80), Decimal(0)), (Decimal(0), Decimal(1))):
        with pytest.raises(Refused, match="above zero"):
            cockcroft_gault(age_years=Decimal(40), weight_kg=weight, creatinine_mg_per_dl=creatinine, female=False)
    with pytest.raises(Malformed, match="not above 0"):
        clearance(creatinine="0 mg/dL")


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("egfr-ckd-epi-2021", {"age": "17 a", "sex": "male", "creatinine": "0.8 mg/dL"}),
        ("egfr-ckd-epi-2021", {"age": "50 a", "sex": "male", "creatinine": "0.8 mg/dL", "stable": "no"}),
        ("egfr-schwartz-bedside", {"age": "6 mo", "height": "65 cm", "creatinine": "0.3 mg/dL"}),
        ("egfr-schwartz-bedside", {"age": "18 a", "height": "165 cm", "creatinine": "0.8 mg/dL"}),
        ("egfr-schwartz-1976", {"age": "18 a", "sex": "male", "height": "165 cm", "creatinine": "0.8 mg/dL"}),
    ],
)
def test_an_estimate_is_refused_outside_its_age_and_without_a_stable_creatinine(name: str, given: dict[str, str]) -> None:
    with pytest.raises(Refused):
        ask(name, given)


@pytest.mark.parametrize(
    ("changes", "factor"),
    [
        ({"age": "6 mo", "preterm": "yes"}, "0.33"),
        ({"age": "6 mo", "preterm": "no"}, "0.45"),
        ({"age": "13 a"}, "0.55"),
        ({"age": "14 a"}, "0.70"),
        ({"age": "14 a", "sex": "female"}, "0.55"),
    ],
)
def test_the_factor_of_schwartz_goes_by_age_sex_and_birth(changes: dict[str, str], factor: str) -> None:
    given = {"sex": "male", "height": "100 cm", "creatinine": "1 mg/dL", **changes}
    assert ask("egfr-schwartz-1976", given).worked.value("gfr") == Decimal(factor) * 100


def test_what_an_estimate_needs_is_asked_for() -> None:
    with pytest.raises(Malformed, match="preterm"):
        ask("egfr-schwartz-1976", {"age": "6 mo", "sex": "male", "height": "65 cm", "creatinine": "0.3 mg/dL"})
    for half in ({"weight": "80 kg"}, {"height": "180 cm"}):
        with pytest.raises(Malformed, match="body surface"):
            ask("egfr-deindexed", {"egfr": "90 mL/min/{1.73_m2}", **half})
    both = ask("egfr-deindexed", {"egfr": "90 mL/min/{1.73_m2}", "weight": "80 kg", "height": "180 cm"}).worked
    assert abs(both.value("gfr") - Decimal("104.05")) < Decimal("0.01")


def test_an_indexed_filtration_is_not_taken_for_a_plain_one() -> None:
    with pytest.raises(Malformed, match="cannot become"):
        ask("carboplatin-calvert", {"auc": "5 mg.min/mL", "gfr": "90 mL/min/{1.73_m2}"})
