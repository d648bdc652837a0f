# SPDX-License-Identifier: Apache-2.0
"""The fields of a form, as the register wants them: ``weight`` and ``weight.unit`` one amount, ``levels.1.at`` a row."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from openinfusion.calculations.domain.calculation import Calculation


def typed_inputs(calculation: Calculation, given: Mapping[str, str]) -> dict[str, Any]:
    """What was typed, as the register wants it: an amount with its unit, rows as a list."""
    raw: dict[str, Any] = {}
    for question in calculation.questions:
        put = question.input
        if put.kind == "rows":
            rows = [
                {c.name: text for c in put.columns if (text := _text(c, f"{put.name}.{place}.{c.name}", given))}  # type: ignore[attr-defined]
                for place in range(1, filled_rows(put.name, given) + 1)
            ]
            if rows := [row for row in rows if row]:
                raw[put.name] = rows
        elif text := _text(put, put.name, given):
            raw[put.name] = text
    return raw


def _text(put: Any, name: str, given: Mapping[str, str]) -> str:
    text = given.get(name, "").strip()
    if put.kind != "amount" or not re.fullmatch(r"[-+0-9.,]+", text):
        return text
    return f"{text} {given.get(f'{name}.unit', put.unit)}".strip()


def filled_rows(name: str, given: Mapping[str, str]) -> int:
    """How many rows of this name the fields carry."""
    places = [int(key.split(".")[1]) for key in given if key.startswith(f"{name}.") and key.split(".")[1].isdigit()]
    return min(max(places, default=0), 60)
