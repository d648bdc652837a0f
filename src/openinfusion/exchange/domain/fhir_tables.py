# SPDX-License-Identifier: Apache-2.0
"""Codes of timing and route in messages, from the data files beside this room."""
from __future__ import annotations

import csv
from functools import cache
from importlib.resources import files


def _rows(name: str) -> list[dict[str, str]]:
    text = (files("openinfusion.exchange") / "data" / f"{name}.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


@cache
def timing_hours() -> dict[str, int]:
    """Timing abbreviation to hours between doses."""
    return {row["code"]: int(row["hours"]) for row in _rows("fhir_timing")}


@cache
def routes() -> dict[str, str]:
    """Code or written word to the route's name here."""
    return {row["code"]: row["route"] for row in _rows("fhir_routes")}
