# SPDX-License-Identifier: Apache-2.0
"""How long a link and a session last and how often a code may be wrong: dated rows in data/figures.toml."""

from __future__ import annotations

from functools import cache

from openinfusion.kernel.figures import rows
from openinfusion.kernel.refusal import Broken


@cache
def whole(name: str) -> int:
    """The value of a figure; Broken where no row has that name."""
    for row in rows(__package__, "data/figures.toml"):
        if row["name"] == name:
            return int(row["value"])
    raise Broken(f"the patient's page knows no figure {name}")
