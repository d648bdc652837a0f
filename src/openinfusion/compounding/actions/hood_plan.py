# SPDX-License-Identifier: Apache-2.0
"""Asking for a plan of a day at the hoods, working it out, putting it in force; again where a hood goes out."""
from __future__ import annotations

import hashlib
import json
from collections.abc import Collection
from dataclasses import asdict
from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from openinfusion.compounding.domain.hood_plan import BY_HAND, OPEN_STATES, HoodPlanFacts, HoodPlanState, turns_of, why_not
from openinfusion.compounding.events import HoodPlanAsked
from openinfusion.compounding.models import HoodPlan
from openinfusion.compounding.permissions import PLAN
from openinfusion.compounding.queries.hood_plan import facts_of, hoods_in, hoods_there, orders_in, problem_in, to_make
from openinfusion.compounding.queries.work_order import site_zone
from openinfusion.kernel.refusal import Fault, Malformed, Reason, Refused
from openinfusion.planning import public as planning
from openinfusion.platform.action import action, fetch, lock
from openinfusion.platform.actor import Actor
from openinfusion.platform.advance import advance
from openinfusion.platform.clock import now
from openinfusion.platform.journal import write

SECONDS, MOST_SECONDS = 2, 60


@action
def ask_for_hood_plan(
    *, site_id: UUID, day: date, by: Actor, out: Collection[UUID] = (), cause: str = "", basis_id: UUID | None = None,
    seconds: int = SECONDS,
) -> UUID:
    """Have a day at the hoods planned; its id. ``out``: hoods that are out although nothing on file says so.

    The same question asked twice is one plan. Refused where nothing waits, or the day is over.
    """
    by.must(PLAN)
    if not 1 <= seconds <= MOST_SECONDS:
        raise Malformed(Fault("seconds", f"1 to {MOST_SECONDS}"))
    at = now().replace(second=0, microsecond=0)
    if day < at.astimezone(ZoneInfo(site_zone(site_id))).date():
        raise Refused(Reason("past", "the day is over", "choose today or a day to come"))
    hoods = hoods_there(site_id, at, out)
    if unknown := set(out) - {h.id for h in hoods}:
        raise Malformed(*(Fault("out", f"{u} is no hood of this site") for u in sorted(map(str, unknown))))
    orders = to_make(site_id, day)
    if not orders:
        raise Refused(Reason("no-work", f"nothing waits for a hood up to {day:%d-%b-%Y}", "choose a later day"))
    basis = fetch(HoodPlan, basis_id) if basis_id else None
    row = HoodPlan(
        site_id=site_id, day=day, seconds=seconds, cause=cause.strip(), basis=basis.id if basis else None, began=at,
        orders=[asdict(o) | {"id": str(o.id), "need_by": o.need_by.isoformat()} for o in orders],
        hoods=[asdict(h) | {"id": str(h.id), "against": list(h.against)} for h in hoods], asked_by=by.id, asker_name=by.name,
    )
    row.sha256 = _digest(row)
    there = HoodPlan.objects.filter(site_id=site_id, day=day, sha256=row.sha256, state__in=OPEN_STATES).first()
    if there is not None:
        write(by, "compounding.hood_plan.ask_again", there, "{actor} asked for {subject} again: nothing has changed.")
        return there.id
    row.save(force_insert=True)
    write(by, "compounding.hood_plan.ask", row, "{actor} asked for {subject}: {count} to make.", noted={"count": len(orders)},
          reason=row.cause, news=[HoodPlanAsked(plan_id=row.id)])
    return row.id


def _digest(row: HoodPlan) -> str:
    """What makes a question the same: the work, the hoods, the minute it counts from, and how long is searched."""
    asked = [row.orders, row.hoods, row.began.isoformat(), row.seconds, row.seed, str(row.basis or "")]
    return hashlib.sha256(json.dumps(asked, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


@action
def solve_hood_plan(*, plan_id: UUID, by: Actor) -> UUID:
    """Work a plan out, have it checked by separate code, and propose it. One that is worked out stays as it is."""
    row = lock(HoodPlan, plan_id)
    if row.state != HoodPlanState.REQUESTED.value:
        write(by, "compounding.hood_plan.keep", row, "Nothing changed: {subject} is worked out already.")
        return row.id
    problem = problem_in(row)
    try:
        plan = planning.plan_batches(problem, effort_of(row))
    except Exception as no:  # the day must not stay without an answer: what failed is shown, and it can be asked again
        advance(row, "fail", HoodPlanFacts(), by=by, noted={"why": str(no)[:300]}, failure=str(no)[:2000])
        return row.id
    by_number, hoods = {o.number: o for o in orders_in(row)}, hoods_in(row)
    advance(
        row, "propose", HoodPlanFacts(), by=by, noted={"method": plan.method}, turns=turns_of(plan),
        left=[{"number": n, "why": why_not(by_number[n], hoods)} for n in plan.unplaced],
        method=plan.method, cost=plan.cost, bound=plan.bound,
        faults=planning.batch_faults(problem, plan),
    )
    return row.id


def effort_of(row: HoodPlan) -> planning.Effort:
    """How long and from which seed a plan is searched for."""
    return planning.Effort(row.seconds, row.seed)


@action
def advance_hood_plan(*, plan_id: UUID, step: str, by: Actor, version: int | None = None) -> UUID:
    """Put a proposal in force (the one before is replaced), or put it aside. Refused where a hood of it is not fit now."""
    row = lock(HoodPlan, plan_id, version)
    if step not in BY_HAND:
        raise Refused(Reason("no-step", f"{step} is no step that a person takes"))
    if step == "set_aside":
        advance(row, step, facts_of(row), by=by)
        return row.id
    before = HoodPlan.objects.filter(site_id=row.site_id, day=row.day, state=HoodPlanState.ACCEPTED.value)
    standing = before.select_for_update().first()
    facts = facts_of(row)
    if standing is not None:
        advance(standing, "replace", facts, by=by)
    advance(row, step, facts, by=by, accepted_at=now(), accepter_name=by.name)
    return row.id
