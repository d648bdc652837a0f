# SPDX-License-Identifier: Apache-2.0
"""The code sets a claim uses, as dated and sourced rows: modifiers, places of service, codes that want words."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

_FILE = Path(__file__).parent / "data" / "code_sets.toml"


@cache
def code_set(name: str) -> dict[str, str]:
    """The codes of a set with their words: ``modifiers``, ``places``, ``described``."""
    found: dict[str, str] = tomllib.loads(_FILE.read_text(encoding="utf-8"))[name]["codes"]
    return found
