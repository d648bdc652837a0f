# SPDX-License-Identifier: Apache-2.0
"""Asking for a plan of a day, or for today's plan to be mended; working it out."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, replace
from datetime import date
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from openinfusion.delivery import public as delivery
from openinfusion.dispatch.domain.day_plan import OPEN_STATES, PlanFacts, PlanKind, PlanState
from openinfusion.dispatch.domain.scope import PlanScope, scope_of
from openinfusion.dispatch.domain.standing import order_of, promises_of
from openinfusion.dispatch.domain.work import Change, DayWork, Task, instant, minute, places_of, problem_of
from openinfusion.dispatch.events import DayPlanAsked
from openinfusion.dispatch.models import DayPlan
from openinfusion.dispatch.permissions import PLAN
from openinfusion.dispatch.queries.cover import cover, scope_in
from openinfusion.dispatch.queries.figures import figures_on
from openinfusion.dispatch.queries.gather import work_of, zone_in, zone_of
from openinfusion.dispatch.queries.plan import place_in, problem_in, standing_calls
from openinfusion.kernel.refusal import Fault, Malformed, Reason, Refused
from openinfusion.planning import public as planning
from openinfusion.platform.action import action, fetch, lock
from openinfusion.platform.actor import Actor
from openinfusion.platform.advance import advance
from openinfusion.platform.clock import now
from openinfusion.platform.journal import write

SECONDS, SECONDS_AGAIN, MOST_SECONDS = 10, 2, 300


@action
def ask_for_plan(
    *, kind: PlanKind, site_id: UUID, day: date, by: Actor, seconds: int = SECONDS, seed: int = 1, last_day: date | None = None,
    more_sites: Iterable[UUID] = (),
) -> UUID:  # fmt: skip
    """Have a day planned from nothing, or the days up to ``last_day``, of one site or several. The same question is one plan.

    Refused where there is nothing to plan, and where the sites do not share a time zone.
    """
    by.must(PLAN)
    if not 1 <= seconds <= MOST_SECONDS:
        raise Malformed(Fault("seconds", f"1 to {MOST_SECONDS}"))
    scope = scope_of(kind, site_id, more_sites, day, last_day)
    return _asked(scope, Change(), None, "", seconds, seed, by)


@action
def ask_for_change(
    *, plan_id: UUID, change: Change, by: Actor, cause: str = "", seconds: int = SECONDS_AGAIN, from_day: date | None = None
) -> UUID:
    """Have a plan mended after something happened, moving others only where that pays; a new proposal, with the difference.

    It is of the days from ``from_day`` (today, where that is not said) to the plan's last; the days before stay as they are.
    """
    by.must(PLAN)
    basis = fetch(DayPlan, plan_id)
    if basis.plan is None:
        raise Refused(Reason("not-planned", f"{basis} is not worked out", "wait, or have the day planned"))
    named = {name for name, _ in change.late} | {name for name, _, _ in change.pins} | change.unpin
    unknown = sorted(named - set(basis.tasks))
    people = change.absent | {p for _, p, _ in change.pins if p} | {name for name, _ in change.away}
    unknown += sorted(people - set(basis.people))
    if unknown:
        raise Malformed(*(Fault("change", f"{name} is not in {basis}") for name in unknown))
    today = now().astimezone(zone_of(basis.site_id)).date()
    first = max(basis.day, from_day or min(today, basis.last_day))
    strange = sorted(d for d in {first, *(day for _, day in change.away)} if not first <= d <= basis.last_day)
    if strange:
        raise Malformed(*(Fault("day", f"{d} is not among the days to mend: {first} to {basis.last_day}") for d in strange))
    said = cause.strip() or _told(change)
    return _asked(replace(scope_in(basis), first=first), change, basis, said, seconds, basis.seed, by)


def _told(change: Change) -> str:
    """What is wanted otherwise, in words."""
    parts = [f"{name} is absent" for name in sorted(change.absent)]
    parts += [f"{name} is absent on {day:%a %d-%b}" for name, day in sorted(change.away)]
    parts += [f"{name} not before {at:%H:%M}" for name, at in change.late]
    for name, person, at in change.pins:
        parts.append(" ".join([name, *([f"to {person}"] if person else []), *([f"at {at:%H:%M}"] if at else [])]))
    parts += [f"{name} free again" for name in sorted(change.unpin)]
    return "; ".join(parts) or "planned again from where the day stands"


def _asked(
    scope: PlanScope, change: Change, basis: DayPlan | None, cause: str, seconds: int, seed: int, by: Actor
) -> UUID:
    zone = zone_in(scope)
    if scope.first < now().astimezone(zone).date():
        raise Refused(Reason("past", "the day is over", "choose today or a day to come"))
    absent = change.absent | frozenset(basis.absent if basis else ())
    before = [(name, date.fromisoformat(said)) for name, said in (basis.away if basis else ())]
    away = change.away | {(name, day) for name, day in before if day >= scope.first}
    wanted = replace(change, absent=absent, away=frozenset(away))
    work = work_of(scope, wanted)
    if not work.tasks:
        raise Refused(Reason("no-work", f"nothing is to be planned on {_days(scope)}", "see what waits for an address"))
    problem, ways = _problem(scope, work, wanted, basis)
    row = DayPlan(
        site_id=scope.sites[0], sites=list(scope.sites), day=scope.first, last_day=scope.last, kind=scope.kind.value,
        seconds=seconds, seed=seed, cause=cause, basis=basis.id if basis else None,
        problem=planning.own_document(problem, scope.first, zone), tasks={t.name: _task(t) for t in work.tasks},
        absent=sorted(absent), away=sorted([name, day.isoformat()] for name, day in away), people=_people(work),
        lost=[f"{t.name}: {t.patient}" for t in work.lost], apart=list(work.apart),
        breaks={w.shift: {"why": [b.why for b in w.breaks], "goes_on": w.goes_on} for w in work.workers if w.breaks},
        unbroken=list(work.unbroken),
        approximate=ways.approximate, ways=ways.source, asked_by=by.id, asker_name=by.name,
    )  # fmt: skip
    row.sha256 = _digest(row)
    there = DayPlan.objects.filter(
        site_id=row.site_id, day=row.day, kind=row.kind, sha256=row.sha256, state__in=OPEN_STATES
    ).first()  # fmt: skip
    if there is not None:
        write(by, "dispatch.day_plan.ask_again", there, "{actor} asked for {subject} again: nothing has changed.")
        return there.id
    row.save(force_insert=True)
    cover(row, scope.days)
    write(by, "dispatch.day_plan.ask", row, "{actor} asked for {subject}: {count} to plan.", noted={"count": len(work.tasks)},
          reason=cause, news=[DayPlanAsked(plan_id=row.id)])  # fmt: skip
    return row.id


def _days(scope: PlanScope) -> str:
    return f"{scope.first:%d-%b-%Y}" + ("" if scope.is_one_day else f" to {scope.last:%d-%b-%Y}")


def _task(t: Task) -> dict[str, Any]:
    return {"id": str(t.id), "kind": t.kind, "patient": t.patient, "patient_id": str(t.patient_id), "version": t.version,
            "minutes": t.minutes, "barred": dict(t.barred), "drug": None if t.drug is None else t.drug.ticket,
            "site": str(t.site), "second_of": t.second_of}  # fmt: skip


def _people(work: DayWork) -> dict[str, dict[str, Any]]:
    """Who is there, and of which of their shifts the hours are assumed."""
    found: dict[str, dict[str, Any]] = {}
    for w in work.workers:
        one = found.setdefault(w.name, {"id": str(w.id), "assumed": False, "guessed": []})
        if w.assumed:
            one["assumed"] = True
            one["guessed"].append(w.shift)
    return found


def _digest(row: DayPlan) -> str:
    """What makes a question the same: the problem, what its ways rest on, what is meant by its names, and how it is solved."""
    scope = [[str(s) for s in row.sites], row.day.isoformat(), row.last_day.isoformat()]
    asked = [row.problem, row.ways, row.tasks, row.seconds, row.seed, str(row.basis or ""), row.absent, row.away, scope]
    return hashlib.sha256(json.dumps(asked, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def _problem(
    scope: PlanScope, work: DayWork, change: Change, basis: DayPlan | None
) -> tuple[planning.RoutingProblem, planning.Ways]:
    """The problem, with pins and promises of what stands."""
    figures, zone, day, several = figures_on(scope.kind, scope.first), zone_in(scope), scope.first, scope.first != scope.last
    ways = delivery.ways_at(scope.sites[0], day, places_of(work))
    if basis is None:
        return problem_of(work, figures, day, zone, ways, several=several), ways
    pins = {p.visit: _from(p, basis.day, day, zone) for p in problem_in(basis).pins if p.visit not in change.unpin}
    for name, person, at in change.pins:
        pins[name] = planning.Pin(name, person, None if at is None else minute(at, day, zone))
    problem = problem_of(work, figures, day, zone, ways, list(pins.values()), several=several)
    prices = replace(problem.prices, moved=figures.moved)
    names = {(str(t.id), bool(t.second_of)): t.name for t in work.tasks}
    return replace(problem, prices=prices, today=promises_of(problem, standing_calls(basis, scope, names), day, zone)), ways


def _from(pin: planning.Pin, then: date, day: date, zone: ZoneInfo) -> planning.Pin:
    """A pin of a plan whose minutes count from another day."""
    return pin if pin.at is None else replace(pin, at=minute(instant(pin.at, then, zone), day, zone))


@action
def solve_plan(*, plan_id: UUID, by: Actor, engine: str = "") -> UUID:
    """Work a plan out, check it by separate code, and propose it. One that is worked out already stays as it is.

    ``engine``: one way alone, such as insertion, which is there without the solvers and at once.
    """
    row = lock(DayPlan, plan_id)
    if row.state != PlanState.REQUESTED.value:
        write(by, "dispatch.day_plan.keep", row, "Nothing changed: {subject} is worked out already.")
        return row.id
    problem = problem_in(row)
    basis = fetch(DayPlan, row.basis) if row.basis else None
    try:
        effort = replace(effort_of(row), engine=engine) if engine else effort_of(row)
        plan = planning.plan_routes(problem, effort, start=_order(row, problem, basis), gentle=bool(basis))
    except Exception as no:  # the day must not stay without an answer: what failed is shown, and it can be asked again
        advance(row, "fail", PlanFacts(), by=by, noted={"why": str(no)[:300]}, failure=str(no)[:2000])
        return row.id
    moves = asdict(planning.difference_of(problem, plan, frozenset(row.absent))) if basis else None
    advance(
        row, "propose", PlanFacts(), by=by, noted={"method": plan.method or "insertion"}, plan=planning.plan_values(plan),
        moves=moves, faults=planning.route_faults(problem, plan),
    )  # fmt: skip
    return row.id


def effort_of(row: DayPlan) -> planning.Effort:
    """How long and from which seed a plan is searched for."""
    return planning.Effort(row.seconds, row.seed)


def _order(row: DayPlan, problem: planning.RoutingProblem, basis: DayPlan | None) -> list[tuple[int, int]] | None:
    """The order that stands, in the new problem; none where it is planned from nothing."""
    if basis is None:
        return None
    scope, names = scope_in(row), {place_in(t): name for name, t in row.tasks.items()}
    return order_of(problem, standing_calls(basis, scope, names), row.day, zone_of(row.site_id))
