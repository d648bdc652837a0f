# SPDX-License-Identifier: Apache-2.0
"""A plan of routes as plain values, and back: what a room keeps of it, in minutes as the problem counts them."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from openinfusion.planning.domain.routes.plan import Call, Pause, Route, RouteCost, RoutePlan


def plan_values(plan: RoutePlan) -> dict[str, Any]:
    """Everything of the plan as values that JSON can hold."""
    return asdict(plan)


def plan_of_values(held: dict[str, Any]) -> RoutePlan:
    """The plan that ``plan_values`` wrote."""
    routes = tuple(
        Route(r["shift"], r["person"], r["leaves"], r["returns"], tuple(Call(**c) for c in r["calls"]),
              tuple(Pause(**p) for p in r["pauses"]), r["distance"])
        for r in held["routes"]
    )  # fmt: skip
    return RoutePlan(routes, tuple(held["unplaced"]), RouteCost(**held["cost"]), held["method"], held["note"])
