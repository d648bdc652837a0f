# SPDX-License-Identifier: Apache-2.0
"""Why a plan is as it is: what each other person would cost, or the hard reason why not; what is tight; what a pin costs."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

from openinfusion.planning.domain.routes.eligible import hard_reason, windows_of
from openinfusion.planning.domain.routes.insertion import best_way
from openinfusion.planning.domain.routes.plan import RouteCost, RoutePlan
from openinfusion.planning.domain.routes.problem import Pin, RoutingProblem
from openinfusion.planning.domain.routes.timing import Order, order_of, timed

NO_ROOM = "no place in the day keeps every window, break and load"


@dataclass(frozen=True, slots=True)
class Other:
    """Somebody else for a visit: what the plan would cost more, part by part, or why not. ``starts``: when it would begin."""

    shift: str
    person: str
    reason: str = ""
    more: RouteCost | None = None
    starts: int | None = None


@dataclass(frozen=True, slots=True)
class Why:
    """Why this visit stands where it does. ``tight``: what binds, in words. ``pin``: what a pin on it costs, if there is one."""

    visit: str
    shift: str
    person: str
    starts: int
    tight: tuple[str, ...]
    others: tuple[Other, ...]
    pin: int | None = None


def why(problem: RoutingProblem, plan: RoutePlan, visit: str) -> Why:
    """The reasons of one placed visit, each other shift once, the cheapest first."""
    route, call = plan.placed()[visit]
    others = [_other(problem, plan, visit, s) for s in range(len(problem.shifts)) if problem.shifts[s].name != route.shift]
    others.sort(key=lambda o: (o.more is None, o.more.total if o.more else 0, o.shift))
    pin = pin_price(problem, plan, visit) if visit in problem.pin_of else None
    return Why(visit, route.shift, route.person, call.starts, tuple(tight(problem, plan, visit)), tuple(others), pin)


def _other(problem: RoutingProblem, plan: RoutePlan, visit: str, shift: int) -> Other:
    """What the plan costs more with the visit on another shift; the rest of the plan keeps its order."""
    number, s = problem.visit_at[visit], problem.shifts[shift]
    reason = hard_reason(problem, s, problem.visits[number])
    if reason:
        return Other(s.name, s.person, reason)
    moved = _moved(problem, order_of(problem, plan), number, shift)
    if moved is None:
        return Other(s.name, s.person, _no_way(problem, visit, plan, s.name))
    found = timed(problem, moved).plan
    return Other(s.name, s.person, "", difference(found.cost, plan.cost), found.placed()[visit][1].starts)


def at_hour(problem: RoutingProblem, plan: RoutePlan, visit: str, person: str, at: int) -> Other:
    """What the plan costs more with the visit at an instant by this person ("": whoever is cheapest), or why that cannot be.

    The rest of the plan keeps its order, and every other pin. Malformed where nobody of that name works.
    """
    if not any(w.opens <= at <= w.closes for w in problem.visits[problem.visit_at[visit]].windows):
        return Other("", person, "it is outside of the visit's windows")
    kept = tuple(p for p in problem.pins if p.visit != visit)
    named = replace(problem, pins=(*kept, Pin(visit, person, at)))
    number, order = named.visit_at[visit], order_of(named, plan)
    reasons, best = [], None
    for n, s in enumerate(named.shifts):
        if person and s.person != person:
            continue
        reason = hard_reason(named, s, named.visits[number])
        moved = None if reason else _moved(named, order, number, n)
        if moved is None:
            reasons.append(Other(s.name, s.person, reason or _no_way(named, visit, plan, s.name)))
            continue
        found = timed(named, moved).plan
        other = Other(s.name, s.person, "", difference(found.cost, plan.cost), at)
        if best is None or difference(found.cost, plan.cost).total < best[0]:
            best = (difference(found.cost, plan.cost).total, other)
    if best:
        return best[1]
    told = dict.fromkeys(o.reason if o.reason.startswith(o.person) else f"{o.person}: {o.reason}" for o in reasons)
    return Other("", person, "; ".join(told))


def _no_way(problem: RoutingProblem, visit: str, plan: RoutePlan, shift: str) -> str:
    pair = problem.pair_of.get(visit)
    other = pair and plan.placed().get(pair.second if visit == pair.first else pair.first)
    return "makes the other half of this visit" if other and other[0].shift == shift else NO_ROOM


def _moved(problem: RoutingProblem, order: Order, visit: int, shift: int) -> Order | None:
    """The order with one visit (and its other half where it stands) at its best place on a shift."""
    pair = problem.pair_of.get(problem.visits[visit].name)
    shift_of = dict(order)
    if pair is None:
        halves = [visit]
        shifts: tuple[int, ...] = (shift,)
    else:
        halves = [problem.visit_at[pair.first], problem.visit_at[pair.second]]
        shifts = tuple(shift if h == visit else shift_of.get(h, -1) for h in halves)
        if len(set(shifts)) < 2 or -1 in shifts:
            return None
    way = best_way(problem, [x for x in order if x[0] not in halves], halves, shifts)
    return way[1] if way else None


def difference(after: RouteCost, before: RouteCost) -> RouteCost:
    """What one plan costs more than another, part by part."""
    return RouteCost(**{f.name: getattr(after, f.name) - getattr(before, f.name) for f in fields(RouteCost)})


def pin_price(problem: RoutingProblem, plan: RoutePlan, visit: str) -> int:
    """What the plan would cost less if the pin were taken off and only this visit moved: the least the pin costs."""
    free = replace(problem, pins=tuple(p for p in problem.pins if p.visit != visit))
    order, number = order_of(free, plan), free.visit_at[visit]
    able = [n for n, s in enumerate(free.shifts) if not hard_reason(free, s, free.visits[number])]
    ways = [_moved(free, order, number, s) for s in able]
    costs = [timed(free, w).plan.cost.total for w in ways if w]
    return max(0, timed(problem, order).plan.cost.total - min(costs, default=plan.cost.total))


def tight(problem: RoutingProblem, plan: RoutePlan, visit: str) -> list[str]:
    """Which limits the visit touches as planned."""
    route, call = plan.placed()[visit]
    v, shift = problem.visits[problem.visit_at[visit]], problem.shifts[problem.shift_at[route.shift]]
    found = []
    window = next(w for w in windows_of(problem, v) if w.opens <= call.starts <= w.closes)
    if call.starts == window.opens and call.arrives < call.starts:
        found.append(f"waits {_minutes(problem, call.starts - call.arrives)} for its window to open")
    if window.closes - call.starts <= 5 * problem.ticks:
        found.append(f"{_minutes(problem, window.closes - call.starts)} before its window closes")
    if late := v.late(call.starts):
        found.append(f"{_minutes(problem, late)} later than wished")
    if v.cold is not None and v.cold - (call.starts - route.leaves) <= 15 * problem.ticks:
        found.append("close to its time out of the refrigerator")
    if route.returns > shift.ends:
        found.append(f"{route.person} works {_minutes(problem, route.returns - shift.ends)} overtime")
    able = [s for s in problem.shifts if not hard_reason(problem, s, v)]
    if len({s.person for s in able}) == 1:
        found.append(f"only {route.person} may make it")
    if visit in problem.pair_of:
        found.append("begins with its other half")
    return found


def _minutes(problem: RoutingProblem, ticks: int) -> str:
    return f"{-(-ticks // problem.ticks)} min"
