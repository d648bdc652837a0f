# SPDX-License-Identifier: Apache-2.0
"""Asking for a plan of a day, or for today's plan to be mended; working it out."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, replace
from datetime import date
from typing import Any
from uuid import UUID

from openinfusion.dispatch.domain.day_plan import OPEN_STATES, PlanFacts, PlanKind, PlanState
from openinfusion.dispatch.domain.figures import figures_on
from openinfusion.dispatch.domain.work import Change, DayWork, Task, minute, places_of, problem_of
from openinfusion.dispatch.events import DayPlanAsked
from openinfusion.dispatch.models import DayPlan
from openinfusion.dispatch.permissions import PLAN
from openinfusion.dispatch.queries.gather import work_of, zone_of
from openinfusion.dispatch.queries.plan import plan_of, problem_in
from openinfusion.kernel.refusal import Fault, Malformed, Reason, Refused
from openinfusion.planning import public as planning
from openinfusion.platform.action import action, fetch, lock
from openinfusion.platform.actor import Actor
from openinfusion.platform.advance import advance
from openinfusion.platform.clock import now
from openinfusion.platform.journal import write

SECONDS, SECONDS_AGAIN, MOST_SECONDS = 10, 2, 300


@action
def ask_for_plan(*, kind: PlanKind, site_id: UUID, day: date, by: Actor, seconds: int = SECONDS, seed: int = 1) -> UUID:
    """Have a day planned from nothing. The same question asked twice is one plan. Refused where there is nothing to plan."""
    by.must(PLAN)
    if not 1 <= seconds <= MOST_SECONDS:
        raise Malformed(Fault("seconds", f"1 to {MOST_SECONDS}"))
    return _asked(kind, site_id, day, Change(), None, "", seconds, seed, by)


@action
def ask_for_change(*, plan_id: UUID, change: Change, by: Actor, cause: str = "", seconds: int = SECONDS_AGAIN) -> UUID:
    """Have a plan mended after something happened, moving others only where that pays; a new proposal, with the difference."""
    by.must(PLAN)
    basis = fetch(DayPlan, plan_id)
    if basis.plan is None:
        raise Refused(Reason("not-planned", f"{basis} is not worked out", "wait, or have the day planned"))
    named = {name for name, _ in change.late} | {name for name, _, _ in change.pins} | change.unpin
    unknown = sorted(named - set(basis.tasks))
    unknown += sorted((change.absent | {p for _, p, _ in change.pins if p}) - set(basis.people))
    if unknown:
        raise Malformed(*(Fault("change", f"{name} is not in {basis}") for name in unknown))
    said = cause.strip() or _told(change)
    return _asked(PlanKind(basis.kind), basis.site_id, basis.day, change, basis, said, seconds, basis.seed, by)


def _told(change: Change) -> str:
    """What is wanted otherwise, in words."""
    parts = [f"{name} is absent" for name in sorted(change.absent)]
    parts += [f"{name} not before {at:%H:%M}" for name, at in change.late]
    for name, person, at in change.pins:
        parts.append(" ".join([name, *([f"to {person}"] if person else []), *([f"at {at:%H:%M}"] if at else [])]))
    parts += [f"{name} free again" for name in sorted(change.unpin)]
    return "; ".join(parts) or "planned again from where the day stands"


def _asked(
    kind: PlanKind,
    site_id: UUID,
    day: date,
    change: Change,
    basis: DayPlan | None,
    cause: str,
    seconds: int,
    seed: int,
    by: Actor,
) -> UUID:
    zone = zone_of(site_id)
    if day < now().astimezone(zone).date():
        raise Refused(Reason("past", "the day is over", "choose today or a day to come"))
    absent = change.absent | frozenset(basis.absent if basis else ())
    work = work_of(kind, site_id, day, replace(change, absent=absent))
    if not work.tasks:
        raise Refused(Reason("no-work", f"nothing is to be planned on {day:%d-%b-%Y}", "see what waits for an address"))
    problem, ways = _problem(kind, site_id, day, work, change, basis)
    document = planning.own_document(problem, day, zone)
    row = DayPlan(
        site_id=site_id, day=day, kind=kind.value, seconds=seconds, seed=seed, cause=cause, basis=basis.id if basis else None,
        problem=document, tasks={t.name: _task(t) for t in work.tasks}, absent=sorted(absent),
        people={w.name: {"id": str(w.id), "assumed": w.assumed} for w in work.workers},
        lost=[f"{t.name}: {t.patient}" for t in work.lost],
        approximate=ways.approximate, ways=ways.source, asked_by=by.id, asker_name=by.name,
    )  # fmt: skip
    row.sha256 = _digest(row)
    there = DayPlan.objects.filter(site_id=site_id, day=day, kind=kind.value, sha256=row.sha256, state__in=OPEN_STATES).first()
    if there is not None:
        write(by, "dispatch.day_plan.ask_again", there, "{actor} asked for {subject} again: nothing has changed.")
        return there.id
    row.save(force_insert=True)
    write(by, "dispatch.day_plan.ask", row, "{actor} asked for {subject}: {count} to plan.", noted={"count": len(work.tasks)},
          reason=cause, news=[DayPlanAsked(plan_id=row.id)])  # fmt: skip
    return row.id


def _task(t: Task) -> dict[str, Any]:
    return {"id": str(t.id), "kind": t.kind, "patient": t.patient, "patient_id": str(t.patient_id), "version": t.version,
            "minutes": t.minutes, "barred": dict(t.barred), "drug": None if t.drug is None else t.drug.ticket,
            "second_of": t.second_of}  # fmt: skip


def _digest(row: DayPlan) -> str:
    """What makes a question the same: the problem, what is meant by its names, and how it is solved."""
    asked = [row.problem, row.tasks, row.seconds, row.seed, str(row.basis or ""), row.absent]
    return hashlib.sha256(json.dumps(asked, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def _problem(
    kind: PlanKind, site_id: UUID, day: date, work: DayWork, change: Change, basis: DayPlan | None
) -> tuple[planning.RoutingProblem, planning.Ways]:
    """The problem, with pins and promises of the plan it starts from."""
    figures, zone = figures_on(kind, day), zone_of(site_id)
    ways = planning.ways_between(places_of(work), planning.travel_row(str(site_id), day))
    if basis is None:
        return problem_of(work, figures, day, zone, ways), ways
    pins = {p.visit: p for p in problem_in(basis).pins if p.visit not in change.unpin}
    for name, person, at in change.pins:
        pins[name] = planning.Pin(name, person, None if at is None else minute(at, day, zone))
    problem = problem_of(work, figures, day, zone, ways, list(pins.values()))
    prices = replace(problem.prices, moved=figures.moved)
    return replace(problem, prices=prices, today=_promises(problem, plan_of(basis))), ways


def _promises(problem: planning.RoutingProblem, plan: planning.RoutePlan) -> tuple[planning.Promise, ...]:
    there = {v.name for v in problem.visits}
    return tuple(planning.Promise(c.visit, r.person, c.starts) for r in plan.routes for c in r.calls if c.visit in there)


@action
def solve_plan(*, plan_id: UUID, by: Actor) -> UUID:
    """Work a plan out, check it by separate code, and propose it. One that is worked out already stays as it is."""
    row = lock(DayPlan, plan_id)
    if row.state != PlanState.REQUESTED.value:
        write(by, "dispatch.day_plan.keep", row, "{subject} is worked out already.")
        return row.id
    problem = problem_in(row)
    basis = plan_of(fetch(DayPlan, row.basis)) if row.basis else None
    try:
        plan = planning.plan_routes(problem, effort_of(row), start=_order(problem, basis), gentle=bool(basis))
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


def _order(problem: planning.RoutingProblem, basis: planning.RoutePlan | None) -> list[tuple[int, int]] | None:
    """Today's order in the new problem: without people who are not there, and without what is pinned to somebody else now."""
    if basis is None:
        return None
    routes = tuple(
        replace(r, calls=tuple(c for c in r.calls if c.visit in problem.visit_at and _may_stay(problem, c.visit, r.person)))
        for r in basis.routes if r.shift in problem.shift_at
    )  # fmt: skip
    return planning.order_of(problem, replace(basis, routes=routes))


def _may_stay(problem: planning.RoutingProblem, visit: str, person: str) -> bool:
    pin = problem.pin_of.get(visit)
    return pin is None or pin.person in ("", person)
