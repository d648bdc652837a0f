# SPDX-License-Identifier: Apache-2.0
"""Compiled code made ready before anybody asks: each kernel is run once on a tiny day, so no plan waits for it."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from itertools import count

from openinfusion.planning.adapters.batch_planner import plan_batches
from openinfusion.planning.adapters.effort import Effort
from openinfusion.planning.adapters.suite_planner import plan_suite
from openinfusion.planning.domain.batches.problem import BatchProblem, Family, Preparation, Station, at_hoods
from openinfusion.planning.domain.routes.insertion import quick
from openinfusion.planning.domain.routes.problem import Pair, Place, RoutingProblem, Shift, Visit, Window
from openinfusion.planning.domain.suites.problem import Appointment, SuiteNurse, SuiteProblem


def warm() -> tuple[str, ...]:
    """Compile, or load from the cache, what plans are made with; the kernels that are ready. None without the packages."""
    if not importlib.util.find_spec("numba"):
        return ()
    from openinfusion.planning.adapters.order_annealing import annealed

    routes = _routes()
    annealed(routes, [quick(routes)], 4, 1, clock=_ticking())
    plan_suite(_suite(), Effort(4, 1, "annealing", _ticking()))
    plan_batches(_bench(), Effort(4, 1, "annealing", _ticking()))
    return ("routes", "suites", "batches")


def _ticking() -> Callable[[], float]:
    """A clock of which every look is a second: as few steps on a slow machine as on a fast one."""
    ticks = count()
    return lambda: float(next(ticks))


def _routes() -> RoutingProblem:
    ways = ((0, 9), (9, 0))
    shifts = tuple(Shift(n, n, 0, 0, 0, 500) for n in ("one", "two"))
    visits = tuple(Visit(f"visit {n}", 1, 10, (Window(0, 400),)) for n in range(3))
    return RoutingProblem((Place("base"), Place("home")), ways, ways, shifts, visits, (Pair("visit 0", "visit 1"),))


def _suite() -> SuiteProblem:
    seats = tuple(Appointment(f"patient {n}", 20, 6) for n in range(2))
    return SuiteProblem(("chair 1",), (SuiteNurse("nurse", 18, 160),), seats, 18, 120, 200)


def _bench() -> BatchProblem:
    hoods, drug = (Station("hood", 0, 100),), Family("drug", 2)
    made = tuple(Preparation(f"dose {n}", (at_hoods(hoods, drug, 2),), 0, 20, 48) for n in range(2))
    return BatchProblem(hoods, (drug,), made)
