# SPDX-License-Identifier: Apache-2.0
"""A plan of routes as a JSON document, with times as the problem's file wrote them."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from openinfusion.planning.domain.local_time import said_of
from openinfusion.planning.domain.routes.plan import Route, RoutePlan
from openinfusion.planning.domain.routes.problem import RoutingProblem
from openinfusion.planning.domain.routes.relax import left_out

FORMAT = "openinfusion/route-plan/1"


def plan_document(
    problem: RoutingProblem, plan: RoutePlan, faults: list[str], first: date | None = None, zone: ZoneInfo | None = None
) -> dict[str, Any]:
    """Routes, cost, what is not placed with the ways to place it, and the separate check's verdict.

    Times are local where the file has a day and a zone, else ticks; ``ticks`` says how many make a minute.
    """

    def when(ticks: int) -> str | int:
        return said_of(ticks, first, zone) if first and zone else ticks

    return {
        "format": FORMAT, "name": problem.name, "method": plan.method, "note": plan.note, "ticks": problem.ticks,
        "cost": {**asdict(plan.cost), "total": plan.cost.total},
        "routes": [_route(r, when) for r in plan.routes],
        "unplaced": [
            {
                "visit": out.visit, "reasons": list(out.reasons),
                "ways": [{"gives": w.gives, "text": w.text, "person": w.person, "starts": when(w.starts), "more": w.more.total}
                         for w in out.ways],
            }
            for out in left_out(problem, plan)
        ],
        "check": {"passed": not faults, "faults": faults},
    }  # fmt: skip


def _route(route: Route, when: Any) -> dict[str, Any]:
    return {
        "shift": route.shift, "person": route.person, "leaves": when(route.leaves), "returns": when(route.returns),
        "distance": route.distance,
        "calls": [{"visit": c.visit, "arrives": when(c.arrives), "starts": when(c.starts), "ends": when(c.ends)}
                  for c in route.calls],
        "breaks": [{"starts": when(p.starts), "ends": when(p.ends)} for p in route.pauses],
    }  # fmt: skip
