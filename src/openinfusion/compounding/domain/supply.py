# SPDX-License-Identifier: Apache-2.0
"""How long one supply may be: the house's interval, cut by the beyond-use date and by the end of the course."""
from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class SupplyLength:
    """The days of a supply and what set them."""

    days: int
    because: str


@cache
def _figures() -> dict[str, Any]:
    with (Path(__file__).parent / "data" / "supply.toml").open("rb") as file:
        return tomllib.load(file)


def interval_days(*, compounded: bool = True) -> int:
    """The house's usual supply interval (data/supply.toml); longer for what is dispensed as its maker supplied it."""
    return int(_figures()["supply" if compounded else "dispensed"]["interval_days"])


def plan_ahead_days() -> int:
    """How many days before a supply ends the next one is planned."""
    return int(_figures()["ahead"]["days"])


def supply_length(
    *, first_on: date, last_on: date, keeps_hours: int, interval: int | None = None, compounded: bool = True
) -> SupplyLength:
    """The days of a supply beginning on a day. At least one; what keeps less than a day is made the same day."""
    wanted = interval or interval_days(compounded=compounded)
    limits = [
        (wanted, f"supply interval of {wanted} days"),
        (max(1, keeps_hours // 24), f"keeps {keeps_hours} hours"),
        ((last_on - first_on).days + 1, f"the course ends {last_on:%d-%b-%Y}"),
    ]
    days, because = min(limits, key=lambda x: x[0])
    return SupplyLength(days, because)


def last_day(first_on: date, days: int) -> date:
    return first_on + timedelta(days=days - 1)
