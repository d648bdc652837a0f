# SPDX-License-Identifier: Apache-2.0
"""What the compounding room does on news: plan a first supply, cancel the unmade, stop a recalled lot, plan the hoods."""
from __future__ import annotations

from uuid import UUID

from openinfusion.clinical.events import PrescriptionVerified
from openinfusion.compounding.actions.hood_plan import solve_hood_plan
from openinfusion.compounding.actions.make import advance_work_order
from openinfusion.compounding.actions.plan import plan_work_order
from openinfusion.compounding.domain.work_order import STILL_HERE, UNMADE
from openinfusion.compounding.events import HoodPlanAsked
from openinfusion.compounding.models import WorkOrder
from openinfusion.compounding.queries import work_orders_with_lot
from openinfusion.inventory.events import LotRecalled
from openinfusion.platform.actor import Actor
from openinfusion.platform.jobs import job, later
from openinfusion.platform.news import on
from openinfusion.therapy.events import PrescriptionEnded


@on(PrescriptionVerified)
def plan_first_supply(news: PrescriptionVerified, by: Actor) -> None:
    """A verified order gets its first supply planned, once."""
    running = WorkOrder.objects.filter(prescription_id=news.prescription_id).exclude(state__in=["cancelled", "wasted"])
    if not running.exists():
        plan_work_order(prescription_id=news.prescription_id, by=by)


@on(PrescriptionEnded)
def cancel_unmade(news: PrescriptionEnded, by: Actor) -> None:
    """What was planned of an ended order and not yet in the hood is cancelled, and its stock is free again."""
    unmade = [s.value for s in UNMADE]
    for row in WorkOrder.objects.filter(prescription_id=news.prescription_id, state__in=unmade):
        advance_work_order(work_order_id=row.id, step="cancel", reason=f"the order was {news.ending}", by=by)


@on(LotRecalled)
def stop_preparations(news: LotRecalled, by: Actor) -> None:
    """What was made with a recalled lot and is still in the house goes to quarantine."""
    here = [s.value for s in STILL_HERE]
    for row in WorkOrder.objects.filter(pk__in=work_orders_with_lot(news.lot_id), state__in=here):
        advance_work_order(work_order_id=row.id, step="quarantine", reason="an ingredient's lot was recalled", by=by)


@job("compounding.solve_hood_plan")
def solve(*, by: Actor, plan_id: str) -> None:
    """Work a plan of the hoods out. Twice is once: a plan that is worked out stays as it is."""
    solve_hood_plan(plan_id=UUID(plan_id), by=by)


@on(HoodPlanAsked)
def work_it_out(news: HoodPlanAsked, by: Actor) -> None:
    """Queue it."""
    later(solve, by=by, plan_id=str(news.plan_id))
