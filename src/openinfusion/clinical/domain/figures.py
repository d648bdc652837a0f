# SPDX-License-Identifier: Apache-2.0
"""The clinical figures of this room, read from the dated rows in data/figures.toml."""
from __future__ import annotations

import tomllib
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from openinfusion.kernel.standing import Source, Standing

DATA = Path(__file__).parent / "data"


@dataclass(frozen=True, slots=True)
class Row:
    """One figure with its standing."""

    value: Decimal
    source: Source


@cache
def read_rows(name: str) -> dict[str, Any]:
    """A TOML file of this room's data folder."""
    with (DATA / name).open("rb") as file:
        return tomllib.load(file, parse_float=Decimal)


def source_of(row: dict[str, Any]) -> Source:
    """The source columns that every row carries."""
    return Source(row["source"], row["effective_from"], Standing(row["status"]), row.get("signed_by", ""))


@cache
def figure(name: str) -> Row:
    """The figure with this name."""
    row = read_rows("figures.toml")["figure"][name]
    return Row(Decimal(row["value"]), source_of(row))
