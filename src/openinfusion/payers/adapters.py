# SPDX-License-Identifier: Apache-2.0
"""Reads the data files of payers: payers with plans and contracts (TOML) and rates by schedule (CSV)."""
from __future__ import annotations

import csv
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent / "data"


@cache
def terms() -> dict[str, Any]:
    with (DATA / "payers.toml").open("rb") as file:
        return tomllib.load(file)


@cache
def rates() -> tuple[dict[str, str], ...]:
    """One row a code; a column a schedule, empty where the schedule does not price the code."""
    with (DATA / "rates.csv").open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))
