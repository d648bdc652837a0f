# SPDX-License-Identifier: Apache-2.0
"""Every step of a work order after planning: each takes its facts, is decided by the machine, and leaves its traces."""
from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from openinfusion.compounding.actions.hood import lay_out
from openinfusion.compounding.actions.hood_turn import end_turn_if_done, take_turn
from openinfusion.compounding.actions.opened import return_unopened
from openinfusion.compounding.domain.beyond_use import (
    BeyondUse,
    BeyondUseFacts,
    Component,
    Storage,
    as_supplied,
    beyond_use,
)
from openinfusion.compounding.domain.label import short_code
from openinfusion.compounding.domain.work_order import UNMADE, WorkOrderState
from openinfusion.compounding.events import PreparationRecalled, PreparationReleased
from openinfusion.compounding.models import Carry, LotCapture, Preparation, WorkOrder
from openinfusion.compounding.queries import site_zone, work_order_facts
from openinfusion.inventory import public as inventory
from openinfusion.kernel.news import News
from openinfusion.kernel.refusal import Broken, NotFound
from openinfusion.platform.action import action, lock
from openinfusion.platform.actor import Actor
from openinfusion.platform.advance import advance
from openinfusion.platform.clock import now
from openinfusion.sites import public as sites
from openinfusion.therapy import public as therapy


@action
def advance_work_order(
    *, work_order_id: UUID, step: str, by: Actor, reason: str = "", hood_id: UUID | None = None,
    version: int | None = None,
) -> UUID:
    """One step. Starting names the hood; finishing dates the preparation; dispensing tells the house."""
    row = lock(WorkOrder, work_order_id, version)
    changes = _CHANGES[step](row, by, hood_id) if step in _CHANGES else {}
    before = WorkOrderState(row.state)
    advance(
        row, step, work_order_facts(row, by, hood_id), by=by, reason=reason, news=_news(row, step),
        noted={"hood": changes.get("hood_name", row.hood_name) or "no hood"}, **changes,
    )
    if step in _AFTER:
        _AFTER[step](row, by, before)
    return row.id


def _starting(row: WorkOrder, by: Actor, hood_id: UUID | None) -> dict[str, Any]:
    found: dict[str, Any] = {"compounded_by": by.id, "compounder_name": by.name}
    if hood_id is not None:
        names = {h.id: h.name for h in sites.hoods(row.site_id)}
        if hood_id not in names:
            raise NotFound(f"hood {hood_id} at this site")
        found |= {"hood_id": hood_id, "hood_name": names[hood_id]}
    return found


_CHANGES: dict[str, Callable[[WorkOrder, Actor, UUID | None], dict[str, Any]]] = {
    "stage": lambda row, by, hood: {"staged_by": by.id},
    "pre_check": lambda row, by, hood: {"pre_checked_by": by.id},
    "start": _starting,
    "finish": lambda row, by, hood: {"compounded_at": now()},
    "verify": lambda row, by, hood: {"verified_by": by.id, "verifier_name": by.name},
    "dispense": lambda row, by, hood: {"dispensed_by": by.id},
}


def _issue(row: WorkOrder, by: Actor, before: WorkOrderState) -> None:
    """The hood is the person's, the packages leave the shelf, and the steps to do there are laid out."""
    take_turn(row, by)
    inventory.issue(for_id=row.id, by=by, reason=f"compounding of {row.number}")
    lay_out(row)


def _date(row: WorkOrder, by: Actor, before: WorkOrderState) -> None:
    """The preparation exists from now on, with its beyond-use date and the limit that set it; what stayed closed goes back."""
    return_unopened(row, by)
    end_turn_if_done(row, by)
    made_at = row.compounded_at or now()
    found = dated(row, made_at)
    Preparation.objects.create(
        work_order=row, patient_id=row.patient_id, lot_number=short_code(row.id), containers=row.doses, 
        made_at=made_at,
        beyond_use_at=found.at, limit_name=found.limit.name, limit_text=found.limit.text,
        considered=[{"name": x.name, "text": x.text, "at": x.at.isoformat()} for x in found.considered],
    )


def dated(row: WorkOrder, made_at: datetime) -> BeyondUse:
    """The beyond-use date of what this work order makes at this instant."""
    zone = site_zone(row.site_id)
    components = tuple(
        Component(name=f"{c.ingredient.name} lot {c.lot_number}", expires_on=c.expires_on)
        for c in LotCapture.objects.filter(work_order=row).select_related("ingredient")
    ) + tuple(
        Component(name=f"{c.opened.name} lot {c.opened.lot_number}", expires_on=c.opened.lot_expires_on)
        for c in Carry.objects.filter(work_order=row).select_related("opened")
    )
    if row.method == "dispense":
        return as_supplied(components, zone)
    if row.hood_id is None:
        raise Broken(f"{row} was compounded in no hood")
    facility = sites.facility_state(row.hood_id, made_at)
    return beyond_use(BeyondUseFacts(
        made_at=made_at, zone=zone, category=row.category, storage=Storage(row.storage),
        stability_hours=row.stability_hours, stability_source=row.stability_source, components=components,
        facility_category_limit=1 if facility.downgraded else None, facility_why=facility.why,
    ))


def _dispense(row: WorkOrder, by: Actor, before: WorkOrderState) -> None:
    Preparation.objects.filter(work_order=row).update(released_at=now())
    if therapy.prescription(row.prescription_id).state == "clinically_verified":
        therapy.activate_prescription(prescription_id=row.prescription_id, by=by)


def _give_back(row: WorkOrder, by: Actor, before: WorkOrderState) -> None:
    """What was held for a cancelled order is free again."""
    if before in UNMADE and any(a.quantity for a in inventory.allocations(row.id)):
        inventory.release_reservation(for_id=row.id, by=by)


def _set_apart(row: WorkOrder, by: Actor, before: WorkOrderState) -> None:
    """What is quarantined out of the hood is not begun there any more."""
    if before is WorkOrderState.IN_COMPOUNDING:
        end_turn_if_done(row, by)


_AFTER: dict[str, Callable[[WorkOrder, Actor, WorkOrderState], None]] = {
    "start": _issue, "finish": _date, "dispense": _dispense, "cancel": _give_back, "quarantine": _set_apart,
}


def _news(row: WorkOrder, step: str) -> list[News]:
    if step not in ("dispense", "recall"):
        return []
    preparation = Preparation.objects.filter(work_order=row).first()
    if preparation is None:
        return []
    if step == "recall":
        return [PreparationRecalled(
            preparation_id=preparation.id, work_order_id=row.id, therapy_id=row.therapy_id, patient_id=row.patient_id)]
    return [PreparationReleased(
        preparation_id=preparation.id, work_order_id=row.id, prescription_id=row.prescription_id,
        therapy_id=row.therapy_id, site_id=row.site_id, patient_id=row.patient_id)]
