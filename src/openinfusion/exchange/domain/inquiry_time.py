# SPDX-License-Identifier: Apache-2.0
"""When a claim's payer is asked where it stands (276): after how many days, and again after how many."""
from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from typing import Any

from openinfusion.kernel.figures import rows
from openinfusion.kernel.refusal import Broken

UNANSWERED, AGAIN = "unanswered", "again"


@cache
def _rows() -> list[dict[str, Any]]:
    return sorted(rows(__package__, "data/inquiry_times.toml"), key=lambda r: r["effective_from"], reverse=True)


def inquiry_time(name: str, on: date) -> timedelta:
    """The time in force on a day; Broken where it is not on file, since nobody may guess how often a payer is asked."""
    for r in _rows():
        if r["name"] == name and r["effective_from"] <= on:
            return timedelta(days=int(r["days"]))
    raise Broken(f"no inquiry time “{name}” is on file for {on.isoformat()}")
