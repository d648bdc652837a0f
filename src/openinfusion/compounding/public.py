# SPDX-License-Identifier: Apache-2.0
"""The door of the compounding room: work orders, preparations and their labels."""
from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from openinfusion.compounding.actions.capture import confirm_capture, scan_ingredient
from openinfusion.compounding.actions.chair import needed_in_chair
from openinfusion.compounding.actions.departure import drop_departure, keep_departure, keep_usual_carrier
from openinfusion.compounding.actions.hood import look_at_step, record_steps
from openinfusion.compounding.actions.hood_plan import advance_hood_plan, ask_for_hood_plan, solve_hood_plan
from openinfusion.compounding.actions.hood_turn import advance_turn
from openinfusion.compounding.actions.label import print_label
from openinfusion.compounding.actions.make import advance_work_order
from openinfusion.compounding.actions.opened import waste_opened
from openinfusion.compounding.actions.owner import take_from_owner
from openinfusion.compounding.actions.plan import allocate_ingredients, plan_work_order
from openinfusion.compounding.actions.pump_file import pump_file, record_pump_result
from openinfusion.compounding.actions.report import advance_report, call_pharmacist, report_near_miss
from openinfusion.compounding.actions.waste import replace_package, waste_package, witness_waste
from openinfusion.compounding.adapters.batch_record import render_record
from openinfusion.compounding.domain.batch_record import read_work_order_code
from openinfusion.compounding.domain.bench import Progress, StepReport
from openinfusion.compounding.domain.bench_step import BenchStep, Proof, StepKind
from openinfusion.compounding.domain.departure import Departure
from openinfusion.compounding.domain.gate import Gate
from openinfusion.compounding.domain.hood_turn import Turn
from openinfusion.compounding.domain.label import label_code, read_label_code
from openinfusion.compounding.domain.opened import opened_code
from openinfusion.compounding.domain.reconstitution import solvents_for
from openinfusion.compounding.domain.work_order import WORK_ORDER, WorkOrderState
from openinfusion.compounding.models import (
    Carry,
    HoodPlan,
    LotCapture,
    Preparation,
    WorkOrder,
)
from openinfusion.compounding.queries import (
    IngredientFact,
    LotUse,
    OpenedFact,
    PreparationFact,
    ReportFact,
    StepFact,
    WorkOrderFact,
    batch_record,
    fetched,
    gate_of,
    ingredients_of,
    one_preparation,
    opened_at_site,
    opened_in,
    preparation_by_id,
    preparations_where,
    progress_of,
    reports_of,
    steps_of,
    work_order_fact,
    work_orders_where,
    work_orders_with_lot,
)
from openinfusion.compounding.queries.hood_plan import TurnLine, turn_lines
from openinfusion.compounding.queries.hood_turn import turns_at
from openinfusion.compounding.queries.hood_waste import WasteFact, waste_of
from openinfusion.compounding.queries.once_made import OnceMade, once_made
from openinfusion.compounding.queries.waiting import waiting
from openinfusion.kernel.machine import shown
from openinfusion.kernel.waiting import ChartRow, Hit
from openinfusion.platform.action import fetch
from openinfusion.platform.actor import Actor
from openinfusion.platform.reading import Reading, together
from openinfusion.sites import public as sites

__all__ = [
    "BenchStep",
    "Departure",
    "Gate",
    "HoodPlanFact",
    "IngredientFact",
    "LotUse",
    "MadeFact",
    "OnceMade",
    "OpenedFact",
    "PreparationFact",
    "Progress",
    "Proof",
    "ReportFact",
    "StepFact",
    "StepKind",
    "StepReport",
    "Turn",
    "Use",
    "WasteFact",
    "WorkOrderFact",
    "WorkOrderState",
    "advance_hood_plan",
    "advance_report",
    "advance_turn",
    "advance_work_order",
    "allocate_ingredients",
    "ask_for_hood_plan",
    "call_pharmacist",
    "confirm_capture",
    "dispensed",
    "drop_departure",
    "find",
    "gate",
    "hood_plan",
    "hood_turns",
    "ingredients",
    "keep_departure",
    "keep_usual_carrier",
    "label_code",
    "look_at_step",
    "made_in",
    "made_with",
    "needed_in_chair",
    "on_chart",
    "once_made",
    "opened_at",
    "opened_code",
    "opened_here",
    "plan_work_order",
    "preparation",
    "preparation_by_label",
    "preparations_of",
    "preparations_of_prescription",
    "preparations_of_therapy",
    "print_label",
    "progress",
    "pump_file",
    "record_pdf",
    "record_pump_result",
    "record_steps",
    "replace_package",
    "report_near_miss",
    "reports",
    "scan_ingredient",
    "solve_hood_plan",
    "solvent_ndcs",
    "steps",
    "take_from_owner",
    "uses",
    "uses_named",
    "waiting",
    "waste_of",
    "waste_opened",
    "waste_package",
    "witness_waste",
    "work_order",
    "work_orders_of",
    "work_orders_with_lot",
]


