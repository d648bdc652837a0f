# SPDX-License-Identifier: Apache-2.0
"""What is typed is read strictly: a unit always, no slips of notation, nothing that is not asked for."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from openinfusion.calculations.domain.inputs import amount, choice, rows, text, whole, yes_no
from openinfusion.calculations.domain.measure import convert, measure, shown_unit
from openinfusion.calculations.public import ask
from openinfusion.kernel.refusal import Malformed, NotFound

WEIGHT = amount("weight", "kg", "0.3", "400", also={"lb": "0.45359237"})


@pytest.mark.parametrize(
    ("typed", "kg"), [("80 kg", "80"), ("80kg", "80"), ("80000 g", "80"), ({"value": "100", "unit": "lb"}, "45.359237")]
)
def test_an_amount_comes_in_its_own_unit(typed: Any, kg: str) -> None:
    assert WEIGHT.read(typed) == Decimal(kg)


@pytest.mark.parametrize(
    "typed",
    ["80", "", "kg", "8e1 kg", "80,5 kg", "1_000 g", ".5 kg", "80 mL", "80 stone", "0 kg", "401 kg", "NaN kg", 80.0, True, None],
)
def test_what_is_not_an_amount_with_a_unit_is_refused(typed: Any) -> None:
    with pytest.raises(Malformed) as no:
        WEIGHT.read(typed)
    assert no.value.faults[0].path == "weight"


def test_compound_units_convert_only_within_their_dimensions() -> None:
    assert convert(Decimal(1), "L/h", "mL/min") == Decimal(1000) / 60
    assert convert(Decimal(5), "mcg/kg/min", "mg/kg/h") == Decimal("0.3")
    assert convert(Decimal(1), "mg/L", "mmol/L") is None
    assert measure("mEq/L").code == "meq/L"
    assert shown_unit("mcg/kg/min") == shown_unit("ug/kg/min") == "mcg/kg/min"


@pytest.mark.parametrize("typed", ["1.5", "-1", "²", "1e2", True, 3.0, "11"])
def test_a_whole_number_is_whole_and_plausible(typed: Any) -> None:
    with pytest.raises(Malformed):
        whole("cycles", 0, 10).read(typed)


def test_a_choice_and_a_yes_are_read_from_words() -> None:
    assert choice("sex", "female", "male").read(" Female ") == "female"
    assert yes_no("dialysis").read("no") is False
    for bad in ("", "maybe"):
        with pytest.raises(Malformed):
            yes_no("dialysis").read(bad)
        with pytest.raises(Malformed):
            choice("sex", "female", "male").read(bad)


def test_a_text_is_written_as_its_kind_is() -> None:
    clock = text("start", r"([01]\d|2[0-3]):[0-5]\d", "08:30")
    assert clock.read(" 23:59 ") == clock.said("23:59") == "23:59"
    for bad in ("24:00", "8:30", 830, "08:30:00"):
        with pytest.raises(Malformed, match="not written like 08:30"):
            clock.read(bad)


def test_rows_name_the_place_of_every_fault() -> None:
    levels = rows("levels", amount("at", "h", "0"), amount("level", "mg/L", above="0"))
    assert levels.read([{"at": "2 h", "level": "30 mg/L"}]) == ({"at": Decimal(2), "level": Decimal(30)},)
    with pytest.raises(Malformed) as no:
        levels.read([{"at": "2 h", "level": "0 mg/L"}, {"at": "x", "peak": "1"}])
    assert [f.path for f in no.value.faults] == ["levels[1].level", "levels[2].peak", "levels[2].at", "levels[2].level"]
    for bad in ("text", [], [1]):
        with pytest.raises(Malformed):
            levels.read(bad)


def test_every_fault_is_named_at_once_and_nothing_is_guessed() -> None:
    with pytest.raises(Malformed) as no:
        ask("body-surface-mosteller", {"weight": "80", "hight": "180 cm"})
    assert {f.path for f in no.value.faults} == {"hight", "weight", "height"}
    with pytest.raises(NotFound):
        ask("crystal-ball", {})
