# SPDX-License-Identifier: Apache-2.0
"""The figures of this room: rows of data/*.toml, each with its source, its date and its standing."""

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
class Row:
    """One row: its columns, and who says so."""

    columns: dict[str, Any]
    source: Source

    def __getitem__(self, name: str) -> Any:
        return self.columns[name]

    def get(self, name: str, default: Any = None) -> Any:
        return self.columns.get(name, default)

    def figure(self, name: str = "value") -> Decimal:
        """A column as a decimal; figures are written as text or whole numbers, so that no float comes in."""
        value = self.columns[name]
        if isinstance(value, float):
            raise Broken(f"{name} = {value} is a float; write it as text")
        return Decimal(value)


@cache
def table(name: str) -> tuple[Row, ...]:
    """Every row of data/<name>.toml."""
    return tuple(
        Row(row, Source(row["source"], row["effective_from"], Standing(row["status"]), row.get("signed_by", "")))
        for row in figures.rows("openinfusion.calculations.domain", f"data/{name}.toml")
    )


@cache
def row(name: str, /, **wanted: Any) -> Row:
    """The one row of a table whose columns are these; Broken if there is none or more than one."""
    found = [r for r in table(name) if all(r.get(column) == value for column, value in wanted.items())]
    if len(found) != 1:
        raise Broken(f"{name}.toml has {len(found)} rows with {wanted}")
    return found[0]


def published(text: str, year: int, *, standing: Standing = Standing.UNVERIFIED) -> Source:
    """The source of a formula: a paper or label of a year, unverified until a pharmacist has signed it."""
    return Source(text, date(year, 1, 1), standing)
