# SPDX-License-Identifier: Apache-2.0
"""A suite day from an order, compiled, and annealing over that order. The rules are those of ``domain/suites/booking.py``."""

from __future__ import annotations

import math
from itertools import accumulate
from typing import Any, NamedTuple

import numpy as np
from numba import njit

from openinfusion.planning.adapters.order_moves import chance, draw
from openinfusion.planning.domain.suites.problem import SuiteProblem

NEVER = 1 << 50


class Day(NamedTuple):
    """A suite problem as arrays; the last row of ``rows`` fields follows the names in ``day_of``."""

    asked: Any
    lasts: Any
    setup: Any
    disconnect: Any
    acuity: Any
    prep: Any
    bud: Any
    weight: Any
    flex: Any
    held: Any
    promised: Any
    pinned: Any
    hands: Any
    uses: Any  # of each appointment, of each means
    means: Any
    begins: Any  # where the list of those begins in ``before`` whom an appointment comes after
    before: Any
    follows: Any  # whether the second comes after the first
    fixed: Any  # chairs, ratio, benches, opens, closes, latest, wait, after, beyond, moved, left_out


class Taken(NamedTuple):
    """What is taken in each slot, and the answer: begin and preparation of each."""

    chairs: Any
    acuity: Any
    hands: Any
    benches: Any
    used: Any
    starts: Any
    preps: Any


def day_of(problem: SuiteProblem) -> Day:
    """The problem as arrays."""
    rows, p = problem.appointments, problem.prices
    number, kinds = {a.name: n for n, a in enumerate(rows)}, {m.name: n for n, m in enumerate(problem.means)}
    uses: Any = np.zeros((len(rows), len(kinds)), np.int64)
    follows: Any = np.zeros((len(rows), len(rows)), np.bool_)
    for n, a in enumerate(rows):
        for name, count in a.uses:
            uses[n, kinds[name]] = count
        for name in a.after:
            follows[number[name], n] = True
    before = [number[name] for a in rows for name in a.after]

    def column(values: Any) -> Any:
        return np.array(list(values), np.int64)

    return Day(
        column(a.asked for a in rows), column(a.lasts for a in rows), column(a.setup for a in rows),
        column(a.disconnect for a in rows), column(a.acuity for a in rows), column(a.prep for a in rows),
        column(a.bud for a in rows), column(a.weight for a in rows), column(a.flex for a in rows),
        column(-1 if a.held is None else a.held for a in rows), column(-1 if a.promised is None else a.promised for a in rows),
        column(-1 if a.pinned is None else a.pinned for a in rows),
        column(problem.hands), uses, column(m.count for m in problem.means),
        column([0, *accumulate(len(a.after) for a in rows)]), column(before), follows,
        column((len(problem.chairs), problem.ratio, problem.benches, problem.opens, problem.closes, problem.latest,
                p.wait, p.after, p.beyond, p.moved, p.left_out)),
    )  # fmt: skip


def room_for(problem: SuiteProblem) -> Taken:
    slots: list[Any] = [np.zeros(problem.latest, np.int64) for _ in range(4)]
    used: Any = np.zeros((len(problem.means), problem.latest), np.int64)
    return Taken._make([*slots, used, *(np.zeros(len(problem.appointments), np.int64) for _ in range(2))])


@njit(cache=True)
def prep_at(d: Day, x: Taken, i: int, t: int) -> int:
    """The latest preparation for a beginning at t; -1 where there is none."""
    benches = d.fixed[2]
    ends = t
    least = max(t - d.bud[i], d.prep[i])
    while ends >= least:
        clash = -1
        for u in range(ends - d.prep[i], ends):
            if x.benches[u] >= benches:
                clash = u
                break
        if clash < 0:
            return ends - d.prep[i]
        ends = clash if clash < ends else ends - 1
    return -1


