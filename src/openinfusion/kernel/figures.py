# SPDX-License-Identifier: Apache-2.0
"""Figures: clinical and regulatory numbers as dated, sourced rows in TOML beside the domain that reads them."""

from __future__ import annotations

import tomllib
from importlib.resources import files
from typing import Any

from openinfusion.kernel.refusal import Broken


def rows(package: str, name: str) -> list[dict[str, Any]]:
    """The ``[[row]]`` entries of a TOML file; Broken if a row lacks its source, its date or its standing."""
    found: list[dict[str, Any]] = tomllib.loads((files(package) / name).read_text(encoding="utf-8"))["row"]
    for number, row in enumerate(found, 1):
        if missing := {"source", "effective_from", "status"} - row.keys():
            raise Broken(f"{package}/{name}: row {number} lacks {', '.join(sorted(missing))}")
    return found
