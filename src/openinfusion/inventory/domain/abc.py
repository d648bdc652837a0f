# SPDX-License-Identifier: Apache-2.0
"""Which products are counted how often: classes by their share of what is used in a year, frequencies as rows."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import TypeVar

from openinfusion.kernel.figures import rows
from openinfusion.kernel.money import Money

K = TypeVar("K")
CONTROLLED = "controlled"


@dataclass(frozen=True, slots=True)
class Frequency:
    """A class, up to which share of the value used it goes (percent, cumulative), and every how many days it is counted."""

    klass: str
    up_to_percent: int
    every_days: int
    source: str
    status: str


@cache
def frequencies() -> tuple[Frequency, ...]:
    """The classes in the order of the file; the controlled one stands apart."""
    return tuple(
        Frequency(r["class"], r["up_to_percent"], r["every_days"], r["source"], r["status"])
        for r in rows(__package__, "data/count_frequency.toml")
    )


def frequency(klass: str) -> Frequency:
    return next(f for f in frequencies() if f.klass == klass)


def classes(used: Mapping[K, Money]) -> dict[K, str]:
    """The class of each product by the value used: the dearest first, until each class has its share. Nothing used: the last."""
    by_share = [f for f in frequencies() if f.klass != CONTROLLED]
    all_cents = sum(m.cents for m in used.values())
    found, running = {}, 0
    for key, value in sorted(used.items(), key=lambda pair: -pair[1].cents):
        before = running * 100
        running += value.cents
        found[key] = next((f.klass for f in by_share if value.cents and before < f.up_to_percent * all_cents), by_share[-1].klass)
    return found


def due_on(klass: str, counted_on: date | None, today: date) -> date:
    """When a product of this class is next counted; today where it never was."""
    return counted_on + timedelta(days=frequency(klass).every_days) if counted_on else today
