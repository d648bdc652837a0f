# SPDX-License-Identifier: Apache-2.0
"""The decoder of an order of visits, compiled: the rules of ``domain/routes/day.py`` over arrays, about 3 µs a hundred visits.

What stands before the first change of an order need not be decoded again: ``Marks`` hold how far the shifts had come there.

Appending units (a visit, or both halves of a pair) in one global order makes synchronised visits free of rings by
construction; the idea is Ceschia, Di Gaspero and Schaerf's (2024, doi 10.1111/itor.13585), written anew.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numba import njit

FOREVER = 1 << 40
BROKEN = 50  # points a tick by which something hard is broken, beside a sum for each


class Tables(NamedTuple):
    """A routing problem as arrays. Rows are shifts or visits; -1 and FOREVER stand for nothing and for no limit."""

    distance: Any
    duration: Any
    begins: Any
    ends: Any
    overtime: Any
    longest: Any
    start: Any
    end: Any
    capacity: Any
    rest_count: Any
    rest_early: Any
    rest_late: Any
    rest_lasts: Any
    fixed: Any
    place: Any
    lasts: Any
    window_count: Any
    opens: Any
    closes: Any
    wished: Any  # when the first wished window closes; FOREVER where there is none
    wish_count: Any
    wish_opens: Any
    wish_closes: Any
    cold: Any
    delivers: Any
    collects: Any
    person: Any  # shift by visit: what the person costs
    keep: Any
    first: Any  # of each unit
    second: Any  # -1 where the unit is one visit
    least: Any
    most: Any
    prices: Any  # distance, paid, overtime, late, longest_late, longest_day, broken once, longest_week
    whose: Any  # the number of the person of each shift


MARKS = 24  # places in an order at which the state is kept


class State(NamedTuple):
    """What a decode writes into: a row a shift; ``whole`` is all of it but ``out``, as one array."""

    whole: Any
    place: Any
    at: Any
    waited: Any
    slack: Any
    colder: Any
    rests: Any
    calls: Any
    load: Any
    peak: Any
    out: Any  # of one attempt: starts, closes, miss, rests, rested, paused


def new_state(shifts: int, dimensions: int) -> State:
    """Room for a decode."""
    loads = max(1, dimensions)
    whole: Any = np.zeros((7 + 2 * loads, shifts), np.int64)
    return State._make([whole, *whole[:7], whole[7 : 7 + loads].T, whole[7 + loads :].T, np.zeros((2, 6), np.int64)])


class Marks(NamedTuple):
    """The state before every so many units of an order, with what the units before it cost and how late they made it.

    ``held``: the last one that is right for the order in hand. The marks in what two orders share are right for both, so
    trying an order renews them as it passes, and taking it up costs nothing.
    """

    every: int
    whole: Any
    sums: Any
    held: Any


def new_marks(state: State, units: int) -> Marks:
    """Room for the marks of orders of so many units."""
    every = max(4, -(-units // MARKS))
    count = units // every + 1
    return Marks(every, np.zeros((count, *state.whole.shape), np.int64), np.zeros((count, 2), np.int64), np.zeros(1, np.int64))


@njit(cache=True, inline="always")
def begin(t: Tables, k: int, ready: int) -> tuple[int, int, int]:
    n = t.window_count[k]
    for w in range(n):
        if ready <= t.closes[k, w]:
            return max(ready, t.opens[k, w]), t.closes[k, w], 0
    return ready, ready, ready - t.closes[k, n - 1]


@njit(cache=True)
def attempt(t: Tables, s: State, v: int, k: int, not_before: int, half: int) -> int:
    """When visit k would begin if it came next in shift v; the rest of the answer stands in ``s.out[half]``."""
    travel = t.duration[s.place[v], t.place[k]]
    leaves = s.at[v]
    held = 0
    rests = s.rests[v]
    miss = 0
    rested = 0
    while True:
        arrives = leaves + travel
        starts, closes, late = begin(t, k, max(arrives, not_before, held))
        if rests >= t.rest_count[v] or starts + t.lasts[k] <= t.rest_late[v, rests]:
            break
        waiting = max(arrives, held, t.rest_early[v, rests])
        lasts = t.rest_lasts[v, rests]
        if held > 0 or (waiting <= t.rest_late[v, rests] and waiting + lasts <= starts):
            begun = waiting
            held = begun + lasts
        else:
            begun = max(leaves, t.rest_early[v, rests])
            leaves = begun + lasts
        miss += max(0, begun - t.rest_late[v, rests])
        rested += lasts
        rests += 1
    out = s.out[half]
    out[0] = starts
    out[1] = closes
    out[2] = miss + late
    out[3] = rests
    out[4] = rested
    out[5] = travel
    return starts


@njit(cache=True)
def take(t: Tables, s: State, v: int, k: int, half: int, fixed: bool) -> int:
    """Visit k as attempted; gives back by how much something hard is broken."""
    out = s.out[half]
    starts = out[0]
    if out[3] > s.rests[v]:
        s.slack[v] = min(s.slack[v], s.waited[v])
        s.rests[v] = out[3]
    s.waited[v] += starts - s.at[v] - out[5] - out[4]
    # The last wished window that has opened counts. Written out, here and in decode: in a function that is given the tables
    # numba counts references to all of them, and a step takes ten times as long.
    until = t.wished[k]
    for wish in range(1, t.wish_count[k]):
        if starts >= t.wish_opens[k, wish]:
            until = t.wish_closes[k, wish]
    latest = starts if fixed else min(out[1], until)
    s.slack[v] = min(s.slack[v], s.waited[v] + max(0, latest - starts))
    miss = out[2]
    if t.cold[k] >= 0:
        needed = starts - t.begins[v] - t.cold[k]
        s.colder[v] = max(s.colder[v], needed)
        miss += max(0, needed - s.waited[v])
    for d in range(t.capacity.shape[1]):
        s.load[v, d] += t.collects[k, d]
        s.peak[v, d] = max(s.peak[v, d] + t.delivers[k, d], s.load[v, d])
    s.place[v] = t.place[k]
    s.at[v] = starts + t.lasts[k]
    s.calls[v] += 1
    return miss


@njit(cache=True)
def finish(t: Tables, s: State, v: int) -> tuple[int, int, int, int]:
    """The end of shift v: way home, ticks away, overtime, and by how much something hard is broken."""
    home = t.duration[s.place[v], t.end[v]]
    miss = 0
    for r in range(s.rests[v], t.rest_count[v]):
        if s.at[v] + home <= t.rest_late[v, r]:
            break
        begun = max(s.at[v], t.rest_early[v, r])
        s.slack[v] = min(s.slack[v], s.waited[v])
        s.waited[v] += begun - s.at[v]
        miss += max(0, begun - t.rest_late[v, r])
        s.at[v] = begun + t.rest_lasts[v, r]
    later = max(0, min(s.slack[v], s.waited[v]))
    returns = s.at[v] + home
    away = returns - t.begins[v] - later
    overtime = max(0, returns - t.ends[v])
    miss += max(0, overtime - t.overtime[v]) + max(0, away - t.longest[v]) + max(0, s.colder[v] - later)
    for d in range(t.capacity.shape[1]):
        miss += max(0, s.peak[v, d] - t.capacity[v, d])
    return t.distance[s.place[v], t.end[v]], away, overtime, miss


@njit(cache=True)
def blank(t: Tables, s: State) -> None:
    """Every shift where it begins."""
    for v in range(len(t.begins)):
        s.place[v] = t.start[v]
        s.at[v] = t.begins[v]
        s.waited[v] = 0
        s.slack[v] = FOREVER
        s.colder[v] = 0
        s.rests[v] = 0
        s.calls[v] = 0
        for d in range(t.capacity.shape[1]):
            s.load[v, d] = 0
            s.peak[v, d] = 0


@njit(cache=True)
def decode(t: Tables, s: State, m: Marks, order: Any, one: Any, two: Any, bound: float, since: int) -> int:
    """The cost of the plan that this order of units gives; gives up beyond the bound.

    ``one`` and ``two`` are the shifts of each unit's visits; -1: the unit is left out. ``since``: the first position that may
    differ from the order in hand.
    """
    shifts = len(t.begins)
    mark = min(since // m.every, m.held[0])
    cost = 0
    longest_late = 0
    if mark == 0:
        blank(t, s)
    else:
        s.whole[:, :] = m.whole[mark]
        cost = m.sums[mark, 0]
        longest_late = m.sums[mark, 1]
    once = t.prices[6]
    ahead = (mark + 1) * m.every
    for q in range(mark * m.every, len(order)):
        if q == ahead and q <= since:
            mark += 1
            ahead += m.every
            m.whole[mark] = s.whole
            m.sums[mark, 0] = cost
            m.sums[mark, 1] = longest_late
            m.held[0] = mark
        u = order[q]
        k = t.first[u]
        v = one[u]
        k2 = t.second[u]
        if v < 0:
            cost += t.keep[k]
            if k2 >= 0:
                cost += t.keep[k2]
            continue
        cost += t.prices[0] * t.distance[s.place[v], t.place[k]] + t.person[v, k]
        start = attempt(t, s, v, k, 0, 0)
        miss = 0
        if k2 >= 0:
            w = two[u]
            cost += t.prices[0] * t.distance[s.place[w], t.place[k2]] + t.person[w, k2]
            start2 = attempt(t, s, w, k2, 0, 1)
            for _ in range(3):
                if start2 < start + t.least[u]:
                    start2 = attempt(t, s, w, k2, start + t.least[u], 1)
                if start2 > start + t.most[u]:
                    start = attempt(t, s, v, k, start2 - t.most[u], 0)
                else:
                    break
            gap = start2 - start
            miss += max(0, t.least[u] - gap, gap - t.most[u])
            miss += take(t, s, w, k2, 1, True)
            until = t.wished[k2]
            for wish in range(1, t.wish_count[k2]):
                if start2 >= t.wish_opens[k2, wish]:
                    until = t.wish_closes[k2, wish]
            late = start2 - until
            if late > 0:
                cost += t.prices[3] * late
                longest_late = max(longest_late, late)
        miss += take(t, s, v, k, 0, k2 >= 0)
        until = t.wished[k]
        for wish in range(1, t.wish_count[k]):
            if start >= t.wish_opens[k, wish]:
                until = t.wish_closes[k, wish]
        late = start - until
        if late > 0:
            cost += t.prices[3] * late
            longest_late = max(longest_late, late)
        if miss > 0:
            cost += once + BROKEN * miss
        if cost + t.prices[4] * longest_late > bound:
            return FOREVER * 1000
    longest_day = 0
    weeks: Any = np.zeros(shifts if t.prices[7] > 0 else 1, np.int64)
    for v in range(shifts):
        if s.calls[v] == 0:
            continue
        back, away, overtime, miss = finish(t, s, v)
        cost += t.prices[0] * back + t.prices[1] * away + t.prices[2] * overtime + t.fixed[v]
        longest_day = max(longest_day, away)
        if t.prices[7] > 0:
            weeks[t.whose[v]] += away
        if miss > 0:
            cost += once + BROKEN * miss
    return cost + t.prices[4] * longest_late + t.prices[5] * longest_day + t.prices[7] * weeks.max()
