# SPDX-License-Identifier: Apache-2.0
"""The fields of a form become the inputs of the register."""

from __future__ import annotations

from openinfusion.calculations.domain.calculation import Calculation
from openinfusion.calculations.domain.catalogue import calculations
from openinfusion.calculations.domain.fields import filled_rows, typed_inputs


def sheet(kind: str) -> tuple[Calculation, str]:
    """A calculation that asks for an input of this kind, and the input's name."""
    return next((c, q.input.name) for c in calculations() for q in c.questions if q.input.kind == kind)


def test_an_amount_takes_the_unit_beside_it_and_keeps_its_own() -> None:
    calculation, name = sheet("amount")
    unit = next(q.input.unit for q in calculation.questions if q.input.name == name)
    assert typed_inputs(calculation, {name: " 80 ", f"{name}.unit": "lb"}) == {name: "80 lb"}
    assert typed_inputs(calculation, {name: "80"}) == {name: f"80 {unit}".strip()}
    assert typed_inputs(calculation, {name: "80 kg", f"{name}.unit": "lb"}) == {name: "80 kg"}
    assert typed_inputs(calculation, {name: "  ", "other": "1"}) == {}


def test_rows_are_read_in_their_order_and_empty_ones_left_out() -> None:
    calculation, name = sheet("rows")
    first = next(q.input for q in calculation.questions if q.input.name == name).columns[0]  # type: ignore[attr-defined]
    given = {f"{name}.1.{first.name}": "1", f"{name}.3.{first.name}": "3", f"{name}.2.{first.name}": " ", f"{name}.x.{first.name}": "9"}
    found = typed_inputs(calculation, given)[name]
    assert [row[first.name].split()[0] for row in found] == ["1", "3"]
    assert typed_inputs(calculation, {f"{name}.1.{first.name}": ""}) == {}


def test_no_form_has_more_than_sixty_rows() -> None:
    assert filled_rows("level", {}) == 0
    assert filled_rows("level", {"level.7.at": "", "levels.9.at": ""}) == 7
    assert filled_rows("level", {"level.999999999.at": ""}) == 60
