# SPDX-License-Identifier: Apache-2.0
"""Scheduled work of dispatch: tomorrow's days of every branch are proposed in the afternoon; nobody but a person accepts one."""

from __future__ import annotations

from datetime import timedelta

import structlog

from openinfusion.dispatch.actions.branches import ask_for_branches
from openinfusion.dispatch.domain.day_plan import PlanKind
from openinfusion.platform.actor import Actor
from openinfusion.platform.house_day import house_today
from openinfusion.platform.jobs import every

IN_USE = timedelta(days=30)  # who accepted no plan for so long is not asked every day
log = structlog.get_logger(__name__)


@every("0 21 * * *", "dispatch.propose_tomorrow")
def propose_tomorrow(by: Actor) -> int:
    """Ask for tomorrow's plans of every site that works by plans and has none yet. How many were asked for."""
    today = house_today()
    asked = ask_for_branches(kinds=PlanKind, day=today + timedelta(days=1), by=by, keep=True, in_use_since=today - IN_USE)
    made = [a for a in asked if a.plan_id is not None and not a.left]
    log.info("proposed_tomorrow", asked=len(made), left=sum(a.left for a in asked), none=sum(bool(a.why_not) for a in asked))
    return len(made)
