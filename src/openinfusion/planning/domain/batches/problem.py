# SPDX-License-Identifier: Apache-2.0
"""A day's preparations against courier waves and chair starts. All times are slots since the bench opens."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from openinfusion.kernel.refusal import Fault, Malformed


@dataclass(frozen=True, slots=True)
class Hood:
    """One hood with its person. ``hazardous``: only hazardous drugs are made there, and they only there."""

    name: str
    opens: int
    closes: int
    hazardous: bool = False


@dataclass(frozen=True, slots=True)
class Family:
    """Preparations that follow each other without a change-over: one drug in one diluent. ``change`` cleans and lays out."""

    name: str
    change: int
    hazardous: bool = False


@dataclass(frozen=True, slots=True)
class Preparation:
    """One preparation: from ``release`` (verified, stock there) it may begin, by ``due`` (wave or chair) it is wanted.

    ``bud``: it may be ready at most so many slots before ``due``, or it is beyond its use when it is given.
    """

    name: str
    family: str
    lasts: int
    release: int
    due: int
    bud: int
    weight: int = 1


@dataclass(frozen=True, slots=True)
class BatchPrices:
    """Points: per slot of lateness (times weight), per slot of change-over, per preparation that is left out."""

    late: int = 8
    change: int = 1
    left_out: int = 20_000


@dataclass(frozen=True)
class BatchProblem:
    """A day at the bench."""

    hoods: tuple[Hood, ...]
    families: tuple[Family, ...]
    preparations: tuple[Preparation, ...]
    slot: int = 5  # minutes
    prices: BatchPrices = BatchPrices()

    def __post_init__(self) -> None:
        found = list(_faults(self))
        if found:
            raise Malformed(*found)

    def family(self, preparation: Preparation) -> Family:
        return next(f for f in self.families if f.name == preparation.family)

    def hoods_for(self, preparation: Preparation) -> list[int]:
        """The numbers of the hoods at which it may be made."""
        hazardous = self.family(preparation).hazardous
        return [n for n, h in enumerate(self.hoods) if h.hazardous == hazardous]


def _faults(p: BatchProblem) -> Iterator[Fault]:
    named = {"hoods": p.hoods, "families": p.families, "preparations": p.preparations}
    for kind, rows in named.items():
        counted = Counter(r.name for r in rows)  # type: ignore[attr-defined]
        yield from (Fault(kind, f"{name!r} stands {n} times") for name, n in counted.items() if n > 1)
    families = {f.name for f in p.families}
    for n, r in enumerate(p.preparations):
        if r.family not in families or r.lasts < 1 or min(r.release, r.due, r.bud, r.weight) < 0:
            yield Fault(f"preparations.{n}", "its family is unknown, it takes no time, or a figure is negative")
    for n, h in enumerate(p.hoods):
        if not 0 <= h.opens <= h.closes:
            yield Fault(f"hoods.{n}", "closes before it opens")
    if any(f.change < 0 for f in p.families):
        yield Fault("families", "a change-over is not negative")
