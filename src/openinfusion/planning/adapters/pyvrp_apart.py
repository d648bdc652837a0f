# SPDX-License-Identifier: Apache-2.0
"""A large day annealed on several cores: each takes near routes for itself for a while, then they are shared out anew.

The routes nearest to one drawn by chance go to the first core, so that what lies on a border in one round lies inside in
another. All rounds together cool as one search; a process of its own holds the day once.
"""

from __future__ import annotations

import multiprocessing
import random
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyvrp

from openinfusion.planning.adapters.pyvrp_annealing import FRESH, STARTED, Span, cooled

ROUNDS = 12
FIRST = 0.02  # of the time, alone, for routes to share out

Routes = list[tuple[int, list[int]]]  # the vehicle type and the clients in order


@dataclass(frozen=True, slots=True)
class Part:
    """What one core does in one round. ``spare``: vehicles of each type that stand unused. ``degrees``: first and last."""

    routes: Routes
    spare: list[int]
    seed: int
    seconds: float
    degrees: tuple[float, float]
    penalties: Any


@dataclass(frozen=True, slots=True)
class Done:
    here: Routes
    best: Routes
    penalties: Any


def may_be_apart(data: Any) -> bool:
    """Whether a part of the routes is a problem of its own: every visit must be made, in one window."""
    return not data.groups() and all(c.required for c in data.clients())


def annealed_apart(data: Any, seed: int, start: Any | None, seconds: float, cores: int) -> Any:
    """The best solution found in so many seconds of the wall's clock; where none was feasible, the first."""
    begun, chance = time.monotonic(), random.Random(seed)  # noqa: S311  (a share of routes, not a secret)
    degrees = FRESH if start is None else STARTED
    with ProcessPoolExecutor(cores, multiprocessing.get_context("spawn"), _hold, (data,)) as pool:
        list(pool.map(_ready, range(cores)))
        first = cooled(data, seed, start, None, Span(time.monotonic, time.monotonic(), seconds * FIRST), degrees)
        best, here, penalties = first.best, _routes(first.here), first.penalties
        price = pyvrp.PenaltyManager(penalties).cost_evaluator().cost
        for left in range(ROUNDS, 0, -1):
            gone = (time.monotonic() - begun) / seconds
            until = gone + (1 - gone) / left
            if until <= gone:
                break
            between = tuple(degrees[0] * (degrees[1] / degrees[0]) ** share for share in (gone, until))
            parts = [
                Part(routes, spare, chance.randrange(1 << 30), (until - gone) * seconds, (between[0], between[1]), penalties)
                for routes, spare in _shared_out(data, here, cores, chance)
            ]
            done = list(pool.map(_anneal, parts))
            here = [route for d in done for route in d.here]
            found = _whole(data, [route for d in done for route in d.best])
            if price(found) < price(best):
                best = found
            penalties = done[0].penalties
    return best


def _shared_out(data: Any, routes: Routes, cores: int, chance: random.Random) -> list[tuple[Routes, list[int]]]:
    """Near routes together, about as many visits for each core, and a share of the unused vehicles of each type."""
    ways = data.distance_matrix(0)
    places = [[data.clients()[c].location for c in clients] for _, clients in routes]
    around = places[chance.randrange(len(routes))]
    near = sorted(range(len(routes)), key=lambda n: float(ways[np.ix_(around, places[n])].min(axis=1).mean()))
    visits, done = sum(map(len, places)), 0
    parts: list[Routes] = [[] for _ in range(cores)]
    for n in near:
        parts[min(cores - 1, done * cores // visits)].append(routes[n])
        done += len(places[n])
    unused = [t.num_available for t in data.vehicle_types()]
    for kind, _ in routes:
        unused[kind] -= 1
    return [(part, [(count + n) // cores for count in unused]) for n, part in enumerate(parts) if part]


_held: Any = None  # the day, in a process of its own


def _hold(data: Any) -> None:
    global _held
    _held = data


def _ready(_: int) -> None:
    """Nothing: who answers has begun."""


def _anneal(part: Part) -> Done:
    data, depots = _held, len(_held.depots())
    clients = sorted(c for _, visits in part.routes for c in visits)
    number = {c: n for n, c in enumerate(clients)}
    where = [*range(depots), *(data.clients()[c].location for c in clients)]
    counts = list(part.spare)
    for kind, _ in part.routes:
        counts[kind] += 1
    kinds = [k for k, count in enumerate(counts) if count]
    at = np.ix_(where, where)
    made = pyvrp.ProblemData(
        [data.locations()[n] for n in where],
        [_at(data.clients()[c], depots + n) for n, c in enumerate(clients)],
        data.depots(),
        [data.vehicle_types()[k].replace(num_available=counts[k]) for k in kinds],
        [data.distance_matrix(n)[at] for n in range(data.num_profiles)],
        [data.duration_matrix(n)[at] for n in range(data.num_profiles)],
    )
    start = _whole(made, [(kinds.index(kind), [number[c] for c in visits]) for kind, visits in part.routes])
    span = Span(time.monotonic, time.monotonic(), part.seconds)
    found = cooled(made, part.seed, start, part.penalties, span, part.degrees)
    here, best = ([(kinds[kind], [clients[c] for c in visits]) for kind, visits in _routes(s)] for s in (found.here, found.best))
    return Done(here, best, found.penalties)


def _at(client: Any, location: int) -> Any:
    """The same client at the place it has among those of its part."""
    return pyvrp.Client(
        location, client.delivery, client.pickup, client.service_duration, client.tw_early, client.tw_late, client.release_time,
        client.prize, client.required, None,
    )  # fmt: skip


def _routes(solution: Any) -> Routes:
    return [(r.vehicle_type(), [a.idx for a in r.schedule() if a.is_client()]) for r in solution.routes()]


def _whole(data: Any, routes: Sequence[tuple[int, list[int]]]) -> Any:
    call = pyvrp.ActivityType.CLIENT
    return pyvrp.Solution(data, [pyvrp.Route(data, [pyvrp.Activity(call, c) for c in visits], kind) for kind, visits in routes])
