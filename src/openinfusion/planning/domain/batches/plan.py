# SPDX-License-Identifier: Apache-2.0
"""A day at the bench as planned: one step after the other at each station."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from openinfusion.planning.domain.batches.problem import BatchProblem


@dataclass(frozen=True, slots=True)
class Turn:
    """One step (``step``, from 0) of a preparation at its station; ``change``: slots of change-over right before it."""

    preparation: str
    station: str
    starts: int
    ends: int
    change: int = 0
    step: int = 0


@dataclass(frozen=True, slots=True)
class BatchPlan:
    """``late``: preparations that are ready after they are due. ``bound``: no plan costs less, where a solver has shown it."""

    turns: tuple[Turn, ...]
    unplaced: tuple[str, ...]
    cost: int
    late: int
    changes: int
    method: str
    bound: int | None = None


def made(problem: BatchProblem, order: Iterable[tuple[int, int]], method: str, bound: int | None = None) -> BatchPlan:
    """The plan of an order: each entry is the next step of a preparation (by number) at a station (by number).

    Each begins as soon as station, release and beyond-use allow. A preparation whose last step has no time is left out whole.
    """
    order, out = list(order), set[int]()
    while True:
        turns, short = _laid(problem, order, out)
        if short is None:
            break
        out.add(short)
    cost, late = 0, 0
    for n, mine in turns.items():
        r = problem.preparations[n]
        over = max(0, mine[-1].ends - r.due)
        late += over > 0
        cost += problem.prices.late * r.weight * over + problem.prices.change * sum(t.change for t in mine)
    told = sorted((t for mine in turns.values() for t in mine), key=lambda t: (t.starts, t.ends))
    left = tuple(r.name for n, r in enumerate(problem.preparations) if n not in turns)
    cost += problem.prices.done * max((t.ends for t in told), default=0) + problem.prices.left_out * len(left)
    return BatchPlan(tuple(told), left, cost, late, sum(t.change > 0 for t in told), method, bound)


def _laid(problem: BatchProblem, order: list[tuple[int, int]], out: Collection[int]) -> tuple[dict[int, list[Turn]], int | None]:
    """The turns by preparation, and the first whose later step has no time: its earlier ones were for nothing."""
    free = [s.opens for s in problem.stations]
    last = ["" for _ in problem.stations]
    found: dict[int, list[Turn]] = {}
    for number, station in order:
        r, step = problem.preparations[number], len(found.get(number, ()))
        if number in out:
            continue
        starts, ends, change = _next(problem, number, step, station, free, last, found[number][-1].ends if step else r.release)
        if ends > problem.stations[station].closes:
            if step:
                return found, number
            out = {*out, number}
            continue
        free[station], last[station] = ends, r.steps[step].family
        found.setdefault(number, []).append(Turn(r.name, problem.stations[station].name, starts, ends, change, step))
    return found, next((n for n, mine in found.items() if len(mine) < len(problem.preparations[n].steps)), None)


def _next(
    problem: BatchProblem, number: int, step: int, station: int, free: list[int], last: list[str], ready: int
) -> tuple[int, int, int]:
    """When a step begins and ends at a station, and its change-over."""
    r, lasts = problem.preparations[number], problem.takes[number][step][station]
    family = r.steps[step].family
    change = problem.change[family] if last[station] != family else 0
    starts = max(free[station] + change, ready, r.due - r.bud - lasts if step == 0 else 0)
    return starts, starts + lasts, change


def by_rule(problem: BatchProblem, listed: Sequence[int]) -> list[tuple[int, int]]:
    """An order with each step at the station that is done with it first."""
    free, last = [s.opens for s in problem.stations], ["" for _ in problem.stations]
    found = []
    for number in listed:
        r = problem.preparations[number]
        ready = r.release
        if all(problem.takes[number]):
            for step, takes in enumerate(problem.takes[number]):
                ends = {s: _next(problem, number, step, s, free, last, ready)[1] for s in takes}
                station = min(ends, key=lambda s: (ends[s], s))
                free[station], last[station], ready = ends[station], r.steps[step].family, ends[station]
                found.append((number, station))
    return found


def earliest_due(problem: BatchProblem) -> BatchPlan:
    """The list most benches work by: what is due first is made first."""
    rows = problem.preparations
    return made(problem, by_rule(problem, sorted(range(len(rows)), key=lambda n: (rows[n].due, n))), "earliest due")


def due_by_family(problem: BatchProblem, hour: int = 12) -> BatchPlan:
    """The same list with the families of each hour together."""
    rows = problem.preparations
    listed = sorted(range(len(rows)), key=lambda n: (rows[n].due // hour, rows[n].steps[0].family, rows[n].due, n))
    return made(problem, by_rule(problem, listed), "earliest due by family")
