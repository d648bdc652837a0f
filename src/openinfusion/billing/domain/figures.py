# SPDX-License-Identifier: Apache-2.0
"""The dated, sourced figures of billing that stand in no contract."""
from __future__ import annotations

import tomllib
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path

from openinfusion.kernel.standing import Source, Standing

_FILE = Path(__file__).parent / "data" / "figures.toml"


@dataclass(frozen=True, slots=True)
class Figure:
    value: Decimal
    text: str
    source: Source


@cache
def figures() -> dict[str, Figure]:
    """Every figure by name."""
    rows = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    return {
        name: Figure(Decimal(r["value"]), r["text"], Source(r["source"], r["effective_from"], Standing(r["status"])))
        for name, r in rows.items()
    }


def figure(name: str) -> Decimal:
    return figures()[name].value


def cents(name: str) -> int:
    return int(figure(name))
