# SPDX-License-Identifier: Apache-2.0
"""A plan of routes looked at by other code than made it: times, people, windows, skills, loads and cost, from the plan alone.

It shares nothing with the timing of the solvers: it reads the beginnings the plan states and asks whether they can be true.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

from openinfusion.planning.domain.routes.plan import Call, Route, RoutePlan
from openinfusion.planning.domain.routes.problem import RoutingProblem, Shift, Visit


def faults_of(problem: RoutingProblem, plan: RoutePlan) -> list[str]:
    """What is wrong with the plan, in words; none where it may be used."""
    names = _names(problem, plan)
    if names:
        return names
    found = [fault for route in plan.routes for fault in _route(problem, route)]
    found += [*_pairs(problem, plan), *_people(problem, plan)]
    return found if found else _cost(problem, plan)


def _names(problem: RoutingProblem, plan: RoutePlan) -> list[str]:
    """Every visit once, placed or not; every shift once, and known."""
    told = Counter([*(c.visit for r in plan.routes for c in r.calls), *plan.unplaced])
    wanted = {v.name for v in problem.visits}
    found = [f"{name} stands {n} times" for name, n in told.items() if n > 1]
    found += [f"{name} is no visit of this day" for name in told if name not in wanted]
    found += [f"{name} is neither placed nor said to be left out" for name in wanted - set(told)]
    shifts = Counter(r.shift for r in plan.routes)
    known = {s.name for s in problem.shifts}
    return [*found, *(f"{s} is an unknown shift or stands twice" for s, n in shifts.items() if n > 1 or s not in known)]


def _route(problem: RoutingProblem, route: Route) -> Iterator[str]:
    shift = next(s for s in problem.shifts if s.name == route.shift)
    visits = [next(v for v in problem.visits if v.name == c.visit) for c in route.calls]
    if route.person != shift.person:
        yield f"{route.shift} is {shift.person}'s, not {route.person}'s"
    if route.leaves < shift.begins or route.returns > shift.ends + shift.overtime:
        yield f"{route.shift} leaves before its beginning or comes back after its end and overtime"
    if shift.longest is not None and route.returns - route.leaves > shift.longest:
        yield f"{route.shift} is longer than it may be"
    yield from _way(problem, shift, route, visits)
    for call, visit in zip(route.calls, visits, strict=True):
        yield from _call(problem, shift, route, call, visit)
    yield from _load(shift, visits)
    yield from _rests(shift, route)


def _way(problem: RoutingProblem, shift: Shift, route: Route, visits: list[Visit]) -> Iterator[str]:
    """Between two pieces of work there is time for the way and for the breaks that are taken there."""
    stops = [(route.leaves, shift.start), *((c.ends, v.place) for c, v in zip(route.calls, visits, strict=True))]
    nexts = [*((c.starts, v.place) for c, v in zip(route.calls, visits, strict=True)), (route.returns, shift.end)]
    driven = 0
    for number, ((ready, here), (due, there)) in enumerate(zip(stops, nexts, strict=True)):
        needed = problem.duration[here][there] + sum(p.ends - p.starts for p in route.pauses if p.before == number)
        if due - ready < needed:
            yield f"{route.shift}: there is no time for the way to stop {number + 1}"
        driven += problem.distance[here][there]
    if driven != route.distance:
        yield f"{route.shift} is said to go {route.distance}, and goes {driven}"


def _call(problem: RoutingProblem, shift: Shift, route: Route, call: Call, visit: Visit) -> Iterator[str]:
    if call.ends - call.starts != visit.lasts:
        yield f"{visit.name} does not last as long as it must"
    if not any(w.opens <= call.starts <= w.closes for w in visit.windows):
        yield f"{visit.name} begins outside of its windows"
    for pin in problem.pins:
        if pin.visit == visit.name and ((pin.person and pin.person != shift.person) or pin.at not in (None, call.starts)):
            yield f"{visit.name} is pinned otherwise"
    if shift.person in visit.barred:
        yield f"{visit.name}: {shift.person} does not go to this patient"
    if not visit.skills <= shift.skills:
        yield f"{visit.name}: {shift.person} is not competent"
    if visit.licence and visit.licence not in shift.licences:
        yield f"{visit.name}: {shift.person} holds no licence of {visit.licence}"
    if visit.cold is not None and call.starts - route.leaves > visit.cold:
        yield f"{visit.name} is too long out of the refrigerator"


def _load(shift: Shift, visits: list[Visit]) -> Iterator[str]:
    """Everything delivered is aboard at the start; what is collected stays aboard."""
    kinds = max([len(shift.capacity), *(max(len(v.delivers), len(v.collects)) for v in visits)], default=0)
    for kind in range(kinds):
        room = shift.capacity[kind] if kind < len(shift.capacity) else 0
        aboard = sum(v.delivers[kind] for v in visits if kind < len(v.delivers))
        most = aboard
        for v in visits:
            aboard -= v.delivers[kind] if kind < len(v.delivers) else 0
            aboard += v.collects[kind] if kind < len(v.collects) else 0
            most = max(most, aboard)
        if most > room:
            yield f"{shift.name} carries {most} where {room} fit"


def _rests(shift: Shift, route: Route) -> Iterator[str]:
    """Each break begins in its time or the day is over before; no break lies within work or another break."""
    taken = sorted(route.pauses, key=lambda p: p.starts)
    for number, rest in enumerate(shift.rests):
        if number < len(taken):
            pause = taken[number]
            if not rest.earliest <= pause.starts <= rest.latest or pause.ends - pause.starts != rest.lasts:
                yield f"{shift.name}: a break is taken outside of its time"
        elif route.returns > rest.latest:
            yield f"{shift.name}: a break is not taken"
    if len(taken) > len(shift.rests):
        yield f"{shift.name}: more breaks than there are"
    busy = sorted([*((c.starts, c.ends) for c in route.calls), *((p.starts, p.ends) for p in route.pauses)])
    if any(b[0] < a[1] for a, b in pairwise(busy)):
        yield f"{shift.name}: work and breaks overlap"


def _pairs(problem: RoutingProblem, plan: RoutePlan) -> Iterator[str]:
    placed = plan.placed()
    for pair in problem.pairs:
        both = [placed.get(pair.first), placed.get(pair.second)]
        if both[0] is None or both[1] is None:
            if both != [None, None]:
                yield f"of {pair.first} and {pair.second} only one is placed"
        elif not pair.least <= both[1][1].starts - both[0][1].starts <= pair.most:
            yield f"{pair.first} and {pair.second} do not begin as they must"
        elif both[0][0].shift == both[1][0].shift:
            yield f"{pair.first} and {pair.second} need two people"


def _people(problem: RoutingProblem, plan: RoutePlan) -> Iterator[str]:
    """Nobody is on two routes at once."""
    by_person: dict[str, list[tuple[int, int]]] = {}
    for route in plan.routes:
        by_person.setdefault(route.person, []).append((route.leaves, route.returns))
    for person, spans in by_person.items():
        if any(b[0] < a[1] for a, b in pairwise(sorted(spans))):
            yield f"{person} is on two routes at once"


def _cost(problem: RoutingProblem, plan: RoutePlan) -> list[str]:
    """The cost added up again from the plan's own times."""
    shifts, visits = {s.name: s for s in problem.shifts}, {v.name: v for v in problem.visits}
    price, today = problem.prices, {p.visit: p.person for p in problem.today}
    here = {s.person for s in problem.shifts}
    calls = [(c, visits[c.visit], r.person) for r in plan.routes for c in r.calls]
    wished = [(c, max((w for w in v.wished if c.starts >= w.opens), key=lambda w: w.opens, default=None)) for c, v, _ in calls]
    late = [max(0, c.starts - w.closes) for c, w in wished if w]
    other = sum(1 for _, v, who in calls if v.prefers and who not in v.prefers)
    moved = sum(1 for _, v, who in calls if v.name in today and today[v.name] in here and today[v.name] != who)
    away = [r.returns - r.leaves for r in plan.routes]
    weeks: Counter[str] = Counter()
    for r in plan.routes:
        weeks[r.person] += r.returns - r.leaves
    total = (
        price.distance * sum(r.distance for r in plan.routes) + price.paid * sum(away)
        + price.overtime * sum(max(0, r.returns - shifts[r.shift].ends) for r in plan.routes)
        + price.late * sum(late) + price.longest_late * max(late, default=0) + price.longest_day * max(away, default=0)
        + price.longest_week * max(weeks.values(), default=0)
        + price.other_person * other + price.moved * moved + sum(shifts[r.shift].fixed for r in plan.routes)
        + sum(price.left_out if (k := visits[n].keep) is None else k for n in plan.unplaced)
    )  # fmt: skip
    return [] if total == plan.cost.total else [f"the plan is said to cost {plan.cost.total}, and costs {total}"]
