# SPDX-License-Identifier: Apache-2.0
"""Figures of the road: windows without an agreement, minutes at a door, hours of a lane; dated rows in data/figures.toml."""
from __future__ import annotations

from datetime import time
from functools import cache

from openinfusion.kernel.figures import rows
from openinfusion.kernel.refusal import Broken


@cache
def _values() -> dict[str, str]:
    return {r["name"]: r["value"] for r in rows(__package__, "data/figures.toml")}


def figure(name: str) -> str:
    """The value of a figure; Broken where no row has that name."""
    if name not in _values():
        raise Broken(f"delivery knows no figure {name}")
    return _values()[name]


def whole(name: str) -> int:
    return int(figure(name))


def window() -> tuple[time, time]:
    """Between which hours a delivery without an agreed window may come, by the patient's clock."""
    return time.fromisoformat(figure("window_from")), time.fromisoformat(figure("window_to"))
