# SPDX-License-Identifier: Apache-2.0
"""Scheduled work of the compounding room: the next supply is planned before the last one ends."""
from __future__ import annotations

from datetime import timedelta

import structlog

from openinfusion.compounding.actions.plan import plan_work_order
from openinfusion.compounding.domain.supply import plan_ahead_days
from openinfusion.compounding.queries import running_out
from openinfusion.kernel.refusal import Refused
from openinfusion.platform.actor import Actor
from openinfusion.platform.house_day import house_today
from openinfusion.platform.jobs import every

log = structlog.get_logger(__name__)


@every("0 10 * * *", "compounding.plan_next_supplies")
def plan_next_supplies(by: Actor) -> int:
    """Plan what runs out soon; how many supplies. A course at its end has nothing due, which is no trouble."""
    planned = 0
    for prescription_id in running_out(house_today() + timedelta(days=plan_ahead_days())):
        try:
            plan_work_order(prescription_id=prescription_id, by=by)
            planned += 1
        except Refused as no:
            if any(r.code != "nothing-due" for r in no.reasons):
                log.warning("supply_unplanned", prescription=str(prescription_id), why=str(no))
    return planned
