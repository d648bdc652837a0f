# SPDX-License-Identifier: Apache-2.0
"""Reads the catalog's data files (CSV and TOML beside this module) into plain rows."""
from __future__ import annotations

import csv
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent / "data"


@cache
def rows(name: str) -> tuple[dict[str, str], ...]:
    """All rows of one CSV file, as text."""
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


@cache
def tables(name: str) -> dict[str, Any]:
    """All tables of one TOML file, by name."""
    with (DATA / f"{name}.toml").open("rb") as file:
        return tomllib.load(file)


def listed(text: str) -> list[str]:
    """A cell that holds a list: a|b|c."""
    return [part for part in text.split("|") if part]


@cache
def known_items() -> frozenset[str]:
    """The required items a template may ask for: those the templates on file ask for. Intake knows how each is met."""
    return frozenset(item for table in tables("templates").values() for item in table["required_items"])


@cache
def known_tasks() -> frozenset[str]:
    """The nursing tasks a template may name: those the templates on file name."""
    return frozenset(table["nursing_task"] for table in tables("templates").values())
