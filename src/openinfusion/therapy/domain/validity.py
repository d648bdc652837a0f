# SPDX-License-Identifier: Apache-2.0
"""How long an order may be filled from, by the dated row in data/order_validity.toml."""
from __future__ import annotations

import tomllib
from datetime import date, timedelta
from functools import cache
from pathlib import Path


@cache
def _rows() -> tuple[tuple[date, int], ...]:
    with (Path(__file__).parent / "data" / "order_validity.toml").open("rb") as file:
        rows = tomllib.load(file)["validity"]
    return tuple(sorted((r["effective_from"], r["days"]) for r in rows))


def last_valid_day(ordered_on: date) -> date:
    """The last day an order written on this day may be filled from."""
    in_force = [days for since, days in _rows() if since <= ordered_on] or [_rows()[0][1]]
    return ordered_on + timedelta(days=in_force[-1])
