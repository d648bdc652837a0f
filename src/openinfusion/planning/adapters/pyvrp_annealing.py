# SPDX-License-Identifier: Apache-2.0
"""PyVRP's local search and penalties under annealing over the time there is.

PyVRP's own loop takes a worse solution only where it beats the first one or one of 300 steps ago. From another plan that is
a descent, and in a minute of a large day it is one from nothing as well. Here the price of a step worse falls with the clock,
so that short and long searches both end cold. Every new best is taken as it is: the exhaustive search of each cost more than
it brought (docs/development/planning-bench.md).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pyvrp
from pyvrp.search import OPERATORS, LocalSearch, NeighbourhoodParams, PerturbationManager, PerturbationParams, compute_neighbours

# first and last degrees of a search from nothing, from another solution, and near a plan in force, as shares of what one call
# costs in the present one
FRESH, STARTED, GENTLE = (3.0, 0.06), (0.3, 0.03), (0.03, 0.003)


@dataclass(frozen=True, slots=True)
class Span:
    """So many seconds of a clock."""

    clock: Callable[[], float]
    begun: float
    seconds: float

    def gone(self) -> float:
        """The share that is over; 1 and more when the time is up."""
        return (self.clock() - self.begun) / self.seconds


@dataclass(frozen=True, slots=True)
class Cooled:
    """Where a search stands at its end, the best solution found (where none was feasible, the first), and its penalties."""

    here: Any
    best: Any
    penalties: Any


def annealed(data: Any, seed: int, start: Any | None, span: Span, gentle: bool = False) -> Any:
    """The best solution found; where none was feasible, the first.

    ``start``: a solution to go on from, more gently; ``gentle``: and to stay near.
    """
    return cooled(data, seed, start, None, span, FRESH if start is None else GENTLE if gentle else STARTED).best


def cooled(data: Any, seed: int, start: Any | None, penalties: Any | None, span: Span, degrees: tuple[float, float]) -> Cooled:
    """One search from the first of these degrees to the last. ``penalties``: those a search before it ended with."""
    rng = pyvrp.RandomNumberGenerator(seed=seed)
    search = LocalSearch(data, rng, compute_neighbours(data, NeighbourhoodParams()), PerturbationManager(PerturbationParams()))
    for operator in OPERATORS:
        if operator.supports(data):
            search.add_operator(operator(data))
    limits = pyvrp.PenaltyParams()
    manager = pyvrp.PenaltyManager(penalties or limits.midpoint_penalties(data), limits)
    hot, cold = degrees
    here = start or search(pyvrp.Solution.make_random(data, rng), manager.max_cost_evaluator(), exhaustive=True)
    best, calls = here, max(1, len(data.clients()))
    while (gone := span.gone()) < 1:
        prices = manager.cost_evaluator()
        found = search(here, prices, exhaustive=False)
        manager.register(found)
        if prices.cost(found) < prices.cost(best):
            best = found
        new, old = prices.penalised_cost(found), prices.penalised_cost(here)
        now = hot * (cold / hot) ** gone * old / calls
        if new <= old or rng.rand() < math.exp((old - new) / max(now, 1e-9)):
            here = found
    return Cooled(here, best, manager.penalties())
