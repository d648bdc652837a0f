# SPDX-License-Identifier: Apache-2.0
"""The door of dispatch: plans of a day, asking for them, what waits."""

from __future__ import annotations

from django.db.models import Q

from openinfusion.dispatch.actions.ask import ask_for_change, ask_for_plan, solve_plan
from openinfusion.dispatch.actions.steps import advance_plan
from openinfusion.dispatch.actions.suite import advance_suite_plan, ask_for_suite_plan, solve_suite_plan
from openinfusion.dispatch.domain.day_plan import DAY_PLAN, PlanKind, PlanState
from openinfusion.dispatch.domain.suite_plan import SUITE_PLAN
from openinfusion.dispatch.domain.work import Change
from openinfusion.dispatch.models import DayPlan, SuitePlan
from openinfusion.dispatch.queries.cover import newest
from openinfusion.dispatch.queries.plan import people_lines
from openinfusion.kernel.machine import shown
from openinfusion.kernel.roles import Role
from openinfusion.kernel.waiting import EVERYTHING, Ask, Waited, Waiting
from openinfusion.platform.actor import Actor
from openinfusion.platform.house_day import house_today
from openinfusion.platform.queue import waited

__all__ = [
    "Change", "PlanKind", "advance_plan", "advance_suite_plan", "ask_for_change", "ask_for_plan", "ask_for_suite_plan", "newest",
    "people_lines", "solve_plan", "solve_suite_plan", "waiting",
]  # fmt: skip
WHOSE = {PlanKind.DRIVERS: Role.WAREHOUSE, PlanKind.NURSES: Role.NURSE_MANAGER}


def waiting(by: Actor, ask: Ask = EVERYTHING) -> Waited:
    """Proposals that somebody accepts or puts aside: drivers' for the warehouse, nurses' for their manager."""
    found = Waited()
    waits = Q(state__in=(PlanState.PROPOSED.value, PlanState.FAILED.value), day__gte=house_today())
    for kind, role in WHOSE.items():
        if ask.has(role.value):
            found += waited(DayPlan.objects.filter(waits, kind=kind.value), ask, kind="Day plan", make=_waiting)
    if ask.has(Role.SUITE_SCHEDULER.value):
        found += waited(SuitePlan.objects.filter(waits), ask, kind="Suite plan", make=_suites_waiting)
    return found


def _suites_waiting(rows: list[SuitePlan]) -> list[Waiting]:
    return [
        Waiting(
            "dispatch", "Suite plan", r.id, str(r), "", shown(s := PlanState(r.state)), SUITE_PLAN.tone(s),
            Role.SUITE_SCHEDULER.value, r.made_at, f"/dispatch/suite/{r.id}/", None, (r.failure,) if r.failure else (),
        )
        for r in rows
    ]  # fmt: skip


def _waiting(rows: list[DayPlan]) -> list[Waiting]:
    return [
        Waiting(
            "dispatch", "Day plan", r.id, str(r), r.cause, shown(s := PlanState(r.state)), DAY_PLAN.tone(s),
            WHOSE[PlanKind(r.kind)].value, r.made_at, f"/dispatch/{r.id}/", None, (r.failure,) if r.failure else (),
        )
        for r in rows
    ]  # fmt: skip