@njit(cache=True)
def first(d: Day, x: Taken, i: int) -> int:
    """The first possible beginning; -1 where there is none. The preparation stands in ``x.preps``."""
    chairs, ratio = d.fixed[0], d.fixed[1]
    t = max(d.asked[i], d.fixed[3])
    for b in range(d.begins[i], d.begins[i + 1]):
        j = d.before[b]
        if x.starts[j] >= 0:
            t = max(t, x.starts[j] + d.lasts[j])
    last = d.fixed[5] - d.lasts[i]
    if d.pinned[i] >= 0:
        if d.pinned[i] < t or d.pinned[i] > last:
            return -1
        t = d.pinned[i]
        last = t
    while t <= last:
        clash = -1
        u = t + d.lasts[i] - 1
        while u >= t:
            if x.chairs[u] >= chairs or x.acuity[u] + d.acuity[i] > ratio * d.hands[u]:
                clash = u
                break
            for k in range(len(d.means)):
                if d.uses[i, k] > 0 and x.used[k, u] + d.uses[i, k] > d.means[k]:
                    clash = u
                    break
            if clash >= 0:
                break
            u -= 1
        if clash >= 0:
            t = clash + 1
            continue
        good = True
        for u in range(t, t + d.setup[i]):
            if x.hands[u] >= d.hands[u]:
                good = False
                break
        if good:
            for u in range(t + d.lasts[i] - d.disconnect[i], t + d.lasts[i]):
                if x.hands[u] >= d.hands[u]:
                    good = False
                    break
        if good:
            prep = prep_at(d, x, i, t)
            if prep >= 0:
                x.preps[i] = prep
                return t
        t += 1
    return -1


@njit(cache=True)
def seat(d: Day, x: Taken, i: int, t: int) -> int:
    """Takes the slots; gives back what this beginning costs."""
    for u in range(t, t + d.lasts[i]):
        x.chairs[u] += 1
        x.acuity[u] += d.acuity[i]
        for k in range(len(d.means)):
            x.used[k, u] += d.uses[i, k]
    for u in range(t, t + d.setup[i]):
        x.hands[u] += 1
    for u in range(t + d.lasts[i] - d.disconnect[i], t + d.lasts[i]):
        x.hands[u] += 1
    for u in range(max(0, x.preps[i]), x.preps[i] + d.prep[i]):
        x.benches[u] += 1
    x.starts[i] = t
    wait = max(0, t - d.asked[i])
    cost = d.weight[i] * d.fixed[6] * wait + d.fixed[7] * max(0, t + d.lasts[i] - d.fixed[4])
    cost += d.fixed[8] * max(0, wait - d.flex[i])
    if d.promised[i] >= 0 and d.held[i] < 0:
        cost += d.fixed[9] * abs(t - d.promised[i])
    return cost


@njit(cache=True)
def decode(d: Day, x: Taken, order: Any, bound: float) -> int:
    """The cost of the day that this order gives; gives up beyond the bound."""
    x.chairs[:] = 0
    x.acuity[:] = 0
    x.hands[:] = 0
    x.benches[:] = 0
    x.used[:] = 0
    x.starts[:] = -1
    cost = 0
    for i in range(len(d.asked)):
        if d.held[i] >= 0:
            prep = prep_at(d, x, i, d.held[i])
            x.preps[i] = prep if prep >= 0 else d.held[i] - d.prep[i]
            cost += seat(d, x, i, d.held[i])
    for q in range(len(order)):
        i = order[q]
        if d.held[i] >= 0:
            continue
        t = first(d, x, i)
        cost += seat(d, x, i, t) if t >= 0 else d.fixed[10]
        if cost > bound:
            return NEVER
    return cost


@njit(cache=True)
def shift(order: Any, source: int, target: int) -> None:
    i = order[source]
    step = 1 if target > source else -1
    p = source
    while p != target:
        order[p] = order[p + step]
        p += step
    order[target] = i


@njit(cache=True)
def limit(d: Day, order: Any, source: int, target: int) -> int:
    """How far towards the target an entry can go without passing what it comes after or what comes after it."""
    i, p = order[source], source
    while p != target:
        q = p + 1 if target > p else p - 1
        if d.follows[i, order[q]] if q > p else d.follows[order[q], i]:
            return p
        p = q
    return p


@njit(cache=True)
def anneal(d: Day, x: Taken, order: Any, best: Any, costs: Any, random: Any, hot: float, cool: float, steps: int) -> None:
    """So many steps from one temperature to another; ``costs``: now, best."""
    n = len(order)
    heat = hot
    cooling = (cool / hot) ** (1.0 / max(1, steps))
    for _ in range(steps):
        heat *= cooling
        q = draw(random, n)
        r = min(max(q + draw(random, 13) - 6, 0), n - 1) if draw(random, 2) else draw(random, n)
        r = limit(d, order, q, r)
        if q == r:
            continue
        shift(order, q, r)
        bound = costs[0] - heat * math.log(chance(random))
        cost = decode(d, x, order, bound)
        if cost <= bound:
            costs[0] = cost
            if cost < costs[1]:
                costs[1] = cost
                best[:] = order
        else:
            shift(order, r, q)
