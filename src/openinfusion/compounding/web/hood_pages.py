# SPDX-License-Identifier: Apache-2.0
"""What the pages of the bench receive: the hood's screen, the second look, the record of a preparation, opened containers."""
from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.urls import reverse

from openinfusion.compounding import permissions
from openinfusion.compounding.actions.scan import Shelf
from openinfusion.compounding.domain.bench import look_reasons
from openinfusion.compounding.domain.bench_step import Proof
from openinfusion.compounding.domain.hood_turn import Turn
from openinfusion.compounding.domain.opened import opened_code
from openinfusion.compounding.models import WorkOrder
from openinfusion.compounding.queries import (
    DoneFact,
    OpenedFact,
    StepFact,
    WorkOrderFact,
    fetched,
    ingredients_of,
    opened_in,
    progress_of,
    reports_of,
    site_zone,
    steps_of,
    work_order_fact,
)
from openinfusion.compounding.queries.hood_turn import hood_reasons, turns_at
from openinfusion.compounding.web.turn_pages import turn_acts
from openinfusion.kernel.quantity import shown_number
from openinfusion.kernel.refusal import Reason, Refused
from openinfusion.patients import public as patients
from openinfusion.patients.public import Banner
from openinfusion.platform.actor import Actor
from openinfusion.platform.clock import now
from openinfusion.platform.ui.parts import Act

WASTE_REASONS = ("its time is over", "particles or haze", "dropped or touched", "wrong volume drawn", "spilled")
PACKAGE_REASONS = ("dropped or broken", "particles or haze", "seal or cap damaged", "label cannot be read")
NEAR_MISSES = ("nearly took the wrong product", "nearly drew a wrong volume", "label hard to read", "look-alike packages",
               "interrupted while drawing")


@dataclass(frozen=True, slots=True)
class Closed:
    """Packages of a lot that stand closed in the hood."""

    lot_id: UUID
    name: str
    lot: str
    packages: int


@dataclass(frozen=True, slots=True)
class HoodPage:
    order: WorkOrderFact
    patient: str
    data: dict[str, Any]  # what the screen works with, also without a network
    opened: tuple[OpenedFact, ...]
    closed: tuple[Closed, ...]
    waste_reasons: tuple[str, ...]
    package_reasons: tuple[str, ...]
    near_misses: tuple[str, ...]
    zone: str
    turn: Turn | None  # whoever has the hood
    taken: tuple[Reason, ...]  # why this person may not work at it now
    acts: tuple[Act, ...]  # how it comes free


def hood_page(work_order_id: UUID, by: Actor) -> HoodPage:
    """The screen at the hood, for whoever may compound; Refused before the work has begun there."""
    row = fetched(work_order_id)
    steps = steps_of(row.id)
    if not steps:
        raise Refused(Reason("not-in-hood", "this work order is not in a hood", "start it in the hood first"))
    here = opened_in(row.hood_id, {s.step.product_id for s in steps if s.step.product_id}) if row.hood_id else []
    person = patients.patient(row.patient_id)
    turn = turns_at([row.hood_id]).get(row.hood_id) if row.hood_id else None
    taken = tuple(hood_reasons(row, row.hood_id, by.id)) if row.state == "in_compounding" else ()
    return HoodPage(
        work_order_fact(row), person.name, _data(row, steps, here, by), tuple(here), _closed(row, steps), WASTE_REASONS,
        PACKAGE_REASONS, NEAR_MISSES, site_zone(row.site_id), turn, taken, turn_acts(turn, by) if turn else (),
    )


def _closed(row: WorkOrder, steps: list[StepFact]) -> tuple[Closed, ...]:
    """What could be dropped or broken unopened."""
    if row.state != "in_compounding":
        return ()
    shelf, names = Shelf.of(row, steps), {u.lot_id: line.name for line in ingredients_of(row.id) for u in line.lots}
    return tuple(Closed(id, names[id], shelf.lot(id).number, n) for id, n in shelf.unopened().items())


def _data(row: WorkOrder, steps: list[StepFact], here: list[OpenedFact], by: Actor) -> dict[str, Any]:
    at = progress_of(row, steps)
    stop = next((r for r in reports_of(row.id) if r.stopping), None)
    codes: dict[UUID, list[list[str]]] = {}
    for line in ingredients_of(row.id):
        codes[line.id] = [[line.gtin, use.number] for use in line.lots]
    return {
        "id": str(row.id), "mine": by.id == row.compounded_by and row.state == "in_compounding", "done": at.done,
        "waiting": at.waiting, "stopped": at.stopped, "stop": str(stop.id) if stop else "", "now": now().isoformat(),
        "compounder": row.compounder_name, "state": row.state, "back": reverse("compounding:work_order", args=[row.id]),
        "steps": [_step(s, codes, here, row) for s in steps],
    }


def _step(s: StepFact, codes: dict[UUID, list[list[str]]], here: list[OpenedFact], row: WorkOrder) -> dict[str, Any]:
    step = s.step
    wanted = step.asks is Proof.SCAN and step.ingredient_id
    return {
        "kind": step.kind.value, "asks": step.asks.value, "text": step.text, "container": step.container, "look": step.look,
        "figure": f"{shown_number(step.volume_ml)} mL" if step.volume_ml is not None and step.asks is not Proof.SCAN else "",
        "weight": _between(step.low_g, step.high_g),
        "codes": codes.get(step.ingredient_id, []) if wanted and step.ingredient_id else [],
        "offer": _offer(s, here) if wanted else None, "stands": s.stands,
    }


def _offer(s: StepFact, here: list[OpenedFact]) -> dict[str, str] | None:
    """The opened container that covers this step's share and whose time ends first."""
    need = s.step.volume_ml
    fits = [o for o in here if need and o.product_id == s.step.product_id and o.left_ml >= need]
    if not fits:
        return None
    o = fits[0]
    text = f"{shown_number(o.left_ml)} mL left, lot {o.lot}"
    return {"code": opened_code(o.id), "text": text, "until": o.good_until.isoformat()}


def _between(low: Decimal | None, high: Decimal | None) -> str:
    return f"{shown_number(low)} to {shown_number(high)} g" if low is not None and high is not None else ""


@dataclass(frozen=True, slots=True)
class LookPage:
    order: WorkOrderFact
    banner: Banner
    step: StepFact | None
    done: DoneFact | None
    together: tuple[StepFact, ...]  # what was drawn for the same container, to be looked at with it
    acts: tuple[Act, ...]
    zone: str


def look_page(work_order_id: UUID, by: Actor) -> LookPage:
    """The step that waits for another person, with its figures; nothing where none waits."""
    row = fetched(work_order_id)
    steps = steps_of(row.id)
    step = next((s for s in steps if s.waits), None)
    together: tuple[StepFact, ...] = ()
    acts: tuple[Act, ...] = ()
    if step and step.done:
        kind, of = step.step.kind, step.step.container
        together = tuple(s for s in steps if s.step.container == of and s.step.kind == kind and s.stands)
        against = tuple(str(r) for r in look_reasons(step.done.by, by.id, looked=False))
        acts = (
            Act("accept", "It is right", reverse("compounding:look_give", args=[row.id, step.step.place, "accept"]), "ok",
                reasons=against),
            Act("refuse", "It is not right", reverse("compounding:look_give", args=[row.id, step.step.place, "refuse"]), "crit",
                needs_reason=True, reasons=against),
        ) if by.may(permissions.CHECK.code) else ()
    return LookPage(work_order_fact(row), patients.banner(row.patient_id), step, step.done if step else None, together, acts,
                    site_zone(row.site_id))


