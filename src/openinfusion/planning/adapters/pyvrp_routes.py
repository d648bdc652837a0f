# SPDX-License-Identifier: Apache-2.0
"""The plan of routes by PyVRP, started from another plan. Somebody who may not go is barred in way AND in time.

Pairs, breaks, wishes and the cold chain are left out here: the caller times the answer and goes on from it.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyvrp
import pyvrp.exceptions

from openinfusion.planning.adapters.pyvrp_annealing import Span, annealed
from openinfusion.planning.adapters.pyvrp_apart import annealed_apart, may_be_apart
from openinfusion.planning.domain.routes.eligible import eligible, person_cost, windows_of
from openinfusion.planning.domain.routes.problem import RoutingProblem, Shift
from openinfusion.planning.domain.routes.timing import Order

BARRED = 1 << 33  # longer and dearer than any day
LATEST = 1 << 40
LARGE, LONG = 200, 10  # visits and seconds from which several cores bring more than the seconds their beginning takes


@dataclass(frozen=True, slots=True)
class Stated:
    """The problem in PyVRP's words. ``clients``: the visit of each client; ``types``: the shifts of each vehicle type."""

    data: Any
    clients: list[int]
    types: list[list[int]]


def by_pyvrp(
    problem: RoutingProblem, seconds: float, seed: int, *, start: Order | None = None, optional: bool = False, patience: int = 0,
    gentle: bool = False, clock: Callable[[], float], cores: int = 1,
) -> tuple[Order, bool]:  # fmt: skip
    """The best order found in the time, and whether PyVRP holds it for feasible.

    ``optional``: visits may be left out at their price. ``patience``: ticks by which every wished window may be missed.
    ``gentle``: stay near the start. ``cores``: to search on, by the wall's clock, where there are several and the day is large.
    """
    stated = _stated(problem, optional, patience)
    initial = _solution(problem, stated, start) if start else None
    with warnings.catch_warnings():  # that no feasible plan is found is the answer here, and the caller goes on from it
        warnings.simplefilter("ignore", pyvrp.exceptions.PenaltyBoundWarning)
        if cores > 1 and len(stated.clients) >= LARGE and seconds >= LONG and not gentle and may_be_apart(stated.data):
            best = annealed_apart(stated.data, seed, initial, seconds, cores)
        else:
            best = annealed(stated.data, seed, initial, Span(clock, clock(), seconds), gentle)
    return _order(stated, best), bool(best.is_feasible())


def _stated(problem: RoutingProblem, optional: bool, patience: int) -> Stated:
    may = [set(m) for m in eligible(problem)]
    alike: dict[tuple[object, ...], list[int]] = {}
    for n, s in enumerate(problem.shifts):
        alike.setdefault((_kind(s), _profile(problem, n, may)), []).append(n)
    profiles = {p: k for k, p in enumerate(dict.fromkeys(p for _, p in alike))}
    clients, made, groups, places = _clients(problem, may, optional, patience)
    depots = sorted({x for s in problem.shifts for x in (s.start, s.end)})
    where = np.array([*depots, *places], np.int64)
    distance, duration = _matrices(problem, where, len(depots), clients, list(profiles))
    types = [_type(problem, problem.shifts[members[0]], len(members), depots, profiles[p]) for (_, p), members in alike.items()]
    data = pyvrp.ProblemData(
        [pyvrp.Location(0, 0) for _ in where], made, [pyvrp.Depot(n) for n in range(len(depots))], types, distance, duration,
        groups,
    )  # fmt: skip
    return Stated(data, clients, list(alike.values()))


def _kind(s: Shift) -> tuple[object, ...]:
    return (s.start, s.end, s.begins, s.ends, s.overtime, s.longest, s.capacity, s.fixed, sum(r.lasts for r in s.rests))


def _profile(problem: RoutingProblem, n: int, may: list[set[int]]) -> tuple[int, ...]:
    """What each visit costs for this shift beside the way; -1 where it may not go."""
    shift = problem.shifts[n]
    return tuple(person_cost(problem, shift, v) if n in may[k] else -1 for k, v in enumerate(problem.visits))


