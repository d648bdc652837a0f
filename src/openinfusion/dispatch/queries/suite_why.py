# SPDX-License-Identifier: Apache-2.0
"""Why somebody sits when, in which chair and with whom; what another hour would cost, and what a pin does."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from openinfusion.dispatch.domain.suite_plan import nurse_reason
from openinfusion.dispatch.models import SuitePlan
from openinfusion.dispatch.queries.suite_plan import SeatLine, plan_in, problem_in, seat_lines, watchers_in
from openinfusion.planning import public as planning


@dataclass(frozen=True, slots=True)
class OtherHour:
    """Another beginning: more points (or less), or what stands against it."""

    starts: datetime
    more: int
    reason: str


@dataclass(frozen=True, slots=True)
class OtherNurse:
    """Another nurse: the acuity she would watch, or what stands against her."""

    name: str
    watches: int
    reason: str


@dataclass(frozen=True, slots=True)
class SeatReasons:
    """One seat explained. ``why`` is None for who sits already: nothing moves them."""

    line: SeatLine
    why: planning.SeatWhy | None
    hours: tuple[OtherHour, ...]
    nurses: tuple[OtherNurse, ...]
    pin_why: str


def seat_reasons(row: SuitePlan, name: str) -> SeatReasons | None:
    """The reasons of one seat; None where the plan has no such seat."""
    line = next((s for s in seat_lines(row) if s.name == name), None)
    if line is None:
        return None
    problem, plan = problem_in(row), plan_in(row)
    held = {a.name for a in problem.appointments if a.held is not None}
    why = None if name in held else planning.seat_why(problem, plan, name)
    slot = timedelta(minutes=problem.slot)
    hours = tuple(OtherHour(row.zero + slot * h.starts, h.more or 0, h.reason) for h in (why.hours if why else ()))
    return SeatReasons(line, why, hours, _nurses(row, problem, plan, name), row.tasks[name].get("pin_why", ""))


def _nurses(row: SuitePlan, problem: planning.SuiteProblem, plan: planning.SuitePlan, name: str) -> tuple[OtherNurse, ...]:
    """Everybody but who is given the seat; the ones who may first."""
    given = {n: UUID(i) for n, i in (row.plan or {})["nurses"].items()}
    barred = {UUID(w["id"]): w["barred"] for w in row.watchers}
    found = []
    for w in watchers_in(row):
        if given.get(name) == w.id:
            continue
        reason, watches = nurse_reason(problem, plan, given, w, name)
        found.append(OtherNurse(w.name, watches, barred[w.id].get(name, reason)))
    return tuple(sorted(found, key=lambda n: (n.reason != "", n.watches, n.name)))


def pin_prices(row: SuitePlan) -> dict[str, int]:
    """The least that each pin costs, by appointment: what the day would cost less if it alone moved."""
    if row.plan is None:
        return {}
    problem, plan = problem_in(row), plan_in(row)
    seated = {s.appointment for s in plan.seats}
    pinned = [a.name for a in problem.appointments if a.pinned is not None and a.name in seated]
    prices = {name: planning.seat_why(problem, plan, name).pin for name in pinned}
    return {name: price for name, price in prices.items() if price is not None}
