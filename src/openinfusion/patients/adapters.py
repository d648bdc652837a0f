# SPDX-License-Identifier: Apache-2.0
"""Reads the data files of this room: renal policy, bounds of measurements, time zones, allergens."""
from __future__ import annotations

import csv
import tomllib
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from openinfusion.kernel.standing import Source, Standing
from openinfusion.patients.domain.childbearing import AskedAges
from openinfusion.patients.domain.clearance import RenalPolicy
from openinfusion.patients.domain.plausible import Bounds

DATA = Path(__file__).parent / "data"


def _toml(name: str) -> dict[str, Any]:
    with (DATA / f"{name}.toml").open("rb") as file:
        return tomllib.load(file)


def _rows(name: str) -> list[dict[str, str]]:
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _source(row: dict[str, Any]) -> Source:
    return Source(row["source"], row["effective_from"], Standing(row["status"]))


@cache
def renal_policy() -> RenalPolicy:
    row = _toml("renal")["cockcroft_gault"]
    figures: dict[str, Any] = {
        k: Decimal(v) if isinstance(v, str) else v
        for k, v in row.items()
        if k not in ("source", "effective_from", "status")
    }
    return RenalPolicy(**figures, source=_source(row))


@cache
def bounds(kind: str) -> Bounds:
    row = _toml("bounds")[kind]
    return Bounds(Decimal(row["lowest"]), Decimal(row["highest"]), Decimal(row["jump_share"]), _source(row))


@cache
def farthest_from_zip() -> tuple[int, Source]:
    """Kilometres from the middle of its ZIP code beyond which a home's place is not taken without a reason."""
    row = _toml("location")["home"]
    return row["farthest_from_zip_km"], _source(row)


@cache
def asked_ages() -> AskedAges:
    row = _toml("childbearing")["ages"]
    return AskedAges(row["from_years"], row["below_years"], _source(row))


@cache
def timezones() -> dict[str, str]:
    """State to time zone."""
    return {row["state"]: row["timezone"] for row in _rows("timezones")}


@cache
def allergens() -> dict[str, tuple[str, tuple[str, ...]]]:
    """Substance to ingredient and groups."""
    return {
        row["substance"]: (row["ingredient"], tuple(g for g in row["groups"].split("|") if g))
        for row in _rows("allergens")
    }