def _clients(problem: RoutingProblem, may: list[set[int]], optional: bool, patience: int) -> tuple[Any, Any, Any, Any]:
    """A client for each window of each visit that somebody may make; several windows are a group of which one is kept."""
    clients: list[int] = []
    made: list[Any] = []
    groups: list[Any] = []
    places: list[int] = []
    depots = len({x for s in problem.shifts for x in (s.start, s.end)})
    dims = problem.dimensions
    for n, v in enumerate(problem.visits):
        if not may[n]:
            continue
        windows = windows_of(problem, v)
        prize = problem.prices.left_out if v.keep is None else v.keep
        group = len(groups) if len(windows) > 1 else None
        if group is not None:
            groups.append(pyvrp.ClientGroup(list(range(len(made), len(made) + len(windows))), required=not optional))
        for w in windows:
            wish = v.wish_at(w.closes)
            closes = w.closes if wish is None else max(w.opens, min(w.closes, wish.closes + patience))
            made.append(pyvrp.Client(
                depots + len(places), [*v.delivers, *[0] * (dims - len(v.delivers))],
                [*v.collects, *[0] * (dims - len(v.collects))], v.lasts, w.opens, closes, 0, prize if optional else 0,
                not optional and group is None, group,
            ))  # fmt: skip
            clients.append(n)
            places.append(v.place)
    return clients, made, groups, places


def _matrices(problem: RoutingProblem, where: Any, depots: int, clients: list[int], profiles: list[Any]) -> tuple[Any, Any]:
    ways = np.array(problem.distance, np.int64)[np.ix_(where, where)] * problem.prices.distance
    times = np.array(problem.duration, np.int64)[np.ix_(where, where)]
    found: tuple[list[Any], list[Any]] = ([], [])
    for profile in profiles:
        extra = np.array([0] * depots + [profile[k] for k in clients], np.int64)
        barred = extra < 0
        way = ways + np.where(barred, 0, extra)[None, :]
        time = times.copy()
        for matrix in (way, time):
            matrix[:, barred] = BARRED
            matrix[barred, :] = BARRED
            np.fill_diagonal(matrix, 0)
        found[0].append(way)
        found[1].append(time)
    return found


def _type(problem: RoutingProblem, s: Shift, count: int, depots: list[int], profile: int) -> Any:
    rests = sum(r.lasts for r in s.rests if r.latest < s.ends)
    over = s.overtime if s.longest is None else 0
    longest = s.ends - s.begins if s.longest is None else s.longest
    return pyvrp.VehicleType(
        count, [*s.capacity, *[0] * (problem.dimensions - len(s.capacity))], depots.index(s.start), depots.index(s.end), s.fixed,
        s.begins, max(s.begins, s.ends + s.overtime - rests), min(LATEST, max(0, longest - rests)),
        unit_distance_cost=1, unit_duration_cost=problem.prices.paid, profile=profile,
        max_overtime=over, unit_overtime_cost=problem.prices.overtime,
    )  # fmt: skip


def _solution(problem: RoutingProblem, stated: Stated, start: Order) -> Any:
    """Another plan as PyVRP's first one. Of several windows of a visit the one that lies in the shift is taken."""
    clients_of: dict[int, list[int]] = {}
    for c, visit in enumerate(stated.clients):
        clients_of.setdefault(visit, []).append(c)
    routes = []
    for kind, members in enumerate(stated.types):
        for shift in members:
            visits = [_client(problem, clients_of[v], v, shift) for v, s in start if s == shift and v in clients_of]
            if visits:
                calls = [pyvrp.Activity(pyvrp.ActivityType.CLIENT, c) for c in visits]
                routes.append(pyvrp.Route(stated.data, calls, kind))
    return pyvrp.Solution(stated.data, routes)


def _client(problem: RoutingProblem, clients: list[int], visit: int, shift: int) -> int:
    """The client of the first window of a visit that is open while the shift lasts; there is one a window, in their order."""
    s = problem.shifts[shift]
    windows = windows_of(problem, problem.visits[visit])
    fitting = (c for c, w in zip(clients, windows, strict=True) if w.opens <= s.ends + s.overtime and w.closes >= s.begins)
    return next(fitting, clients[0])


def _order(stated: Stated, best: Any) -> Order:
    """PyVRP's routes as an order; of shifts that are alike each route takes the next one."""
    free = [list(members) for members in stated.types]
    rows: list[tuple[int, int, int, int]] = []
    for route in best.routes():
        shift = free[route.vehicle_type()].pop(0)
        for n, call in enumerate(route.schedule()):
            if call.is_client():
                rows.append((call.start_time, n, stated.clients[call.idx], shift))
    return [(visit, shift) for _, _, visit, shift in sorted(rows)]
