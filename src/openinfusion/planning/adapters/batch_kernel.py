# SPDX-License-Identifier: Apache-2.0
"""A day at the bench from an order and stations, compiled, and annealing over both. Rules are ``domain/batches/plan.py``'s."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np
from numba import njit

from openinfusion.planning.adapters.order_moves import chance, draw
from openinfusion.planning.domain.batches.problem import BatchProblem

NEVER = 1 << 50


class Bench(NamedTuple):
    """A batch problem as arrays; steps lie side by side, preparation by preparation, from ``begins`` on."""

    begins: Any  # by preparation, and one more at the end
    release: Any
    due: Any
    bud: Any
    weight: Any
    never: Any  # 1 where a step of it can be done nowhere
    owner: Any  # by step
    family: Any  # -1: none
    takes: Any  # slots by step and station, 0 where it cannot be done
    choices: Any  # the stations of a step side by side, ``count`` of them
    count: Any
    change: Any  # by family
    opens: Any  # by station
    closes: Any
    prices: Any  # late, change, done, left_out, and how many can never be made


class Laid(NamedTuple):
    """What decoding writes on: per station, and per preparation."""

    free: Any
    last: Any
    step: Any
    ready: Any
    out: Any


def bench_of(problem: BatchProblem) -> Bench:
    """The problem as arrays."""
    rows, number = problem.preparations, {f.name: n for n, f in enumerate(problem.families)} | {"": -1}
    steps = [(n, step, takes) for n, r in enumerate(rows) for step, takes in zip(r.steps, problem.takes[n], strict=True)]
    never = [int(not all(takes)) for takes in problem.takes]
    wide = max([1, *(len(takes) for _, _, takes in steps)])
    takes: Any = np.zeros((len(steps), len(problem.stations)), np.int64)
    for q, (_, _, at) in enumerate(steps):
        for station, lasts in at.items():
            takes[q, station] = lasts

    def column(values: Any) -> Any:
        return np.array(list(values), np.int64)

    return Bench(
        np.cumsum(column([0, *(len(r.steps) for r in rows)])), column(r.release for r in rows), column(r.due for r in rows),
        column(r.bud for r in rows), column(r.weight for r in rows), column(never), column(n for n, _, _ in steps),
        column(number[step.family] for _, step, _ in steps), takes,
        np.array([[*at, *[-1] * (wide - len(at))] for _, _, at in steps], np.int64).reshape(len(steps), wide),
        column(len(at) for _, _, at in steps), column(f.change for f in problem.families),
        column(s.opens for s in problem.stations), column(s.closes for s in problem.stations),
        column((problem.prices.late, problem.prices.change, problem.prices.done, problem.prices.left_out, sum(never))),
    )  # fmt: skip


def room_for(problem: BatchProblem) -> Laid:
    """Room to decode in."""
    stations, rows = len(problem.stations), len(problem.preparations)
    return Laid(*(np.zeros(n, np.int64) for n in (stations, stations, rows, rows, rows)))


@njit(cache=True)
def decode(b: Bench, x: Laid, order: Any, at: Any, bound: float) -> int:
    """The cost of the day of this order, whose entries stand each for the next step of its own; gives up beyond the bound."""
    free, last, step, ready, gone = x
    many = len(b.owner) > len(b.release)  # some have several steps: an entry is then the next of its own
    out = b.prices[4]
    skips = many or out > 0
    if skips:
        gone[:] = b.never
    while True:
        free[:] = b.opens
        last[:] = -1
        if many:
            step[:] = b.begins[:-1]
            for i in range(len(gone)):
                gone[i] = gone[i] == 1  # what had no time for its first step may have some now
        cost = b.prices[3] * out
        end = 0
        whole = True
        for q in range(len(order)):
            s = order[q]
            i = b.owner[s]
            if skips and gone[i]:
                continue
            if many:
                s = step[i]
            h = at[s]
            f = b.family[s]
            takes = b.takes[s, h]
            change = b.change[f] if f >= 0 and last[h] != f else 0
            starts = free[h] + change
            starts = max(starts, b.release[i], b.due[i] - b.bud[i] - takes) if s == b.begins[i] else max(starts, ready[i])
            ends = starts + takes
            if ends > b.closes[h]:
                if s > b.begins[i]:  # its earlier steps took somebody's place for nothing: once more without it
                    gone[i] = 1
                    out += 1
                    whole = False
                    break
                if many:
                    gone[i] = 2
                cost += b.prices[3]
                continue
            free[h] = ends
            last[h] = f
            cost += b.prices[1] * change
            if many:
                ready[i] = ends
                step[i] = s + 1
            if s + 1 == b.begins[i + 1]:
                cost += b.prices[0] * b.weight[i] * max(0, ends - b.due[i])
            end = max(end, ends)
            if cost + b.prices[2] * end > bound:
                return NEVER
        if whole:
            cost += b.prices[2] * end
            return cost if cost <= bound else NEVER


@njit(cache=True)
def anneal(
    b: Bench, x: Laid, order: Any, at: Any, best: Any, best_at: Any, costs: Any, random: Any, hot: float, cool: float, steps: int
) -> None:
    """So many steps: a step of work beside another (often of its family), or at another station."""
    n = len(order)
    heat = hot
    cooling = (cool / hot) ** (1.0 / max(1, steps))
    for _ in range(steps):
        heat *= cooling
        q = draw(random, n)
        i = order[q]
        old = at[i]
        r = q
        kind = draw(random, 10)
        if kind < 5 or (kind < 8 and b.family[i] < 0):
            r = min(max(q + draw(random, 17) - 8, 0), n - 1)
        elif kind < 8:
            k = draw(random, n)
            for z in range(n):
                p = (k + z) % n
                if p != q and b.family[order[p]] == b.family[i]:
                    r = p
                    if at[order[p]] >= 0 and b.takes[i, at[order[p]]] > 0:
                        at[i] = at[order[p]]
                    break
        if kind > 6 and b.count[i] > 0:
            at[i] = b.choices[i, draw(random, b.count[i])]
        _shift(order, q, r)
        bound = costs[0] - heat * math.log(chance(random))
        cost = decode(b, x, order, at, bound)
        if cost <= bound:
            costs[0] = cost
            if cost < costs[1]:
                costs[1] = cost
                best[:] = order
                best_at[:] = at
        else:
            at[i] = old
            _shift(order, r, q)


@njit(cache=True)
def _shift(order: Any, source: int, target: int) -> None:
    i = order[source]
    step = 1 if target > source else -1
    p = source
    while p != target:
        order[p] = order[p + step]
        p += step
    order[target] = i