def work_order(work_order_id: UUID) -> WorkOrderFact:
    """A work order; NotFound if it is not yours."""
    return work_order_fact(fetched(work_order_id))


def work_orders_of(prescription_id: UUID) -> list[WorkOrderFact]:
    """Every supply of a prescription version, the earliest first."""
    return work_orders_where(prescription_id=prescription_id)


def ingredients(work_order_id: UUID) -> list[IngredientFact]:
    """The lines of a work order with captured lots, amounts used and discarded."""
    return ingredients_of(work_order_id)


def gate(work_order_id: UUID, by: Actor, hood_id: UUID | None = None) -> Gate:
    """May this person make this, here, now? Every reason against it, and who clears it."""
    return gate_of(fetched(work_order_id), by, hood_id)


def steps(work_order_id: UUID) -> list[StepFact]:
    """The steps of a work order at the hood, with what was done of them; none before it went in."""
    return steps_of(work_order_id)


def progress(work_order_id: UUID) -> Progress:
    """How far a preparation has come at the hood, which step waits and what stops it."""
    return progress_of(fetched(work_order_id), steps_of(work_order_id))


def reports(work_order_id: UUID) -> list[ReportFact]:
    """Wrong scans, near misses and calls of a work order."""
    return reports_of(work_order_id)


def opened_here(hood_id: UUID, product_ids: Iterable[UUID]) -> list[OpenedFact]:
    """Opened containers of these products in a hood that may still be used, the soonest ending first."""
    return opened_in(hood_id, product_ids)


def opened_at(site_id: UUID) -> list[OpenedFact]:
    """Everything that stands opened at a site, its time over or not."""
    return opened_at_site(site_id)


def hood_turns(site_id: UUID) -> list[Turn]:
    """Which hoods of a site somebody has now, by the hood's name."""
    return sorted(turns_at(h.id for h in sites.hoods(site_id)).values(), key=lambda t: t.hood_name)


@dataclass(frozen=True, slots=True)
class HoodPlanFact:
    """A plan of a day at the hoods. ``left``: what found no hood, with why."""

    id: UUID
    site_id: UUID
    day: date
    state: str
    version: int
    cause: str
    method: str
    cost: int
    bound: int | None
    faults: tuple[str, ...]
    failure: str
    left: tuple[dict[str, str], ...]


def hood_plan(plan_id: UUID) -> tuple[HoodPlanFact, tuple[TurnLine, ...]]:
    """One plan at the hoods with its turns; NotFound otherwise."""
    r = fetch(HoodPlan, plan_id)
    fact = HoodPlanFact(r.id, r.site_id, r.day, r.state, r.version, r.cause, r.method, r.cost, r.bound, tuple(r.faults),
                        r.failure, tuple(r.left))
    return fact, turn_lines(r)


def dispensed(preparation_ids: Iterable[UUID]) -> dict[UUID, list[IngredientFact]]:
    """Of these preparations those that went out as their maker supplied them, each with its packages of drug."""
    rows = Preparation.objects.filter(pk__in=list(preparation_ids), work_order__method="dispense")
    return {
        id: [i for i in ingredients_of(order_id) if i.role == "drug"] for id, order_id in rows.values_list("id", "work_order_id")
    }


def solvent_ndcs(drug_code: str) -> frozenset[str]:
    """What a drug's powder may be dissolved with, by NDC."""
    return frozenset(solvents_for(drug_code).ndcs)


def preparation(preparation_id: UUID) -> PreparationFact:
    """A preparation; NotFound if it is not yours."""
    return preparation_by_id(preparation_id)


def preparations_of(work_order_id: UUID) -> list[PreparationFact]:
    """What a work order made: one preparation, or none yet."""
    return preparations_where(work_order_id=work_order_id)


def preparations_of_prescription(prescription_id: UUID) -> list[PreparationFact]:
    return preparations_where(work_order__prescription_id=prescription_id)


def preparations_of_therapy(therapy_id: UUID) -> list[PreparationFact]:
    return preparations_where(work_order__therapy_id=therapy_id)


def preparation_by_label(code: str) -> tuple[PreparationFact, int]:
    """The preparation a scanned label names, and which container of it. Malformed if it is not our label."""
    lot, number = read_label_code(code)
    return one_preparation(lot_number=lot), number


