# SPDX-License-Identifier: Apache-2.0
"""Who plays: what staff.toml says, readable before any room is loaded."""

from __future__ import annotations

import tomllib
from importlib.resources import files
from typing import Any

DOMAIN = "northwind.example"


def said() -> dict[str, Any]:
    """What staff.toml says."""
    return tomllib.loads((files(__package__) / "staff.toml").read_text(encoding="utf-8"))
