# SPDX-License-Identifier: Apache-2.0
"""When a lot counts as near its expiry, by the row in data/near_expiry.toml."""
from __future__ import annotations

import tomllib
from datetime import date, timedelta
from functools import cache
from pathlib import Path


@cache
def _days() -> int:
    with (Path(__file__).parent / "data" / "near_expiry.toml").open("rb") as file:
        return int(tomllib.load(file)["near_expiry"]["days"])


def near_expiry_until(today: date) -> date:
    """Lots that expire on or before this day are near expiry."""
    return today + timedelta(days=_days())