def record_pdf(work_order_id: UUID) -> bytes:
    """The worksheet of a work order, or its batch record once it is compounded, as PDF."""
    return render_record(batch_record(work_order_id))


@dataclass(frozen=True, slots=True)
class Use:
    """What stock was taken for: a work order, whose it is, and what it made, if it did already."""

    work_order_id: UUID
    number: str
    state: str
    drug_name: str
    patient_id: UUID
    preparation_id: UUID | None
    preparation_lot: str


_ORDERS = Reading(lambda among: WorkOrder.objects.filter(among("id")), "id", "number", "state", "drug_name", "patient_id")
_MADE = Reading(lambda among: Preparation.objects.filter(among("work_order_id")), "id", "work_order_id", "lot_number")


def uses(work_order_ids: Iterable[UUID]) -> list[Use]:
    """Of these ids those that are work orders, with what they made: the forward trace of a lot, in two questions at once."""
    orders, made = together((_ORDERS, _MADE), work_order_ids)
    found = {m.work_order_id: m for m in made}
    return [
        Use(o.id, o.number, o.state, o.drug_name, o.patient_id, getattr(found.get(o.id), "id", None),
            getattr(found.get(o.id), "lot_number", ""))
        for o in orders
    ]


def uses_named(text: str = "", patient_id: UUID | None = None) -> list[Use]:
    """Work orders by their number or their preparation's lot, or all of a patient: where a trace back begins."""
    rows = WorkOrder.objects.filter(patient_id=patient_id) if patient_id else WorkOrder.objects.filter(
        Q(number=text.strip().upper()) | Q(pk__in=Preparation.objects.filter(
            lot_number=text.strip().upper()).values("work_order_id")))
    return uses(rows.order_by("-made_at").values_list("id", flat=True)[:200])


def on_chart(patient_id: UUID, by: Actor) -> list[ChartRow]:
    """A patient's supplies, for the chart."""
    if not by.may("compounding.work_order.read"):
        return []
    return [
        ChartRow("Work order", r.number, shown(s := WorkOrderState(r.state)), WORK_ORDER.tone(s), work_order_fact(r).title,
                 f"/compounding/{r.id}/", r.need_by)
        for r in WorkOrder.objects.filter(patient_id=patient_id).order_by("-need_by")[:50]
    ]


def find(text: str, by: Actor) -> list[Hit]:
    """Work orders by number and preparations by lot."""
    wanted = text.strip().upper()
    if wanted.startswith("WO1*"):  # a worksheet under the scanner
        wanted = read_work_order_code(wanted)
    if len(wanted) < 3 or not by.may("compounding.work_order.read"):
        return []
    orders = WorkOrder.objects.filter(number__startswith=wanted)[:5]
    made = Preparation.objects.filter(lot_number__startswith=wanted).exclude(work_order__in=orders)[:5]
    return [
        *(Hit("Work order", f"{o.number} {o.drug_name}", o.state.replace("_", " "), f"/compounding/{o.id}/")
          for o in orders),
        *(Hit("Preparation", p.lot_number, p.limit_text, f"/compounding/{p.work_order_id}/") for p in made),
    ]


@dataclass(frozen=True, slots=True)
class MadeFact:
    """A preparation as somebody who looks for what a trouble touched needs it."""

    id: UUID
    work_order_id: UUID
    lot_number: str
    drug_name: str
    patient_id: UUID
    hood_name: str
    made_at: datetime
    beyond_use_at: datetime
    state: str


def made_in(hood_ids: Iterable[UUID], first: datetime, last: datetime) -> list[MadeFact]:
    """What was made in these hoods from an instant up to another, the earliest first."""
    made = Preparation.objects.filter(work_order__hood_id__in=list(hood_ids), made_at__gte=first, made_at__lte=last)
    return _made(made)


def made_with(lot_ids: Iterable[UUID]) -> list[MadeFact]:
    """What was made with any of these lots, out of containers opened for another preparation too; the earliest first."""
    wanted = list(lot_ids)
    used = LotCapture.objects.filter(lot_id__in=wanted).values("work_order_id")
    carried = Carry.objects.filter(opened__lot_id__in=wanted).values("work_order_id")
    return _made(Preparation.objects.filter(Q(work_order_id__in=used) | Q(work_order_id__in=carried)))


def _made(rows: QuerySet[Preparation]) -> list[MadeFact]:
    return [
        MadeFact(r.id, r.work_order_id, r.lot_number, r.work_order.drug_name, r.patient_id, r.work_order.hood_name,
                 r.made_at, r.beyond_use_at, r.work_order.state)
        for r in rows.select_related("work_order").order_by("made_at")[:2000]
    ]
