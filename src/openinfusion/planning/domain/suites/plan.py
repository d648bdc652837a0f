# SPDX-License-Identifier: Apache-2.0
"""A suite day as planned, and what it costs."""

from __future__ import annotations

from dataclasses import dataclass

from openinfusion.planning.domain.suites.problem import Appointment, SuiteProblem


@dataclass(frozen=True, slots=True)
class Seat:
    """One appointment in its chair, and when its drug is prepared."""

    appointment: str
    chair: str
    starts: int
    ends: int
    prep_starts: int


@dataclass(frozen=True, slots=True)
class SuitePlan:
    """``bound``: no plan costs less than this, where a solver has shown it."""

    seats: tuple[Seat, ...]
    unplaced: tuple[str, ...]
    cost: int
    method: str
    bound: int | None = None


@dataclass(frozen=True, slots=True)
class SuiteFigures:
    """What one shows of a day: slots of waiting (mean in tenths, ninth decile), after closing, use of chairs in percent."""

    mean_wait_tenths: int
    late_wait: int
    after: int
    chair_use: int


def seat_cost(problem: SuiteProblem, a: Appointment, starts: int) -> int:
    """What one beginning costs."""
    p = problem.prices
    wait = max(0, starts - a.asked)
    moved = 0 if a.promised is None or a.held is not None else p.moved * abs(starts - a.promised)
    late = p.after * max(0, starts + a.lasts - problem.closes)
    return a.weight * p.wait * wait + late + p.beyond * max(0, wait - a.flex) + moved


def seated(problem: SuiteProblem, starts: dict[str, tuple[int, int]], method: str, bound: int | None = None) -> SuitePlan:
    """The plan of these beginnings (appointment to begin and preparation), chairs named in the order of time."""
    free: dict[str, int] = dict.fromkeys(problem.chairs, 0)
    by_name = {a.name: a for a in problem.appointments}
    seats = []
    for name, (begins, prep) in sorted(starts.items(), key=lambda x: (x[1][0], x[0])):
        ends = begins + by_name[name].lasts
        wished = by_name[name].chair
        chair = max((c for c in free if free[c] <= begins), key=lambda c: (c == wished, free[c], c))
        free[chair] = ends
        seats.append(Seat(name, chair, begins, ends, prep))
    out = tuple(a.name for a in problem.appointments if a.name not in starts)
    cost = sum(seat_cost(problem, by_name[n], s) for n, (s, _) in starts.items()) + problem.prices.left_out * len(out)
    return SuitePlan(tuple(seats), out, cost, method, bound)


def figures(problem: SuiteProblem, plan: SuitePlan) -> SuiteFigures:
    """Waiting, closing and chairs of a plan."""
    asked = {a.name: a.asked for a in problem.appointments}
    waits = sorted(s.starts - asked[s.appointment] for s in plan.seats)
    after = max((s.ends - problem.closes for s in plan.seats), default=0)
    sat = sum(s.ends - s.starts for s in plan.seats)
    open_slots = max(1, len(problem.chairs) * (problem.closes - problem.opens))
    mean = 10 * sum(waits) // max(1, len(waits))
    return SuiteFigures(mean, waits[len(waits) * 9 // 10] if waits else 0, max(0, after), 100 * sat // open_slots)
