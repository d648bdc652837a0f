# SPDX-License-Identifier: Apache-2.0
"""A plan of routes: VROOM at once, PyVRP from there, and the house's own search where visits depend on each other.

Whatever makes the plan, ``domain/routes/check.py`` looks at it before it is given back.
"""

from __future__ import annotations

import importlib.util
from dataclasses import dataclass, replace

from openinfusion.kernel.refusal import Broken
from openinfusion.planning.adapters.effort import Effort
from openinfusion.planning.adapters.road_server import ways_by_road
from openinfusion.planning.adapters.zip_centroids import centroid
from openinfusion.planning.domain.formats.problem_file import ProblemFile, read_routes
from openinfusion.planning.domain.routes.change import Again, Difference, Happening, again, difference_of
from openinfusion.planning.domain.routes.check import faults_of
from openinfusion.planning.domain.routes.eligible import eligible
from openinfusion.planning.domain.routes.insertion import inserted, quick
from openinfusion.planning.domain.routes.plan import RoutePlan
from openinfusion.planning.domain.routes.problem import RoutingProblem
from openinfusion.planning.domain.routes.repair import repaired
from openinfusion.planning.domain.routes.timing import Order, Timed, timed

NEEDED = ("vroom", "pyvrp", "numba")
MISSING = "a quick plan: the planning packages are not installed here; “make planning” installs them (requirements/planning.txt)"
MOST_LEVELLED = 300  # beyond so many visits VROOM's thorough levels cost more than they bring,
MOST_STARTED = 600  # and beyond so many PyVRP is better off with the time for itself
RETRY = 0.3  # of the time, and if it must be beyond it, for the plan that leaves something out where not all fits
MOST_MENDED = 60  # so many visits left out are tried again one by one


def installed() -> bool:
    """Whether the packages of requirements/planning.txt are there."""
    return all(importlib.util.find_spec(name) for name in NEEDED)


def read_problem(text: str, road_server: str = "") -> ProblemFile:
    """A problem file of any kind that is known; ``road_server``: the address of an OSRM server to ask for ways."""
    between = (lambda places: ways_by_road(road_server, places)) if road_server else None
    return read_routes(text, centroid, between)


def plan_routes(
    problem: RoutingProblem, effort: Effort | None = None, *, start: Order | None = None, gentle: bool = False
) -> RoutePlan:
    """The best plan found in the time. ``start``: the plan in force as an order; ``gentle``: stay near it.

    Broken where the check finds a fault, which is a fault of the house and not of the problem.
    """
    effort = effort or Effort()
    if not any(eligible(problem)):  # the libraries refuse a problem of which nothing can be done
        return _checked(problem, [("insertion", [])], "")
    if effort.engine == "insertion" or not installed():
        found = inserted(problem, start or []) if start else quick(problem)
        return _checked(problem, [("insertion", found)], "" if installed() else MISSING)
    orders = _started(problem, effort, start, gentle) if start else _found(problem, effort)
    return _checked(problem, orders, "")


@dataclass(frozen=True, slots=True)
class Replanned:
    """A new plan for the rest of the day, and what it changes. Nothing is in force until somebody accepts it."""

    what_is_left: Again
    plan: RoutePlan
    difference: Difference


def replan_routes(problem: RoutingProblem, plan: RoutePlan, what: Happening, effort: Effort | None = None) -> Replanned:
    """Today's plan mended after something happened: from where it stands, moving others only where that pays."""
    left = again(problem, plan, what)
    new = plan_routes(left.problem, effort or Effort(2), start=left.order, gentle=True)
    return Replanned(left, new, difference_of(left.problem, new, what.absent))


def _found(problem: RoutingProblem, effort: Effort) -> list[tuple[str, Order]]:
    """From nothing: VROOM, then PyVRP, then the order search where it is needed.

    VROOM is blind to the length of a day, and to pairs and wishes: from its answer to such a day the search finds less.
    """
    until = effort.clock() + effort.seconds
    found: list[tuple[str, Order]] = []
    lengthy = any(s.longest is not None for s in problem.shifts)
    blind = lengthy or problem.needs_decoder or len(problem.visits) > MOST_STARTED
    if effort.engine == "vroom" or (effort.engine == "auto" and not blind):
        found.append(("VROOM", _vroom(problem, effort)))
    if effort.engine == "vroom":
        return found
    share = 0.2 if problem.needs_decoder and effort.engine == "auto" else 1.0
    if effort.engine != "order":
        left = max(0.3, (until - effort.clock()) * share)
        method, first = ("VROOM and PyVRP", found[0][1]) if found else ("PyVRP", None)
        found.append((method, _pyvrp(problem, effort, left, first)))
    if effort.engine == "order" or (problem.needs_decoder and effort.engine == "auto"):
        starts = [*(order for _, order in found), []] if found else [quick(problem)]  # one from nothing: PyVRP may lead astray
        found.append(("PyVRP and the order search", _annealed(problem, effort, starts, until - effort.clock(), False)))
    return found


