# SPDX-License-Identifier: Apache-2.0
"""What could not be placed, and the least that would have to give way: time, a pin, cold, room, a competence."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from openinfusion.planning.domain.routes.eligible import hard_reason
from openinfusion.planning.domain.routes.explain import difference
from openinfusion.planning.domain.routes.insertion import best_way
from openinfusion.planning.domain.routes.plan import RouteCost, RoutePlan
from openinfusion.planning.domain.routes.problem import RoutingProblem, Shift, Visit, Window
from openinfusion.planning.domain.routes.timing import Order, order_of, timed

STEPS = (15, 30, 60, 120, 240, 480, 1440)  # minutes by which a window or a shift is tried longer


@dataclass(frozen=True, slots=True)
class Relaxation:
    """One way to place a visit. ``gives``: window, hours, pin, cold, load or competence; ``ticks``: by how much."""

    visit: str
    gives: str
    text: str
    shift: str
    person: str
    ticks: int
    starts: int
    more: RouteCost


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A visit without a place: the reasons, and the ways to place it, the least far-reaching first."""

    visit: str
    reasons: tuple[str, ...]
    ways: tuple[Relaxation, ...]


def left_out(problem: RoutingProblem, plan: RoutePlan) -> list[LeftOut]:
    """Every visit that is not placed, with reasons and ways."""
    return [_left_out(problem, plan, name) for name in plan.unplaced]


def _left_out(problem: RoutingProblem, plan: RoutePlan, name: str) -> LeftOut:
    visit = problem.visits[problem.visit_at[name]]
    reasons = [r for s in problem.shifts if (r := hard_reason(problem, s, visit))]
    told = list(dict.fromkeys(reasons))
    if len(reasons) < len(problem.shifts) or not problem.shifts:
        told.append("the shifts that may make it have no room" if problem.shifts else "nobody works")
    ways = sorted(_ways(problem, plan, visit), key=lambda w: (w.gives == "competence", w.ticks, w.more.total))
    kept: dict[str, Relaxation] = {}
    for way in ways:
        kept.setdefault(way.gives, way)
    return LeftOut(name, tuple(told), tuple(kept.values()))


def _ways(problem: RoutingProblem, plan: RoutePlan, visit: Visit) -> Iterator[Relaxation]:
    """Each kind of limit taken away by itself, for each shift."""
    if visit.name in problem.pair_of:
        return  # two people and two places: said to be without a proposal
    order = order_of(problem, plan)
    for number, shift in enumerate(problem.shifts):
        given: set[str] = set()
        for gives, eased in _eased(problem, shift, visit):
            found = None if gives in given else _placed(eased, order, visit.name, number)
            if found is not None:
                given.add(gives)
                yield _told(problem, plan, found, visit, shift, gives)


def _eased(problem: RoutingProblem, shift: Shift, visit: Visit) -> Iterator[tuple[str, RoutingProblem]]:
    """The problem with one limit of this visit or shift taken away; but where it is the pin itself, a pin stays."""
    if visit.name in problem.pin_of:
        yield "pin", replace(problem, pins=tuple(p for p in problem.pins if p.visit != visit.name))
    if visit.cold is not None:
        yield "cold", _with(problem, visit=replace(visit, cold=None))
    if shift.capacity:
        room = tuple(c + sum(row[n] for v in problem.visits for row in (v.delivers, v.collects) if n < len(row))
                     for n, c in enumerate(shift.capacity))  # fmt: skip
        yield "load", _with(problem, shift=replace(shift, capacity=room))
    for step in STEPS:
        more = step * problem.ticks
        yield "window", _with(problem, visit=replace(visit, windows=_wider(visit.windows, more)))
        yield "hours", _with(problem, shift=replace(shift, overtime=shift.overtime + more, longest=None))
    lacking = visit.skills - shift.skills or (visit.licence and visit.licence not in shift.licences)
    if lacking and shift.person not in visit.barred:
        yield "competence", _with(problem, visit=replace(visit, skills=visit.skills & shift.skills, licence=""))


def _wider(windows: tuple[Window, ...], more: int) -> tuple[Window, ...]:
    """Each window longer on both sides; those that meet are one."""
    found: list[Window] = []
    for w in (Window(max(0, w.opens - more), w.closes + more) for w in windows):
        if found and w.opens <= found[-1].closes:
            found[-1] = Window(found[-1].opens, w.closes)
        else:
            found.append(w)
    return tuple(found)


def _with(problem: RoutingProblem, visit: Visit | None = None, shift: Shift | None = None) -> RoutingProblem:
    visits = tuple(visit if visit and v.name == visit.name else v for v in problem.visits)
    shifts = tuple(shift if shift and s.name == shift.name else s for s in problem.shifts)
    return replace(problem, visits=visits, shifts=shifts)


def _placed(problem: RoutingProblem, order: Order, name: str, shift: int) -> RoutePlan | None:
    number = problem.visit_at[name]
    if hard_reason(problem, problem.shifts[shift], problem.visits[number]):
        return None
    way = best_way(problem, order, [number], (shift,))
    return timed(problem, way[1]).plan if way else None


def _told(problem: RoutingProblem, plan: RoutePlan, found: RoutePlan, visit: Visit, shift: Shift, gives: str) -> Relaxation:
    route, call = found.placed()[visit.name]
    if gives == "window":
        ticks = min(max(w.opens - call.starts, call.starts - w.closes, 0) for w in visit.windows)
        text = f"if it may begin {_minutes(problem, ticks)} outside of its window, by {shift.person}"
    elif gives == "hours":
        ticks = max(0, route.returns - shift.ends - shift.overtime)
        text = f"if {shift.person} works {_minutes(problem, route.returns - shift.ends)} beyond the shift's end"
    elif gives == "pin":
        ticks, text = 0, f"if its pin is taken off, by {shift.person}"
    elif gives == "cold":
        ticks = max(0, call.starts - route.leaves - (visit.cold or 0))
        text = f"in a pack-out that keeps it cold {_minutes(problem, ticks)} longer, by {shift.person}"
    elif gives == "load":
        ticks, text = 0, f"if {shift.person} had more room to load"
    else:
        ticks = 0
        lacking = sorted(visit.skills - shift.skills) or [f"the licence of {visit.licence}"]
        text = f"if {shift.person} had {', '.join(lacking)}"
    return Relaxation(visit.name, gives, text, shift.name, shift.person, ticks, call.starts, difference(found.cost, plan.cost))


def _minutes(problem: RoutingProblem, ticks: int) -> str:
    return f"{-(-ticks // problem.ticks)} min"
