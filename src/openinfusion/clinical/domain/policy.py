# SPDX-License-Identifier: Apache-2.0
"""Figures of monitoring, calls and outcomes: dated rows in data/support_figures.toml, read as they hold on a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

from openinfusion.kernel import figures
from openinfusion.kernel.refusal import Broken
from openinfusion.kernel.standing import Source, Standing


@dataclass(frozen=True, slots=True)
class Policy:
    """One figure as it holds on a day, with who stands for it."""

    value: int
    source: Source


@cache
def rows(name: str) -> tuple[dict[str, Any], ...]:
    """The rows of a file of this room's data folder, each with source, date and standing."""
    return tuple(figures.rows(__package__, f"data/{name}.toml"))


def source_of(row: dict[str, Any]) -> Source:
    return Source(row["source"], row["effective_from"], Standing(row["status"]), row.get("signed_by", ""))


def in_force(found: list[dict[str, Any]], on: date) -> dict[str, Any]:
    """The newest of these rows that holds on a day; the oldest where the day lies before them all."""
    dated = sorted(found, key=lambda r: r["effective_from"])
    held = [r for r in dated if r["effective_from"] <= on]
    return held[-1] if held else dated[0]


def policy(name: str, on: date) -> Policy:
    """The figure with this name on a day; Broken where no row has it."""
    found = [r for r in rows("support_figures") if r["name"] == name]
    if not found:
        raise Broken(f"no figure is called {name}")
    row = in_force(found, on)
    return Policy(int(row["value"]), source_of(row))


@dataclass(frozen=True, slots=True)
class Range:
    """A reference range in one unit; ``low`` or ``high`` may be open."""

    low: Decimal | None
    high: Decimal | None
    unit: str
    source: Source

    def holds(self, value: Decimal) -> bool:
        return (self.low is None or value >= self.low) and (self.high is None or value <= self.high)

    def __str__(self) -> str:
        if self.low is None:
            return f"up to {self.high} {self.unit}"
        return f"{self.low} to {self.high} {self.unit}" if self.high is not None else f"from {self.low} {self.unit}"


def lab_units() -> tuple[tuple[str, str, str], ...]:
    """Every test that may be entered in a report: its LOINC code, its name, and the unit.

    Of a test with reference ranges that is the first unit its rows speak in, of one without the unit of its own row.
    """
    found: dict[str, tuple[str, str, str]] = {}
    for r in rows("lab_ranges"):
        found.setdefault(r["loinc"], (r["loinc"], r["name"], r["unit"]))
    for r in rows("tests"):
        if "unit" in r:
            found.setdefault(r["code"], (r["code"], r["name"], r["unit"]))
    return tuple(found.values())


def lab_range(loinc: str, unit: str, on: date) -> Range | None:
    """The reference range of a test in this very unit; None where none is on file: then nothing is judged."""
    found = [r for r in rows("lab_ranges") if r["loinc"] == loinc and r["unit"].lower() == unit.strip().lower()]
    if not found:
        return None
    row = in_force(found, on)
    low, high = (Decimal(row[k]) if k in row else None for k in ("low", "high"))
    return Range(low, high, row["unit"], source_of(row))
