# SPDX-License-Identifier: Apache-2.0
"""The house's own search where visits depend on each other: several hot starts and a long cool one; on large days one long."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from openinfusion.planning.adapters.order_kernel import FOREVER, Marks, State, Tables, decode, new_marks, new_state
from openinfusion.planning.adapters.order_moves import Search, anneal
from openinfusion.planning.adapters.order_tables import choices_of, order_of_units, tables_of, units_of
from openinfusion.planning.domain.routes.problem import RoutingProblem
from openinfusion.planning.domain.routes.timing import Order

NEAR = 24  # how many near visits a visit may be put beside
WARM, COOL, COLD = 0.6, 0.04, 0.012  # temperatures, in the price of the way to a near visit
HOT = (4.0, 16.0, 4.0, 16.0, 4.0)  # of short runs, which end far apart where people are scarce; a warm one refines the best
SHORT = 0.12  # with fewer seconds for each visit there is one long hot run instead: short ones would end far from any good plan
FIRST_STEPS = 500


@dataclass(slots=True)
class Annealer:
    """A problem made ready for the compiled search. ``clock`` gives CPU seconds (or wall, as the caller pays)."""

    problem: RoutingProblem
    seed: int
    clock: Callable[[], float] = time.process_time

    tables: Tables = None  # type: ignore[assignment]
    steps: int = 0
    _rest: tuple[Any, ...] = ()
    _state: State = None  # type: ignore[assignment]
    _marks: Marks = None  # type: ignore[assignment]
    unit: float = 1.0

    def __post_init__(self) -> None:
        self.tables = tables_of(self.problem)
        choices, count = choices_of(self.problem)
        may: Any = np.zeros((len(self.problem.shifts), len(self.problem.visits)), np.bool_)
        for k, n in enumerate(count):
            may[choices[k, :n], k] = True
        near, self.unit = _near(self.problem, self.tables)
        unit_of: Any = np.zeros(len(self.problem.visits), np.int64)
        for u, (a, b) in enumerate(zip(self.tables.first, self.tables.second, strict=True)):
            unit_of[a] = u
            if b >= 0:
                unit_of[b] = u
        self._rest = (may, choices, count, near, unit_of)
        self._state = new_state(len(self.problem.shifts), self.problem.dimensions)
        self._marks = new_marks(self._state, len(self.tables.first))

    def cost(self, order: Order) -> int:
        """What the compiled decoder says an order costs."""
        return self._decoded(*units_of(self.tables, order))

    def _decoded(self, listed: Any, one: Any, two: Any) -> int:
        """The cost of units in an order, with which a search may begin."""
        self._marks.held[0] = 0
        return int(decode(self.tables, self._state, self._marks, listed, one, two, np.inf, 0))

    def improved(self, start: Order, seconds: float, hot: float, number: int = 0, cool: float = COOL) -> tuple[Order, int]:
        """The best order that one run from this start finds, and its cost."""
        search = self._search(start, number)
        begun, chunk = self.clock(), FIRST_STEPS
        spent = 0.0
        while spent < seconds:
            share, ahead = spent / seconds, min(1.0, (spent + seconds / 60) / seconds)
            at = [hot * self.unit * (cool / hot) ** x for x in (share, ahead)]
            before = self.clock()
            anneal(self.tables, self._state, self._marks, search, *self._rest, at[0], at[1], chunk)
            self.steps += chunk
            took = max(self.clock() - before, 1e-6)
            spent = self.clock() - begun
            chunk = max(100, min(int(chunk * (seconds / 60) / took), chunk * 4))
        return order_of_units(self.tables, search.best_order, search.best_one, search.best_two), int(search.costs[1])

    def _search(self, start: Order, number: int) -> Search:
        listed, one, two = units_of(self.tables, start)
        at = np.argsort(listed).astype(np.int64)
        cost = self._decoded(listed, one, two)
        seed = np.array([(self.seed * 2_654_435_761 + number * 40_503 + 88_172_645) % (1 << 63) or 1], np.uint64)
        copies = [x.copy() for x in (listed, one, two, listed, one, two)]
        return Search._make([listed, at, one, two, *copies, np.zeros(2, np.int64), seed, np.array([cost, cost], np.int64)])


def annealed(
    problem: RoutingProblem, starts: list[Order], seconds: float, seed: int, *, clock: Callable[[], float] = time.process_time,
    gentle: bool = False,
) -> tuple[Order, int]:
    """The best of several runs, and how many steps were tried. ``gentle``: stay near the start (a plan that is in force)."""
    annealer = Annealer(problem, seed, clock)
    ranked = sorted(starts, key=annealer.cost)
    if gentle:
        return annealer.improved(ranked[0], seconds, WARM / 6, cool=COLD)[0], annealer.steps
    found = [(order, annealer.cost(order)) for order in ranked]
    if seconds < SHORT * len(problem.visits):
        found.append(annealer.improved(ranked[0], seconds, HOT[0], 1))
        return min(found, key=lambda x: x[1])[0], annealer.steps
    for number, hot in enumerate(HOT):
        found.append(annealer.improved(ranked[number % len(ranked)], seconds * 0.14, hot, number + 1))
    best = min(found, key=lambda x: x[1])
    found.append(annealer.improved(best[0], seconds * 0.3, WARM, len(HOT) + 1))
    return min(found, key=lambda x: x[1])[0], annealer.steps


def _near(problem: RoutingProblem, tables: Tables) -> tuple[Any, float]:
    """For each visit the ones that lie near in way and time, and what a way to a near one costs."""
    p, n = problem.prices, len(problem.visits)
    place = tables.place
    way = tables.distance[np.ix_(place, place)] * p.distance + tables.duration[np.ix_(place, place)] * (p.paid + 1)
    opens, closes = tables.opens[:, 0], tables.closes.max(axis=1)
    wished = np.where(tables.wish_count > 0, tables.wish_closes.max(axis=1), FOREVER)
    reach = opens[:, None] + tables.lasts[:, None] + tables.duration[np.ix_(place, place)]
    wait = np.maximum(0, opens[None, :] - np.minimum(closes[:, None] + tables.lasts[:, None], 1 << 40)) // 5
    late = np.maximum(0, reach - np.minimum(closes[None, :], wished[None, :]))
    measure = way + wait + late
    np.fill_diagonal(measure, 1 << 60)
    near = np.argsort(np.minimum(measure, measure.T), axis=1, kind="stable")[:, : max(1, min(NEAR, n - 1))].astype(np.int64)
    if n < 2:
        return np.zeros((n, 1), np.int64), 1.0
    cost = tables.distance[np.ix_(place, place)] * p.distance + tables.duration[np.ix_(place, place)] * p.paid
    np.fill_diagonal(cost, 1 << 60)
    fifth = np.sort(cost, axis=1)[:, min(4, n - 2)]
    return near, max(1.0, float(np.median(fifth)))
