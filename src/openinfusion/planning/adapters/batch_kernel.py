# SPDX-License-Identifier: Apache-2.0
"""A day at the bench from an order and hoods, compiled, and annealing over both. The rules are ``domain/batches/plan.py``'s."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np
from numba import njit

from openinfusion.planning.adapters.order_moves import chance, draw
from openinfusion.planning.domain.batches.problem import BatchProblem

NEVER = 1 << 50


class Bench(NamedTuple):
    """A batch problem as arrays; ``low`` and ``count``: the hoods that may make it lie side by side in ``hoods``."""

    family: Any
    lasts: Any
    release: Any
    due: Any
    bud: Any
    weight: Any
    change: Any
    choices: Any
    count: Any
    opens: Any
    closes: Any
    prices: Any  # late, change, left_out


def bench_of(problem: BatchProblem) -> Bench:
    """The problem as arrays."""
    rows, number = problem.preparations, {f.name: n for n, f in enumerate(problem.families)}
    may = [problem.hoods_for(r) for r in rows]
    wide = max([1, *(len(m) for m in may)])

    def column(values: Any) -> Any:
        return np.array(list(values), np.int64)

    return Bench(
        column(number[r.family] for r in rows), column(r.lasts for r in rows), column(r.release for r in rows),
        column(r.due for r in rows), column(r.bud for r in rows), column(r.weight for r in rows),
        column(f.change for f in problem.families), np.array([[*m, *[-1] * (wide - len(m))] for m in may], np.int64),
        column(len(m) for m in may), column(h.opens for h in problem.hoods), column(h.closes for h in problem.hoods),
        column((problem.prices.late, problem.prices.change, problem.prices.left_out)),
    )  # fmt: skip


@njit(cache=True)
def decode(b: Bench, order: Any, hood: Any, free: Any, last: Any, bound: float) -> int:
    """The cost of the day that this order gives; gives up beyond the bound."""
    free[:] = b.opens
    last[:] = -1
    cost = 0
    for q in range(len(order)):
        i = order[q]
        h = hood[i]
        if h < 0:
            cost += b.prices[2]
            continue
        change = b.change[b.family[i]] if last[h] != b.family[i] else 0
        ends = max(free[h] + change, b.release[i], b.due[i] - b.bud[i] - b.lasts[i]) + b.lasts[i]
        if ends > b.closes[h]:
            cost += b.prices[2]
        else:
            free[h] = ends
            last[h] = b.family[i]
            cost += b.prices[0] * b.weight[i] * max(0, ends - b.due[i]) + b.prices[1] * change
        if cost > bound:
            return NEVER
    return cost


@njit(cache=True)
def anneal(
    b: Bench, order: Any, hood: Any, best: Any, best_hood: Any, costs: Any, random: Any, hot: float, cool: float, steps: int
) -> None:
    """So many steps: a preparation beside another (often of its family), or at another hood."""
    n = len(order)
    free: Any = np.zeros(len(b.opens), np.int64)
    last: Any = np.zeros(len(b.opens), np.int64)
    heat = hot
    cooling = (cool / hot) ** (1.0 / max(1, steps))
    for _ in range(steps):
        heat *= cooling
        q = draw(random, n)
        i = order[q]
        old = hood[i]
        r = q
        kind = draw(random, 10)
        if kind < 5:
            r = min(max(q + draw(random, 17) - 8, 0), n - 1)
        elif kind < 8:
            k = draw(random, n)
            for z in range(n):
                p = (k + z) % n
                if p != q and b.family[order[p]] == b.family[i]:
                    r = p
                    hood[i] = hood[order[p]]
                    break
        if kind > 6 and b.count[i] > 0:
            hood[i] = b.choices[i, draw(random, b.count[i])]
        _shift(order, q, r)
        bound = costs[0] - heat * math.log(chance(random))
        cost = decode(b, order, hood, free, last, bound)
        if cost <= bound:
            costs[0] = cost
            if cost < costs[1]:
                costs[1] = cost
                best[:] = order
                best_hood[:] = hood
        else:
            hood[i] = old
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
