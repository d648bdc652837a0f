# SPDX-License-Identifier: Apache-2.0
"""Scheduled work of the clinical room: orders judged anew, tests that come due, calls nobody took, passes that end."""

from __future__ import annotations

import structlog

from openinfusion.clinical.actions.break_glass import advance_pass
from openinfusion.clinical.actions.calls import raise_call
from openinfusion.clinical.actions.monitor import end_monitoring, plan_monitoring
from openinfusion.clinical.actions.watch import BATCH, changed, run_checks
from openinfusion.clinical.models import Trigger
from openinfusion.clinical.queries.break_glass import to_end
from openinfusion.clinical.queries.monitoring import courses_to_plan, left_open
from openinfusion.clinical.queries.on_call import to_raise
from openinfusion.kernel.refusal import Refused
from openinfusion.platform.actor import Actor
from openinfusion.platform.jobs import every
from openinfusion.therapy import public as therapy

log = structlog.get_logger(__name__)


@every("0 7 * * *", "clinical.review_nightly")
def review_nightly(by: Actor) -> int:
    """Judge every open order anew, many at a time; only those whose findings changed are written. How many those were."""
    seen, found, after = 0, 0, None
    while ids := therapy.open_patient_ids(after, BATCH):
        running = therapy.open_orders(ids)
        orders = [order for mine in running.values() for order in mine]
        for prescription_id in changed(orders, running):
            run_checks(prescription_id=prescription_id, trigger=Trigger.NIGHTLY, by=by)
            found += 1
        seen, after = seen + len(orders), ids[-1]
    log.info("reviewed_nightly", orders=seen, changed=found)
    return found


@every("30 6 * * *", "clinical.plan_monitoring")
def plan_nightly(by: Actor) -> int:
    """Put the tests that come due on every course's list, and clear those of courses that ended; how many courses."""
    done, after = 0, None
    while ids := therapy.open_order_ids(after, BATCH):
        for therapy_id in courses_to_plan(ids):
            done += 1 if plan_monitoring(therapy_id=therapy_id, by=by) else 0
        after = ids[-1]
    for therapy_id in left_open():
        end_monitoring(therapy_id=therapy_id, reason="the course ended", by=by)
        done += 1
    log.info("planned_monitoring", courses=done)
    return done


@every("*/5 * * * *", "clinical.end_passes")
def end_passes(by: Actor) -> int:
    """Emergency passes whose time is over end, and the orders that rest on them wait for a pharmacist; how many."""
    due = to_end()
    for pass_id in due:
        advance_pass(pass_id=pass_id, step="end", reason="its time is over", by=by)
    log.info("ended_passes", passes=len(due))
    return len(due)


@every("*/2 * * * *", "clinical.raise_calls")
def raise_calls(by: Actor) -> int:
    """Calls nobody took in time go up the line; how many."""
    done = 0
    for call_id in to_raise():
        try:
            raise_call(call_id=call_id, by=by)
        except Refused:  # somebody took it meanwhile
            continue
        done += 1
    log.info("raised_calls", calls=done)
    return done
