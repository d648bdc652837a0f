# SPDX-License-Identifier: Apache-2.0
"""What stands already, put into a new problem: whom each piece of work was promised to and when, and the order it gives."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from openinfusion.dispatch.domain.work import instant, minute
from openinfusion.planning import public as planning


@dataclass(frozen=True, slots=True)
class StandingCall:
    """One visit or stop as a plan has it. The instants are true ones, so that plans of other days can be read together."""

    name: str
    person: str
    arrives: datetime
    starts: datetime
    ends: datetime


def calls_in(plan: planning.RoutePlan, day: date, zone: ZoneInfo) -> list[StandingCall]:
    """The calls of a plan whose minutes count from ``day``."""
    return [
        StandingCall(c.visit, r.person, instant(c.arrives, day, zone), instant(c.starts, day, zone), instant(c.ends, day, zone))
        for r in plan.routes for c in r.calls
    ]  # fmt: skip


def promises_of(
    problem: planning.RoutingProblem, calls: Iterable[StandingCall], day: date, zone: ZoneInfo
) -> tuple[planning.Promise, ...]:
    """What was promised of the work that is still to be planned. What stood before the first day is no promise any more."""
    there = {v.name for v in problem.visits}
    return tuple(
        planning.Promise(c.name, c.person, minute(c.starts, day, zone))
        for c in calls if c.name in there and c.starts.astimezone(zone).date() >= day
    )  # fmt: skip


def order_of(
    problem: planning.RoutingProblem, calls: Iterable[StandingCall], day: date, zone: ZoneInfo
) -> list[tuple[int, int]]:
    """The order that stands, as far as it can be kept: without who is not there then, and without what is pinned otherwise."""
    held: dict[str, list[planning.Call]] = defaultdict(list)
    for c in calls:
        shift = _shift_at(problem, c, day, zone)
        if shift is not None and c.name in problem.visit_at and _may_stay(problem, c):
            held[shift].append(planning.Call(c.name, *(minute(at, day, zone) for at in (c.arrives, c.starts, c.ends))))
    routes = tuple(
        planning.Route(s.name, s.person, s.begins, s.ends, tuple(sorted(held[s.name], key=lambda c: c.starts)))
        for s in problem.shifts if held.get(s.name)
    )  # fmt: skip
    return planning.order_of(problem, planning.RoutePlan(routes, (), planning.RouteCost()))


def _shift_at(problem: planning.RoutingProblem, c: StandingCall, day: date, zone: ZoneInfo) -> str | None:
    """The shift of the same person in which the work would begin; a little after its end is overtime of it."""
    if c.starts.astimezone(zone).date() < day:
        return None
    at = minute(c.starts, day, zone)
    return next((s.name for s in problem.shifts if s.person == c.person and s.begins <= at <= s.ends + s.overtime), None)


def _may_stay(problem: planning.RoutingProblem, c: StandingCall) -> bool:
    pin = problem.pin_of.get(c.name)
    return pin is None or pin.person in ("", c.person)
