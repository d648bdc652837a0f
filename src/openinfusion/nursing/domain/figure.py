# SPDX-License-Identifier: Apache-2.0
"""Single figures of nursing, by day: each a dated row with its source."""
from __future__ import annotations

from datetime import date
from decimal import Decimal

from openinfusion.kernel.figures import rows
from openinfusion.kernel.refusal import Broken


def figure(name: str, on: date) -> Decimal:
    """The value in force on a day; Broken where no row is that old."""
    found = [r for r in rows(__package__, "data/figures.toml") if r["name"] == name and r["effective_from"] <= on]
    if not found:
        raise Broken(f"no figure {name} on {on}")
    return Decimal(max(found, key=lambda r: r["effective_from"])["value"])
