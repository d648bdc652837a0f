# SPDX-License-Identifier: Apache-2.0
"""One working day lived through: planned in the morning, mended at eleven where something happened, and added up.

What is added up is what was done: work begun before the news as it stood in the first plan, the rest as in the second.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from benchmarks.quarter_world import NOON_NEWS, DayAsked, Pharmacy, delivery_of, visit_of
from openinfusion.planning.public import (
    Happening,
    RoutePlan,
    RoutingProblem,
    SuitePlan,
    SuiteProblem,
    Visit,
    Window,
    route_faults,
    suite_faults,
)

MOVED = 6000  # points at which a visit that is promised may go to another nurse, as the house's figures have it


@dataclass(frozen=True, slots=True)
class Again:
    """The rest of a day as planned again, and how many of the others go to somebody else."""

    problem: RoutingProblem
    plan: RoutePlan
    begun: tuple[str, ...]
    moved: int


Planner = Callable[[RoutingProblem], RoutePlan]
Mender = Callable[[RoutingProblem, RoutePlan, Happening], Again]


@dataclass(frozen=True, slots=True)
class Policy:
    """Somebody who plans days: nurses, drivers, what becomes of them after the news, and the suite."""

    name: str
    nurses: Planner
    drivers: Planner
    mend_nurses: Mender
    mend_drivers: Mender
    suite: Callable[[SuiteProblem, tuple[int, ...]], SuitePlan]


@dataclass(frozen=True, slots=True)
class Stop:
    """Work that was done."""

    patient: str
    starts: int
    ends: int


@dataclass(frozen=True, slots=True)
class Lived:
    """What a day of nurses or drivers became. ``late``: minutes of each stop after its wished hour."""

    stops: dict[str, tuple[Stop, ...]]  # by person
    metres: int
    late: tuple[int, ...]
    overtime: int
    left_out: tuple[str, ...]
    moved: int
    faults: tuple[str, ...]

    @property
    def ends(self) -> dict[str, int]:
        """When the work at each patient is done."""
        return {s.patient: s.ends for row in self.stops.values() for s in row}


@dataclass(frozen=True, slots=True)
class DayLived:
    """The three parts of one day."""

    nurses: Lived
    drivers: Lived
    sitting: SuiteProblem
    suite: SuitePlan
    faults: tuple[str, ...]


def lived_through(house: Pharmacy, asked: DayAsked, policy: Policy, known: dict[str, frozenset[str]]) -> DayLived:
    """Plan the day, hear the news, mend it; drivers first, since a first dose waits for its drug."""
    driving = house.driving(asked)
    planned = policy.drivers(driving)
    nursing = _waiting(house.nursing(asked, known), _ends(planned), asked.first_doses)
    visiting = policy.nurses(nursing)
    driven = _mend_drivers(asked, driving, planned, policy)
    drivers = _added_up(driving, planned, driven, "")
    visited = _mend_nurses(house, asked, known, nursing, visiting, drivers.ends, policy)
    nurses = _added_up(nursing, visiting, visited, asked.news.sick)
    sitting = house.sitting(asked)
    suite = policy.suite(sitting, asked.calls)
    faults = [*drivers.faults, *nurses.faults, *suite_faults(sitting, suite), *_doses(asked, nurses, drivers)]
    return DayLived(nurses, drivers, sitting, suite, tuple(faults))


def _ends(plan: RoutePlan) -> dict[str, int]:
    return {c.visit: c.ends for r in plan.routes for c in r.calls}


def _waiting(problem: RoutingProblem, arrived: dict[str, int], firsts: frozenset[str]) -> RoutingProblem:
    """First doses not before their delivery. One whose drug does not come that day is not to be visited."""
    visits = tuple(_not_before(v, arrived[v.name]) if v.name in firsts else v for v in problem.visits
                   if v.name not in firsts or v.name in arrived)  # fmt: skip
    return replace(problem, visits=visits)


def _not_before(visit: Visit, at: int) -> Visit:
    (window,) = visit.windows
    opens = max(window.opens, at)
    return replace(visit, windows=(Window(opens, max(opens, window.closes)),))


def _mend_drivers(asked: DayAsked, problem: RoutingProblem, plan: RoutePlan, policy: Policy) -> Again | None:
    """A delivery comes later, or an urgent one is added. One that was made before the news is not late any more."""
    starts = {c.visit: c.starts for r in plan.routes for c in r.calls if c.starts >= NOON_NEWS}
    late = tuple((name, starts[name] + by) for name, by in asked.news.late if name in starts)
    place = 1 + len(asked.deliveries)
    urgent = tuple(delivery_of(p, place + n, True, NOON_NEWS) for n, p in enumerate(asked.news.urgent))
    if not (late or urgent):
        return None
    return policy.mend_drivers(problem, plan, Happening(now=NOON_NEWS, late=late, urgent=urgent, moved=MOVED))


def _mend_nurses(
    house: Pharmacy, asked: DayAsked, known: dict[str, frozenset[str]], problem: RoutingProblem, plan: RoutePlan,
    arrived: dict[str, int], policy: Policy,
) -> Again | None:  # fmt: skip
    """A nurse is sick, a drug comes later, or somebody urgent is added once the drug can be there."""
    news = asked.news
    here = {v.name for v in problem.visits}
    begun = {c.visit for r in plan.routes for c in r.calls if c.starts < NOON_NEWS}
    late = tuple((p, arrived[p]) for p in sorted(asked.first_doses & here - begun) if p in arrived)
    stranded = frozenset(p for p in asked.first_doses & here - begun if p not in arrived)
    first = len(house.crew) + len(asked.visits)
    urgent = tuple(_not_before(visit_of(p, first + n, known.get(p.name, frozenset())), arrived[p.name])
                   for n, p in enumerate(news.urgent) if p.name in arrived)  # fmt: skip
    if not news.anything:
        return None
    absent = frozenset([news.sick]) - {""}
    return policy.mend_nurses(problem, plan, Happening(NOON_NEWS, absent, late, urgent, stranded, MOVED))


def _added_up(problem: RoutingProblem, plan: RoutePlan, again: Again | None, sick: str) -> Lived:
    """The day as it was done, from the plans alone."""
    begun = set(again.begun) if again else {c.visit for r in plan.routes for c in r.calls}
    rows: dict[str, list[Stop]] = {s.person: [] for s in problem.shifts}
    for source in (plan, again.plan) if again else (plan,):
        for route in source.routes:
            kept = [c for c in route.calls if source is not plan or c.visit in begun]
            rows[route.person] += [Stop(c.visit, c.starts, c.ends) for c in kept]
    visits = {v.name: v for v in (*problem.visits, *(again.problem.visits if again else ()))}
    stops = {who: tuple(sorted(row, key=lambda s: s.starts)) for who, row in rows.items()}
    metres, overtime = 0, 0
    for shift in problem.shifts:
        row = stops[shift.person]
        if row:
            places = [shift.start, *(visits[s.patient].place for s in row), shift.end]
            metres += sum(problem.distance[a][b] for a, b in pairwise(places))
            overtime += max(0, row[-1].ends + problem.duration[places[-2]][shift.end] - shift.ends)
    late = tuple(visits[s.patient].late(s.starts) for row in stops.values() for s in row if visits[s.patient].wished)
    out = again.plan.unplaced if again else plan.unplaced
    faults = [*route_faults(problem, plan), *(route_faults(again.problem, again.plan) if again else ())]
    faults += _impossible(problem, stops, visits, sick)
    return Lived(stops, metres, late, overtime, out, again.moved if again else 0, tuple(faults))


def _impossible(
    problem: RoutingProblem, stops: dict[str, tuple[Stop, ...]], visits: dict[str, Visit], sick: str
) -> Iterator[str]:
    """What cannot have happened: two places at once, no time for the way, somebody who may not, somebody who is at home sick."""
    shifts = {s.person: s for s in problem.shifts}
    for who, row in stops.items():
        for stop in row:
            if not visits[stop.patient].skills <= shifts[who].skills:
                yield f"{who} is not competent for {stop.patient}"
            if who == sick and stop.starts >= NOON_NEWS:
                yield f"{who} is sick and goes to {stop.patient}"
        for a, b in pairwise(row):
            if b.starts < a.ends + problem.duration[visits[a.patient].place][visits[b.patient].place]:
                yield f"{who} has no time for the way from {a.patient} to {b.patient}"
    names = [s.patient for row in stops.values() for s in row]
    yield from (f"{n} stands twice" for n in {n for n in names if names.count(n) > 1})


def _doses(asked: DayAsked, nurses: Lived, drivers: Lived) -> Iterator[str]:
    """No first dose before its drug."""
    arrived = drivers.ends
    for row in nurses.stops.values():
        for stop in row:
            if stop.patient in asked.first_doses and stop.starts < arrived.get(stop.patient, 1 << 30):
                yield f"the first dose of {stop.patient} is given before its drug arrives"
