# SPDX-License-Identifier: Apache-2.0
"""Annealing over an order of visits and their shifts, compiled: one chunk of steps at a falling temperature.

A move puts a visit beside a near one on that one's shift, shifts it in the order, gives it to another shift, swaps two
visits, or swaps what two shifts do from some point on. Random numbers are the house's own (xorshift), so a seed is a seed.
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np
from numba import njit

from openinfusion.planning.adapters.order_kernel import Marks, State, Tables, decode


class Search(NamedTuple):
    """Where the search stands: order, position of each unit, shift of each half, the best so far, and room to undo."""

    order: Any
    at: Any
    one: Any
    two: Any
    best_order: Any
    best_one: Any
    best_two: Any
    old_order: Any  # as the order stood before the move that is being tried
    old_one: Any
    old_two: Any
    touched: Any  # first and last position that a move changed
    random: Any  # one uint64
    costs: Any  # now, best


@njit(cache=True, inline="always")
def draw(random: Any, below: int) -> Any:
    """A whole number from 0 to below it."""
    x = random[0]
    x ^= x << np.uint64(13)
    x ^= x >> np.uint64(7)
    x ^= x << np.uint64(17)
    random[0] = x
    return np.int64((x >> np.uint64(11)) % np.uint64(below))


@njit(cache=True, inline="always")
def chance(random: Any) -> float:
    """Between 0 (never) and 1."""
    return (draw(random, 1 << 30) + 1) / (1 << 30)


@njit(cache=True)
def shifted(s: Search, source: int, target: int) -> None:
    """The unit at one position moved to another."""
    s.touched[0] = min(source, target)
    s.touched[1] = max(source, target)
    u = s.order[source]
    step = 1 if target > source else -1
    p = source
    while p != target:
        s.order[p] = s.order[p + step]
        s.at[s.order[p]] = p
        p += step
    s.order[target] = u
    s.at[u] = target


@njit(cache=True)
def reassigned(s: Search, may: Any, t: Tables, u: int, half: int, shift: int) -> bool:
    """Half of a unit given to a shift; the halves change places where the other one is there already."""
    k = t.first[u] if half == 0 else t.second[u]
    if not may[shift, k]:
        return False
    other = s.two[u] if half == 0 else s.one[u]
    s.touched[:] = s.at[u]
    if t.second[u] >= 0 and other == shift:
        mine = s.one[u] if half == 0 else s.two[u]
        k2 = t.second[u] if half == 0 else t.first[u]
        if mine < 0 or not may[mine, k2]:
            return False
        s.one[u], s.two[u] = s.two[u], s.one[u]
        return True
    if half == 0:
        s.one[u] = shift
    else:
        s.two[u] = shift
    return True


@njit(cache=True)
def placed_anew(s: Search, t: Tables, may: Any, choices: Any, count: Any, u: int) -> bool:
    """A unit that is left out, given to shifts at random."""
    k = t.first[u]
    if count[k] == 0:
        return False
    s.one[u] = choices[k, draw(s.random, count[k])]
    k2 = t.second[u]
    if k2 < 0:
        return True
    if count[k2] > 0:
        s.two[u] = choices[k2, draw(s.random, count[k2])]
    if count[k2] == 0 or s.two[u] == s.one[u]:
        s.one[u] = -1
        s.two[u] = -1
        return False
    return True


@njit(cache=True)
def tails_swapped(s: Search, t: Tables, may: Any, q: int, v: int, w: int) -> bool:
    """From position q on, what shift v does becomes w's and the other way round."""
    n = len(s.order)
    for p in range(q, n):
        u = s.order[p]
        for half in range(2):
            shift = s.one[u] if half == 0 else s.two[u]
            if shift in (v, w):
                k = t.first[u] if half == 0 else t.second[u]
                if not may[w if shift == v else v, k]:
                    return False
    s.touched[0] = q
    s.touched[1] = n - 1
    for p in range(q, n):
        u = s.order[p]
        if s.one[u] == v:
            s.one[u] = w
        elif s.one[u] == w:
            s.one[u] = v
        if s.two[u] == v:
            s.two[u] = w
        elif s.two[u] == w:
            s.two[u] = v
    return True


