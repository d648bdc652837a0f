# SPDX-License-Identifier: Apache-2.0
"""A plan of the chairs of one suite's day: its machine, and which chair and nurse each seat gets once the times are found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from openinfusion.dispatch.domain.day_plan import DAY_PLAN, PlanState
from openinfusion.kernel.figures import rows
from openinfusion.kernel.refusal import Broken
from openinfusion.kernel.roles import Role
from openinfusion.planning import public as planning

_TURN = {PlanState.PROPOSED, PlanState.FAILED}
SUITE_PLAN = replace(
    DAY_PLAN, name="dispatch.suite_plan", owners={s: Role.SUITE_SCHEDULER if s in _TURN else "" for s in PlanState}
)


@dataclass(frozen=True, slots=True)
class Watcher:
    """A nurse with the slots she is at the chairs, from and to, and the appointments she may not do."""

    id: UUID
    name: str
    there: tuple[tuple[int, int], ...]
    barred: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class SuiteFigures:
    """``moved``: points a slot of five minutes costs by which a booked appointment is moved. ``late``: minutes by which somebody

    comes late before the rest of the day is planned again by itself.
    """

    moved: int
    late: int


def suite_figures(on: date) -> SuiteFigures:
    """The newest row in force; Broken where none is."""
    held = [r for r in rows(__package__, "data/suite_figures.toml") if r["effective_from"] <= on]
    if not held:
        raise Broken(f"no figures of a suite's plan are in force on {on}")
    newest = max(held, key=lambda r: r["effective_from"])
    return SuiteFigures(newest["moved"], newest["late"])


def named_chairs(problem: planning.SuiteProblem, plan: planning.SuitePlan) -> planning.SuitePlan:
    """The same times, every seat in one chair: who sits stays, who was promised a chair keeps it where that is possible."""
    wished = {a.name: a.chair for a in problem.appointments if a.chair}
    held = {a.name for a in problem.appointments if a.held is not None}
    for keep in (set(wished), held):
        found = _coloured(problem.chairs, plan.seats, {n: wished[n] for n in keep if n in wished})
        if found is not None:
            return replace(plan, seats=found)
    return plan


def _coloured(
    chairs: Sequence[str], seats: Sequence[planning.Seat], fixed: dict[str, str]
) -> tuple[planning.Seat, ...] | None:
    taken: dict[str, list[tuple[int, int]]] = {c: [] for c in chairs}
    placed = []
    for s in sorted(seats, key=lambda s: (s.appointment not in fixed, s.starts, s.appointment)):
        free = [c for c in chairs if all(s.ends <= a or b <= s.starts for a, b in taken[c])]
        tightest = max(free, key=lambda c: (_since(taken[c], s.starts), c), default="")
        chair = fixed.get(s.appointment) or tightest
        if chair not in free:
            return None
        taken[chair].append((s.starts, s.ends))
        placed.append(replace(s, chair=chair))
    return tuple(sorted(placed, key=lambda s: (s.starts, s.chair)))


def _since(taken: Sequence[tuple[int, int]], starts: int) -> int:
    """When a chair became free before a slot; 0 where nobody sat in it."""
    return max((b for _, b in taken if b <= starts), default=0)


def named_nurses(
    problem: planning.SuiteProblem, plan: planning.SuitePlan, watchers: Sequence[Watcher], promised: dict[str, UUID]
) -> dict[str, UUID]:
    """Who watches each seat from beginning to end without more acuity than the ratio; a seat nobody can hold is left out.

    The nurse who was promised comes first, then who watches least.
    """
    held = {a.name for a in problem.appointments if a.held is not None}
    given: dict[str, UUID] = {}
    for s in sorted(plan.seats, key=lambda s: (s.appointment not in held, s.starts, s.appointment)):
        fitting = []
        for w in watchers:
            most = _watched(problem, plan, given, w, s)
            if (_there(w, s) or s.appointment in held) and s.appointment not in w.barred and most <= problem.ratio:
                fitting.append((promised.get(s.appointment) != w.id, most, w.name, w.id))
        if fitting:
            given[s.appointment] = min(fitting)[3]
    return given


def _there(w: Watcher, s: planning.Seat) -> bool:
    return any(a <= s.starts and s.ends <= b for a, b in w.there)


def _watched(
    problem: planning.SuiteProblem, plan: planning.SuitePlan, given: dict[str, UUID], w: Watcher, s: planning.Seat
) -> int:
    """The most acuity this nurse would watch at once while this seat lasts."""
    acuity = {a.name: a.acuity for a in problem.appointments}
    hers = [
        o for o in plan.seats
        if o.appointment != s.appointment and given.get(o.appointment) == w.id and o.starts < s.ends and s.starts < o.ends
    ]  # fmt: skip
    at_once = (sum(acuity[o.appointment] for o in hers if o.starts <= t < o.ends) for t in range(s.starts, s.ends))
    return acuity[s.appointment] + max(at_once, default=0)


def nurse_reason(
    problem: planning.SuiteProblem, plan: planning.SuitePlan, given: dict[str, UUID], w: Watcher, name: str
) -> tuple[str, int]:
    """Why a nurse may not watch a seat beside what she is given (empty where she may), and the acuity she would watch then."""
    s = next(s for s in plan.seats if s.appointment == name)
    most = _watched(problem, plan, given, w, s)
    if not _there(w, s):
        return "she is not at the chairs all that time", most
    return (f"she would watch an acuity of {most} with a limit of {problem.ratio}" if most > problem.ratio else ""), most
