# SPDX-License-Identifier: Apache-2.0
"""A suite day: chairs, nurses, the bench that prepares, and the appointments. All times are slots since the bench opens."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from graphlib import CycleError, TopologicalSorter

from openinfusion.kernel.refusal import Fault, Malformed


@dataclass(frozen=True, slots=True)
class SuiteNurse:
    """When a nurse is there; ``away``: her breaks away from the chairs, each from and to."""

    name: str
    begins: int
    ends: int
    away: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Appointment:
    """One patient's infusion.

    ``asked``: the wished and earliest beginning. ``lasts``: the whole time in the chair, with set-up, rate steps, observation
    after a first dose and disconnecting. ``setup`` and ``disconnect`` need a nurse's hands. ``prep`` slots at the bench end
    before it begins and not more than ``bud`` slots before. ``flex``: how long a wait the patient bears. ``held``: it begins
    then whatever happens (checked in, or infusing). ``promised`` and ``chair``: what today's plan says.
    ``pinned``: somebody decided that it begins then, or has no place. ``after``: it begins when these have ended, as far as they
    have a seat (two infusions of one patient). ``uses``: how many of which means it takes the whole time, such as a pump.
    """

    name: str
    asked: int
    lasts: int
    setup: int = 3
    disconnect: int = 1
    acuity: int = 1
    prep: int = 2
    bud: int = 48
    weight: int = 1
    flex: int = 12
    held: int | None = None
    promised: int | None = None
    chair: str = ""
    pinned: int | None = None
    after: tuple[str, ...] = ()
    uses: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Means:
    """Something the suite has so many of, beside chairs and nurses: pumps, separate rooms."""

    name: str
    count: int


@dataclass(frozen=True, slots=True)
class SuitePrices:
    """Points: per slot of waiting (times weight), after closing, beyond what the patient bears, moved, and per one left out."""

    wait: int = 1
    after: int = 4
    beyond: int = 3
    moved: int = 0
    left_out: int = 5000


@dataclass(frozen=True)
class SuiteProblem:
    """``ratio``: acuity one nurse may watch. ``benches``: preparations at once. ``latest``: nobody sits longer than that."""

    chairs: tuple[str, ...]
    nurses: tuple[SuiteNurse, ...]
    appointments: tuple[Appointment, ...]
    opens: int
    closes: int
    latest: int
    ratio: int = 4
    benches: int = 1
    slot: int = 5  # minutes
    prices: SuitePrices = SuitePrices()
    means: tuple[Means, ...] = ()

    def __post_init__(self) -> None:
        found = list(_faults(self))
        if found:
            raise Malformed(*found)

    @cached_property
    def hands(self) -> tuple[int, ...]:
        """How many nurses are at the chairs in each slot until the latest end."""
        return tuple(sum(_there(n, t) for n in self.nurses) for t in range(self.latest))


def in_turn(problem: SuiteProblem, order: Sequence[int]) -> list[int]:
    """The order with everything behind what it comes after, otherwise as it was."""
    rows, number = problem.appointments, {a.name: n for n, a in enumerate(problem.appointments)}
    found: dict[int, None] = {}
    waiting = list(reversed(order))
    while waiting:
        n = waiting[-1]
        before = [number[name] for name in rows[n].after if number[name] not in found]
        if n in found or not before:
            found.setdefault(waiting.pop())
        else:
            waiting += before
    return list(found)


def _there(nurse: SuiteNurse, t: int) -> bool:
    return nurse.begins <= t < nurse.ends and not any(a <= t < b for a, b in nurse.away)


def _faults(p: SuiteProblem) -> Iterator[Fault]:
    if not 0 <= p.opens <= p.closes <= p.latest:
        yield Fault("opens", "opens, closes and latest follow each other")
    if p.ratio < 1 or p.benches < 0 or p.slot < 1:
        yield Fault("ratio", "ratio and slot are at least 1, benches not negative")
    named = {"chairs": p.chairs, "nurses": [n.name for n in p.nurses], "appointments": [a.name for a in p.appointments],
             "means": [m.name for m in p.means]}  # fmt: skip
    for kind, names in named.items():
        yield from (Fault(kind, f"{name!r} stands {n} times") for name, n in Counter(names).items() if n > 1)
    for n, a in enumerate(p.appointments):
        least = min(a.asked, a.setup, a.disconnect, a.prep, a.bud, a.acuity, a.flex, a.weight)
        if least < 0 or a.lasts < max(1, a.setup + a.disconnect):
            yield Fault(f"appointments.{n}", "is shorter than its set-up and disconnecting, or a figure is negative")
        if a.held is not None and not p.opens <= a.held <= p.latest - a.lasts:
            yield Fault(f"appointments.{n}.held", "lies outside of the day")
        if a.pinned is not None and (a.held is not None or a.pinned < a.asked):
            yield Fault(f"appointments.{n}.pinned", "who sits already is not pinned, and nobody is pinned before they can begin")
    yield from _joined(p)


def _joined(p: SuiteProblem) -> Iterator[Fault]:
    """What appointments say of each other and of the means."""
    names, means = {a.name for a in p.appointments}, {m.name for m in p.means}
    for n, a in enumerate(p.appointments):
        if not set(a.after) <= names:
            yield Fault(f"appointments.{n}.after", "it comes after somebody who is unknown")
        if not {name for name, _ in a.uses} <= means or any(count < 1 for _, count in a.uses) or len(dict(a.uses)) < len(a.uses):
            yield Fault(f"appointments.{n}.uses", "a means is unknown, stands twice or is used less than once")
    if any(m.count < 0 for m in p.means):
        yield Fault("means", "a count is not negative")
    try:
        TopologicalSorter({a.name: a.after for a in p.appointments}).prepare()
    except CycleError:
        yield Fault("appointments", "some come after each other in a circle")
