# SPDX-License-Identifier: Apache-2.0
"""Laboratory tests by the names rows use: which LOINC codes they are, and their values in the unit of the rows."""

from __future__ import annotations

from collections.abc import Mapping, Set
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

from openinfusion.clinical.domain.facts import LabResult
from openinfusion.clinical.domain.figures import read_rows

Labs = Mapping[str, tuple[LabResult, ...]]


@cache
def _table() -> dict[str, Any]:
    return read_rows("lab_tests.toml")


def results_of(labs: Labs, test: str) -> tuple[LabResult, ...]:
    """The kept results of a test, under whichever code they came, the newest first."""
    found = [r for code in _table()["test"][test]["loinc"] for r in labs.get(code, ())]
    if len(found) > 1:
        found.sort(key=lambda r: r.on, reverse=True)
    return tuple(found)


def value_of(test: str, result: LabResult) -> Decimal | None:
    """The result in the unit of the rows; None where its unit is none that the table converts."""
    factor = _table()["test"][test]["factors"].get(result.unit.strip().lower())
    return None if factor is None else result.value * Decimal(factor)


def name_of(test: str) -> str:
    return str(_table()["test"][test]["name"])


def unit_of(test: str) -> str:
    return str(_table()["test"][test]["unit"])


def panel_name(panel: str) -> str:
    return str(_table()["panel"][panel]["name"])


def panels_of(codes: Set[str]) -> frozenset[str]:
    """The kinds of monitoring that results under any of these codes prove."""
    return frozenset(name for name, row in _table()["panel"].items() if codes & set(row["loinc"]))


def last_done(labs: Labs, panel: str) -> date | None:
    """The day of the newest result that proves this kind of monitoring; None if there is none."""
    days = [results[0].on for code in _table()["panel"][panel]["loinc"] if (results := labs.get(code))]
    return max(days) if days else None
