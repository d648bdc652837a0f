# SPDX-License-Identifier: Apache-2.0
"""A day's preparations, step by step, against courier waves and chair starts. All times are slots since the bench opens."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from openinfusion.kernel.refusal import Fault, Malformed


@dataclass(frozen=True, slots=True)
class Station:
    """Where one step is done at a time: a hood with its person, or a pharmacist who checks.

    ``hazardous``: only hazardous families are worked there, and they only there.
    """

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
class WorkStep:
    """One step of a preparation: the stations that can do it, each with its slots. ``family``: empty where nothing is cleared."""

    at: tuple[tuple[str, int], ...]
    family: str = ""


@dataclass(frozen=True, slots=True)
class Preparation:
    """One preparation: from ``release`` (verified, stock there) it may begin, by ``due`` (wave or chair) its last step is done.

    ``bud``: its first step may be done at most so many slots before ``due``, or it is beyond its use when it is given.
    """

    name: str
    steps: tuple[WorkStep, ...]
    release: int
    due: int
    bud: int
    weight: int = 1


@dataclass(frozen=True, slots=True)
class BatchPrices:
    """Points: per slot of lateness (times weight), of change-over, until all is done, and per preparation that is left out."""

    late: int = 8
    change: int = 1
    done: int = 0
    left_out: int = 20_000


@dataclass(frozen=True)
class BatchProblem:
    """A day at the bench. A station either has families or none."""

    stations: tuple[Station, ...]
    families: tuple[Family, ...]
    preparations: tuple[Preparation, ...]
    slot: int = 5  # minutes
    prices: BatchPrices = BatchPrices()

    def __post_init__(self) -> None:
        found = list(_faults(self))
        if found:
            raise Malformed(*found)

    @cached_property
    def change(self) -> dict[str, int]:
        """Slots of change-over by family; a step without one needs none."""
        return {"": 0} | {f.name: f.change for f in self.families}

    @cached_property
    def takes(self) -> tuple[tuple[dict[int, int], ...], ...]:
        """For each preparation and step the slots by the number of each station that can do it."""
        number = {s.name: n for n, s in enumerate(self.stations)}
        return tuple(tuple({number[name]: lasts for name, lasts in step.at} for step in r.steps) for r in self.preparations)


def at_hoods(stations: Iterable[Station], family: Family, lasts: int) -> WorkStep:
    """Making a family at any of the hoods of its kind, equally long at each."""
    return WorkStep(tuple((s.name, lasts) for s in stations if s.hazardous == family.hazardous), family.name)


def _faults(p: BatchProblem) -> Iterator[Fault]:
    named = {"stations": p.stations, "families": p.families, "preparations": p.preparations}
    for kind, rows in named.items():
        counted = Counter(r.name for r in rows)  # type: ignore[attr-defined]
        yield from (Fault(kind, f"{name!r} stands {n} times") for name, n in counted.items() if n > 1)
    stations, families = {s.name: s for s in p.stations}, {f.name: f for f in p.families}
    plain, with_family = set[str](), set[str]()
    for n, r in enumerate(p.preparations):
        if not r.steps or min(r.release, r.due, r.bud, r.weight) < 0:
            yield Fault(f"preparations.{n}", "it has no step, or a figure is negative")
        for step in r.steps:
            if any(name not in stations or lasts < 1 for name, lasts in step.at) or step.family not in {"", *families}:
                yield Fault(f"preparations.{n}", "a step's family or station is unknown, or it takes no time")
                continue
            (with_family if step.family else plain).update(name for name, _ in step.at)
            if step.family and any(stations[name].hazardous != families[step.family].hazardous for name, _ in step.at):
                yield Fault(f"preparations.{n}", "hazardous families are worked at hazardous stations, and they only there")
    if both := plain & with_family:
        yield Fault("stations", f"{', '.join(sorted(both))}: a station either has families or none")
    for n, s in enumerate(p.stations):
        if not 0 <= s.opens <= s.closes:
            yield Fault(f"stations.{n}", "closes before it opens")
    if any(f.change < 0 for f in p.families):
        yield Fault("families", "a change-over is not negative")