def _started(problem: RoutingProblem, effort: Effort, start: Order, gentle: bool) -> list[tuple[str, Order]]:
    """From the plan in force: what is missing is put in, and the rest of the time goes into what that made worse."""
    until = effort.clock() + effort.seconds
    full = inserted(problem, start)
    found = [("today's plan and insertion", full)]
    if not problem.needs_decoder:
        for part in (2, 1) if gentle else (1,):  # near a plan one run in eight ends in a hollow: two halves hardly both
            again, left = replace(effort, seed=effort.seed + part - 1), max(0.3, until - effort.clock()) / part
            found.append(("today's plan and PyVRP", _pyvrp(problem, again, left, full, gentle)))
    else:
        found.append(("today's plan and the order search", _annealed(problem, effort, [full], until - effort.clock(), gentle)))
    return found


def _vroom(problem: RoutingProblem, effort: Effort) -> Order:
    """VROOM's order: alone it takes the time its level needs, before PyVRP two fifths of what there is (by the wall clock)."""
    from openinfusion.planning.adapters.vroom_routes import by_vroom

    many = len(problem.visits) > MOST_LEVELLED
    level = 1 if effort.seconds < 3 or many else 3 if effort.seconds < 10 else 5
    return by_vroom(problem, level, 3600 if effort.engine == "vroom" else effort.seconds * 0.4)


def _pyvrp(problem: RoutingProblem, effort: Effort, seconds: float, start: Order | None, gentle: bool = False) -> Order:
    """PyVRP's order; with visits left out where not all of them fit. Wishes are widened until it finds a way."""
    from openinfusion.planning.adapters.pyvrp_routes import by_pyvrp

    short = start is not None and len(start) < len(problem.visits)
    until, patience = effort.clock() + seconds, 0
    tries = [(0, False), (30, False), (120, False), (120, True)] if problem.needs_decoder else [(0, short), (0, True)]
    order: Order = []
    for n, (minutes, optional) in enumerate(tries):
        patience = minutes * problem.ticks
        left = max(0.2 if n == 0 else seconds * RETRY, until - effort.clock())
        probe = left if n == len(tries) - 1 or not problem.needs_decoder else min(left, max(0.5, seconds * 0.2))
        order, feasible = by_pyvrp(
            problem, probe, effort.seed, start=start, optional=optional, patience=patience, gentle=gentle, clock=effort.clock,
            cores=effort.cores,
        )
        start = order
        if feasible:
            if probe < left:
                order, _ = by_pyvrp(problem, max(0.1, until - effort.clock()), effort.seed + 1, start=order, optional=optional,
                                    patience=patience, gentle=gentle, clock=effort.clock)  # fmt: skip
            break
    return order


def _annealed(problem: RoutingProblem, effort: Effort, starts: list[Order], seconds: float, gentle: bool) -> Order:
    from openinfusion.planning.adapters.order_annealing import annealed

    return annealed(problem, starts, max(0.3, seconds), effort.seed, clock=effort.clock, gentle=gentle)[0]


def _checked(problem: RoutingProblem, orders: list[tuple[str, Order]], note: str) -> RoutePlan:
    """The cheapest of the orders that keeps every rule; what breaks one is taken out and put elsewhere."""
    found = [timed(problem, order, method, note) for method, order in orders]
    best = min(found, key=_worth)
    if best.miss or 0 < len(best.plan.unplaced) <= MOST_MENDED:
        mended = [timed(problem, repaired(problem, order), method, note) for method, order in orders]
        best = min([best, *mended], key=_worth)
    faults = faults_of(problem, best.plan)
    if faults:
        raise Broken(f"the check of a plan of routes found: {'; '.join(faults[:5])}")
    return best.plan


def _worth(one: Timed) -> tuple[bool, int]:
    """Plans that break nothing first, then the cheapest."""
    return one.miss > 0, one.plan.cost.total
