# SPDX-License-Identifier: Apache-2.0
"""What waits at the bench: work orders, reports, opened containers whose time is over, hoods held too long, second looks."""
from __future__ import annotations

from django.db.models import Q

from openinfusion.compounding.domain.bench_report import BENCH_REPORT, ReportState
from openinfusion.compounding.domain.hood_plan import HOOD_PLAN, HoodPlanState
from openinfusion.compounding.domain.hood_turn import HOOD_TURN
from openinfusion.compounding.domain.hood_waste import HOOD_WASTE
from openinfusion.compounding.domain.opened import OPENED
from openinfusion.compounding.domain.work_order import WORK_ORDER, WorkOrderState
from openinfusion.compounding.models import BenchReport, HoodPlan, HoodTurn, HoodWaste, OpenedContainer, StepDone, WorkOrder
from openinfusion.compounding.queries.bench import looks_wanted
from openinfusion.compounding.queries.hood_turn import held_too_long
from openinfusion.compounding.queries.work_order import work_order_fact
from openinfusion.kernel.machine import shown
from openinfusion.kernel.roles import Role
from openinfusion.kernel.waiting import EVERYTHING, Ask, Waited, Waiting
from openinfusion.patients import public as patients
from openinfusion.platform.actor import Actor
from openinfusion.platform.clock import now
from openinfusion.platform.house_day import house_today
from openinfusion.platform.queue import waited, whose_turn


def waiting(by: Actor, ask: Ask = EVERYTHING) -> Waited:
    """Work orders whose turn is somebody's, the soonest needed first."""
    rows = WorkOrder.objects.filter(state__in=whose_turn(WORK_ORDER, ask))
    found = waited(rows, ask, kind="Work order", due="need_by", late=Q(need_by__lt=now()), make=_orders_waiting)
    reported = BenchReport.objects.filter(state__in=whose_turn(BENCH_REPORT, ask)).select_related("work_order")
    found += waited(reported, ask, kind="Bench report", late=Q(state="open", kind="call"), make=_reports_waiting)
    over = OpenedContainer.objects.filter(state__in=whose_turn(OPENED, ask), good_until__lte=now())
    found += waited(over, ask, kind="Opened container", due="good_until", late=Q(good_until__lte=now()), make=_opened_waiting)
    wasted = HoodWaste.objects.filter(state__in=whose_turn(HOOD_WASTE, ask)).exclude(wasted_by=by.id).select_related("work_order")
    found += waited(wasted, ask, kind="Waste to witness", make=_waste_waiting)
    held = held_too_long(now()) if ask.has(HOOD_TURN.owner(HOOD_TURN.initial)) else HoodTurn.objects.none()
    found += waited(held, ask, kind="Hood", since="taken_at", late=Q(state="held"), make=_turns_waiting)
    planned = HoodPlan.objects.filter(state__in=whose_turn(HOOD_PLAN, ask), day__gte=house_today())
    found += waited(planned, ask, kind="Hood plan", make=_plans_waiting)
    if not (ask.has(Role.TECHNICIAN.value) or ask.has(Role.PHARMACIST.value)):
        return found
    return found + waited(looks_wanted(by.id), ask, kind="Second look", make=_looks_waiting)


def _reports_waiting(rows: list[BenchReport]) -> list[Waiting]:
    names = patients.patients([r.patient_id for r in rows])
    return [
        Waiting(
            "compounding", "Bench report", r.id, f"{r.kind.replace('_', ' ')}, {r.work_order.number}: {r.text}"[:200],
            names[r.patient_id].name, shown(s := ReportState(r.state)), BENCH_REPORT.tone(s), BENCH_REPORT.owner(s), r.made_at,
            f"/compounding/{r.work_order_id}/record/", missing=("a pharmacist's review",),
        )
        for r in rows
    ]


def _opened_waiting(rows: list[OpenedContainer]) -> list[Waiting]:
    return [
        Waiting("compounding", "Opened container", r.id, f"{r}: its time is over", "", "waste it", "crit", Role.TECHNICIAN.value,
                r.opened_at, "/compounding/opened/", due_at=r.good_until, missing=("waste with a reason",))
        for r in rows
    ]


def _waste_waiting(rows: list[HoodWaste]) -> list[Waiting]:
    return [
        Waiting("compounding", "Waste to witness", r.id, f"{r.work_order.number}: {r}", "", "waits for a witness", "wait",
                Role.PHARMACIST.value, r.made_at, f"/compounding/{r.work_order_id}/record/", missing=("a witness",))
        for r in rows
    ]


def _turns_waiting(rows: list[HoodTurn]) -> list[Waiting]:
    return [
        Waiting("compounding", "Hood", r.id, f"{r.hood_name}: {r.person_name} has not left it", "", "held too long", "warn",
                Role.PHARMACIST.value, r.taken_at, "/compounding/", missing=("left, or cleared with a reason",))
        for r in rows
    ]


def _plans_waiting(rows: list[HoodPlan]) -> list[Waiting]:
    return [
        Waiting("compounding", "Hood plan", r.id, str(r), r.cause, shown(s := HoodPlanState(r.state)), HOOD_PLAN.tone(s),
                HOOD_PLAN.owner(s), r.made_at, f"/compounding/hood-plans/{r.id}/", missing=(r.failure,) if r.failure else ())
        for r in rows
    ]


def _looks_waiting(rows: list[StepDone]) -> list[Waiting]:
    names = patients.patients([r.work_order.patient_id for r in rows])
    return [
        Waiting("compounding", "Second look", r.id, f"{r.work_order.number}: {r.look}"[:200], names[r.work_order.patient_id].name,
                "waits for another person", "wait", Role.TECHNICIAN.value, r.done_at, f"/compounding/{r.work_order_id}/look/",
                missing=("another person's look",))
        for r in rows
    ]


def _orders_waiting(rows: list[WorkOrder]) -> list[Waiting]:
    names = patients.patients([r.patient_id for r in rows])
    return [
        Waiting(
            "compounding", "Work order", r.id, f"{work_order_fact(r).title}, {r.number}", names[r.patient_id].name,
            shown(s := WorkOrderState(r.state)), WORK_ORDER.tone(s), WORK_ORDER.owner(s), r.made_at,
            f"/compounding/{r.id}/", due_at=r.need_by,
        )
        for r in rows
    ]
