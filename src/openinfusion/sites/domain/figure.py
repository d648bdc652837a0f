# SPDX-License-Identifier: Apache-2.0
"""Figures of the facility by name, and the levels of an ISO class."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from openinfusion.kernel.figures import rows
from openinfusion.kernel.refusal import Broken
from openinfusion.kernel.standing import Source, Standing


@cache
def figure(name: str) -> Decimal:
    """One facility figure by its name."""
    return {r["name"]: Decimal(str(r["value"])) for r in rows(__package__, "figures.toml")}[name]


def whole(name: str) -> int:
    """A figure that counts something."""
    return int(figure(name))


@dataclass(frozen=True, slots=True)
class Level:
    """A count is over the level when it is greater than ``more_than``. ``effect``: stop, fail or ask."""

    control: str
    iso: int
    more_than: Decimal
    unit: str
    effect: str
    source: Source

    def is_over(self, count: Decimal | int) -> bool:
        return count > self.more_than


@cache
def levels() -> dict[tuple[str, int], Level]:
    """All rows of limits.toml by control (air, surface, particles) and ISO class."""
    return {
        (r["control"], r["iso"]): Level(
            r["control"],
            r["iso"],
            Decimal(str(r["more_than"])),
            r["unit"],
            r["effect"],
            Source(r["source"], r["effective_from"], Standing(r["status"])),
        )
        for r in rows(__package__, "data/limits.toml")
    }


def level(control: str, iso: int) -> Level:
    """The level of a control in a class; Broken where none is on file, because then nothing can be judged."""
    try:
        return levels()[control, iso]
    except KeyError:
        raise Broken(f"no level of {control} is on file for ISO {iso}") from None
