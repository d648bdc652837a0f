# SPDX-License-Identifier: Apache-2.0
"""What dispatch does on news: have a plan that was asked for worked out, by whichever worker is free on whichever machine."""

from __future__ import annotations

from uuid import UUID

from openinfusion.dispatch.actions.ask import solve_plan
from openinfusion.dispatch.actions.suite import propose_the_rest, solve_suite_plan
from openinfusion.dispatch.events import DayPlanAsked, SuitePlanAsked
from openinfusion.dispatch.queries.gather import zone_of
from openinfusion.nursing.events import SeatChanged
from openinfusion.platform.actor import Actor
from openinfusion.platform.jobs import job, later
from openinfusion.platform.news import on


@job("dispatch.solve")
def solve(*, by: Actor, plan_id: str) -> None:
    """Work a plan out. Twice is once: a plan that is worked out already stays as it is."""
    solve_plan(plan_id=UUID(plan_id), by=by)


@on(DayPlanAsked)
def work_it_out(news: DayPlanAsked, by: Actor) -> None:
    """Queue it."""
    later(solve, by=by, plan_id=str(news.plan_id))


@on(SeatChanged)
def look_again(news: SeatChanged, by: Actor) -> None:
    """Have the rest of the suite's day proposed anew where the plan in force does not fit any more."""
    day = news.starts_at.astimezone(zone_of(news.site_id)).date()
    late = int((news.at - news.starts_at).total_seconds()) // 60
    propose_the_rest(site_id=news.site_id, day=day, step=news.step, late_minutes=late, by=by)


@job("dispatch.solve_suite")
def solve_suite(*, by: Actor, plan_id: str) -> None:
    """Work a suite's plan out. Twice is once: a plan that is worked out already stays as it is."""
    solve_suite_plan(plan_id=UUID(plan_id), by=by)


@on(SuitePlanAsked)
def work_the_suite_out(news: SuitePlanAsked, by: Actor) -> None:
    """Queue it."""
    later(solve_suite, by=by, plan_id=str(news.plan_id))
