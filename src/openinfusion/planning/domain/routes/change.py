# SPDX-License-Identifier: Apache-2.0
"""The day has changed: the problem and the order from which it is planned again, and how the new plan differs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from openinfusion.planning.domain.routes.plan import RoutePlan
from openinfusion.planning.domain.routes.problem import Pair, Pin, Place, Promise, RoutingProblem, Shift, Visit
from openinfusion.planning.domain.routes.timing import Order, order_of

HERE = " now"  # what the name of a shift's present place ends with


@dataclass(frozen=True, slots=True)
class Happening:
    """What changed. ``now``: ticks; work begun before is done or goes on. ``moved``: the price of giving a visit to another.

    ``absent``: persons who are out from now on. ``late``: visits that cannot begin before (a delivery that comes late).
    ``urgent``: new visits. ``dropped``: visits that fall away.
    """

    now: int = 0
    absent: frozenset[str] = frozenset()
    late: tuple[tuple[str, int], ...] = ()
    urgent: tuple[Visit, ...] = ()
    dropped: frozenset[str] = frozenset()
    moved: int = 0


@dataclass(frozen=True, slots=True)
class Again:
    """The problem that is left, the order of today's plan in it, and what has begun already and stays as it was."""

    problem: RoutingProblem
    order: Order
    begun: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Shifted:
    """One visit in both plans: who and when before (empty: new), who and when now (empty: not placed)."""

    visit: str
    person: str
    starts: int | None
    new_person: str
    new_starts: int | None


@dataclass(frozen=True, slots=True)
class Difference:
    """What a new plan changes. ``others_moved``: visits given to somebody else although their own person is there."""

    changes: tuple[Shifted, ...]
    others: int
    others_moved: int
    others_retimed: int
    cost: int


def again(problem: RoutingProblem, plan: RoutePlan, what: Happening) -> Again:
    """What is still to be planned after something happened. Begun visits leave; their person goes on from where they are."""
    begun = {c.visit for r in plan.routes for c in r.calls if c.starts < what.now}
    begun |= {half for v in begun if (p := problem.pair_of.get(v)) for half in (p.first, p.second)}
    gone = begun | what.dropped
    late = dict(what.late)
    visits = tuple(_late(v, late.get(v.name, 0)) for v in (*problem.visits, *what.urgent) if v.name not in gone)
    places, distance, duration, shifts = _from_here(problem, plan, what, begun)
    left = {v.name for v in visits}
    new = replace(
        problem, places=places, distance=distance, duration=duration, shifts=shifts, visits=visits,
        pairs=_pairs(problem.pairs, left),
        pins=_pins(problem.pins, visits, what.absent),
        prices=replace(problem.prices, moved=what.moved),
        today=tuple(Promise(c.visit, r.person, c.starts) for r in plan.routes for c in r.calls if c.visit in left),
    )  # fmt: skip
    kept = {s.name for s in shifts}
    trimmed = replace(plan, routes=tuple(replace(r, calls=tuple(c for c in r.calls if c.visit in left))
                                         for r in plan.routes if r.shift in kept))  # fmt: skip
    return Again(new, order_of(new, trimmed), tuple(sorted(begun)))


def _late(visit: Visit, earliest: int) -> Visit:
    """The visit not before an instant; where no window is left open then, the last one is stretched to it."""
    if not earliest:
        return visit
    windows = tuple(replace(w, opens=max(w.opens, earliest)) for w in visit.windows if w.closes >= earliest)
    return replace(visit, windows=windows or (replace(visit.windows[-1], opens=earliest, closes=earliest),))


def _pairs(pairs: Iterable[Pair], left: set[str]) -> tuple[Pair, ...]:
    return tuple(p for p in pairs if p.first in left and p.second in left)


def _pins(pins: Iterable[Pin], visits: Iterable[Visit], absent: frozenset[str]) -> tuple[Pin, ...]:
    """The pins that can still be kept."""
    windows = {v.name: v.windows for v in visits}
    return tuple(
        p for p in pins
        if p.visit in windows and p.person not in absent
        and (p.at is None or any(w.opens <= p.at <= w.closes for w in windows[p.visit]))
    )  # fmt: skip


def _from_here(
    problem: RoutingProblem, plan: RoutePlan, what: Happening, begun: set[str]
) -> tuple[tuple[Place, ...], tuple[tuple[int, ...], ...], tuple[tuple[int, ...], ...], tuple[Shift, ...]]:
    """The shifts of who is there, each from its last begun visit on; ways stay as they are."""
    shifts = []
    routes = {r.shift: r for r in plan.routes}
    for s in problem.shifts:
        if s.person in what.absent:
            continue
        route = routes.get(s.name)
        done = [c for c in route.calls if c.visit in begun] if route else []
        if done:
            at = problem.visits[problem.visit_at[done[-1].visit]].place
            taken = sum(p.starts < what.now for p in route.pauses) if route else 0
            s = replace(s, start=at, begins=max(done[-1].ends, what.now), fixed=0, rests=s.rests[taken:],
                        ends=max(s.ends, done[-1].ends, what.now))  # fmt: skip
        elif what.now > s.begins:
            s = replace(s, begins=what.now, ends=max(s.ends, what.now))
        shifts.append(s)
    return problem.places, problem.distance, problem.duration, tuple(shifts)


def difference_of(problem: RoutingProblem, plan: RoutePlan, absent: frozenset[str] = frozenset(), apart: int = 15) -> Difference:
    """What a plan changes against ``problem.today``. ``apart``: minutes that count as another time."""
    placed = plan.placed()
    changes, others, moved, later = [], 0, 0, 0
    for visit in problem.visits:
        was, now = problem.promised.get(visit.name), placed.get(visit.name)
        person, starts = (now[0].person, now[1].starts) if now else ("", None)
        retimed = was is not None and starts is not None and abs(starts - was.starts) > apart * problem.ticks
        if was and was.person not in absent:
            others += 1
            moved += person != was.person
            later += retimed
        if not was or was.person != person or retimed:
            changes.append(Shifted(visit.name, was.person if was else "", was.starts if was else None, person, starts))
    return Difference(tuple(changes), others, moved, later, plan.cost.total)
