# SPDX-License-Identifier: Apache-2.0
"""When each break of a plan is, by shift."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from openinfusion.planning import public as planning


@dataclass(frozen=True, slots=True)
class BreakInPlan:
    """One break in minutes as the plan counts them. ``before``: the number of the call that comes after it in its route."""

    shift: str
    person: str
    starts: int
    ends: int
    before: int
    why: str


def breaks_in_plan(
    problem: planning.RoutingProblem, plan: planning.RoutePlan, asked: dict[str, Any]
) -> list[BreakInPlan]:
    """Every break of a plan, shift by shift. Who is back before a break is due has none, unless the shift goes on elsewhere:

    then it is taken in what is free of this stretch.
    """
    routes = {r.shift: r for r in plan.routes}
    return [b for s in problem.shifts if s.rests for b in _of_shift(s, routes.get(s.name), asked.get(s.name, {}))]


def _of_shift(s: planning.Shift, route: planning.Route | None, said: dict[str, Any]) -> Iterator[BreakInPlan]:
    taken = sorted(route.pauses, key=lambda p: p.starts) if route else []
    why, free = said.get("why", ()), route.returns if route else s.begins
    for n, rest in enumerate(s.rests):
        text = why[n] if n < len(why) else ""
        if n < len(taken):
            p = taken[n]
            yield BreakInPlan(s.name, s.person, p.starts, p.ends, p.before, text)
        elif said.get("goes_on"):
            starts = max(free, rest.earliest)
            free = starts + rest.lasts
            yield BreakInPlan(s.name, s.person, starts, free, len(route.calls) if route else 0, text)
