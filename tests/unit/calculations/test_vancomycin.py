# SPDX-License-Identifier: Apache-2.0
"""Vancomycin and aminoglycosides before a level, where the worked examples do not go."""

from __future__ import annotations

from typing import Any

import pytest

from openinfusion.calculations.public import Result, Verdict, Worked, ask
from openinfusion.kernel.refusal import Malformed


def codes(worked: Worked) -> list[str]:
    return [w.code for w in worked.warnings]


def code(worked: Worked, name: str) -> str:
    found = worked.result(name)
    assert isinstance(found, Verdict)
    return found.code


def test_a_load_is_rounded_and_capped() -> None:
    light = ask("vancomycin-loading", {"weight": "61 kg", "situation": "obese"}).worked
    assert [r.value for r in light.results if isinstance(r, Result)] == [1250, 1500] and codes(light) == []
    assert codes(ask("vancomycin-loading", {"weight": "160 kg", "situation": "obese"}).worked) == ["capped"]


@pytest.mark.parametrize(
    ("given", "most", "warned"),
    [
        ({"weight": "70 kg", "age": "50 a"}, 4200, ["early-level"]),
        ({"weight": "60 kg", "age": "50 a"}, 3600, []),
        ({"weight": "150 kg", "age": "50 a"}, 9000, ["early-level"]),
        ({"weight": "150 kg", "age": "50 a", "obese": "yes"}, 4500, ["early-level"]),
        ({"weight": "60 kg", "age": "15 a"}, 3600, []),
        ({"weight": "20 kg", "age": "3 a"}, 1600, []),
    ],
)
def test_a_schedule_by_weight_has_its_maximum(given: dict[str, str], most: int, warned: list[str]) -> None:
    worked = ask("vancomycin-maintenance", given).worked
    assert worked.value("most_per_day") == most and codes(worked) == warned


@pytest.mark.parametrize(("crcl", "label"), [("10", 155), ("55", 770), ("109", 1545)])
def test_the_label_is_read_at_the_lower_line(crcl: str, label: int) -> None:
    worked = ask("vancomycin-daily-dose", {"weight": "70 kg", "age": "50 a", "crcl": f"{crcl} mL/min"}).worked
    assert worked.value("label") == label and len(worked.tables[0].rows) == 6


@pytest.mark.parametrize("crcl", ["9", "110"])
def test_beyond_its_table_the_label_cannot_judge(crcl: str) -> None:
    worked = ask("vancomycin-daily-dose", {"weight": "70 kg", "age": "50 a", "crcl": f"{crcl} mL/min"}).worked
    assert code(worked, "label") == "cannot-judge"


def test_on_hemodialysis_the_load_is_capped_and_the_level_judged() -> None:
    given = {"weight": "100 kg", "timing": "during", "permeability": "high"}
    assert codes(ask("vancomycin-hemodialysis", given).worked) == ["capped"]
    for level, said in (("14", "below"), ("18", "within"), ("21", "above")):
        worked = ask("vancomycin-hemodialysis", {**given, "weight": "60 kg", "level": f"{level} mg/L"}).worked
        assert code(worked, "level") == said and codes(worked) == []


def test_a_continuous_infusion_goes_by_a_plateau_or_a_clearance_or_only_by_weight() -> None:
    assert {r.name for r in ask("vancomycin-continuous", {"weight": "70 kg"}).worked.results} == {"low", "high"}
    known = {"weight": "70 kg", "clearance": "4 L/h"}
    assert ask("vancomycin-continuous", {**known, "aim": "25 mg/L"}).worked.value("dose") == 2400
    assert codes(ask("vancomycin-continuous", {**known, "clearance": "10 L/h"}).worked) == ["above-usual"]
    for half in ({"plateau": "20 mg/L"}, {"daily_dose": "2 g"}):
        with pytest.raises(Malformed, match="belong together"):
            ask("vancomycin-continuous", {"weight": "70 kg", **half})


def extended(**changes: Any) -> Worked:
    given = {"drug": "tobramycin", "weight": "120 kg", "crcl": "80 mL/min", "dialysis": "no", **changes}
    return ask("aminoglycoside-extended", given).worked


def test_the_dosing_weight_is_adjusted_well_above_ideal() -> None:
    assert extended().value("dose") == 840 and "ideal-weight-not-given" in codes(extended())
    assert extended(ideal_weight="70 kg").value("dose") == 630 and codes(extended(ideal_weight="70 kg")) == ["draw-a-level"]
    assert extended(ideal_weight="110 kg").value("dose") == 840
    assert extended(height="180 cm", sex="male").value("dose") < 700
    assert "ideal-weight-not-given" in codes(extended(height="180 cm"))


@pytest.mark.parametrize(
    ("creatinine", "percent"), [("0.05", 100), ("0.5", 100), ("1.04", 100), ("1.05", 80), ("1.95", 50), ("8.04", 10)]
)
def test_the_gentamicin_table_is_read_to_a_tenth(creatinine: str, percent: int) -> None:
    given = {"drug": "gentamicin", "weight": "60 kg", "creatinine": f"{creatinine} mg/dL"}
    assert ask("aminoglycoside-label", given).worked.value("percent") == percent


def test_above_its_table_the_gentamicin_label_cannot_judge() -> None:
    worked = ask("aminoglycoside-label", {"drug": "gentamicin", "weight": "60 kg", "creatinine": "8.1 mg/dL"}).worked
    assert code(worked, "reduced") == "cannot-judge"
