# SPDX-License-Identifier: Apache-2.0
"""The other solvers with the same problem and time, as they are usually called.

OR-Tools: cheapest insertion and guided local search. PyVRP: its own loop, in the place of the house's annealing.
"""

from __future__ import annotations

import time
from typing import Any

import pyvrp
from ortools.constraint_solver import pywrapcp, routing_enums_pb2

from openinfusion.planning.adapters.pyvrp_annealing import Span
from openinfusion.planning.domain.routes.eligible import eligible, windows_of
from openinfusion.planning.public import RoutingProblem


def pyvrp_loop(data: Any, seed: int, start: Any | None, span: Span) -> Any:
    """What PyVRP's own loop finds, with its usual settings."""
    over = lambda best: span.gone() >= 1  # noqa: E731
    return pyvrp.solve(data, stop=over, seed=seed, collect_stats=False, display=False, initial_solution=start).best


def by_ortools(problem: RoutingProblem, seconds: float) -> list[tuple[int, int]] | None:
    """The order OR-Tools finds in so many seconds; None where it finds no plan. Pairs and wished windows are stated to it."""
    starts, ends = [s.start for s in problem.shifts], [s.end for s in problem.shifts]
    depots = sorted({*starts, *ends})
    nodes = [*depots, *(v.place for v in problem.visits)]
    first = len(depots)
    leave, come = [depots.index(x) for x in starts], [depots.index(x) for x in ends]
    manager = pywrapcp.RoutingIndexManager(len(nodes), len(problem.shifts), leave, come)
    model = pywrapcp.RoutingModel(manager)
    lasts = [0] * first + [v.lasts for v in problem.visits]

    way = [[problem.distance[a][b] * problem.prices.distance for b in nodes] for a in nodes]
    took = [[problem.duration[a][b] + lasts[n] for b in nodes] for n, a in enumerate(nodes)]
    model.SetArcCostEvaluatorOfAllVehicles(model.RegisterTransitMatrix(way))
    latest = max(s.ends + s.overtime for s in problem.shifts)
    model.AddDimension(model.RegisterTransitMatrix(took), latest, latest, False, "time")
    clock = model.GetDimensionOrDie("time")
    for n, s in enumerate(problem.shifts):
        clock.CumulVar(model.Start(n)).SetRange(s.begins, latest)
        clock.CumulVar(model.End(n)).SetRange(s.begins, s.ends + s.overtime)
        if s.longest is not None:
            clock.SetSpanUpperBoundForVehicle(s.longest, n)
    _loads(problem, model, manager, first)
    _visits(problem, model, manager, clock, first)
    search = pywrapcp.DefaultRoutingSearchParameters()
    search.first_solution_strategy = routing_enums_pb2.FirstSolutionStrategy.PARALLEL_CHEAPEST_INSERTION
    search.local_search_metaheuristic = routing_enums_pb2.LocalSearchMetaheuristic.GUIDED_LOCAL_SEARCH
    until = time.process_time() + seconds
    model.AddSearchMonitor(model.solver().CustomLimit(lambda: time.process_time() > until))
    search.time_limit.FromMilliseconds(int(seconds * 10_000))
    found = model.SolveWithParameters(search)
    return None if found is None else _order(problem, model, manager, clock, found, first)


def _loads(problem: RoutingProblem, model: Any, manager: Any, first: int) -> None:
    for kind in range(problem.dimensions):
        need = [0] * first + [v.delivers[kind] if kind < len(v.delivers) else 0 for v in problem.visits]
        call = model.RegisterUnaryTransitCallback(lambda a, need=need: need[manager.IndexToNode(a)])
        room = [s.capacity[kind] if kind < len(s.capacity) else 0 for s in problem.shifts]
        model.AddDimensionWithVehicleCapacity(call, 0, room, True, f"load {kind}")


def _visits(problem: RoutingProblem, model: Any, manager: Any, clock: Any, first: int) -> None:
    may = eligible(problem)
    for n, v in enumerate(problem.visits):
        index = manager.NodeToIndex(first + n)
        windows = windows_of(problem, v)
        clock.CumulVar(index).SetRange(windows[0].opens, windows[-1].closes)
        if len(may[n]) < len(problem.shifts):
            model.VehicleVar(index).SetValues([-1, *may[n]])
        if problem.prices.late and (wish := v.wish_at(v.windows[-1].closes)):
            clock.SetCumulVarSoftUpperBound(index, wish.closes, problem.prices.late)
    for pair in problem.pairs:
        a, b = (manager.NodeToIndex(first + problem.visit_at[x]) for x in (pair.first, pair.second))
        gap = clock.CumulVar(b) - clock.CumulVar(a)
        model.solver().Add(gap >= pair.least)
        model.solver().Add(gap <= pair.most)
        model.solver().Add(model.VehicleVar(a) != model.VehicleVar(b))


def _order(problem: RoutingProblem, model: Any, manager: Any, clock: Any, found: Any, first: int) -> list[tuple[int, int]]:
    rows = []
    for shift in range(len(problem.shifts)):
        index, n = found.Value(model.NextVar(model.Start(shift))), 0
        while not model.IsEnd(index):
            rows.append((found.Min(clock.CumulVar(index)), n, manager.IndexToNode(index) - first, shift))
            index, n = found.Value(model.NextVar(index)), n + 1
    return [(visit, shift) for _, _, visit, shift in sorted(rows)]