@njit(cache=True)
def moved(s: Search, t: Tables, may: Any, choices: Any, count: Any, near: Any, unit_of: Any) -> bool:
    """One move, with what it touched; False where it came to nothing, and then nothing has changed."""
    n = len(s.order)
    u = draw(s.random, n)
    if s.one[u] < 0:
        if not placed_anew(s, t, may, choices, count, u):
            return False
        shifted(s, s.at[u], draw(s.random, n))
        return True
    r = draw(s.random, 100)
    half = draw(s.random, 2) if t.second[u] >= 0 else 0
    k = t.first[u] if half == 0 else t.second[u]
    if r < 40:
        j = near[k, draw(s.random, near.shape[1])]
        x = unit_of[j]
        if x == u or s.one[x] < 0:
            return False
        shift = s.one[x] if t.first[x] == j else s.two[x]
        mine = s.one[u] if half == 0 else s.two[u]
        if shift != mine and not reassigned(s, may, t, u, half, shift):
            return False
        target = s.at[x] + draw(s.random, 2)
        if s.at[u] < target:
            target -= 1
        shifted(s, s.at[u], target)
        return True
    if r < 62:
        span = max(3, n // 8) if r < 55 else n
        target = min(max(s.at[u] + draw(s.random, 2 * span + 1) - span, 0), n - 1)
        shifted(s, s.at[u], target)
        return True
    if r < 78:
        shift = choices[k, draw(s.random, count[k])]
        if not reassigned(s, may, t, u, half, shift):
            return False
        if r < 70:
            target = min(max(s.at[u] + draw(s.random, 21) - 10, 0), n - 1)
            shifted(s, s.at[u], target)
        return True
    if r < 90:
        x = unit_of[near[k, draw(s.random, near.shape[1])]]
        if x == u or s.one[x] < 0 or t.second[x] >= 0 or t.second[u] >= 0:
            return False
        a, b = s.one[u], s.one[x]
        if not (may[b, t.first[u]] and may[a, t.first[x]]):
            return False
        s.one[u] = b
        s.one[x] = a
        p, q = s.at[u], s.at[x]
        s.touched[0] = min(p, q)
        s.touched[1] = max(p, q)
        s.order[p], s.order[q] = x, u
        s.at[u], s.at[x] = q, p
        return True
    if r < 99:
        w = choices[k, draw(s.random, count[k])]
        v = s.one[u] if half == 0 else s.two[u]
        return w != v and tails_swapped(s, t, may, s.at[u], v, w)
    s.touched[:] = s.at[u]
    s.one[u] = -1
    s.two[u] = -1
    return True


@njit(cache=True)
def settled(s: Search, taken: bool) -> None:
    """What a move touched, written down where it was taken up, else put back."""
    for p in range(s.touched[0], s.touched[1] + 1):
        if taken:
            u = s.order[p]
            s.old_order[p] = u
            s.old_one[u] = s.one[u]
            s.old_two[u] = s.two[u]
        else:
            u = s.old_order[p]
            s.order[p] = u
            s.at[u] = p
            s.one[u] = s.old_one[u]
            s.two[u] = s.old_two[u]


@njit(cache=True)
def anneal(
    t: Tables, state: State, marks: Marks, s: Search, may: Any, choices: Any, count: Any, near: Any, unit_of: Any,
    hot: float, cool: float, steps: int,
) -> int:  # fmt: skip
    """So many steps from one temperature to another; gives back how many were taken up."""
    cooling = (cool / hot) ** (1.0 / max(1, steps))
    heat = hot
    taken = 0
    for _ in range(steps):
        heat *= cooling
        if not moved(s, t, may, choices, count, near, unit_of):
            continue
        bound = s.costs[0] - heat * math.log(chance(s.random))
        cost = decode(t, state, marks, s.order, s.one, s.two, bound, s.touched[0])
        settled(s, cost <= bound)
        if cost > bound:
            continue
        taken += 1
        s.costs[0] = cost
        marks.held[0] = min(marks.held[0], s.touched[0] // marks.every)
        if cost < s.costs[1]:
            s.costs[1] = cost
            s.best_order[:] = s.order
            s.best_one[:] = s.one
            s.best_two[:] = s.two
    return taken
