# SPDX-License-Identifier: Apache-2.0
"""The plan of a suite's day: asked for, worked out by a worker, accepted as a whole or put aside."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from datetime import date
from typing import Any
from uuid import UUID

from openinfusion.dispatch.domain.day_plan import BY_HAND, OPEN_STATES, PlanFacts, PlanState
from openinfusion.dispatch.domain.suite_plan import named_chairs, named_nurses, suite_figures
from openinfusion.dispatch.events import SuitePlanAsked
from openinfusion.dispatch.models import SuitePlan
from openinfusion.dispatch.permissions import PLAN
from openinfusion.dispatch.queries.gather import zone_of
from openinfusion.dispatch.queries.suite_plan import (
    SuiteQuestion,
    begins_of,
    breaks_of,
    facts_of,
    problem_in,
    question_of,
    watchers_in,
)
from openinfusion.kernel.refusal import Fault, Malformed, Reason, Refused, Stale
from openinfusion.nursing import public as nursing
from openinfusion.planning import public as planning
from openinfusion.platform.action import action, lock
from openinfusion.platform.actor import Actor
from openinfusion.platform.advance import advance
from openinfusion.platform.clock import now
from openinfusion.platform.journal import write

SECONDS, MOST_SECONDS = 8, 120


@action
def ask_for_suite_plan(*, site_id: UUID, day: date, by: Actor, seconds: int = SECONDS, seed: int = 1) -> UUID:
    """Have a suite's day planned: who waits gets a chair, who is booked moves only where that pays, who sits stays.

    The same question asked twice is one plan. Refused where nothing can be planned.
    """
    by.must(PLAN)
    if not 1 <= seconds <= MOST_SECONDS:
        raise Malformed(Fault("seconds", f"1 to {MOST_SECONDS}"))
    if day < now().astimezone(zone_of(site_id)).date():
        raise Refused(Reason("past", "the day is over", "choose today or a day to come"))
    asked = question_of(site_id, day, suite_figures(day).moved)
    if not asked.problem.appointments:
        text = f"nothing is to be seated on {day:%d-%b-%Y}"
        raise Refused(Reason("no-work", text, "ask for appointments, or say how long they take"))
    if not asked.problem.nurses:
        raise Refused(Reason("no-nurse", "no nurse of this suite works on that day", "plan their shifts"))
    row = _row(site_id, day, asked, seconds, seed, by)
    there = SuitePlan.objects.filter(site_id=site_id, day=day, sha256=row.sha256, state__in=OPEN_STATES).first()
    if there is not None:
        write(by, "dispatch.suite_plan.ask_again", there, "{actor} asked for {subject} again: nothing has changed.")
        return there.id
    row.save(force_insert=True)
    write(by, "dispatch.suite_plan.ask", row, "{actor} asked for {subject}: {count} to seat.",
          noted={"count": len(asked.problem.appointments)}, news=[SuitePlanAsked(plan_id=row.id)])  # fmt: skip
    return row.id


def propose_the_rest(*, site_id: UUID, day: date, step: str, late_minutes: int, by: Actor) -> UUID | None:
    """After somebody came late, or did not come: the rest of a day that a plan is in force for is asked for again.

    Nobody is moved by it before a person accepts. None where nothing of it matters: no plan is in force, not late enough,
    nobody waits for the place that became free, or nothing is left to seat.
    """
    in_force = SuitePlan.objects.filter(site_id=site_id, day=day, state=PlanState.ACCEPTED.value).exists()
    if not in_force or day != now().astimezone(zone_of(site_id)).date():
        return None
    if step == "check_in" and late_minutes < suite_figures(day).late:
        return None
    if step != "check_in" and not any(a.starts_at is None for a in nursing.suite_day(site_id, day).asked.values()):
        return None
    try:
        return ask_for_suite_plan(site_id=site_id, day=day, by=by)
    except Refused:
        return None


def _row(site_id: UUID, day: date, asked: SuiteQuestion, seconds: int, seed: int, by: Actor) -> SuitePlan:
    row = SuitePlan(
        site_id=site_id, day=day, seconds=seconds, seed=seed, problem=asdict(asked.problem), zero=asked.zero, tasks=asked.tasks,
        watchers=asked.watchers, unknown=list(asked.unknown), asker_name=by.name,
    )  # fmt: skip
    said = [row.problem, row.tasks, row.watchers, row.zero.isoformat(), seconds, seed]
    row.sha256 = hashlib.sha256(json.dumps(said, sort_keys=True, separators=(",", ":")).encode()).hexdigest()
    return row


@action
def solve_suite_plan(*, plan_id: UUID, by: Actor) -> UUID:
    """Work a plan out, name chairs and nurses, check it by separate code, and propose it. Twice is once."""
    row = lock(SuitePlan, plan_id)
    if row.state != PlanState.REQUESTED.value:
        write(by, "dispatch.suite_plan.keep", row, "Nothing changed: {subject} is worked out already.")
        return row.id
    problem = problem_in(row)
    try:
        plan = named_chairs(problem, planning.plan_suite(problem, suite_effort(row)))
    except Exception as no:  # the day must not stay without an answer: what failed is shown, and it can be asked again
        advance(row, "fail", PlanFacts(), by=by, noted={"why": str(no)[:300]}, failure=str(no)[:2000])
        return row.id
    promised = {n: UUID(t["nurse"]) for n, t in row.tasks.items() if t["nurse"]}
    nurses = named_nurses(problem, plan, watchers_in(row), promised)
    kept: dict[str, Any] = asdict(plan) | {"nurses": {n: str(id) for n, id in nurses.items()}}
    advance(row, "propose", PlanFacts(), by=by, noted={"method": plan.method}, plan=kept,
            faults=planning.suite_faults(problem, plan))  # fmt: skip
    return row.id


def suite_effort(row: SuitePlan) -> planning.Effort:
    """How long and from which seed a plan is searched for."""
    return planning.Effort(row.seconds, row.seed)


@action
def advance_suite_plan(*, plan_id: UUID, step: str, by: Actor, version: int | None = None) -> UUID:
    """Accept a proposal, which books and moves as it says, as a whole or not at all; or put it aside."""
    row = lock(SuitePlan, plan_id, version)
    if step not in BY_HAND:
        raise Refused(Reason("no-step", f"{step} is no step that a person takes"))
    if step == "set_aside":
        advance(row, step, facts_of(row), by=by)
        return row.id
    standing = SuitePlan.objects.filter(site_id=row.site_id, day=row.day, state=PlanState.ACCEPTED.value)
    before = standing.select_for_update().first()
    if before is not None:
        advance(before, "replace", facts_of(before), by=by)
    advance(row, step, facts_of(row), by=by, accepted_at=now(), accepter_name=by.name)
    _give_out(row, by)
    return row.id


def _give_out(row: SuitePlan, by: Actor) -> None:
    """Put everybody who moves back on the waiting list first, so that two may change places; then book. Stale where somebody

    changed an appointment since the question was asked.
    """
    problem = problem_in(row)
    held = {a.name for a in problem.appointments if a.held is not None}
    assert row.plan is not None
    nurses, wanted = row.plan["nurses"], []
    for seat in row.plan["seats"]:
        name, task = seat["appointment"], row.tasks[seat["appointment"]]
        if name in held or name not in nurses:
            continue
        place: dict[str, Any] = {"chair_id": UUID(task["chairs"][seat["chair"]]), "nurse_id": UUID(nurses[name]),
                 "starts_at": begins_of(row, seat)}  # fmt: skip
        now_as = nursing.appointment(UUID(task["id"]))
        if now_as.version != task["version"]:
            raise Stale(f"appointment {name} was changed since the day was planned; plan it again")
        if now_as.place == place:
            continue
        if now_as.booked:
            nursing.advance_appointment(appointment_id=now_as.id, step="unbook", reason="the day was planned anew", by=by)
        wanted.append((now_as.id, place))
    for nurse_id, _, breaks, _ in breaks_of(row):
        if breaks:
            nursing.plan_breaks(nurse_id=nurse_id, site_id=row.site_id, day=row.day, breaks=breaks, by=by)
    for id, place in wanted:
        nursing.book_appointment(appointment_id=id, hold_why=f"planned with the day, accepted by {by.name}", by=by, **place)
