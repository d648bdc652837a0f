# SPDX-License-Identifier: Apache-2.0
"""A day at the bench as planned: one preparation after the other at each hood."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from openinfusion.planning.domain.batches.problem import BatchProblem


@dataclass(frozen=True, slots=True)
class Turn:
    """One preparation at its hood; ``change``: slots of change-over right before it."""

    preparation: str
    hood: str
    starts: int
    ends: int
    change: int


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
    """The plan of an order of preparations with their hoods: each begins as soon as hood, release and beyond-use allow."""
    free = [h.opens for h in problem.hoods]
    last = ["" for _ in problem.hoods]
    turns, cost, late = [], 0, 0
    for number, hood in order:
        r = problem.preparations[number]
        change = problem.family(r).change if last[hood] != r.family else 0
        starts = max(free[hood] + change, r.release, r.due - r.bud - r.lasts)
        if starts + r.lasts > problem.hoods[hood].closes:
            continue
        free[hood], last[hood] = starts + r.lasts, r.family
        over = max(0, starts + r.lasts - r.due)
        cost += problem.prices.late * r.weight * over + problem.prices.change * change
        late += over > 0
        turns.append(Turn(r.name, problem.hoods[hood].name, starts, starts + r.lasts, change))
    placed = {t.preparation for t in turns}
    out = tuple(r.name for r in problem.preparations if r.name not in placed)
    cost += problem.prices.left_out * len(out)
    return BatchPlan(tuple(turns), out, cost, late, sum(t.change > 0 for t in turns), method, bound)


def by_rule(problem: BatchProblem, listed: Sequence[int]) -> list[tuple[int, int]]:
    """An order with each preparation at the hood that is ready for it first."""
    free, last = [h.opens for h in problem.hoods], ["" for _ in problem.hoods]
    found = []
    for number in listed:
        r = problem.preparations[number]
        change = problem.family(r).change
        ready = {
            h: max(free[h] + (change if last[h] != r.family else 0), r.release, r.due - r.bud - r.lasts)
            for h in problem.hoods_for(r)
        }
        if ready:
            hood = min(ready, key=lambda h: (ready[h], h))
            free[hood], last[hood] = ready[hood] + r.lasts, r.family
            found.append((number, hood))
    return found


def earliest_due(problem: BatchProblem) -> BatchPlan:
    """The list most benches work by: what is due first is made first."""
    rows = problem.preparations
    return made(problem, by_rule(problem, sorted(range(len(rows)), key=lambda n: (rows[n].due, n))), "earliest due")


def due_by_family(problem: BatchProblem, hour: int = 12) -> BatchPlan:
    """The same list with the families of each hour together."""
    rows = problem.preparations
    listed = sorted(range(len(rows)), key=lambda n: (rows[n].due // hour, rows[n].family, rows[n].due, n))
    return made(problem, by_rule(problem, listed), "earliest due by family")
