# SPDX-License-Identifier: Apache-2.0
"""The worked examples: specification, test and manual in one. Every file here is run by the tests and printed in docs."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from importlib.resources import files
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """One worked example: what is given, what must come out, how near, and who says so."""

    id: str
    kind: str  # published, derived
    text: str
    calculation: str
    source: str
    given: dict[str, Any]
    expected: dict[str, str] = field(default_factory=dict)  # name of the result -> amount with unit, or a code in words
    tolerance: str = "0"  # absolute in the unit of the result, or a share such as "0.3 %"
    refused: str = ""  # the code of the reason, where no figure may come out

    def allowance(self, expected: Decimal) -> Decimal:
        """How far the result may be off, in its own unit."""
        if self.tolerance.endswith("%"):
            return abs(expected) * Decimal(self.tolerance.removesuffix("%").strip()) / 100
        return Decimal(self.tolerance)


def examples() -> Iterator[Example]:
    """Every example of every file, by file name and then as written."""
    for path in sorted(files(__package__).iterdir(), key=lambda p: p.name):
        if path.name.endswith(".toml"):
            for row in tomllib.loads(path.read_text(encoding="utf-8"))["example"]:
                yield Example(**row)


def examples_of(calculation: str) -> tuple[Example, ...]:
    return tuple(e for e in examples() if e.calculation == calculation)
