# SPDX-License-Identifier: Apache-2.0
"""What waits for somebody in the inventory room, and what a search finds there."""
from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db.models import Q

from openinfusion.inventory.domain.lot import LOT, LotState
from openinfusion.inventory.domain.near_expiry import near_expiry_until
from openinfusion.inventory.domain.pump import PUMP, PumpState
from openinfusion.inventory.models import (
    ControlledAct,
    CountSheet,
    Discrepancy,
    Lot,
    OnHand,
    Pump,
    PumpProgram,
    PurchaseOrder,
    RecallCase,
    Substitute,
    Supplier,
    Suspect,
    Transfer,
)
from openinfusion.kernel.machine import shown
from openinfusion.kernel.quantity import shown_number
from openinfusion.kernel.roles import Role
from openinfusion.kernel.waiting import EVERYTHING, Ask, Hit, Waited, Waiting
from openinfusion.platform.actor import Actor
from openinfusion.platform.clock import now
from openinfusion.platform.house_day import house_today
from openinfusion.platform.queue import waited, whose_turn

# model, the noun people use, where it opens, the column it is due by, what is joined, what may not have been done by oneself
_KINDS: tuple[tuple[Any, str, str, str, tuple[str, ...], str], ...] = (
    (Transfer, "Transfer", "/inventory/transfers/{id}/", "", ("from_location", "to_location"), ""),
    (CountSheet, "Count", "/inventory/counts/{id}/", "", ("location",), ""),
    (ControlledAct, "Witness", "/inventory/vault/{id}/", "", ("lot__product",), "entered_by"),
    (Discrepancy, "Discrepancy", "/inventory/discrepancies/{id}/", "late_at", ("lot__product",), ""),
    (Suspect, "Suspect product", "/inventory/suspects/{id}/", "notify_by", ("lot__product",), ""),
    (RecallCase, "Recall", "/inventory/recalls/{id}/", "", (), ""),
    (PurchaseOrder, "Purchase order", "/inventory/orders/{id}/", "", ("supplier",), ""),
    (Substitute, "Substitute", "/inventory/shortages/", "", ("product", "instead"), "proposed_by"),
    (PumpProgram, "Pump program", "/inventory/pumps/{pump_id}/", "", ("pump",), "entered_by"),
)


def waiting(by: Actor, ask: Ask = EVERYTHING) -> Waited:
    """Lots that wait for a decision or near their expiry, and pumps that wait for a hand."""
    stopped = [s for s in whose_turn(LOT, ask) if s in ("quarantined", "recalled")]
    held = Lot.objects.filter(state__in=stopped).select_related("product")
    found = waited(held, ask, kind="Lot", make=_lots_waiting)
    if ask.has(Role.BUYER.value):
        near = OnHand.objects.filter(
            on_hand_amount__gt=0, lot__state="available", lot__expires_on__lte=near_expiry_until(house_today()),
        ).select_related("lot__product", "location")
        found += waited(near, ask, kind="Lot", since="lot__expires_on", make=_expiring)
    idle = Pump.objects.filter(state__in=whose_turn(PUMP, ask))
    found += waited(idle, ask, kind="Pump", since="serial", make=_pumps_waiting)
    if ask.has(Role.WAREHOUSE.value):
        due_now = Pump.objects.filter(state="available", maintenance_due_on__lte=house_today())
        found += waited(due_now, ask, kind="Maintenance due", since="maintenance_due_on", make=_maintenance_waiting)
    for model, kind, url, due, joined, own in _KINDS:
        if turns := whose_turn(model.machine, ask):
            rows = model.objects.filter(state__in=turns)
            rows = rows.select_related(*joined) if joined else rows
            rows = rows.exclude(**{own: by.id}) if own else rows
            late = Q(**{f"{due}__lt": now()}) if due else None
            found += waited(rows, ask, kind=kind, due=due, late=late, make=_maker(kind, url, due))
    return found


def _maker(kind: str, url: str, due: str) -> Callable[[list[Any]], list[Waiting]]:
    """How rows of one kind are shown: every one of them walks a machine and says what it is."""
    def make(rows: list[Any]) -> list[Waiting]:
        return [_waiting(r, kind, url, getattr(r, due) if due else None) for r in rows]
    return make


def _waiting(row: Any, kind: str, url: str, due_at: datetime | None) -> Waiting:
    state = type(row.machine.initial)(row.state)
    return Waiting("inventory", kind, row.id, _title(row), "", shown(state), row.machine.tone(state), row.machine.owner(state),
                   row.made_at, url.format(id=row.id, pump_id=getattr(row, "pump_id", "")), due_at=due_at)


def _title(row: Any) -> str:
    """What it is in one line: the row's own words, with the product, the place or the partner."""
    if isinstance(row, PurchaseOrder):
        return f"{row} to {row.supplier}"
    if isinstance(row, RecallCase):
        return f"{row}: {row.title}"
    if isinstance(row, Transfer):
        return f"{row} from {row.from_location} to {row.to_location}"
    if isinstance(row, CountSheet):
        return f"{row} of {row.location}"
    if isinstance(row, ControlledAct | Discrepancy | Suspect):
        return f"{row}, {row.lot.product}"
    return str(row)


def _lots_waiting(rows: list[Lot]) -> list[Waiting]:
    return [
        Waiting("inventory", "Lot", r.id, f"{r.product.name}, lot {r.number}", "", shown(s := LotState(r.state)),
                LOT.tone(s), LOT.owner(s), r.made_at, f"/inventory/lots/{r.id}/")
        for r in rows
    ]


def _expiring(rows: list[OnHand]) -> list[Waiting]:
    today = house_today()
    return [
        Waiting("inventory", "Lot", r.lot_id,
                f"{shown_number(r.on_hand_amount)} of {r.lot.product.name}, lot {r.lot.number}, {r.location}", "",
                "expired" if r.lot.expires_on < today else f"expires {r.lot.expires_on:%d-%b-%Y}",
                "crit" if r.lot.expires_on < today else "warn", "buyer", r.lot.made_at, f"/inventory/lots/{r.lot_id}/")
        for r in rows
    ]


def _maintenance_waiting(rows: list[Pump]) -> list[Waiting]:
    return [
        Waiting("inventory", "Maintenance due", r.id, f"{r}: maintenance due {r.maintenance_due_on:%d-%b-%Y}", "", "due", "warn",
                Role.WAREHOUSE.value, r.made_at, f"/inventory/pumps/{r.id}/", missing=("maintenance",))
        for r in rows
    ]


def _pumps_waiting(rows: list[Pump]) -> list[Waiting]:
    return [
        Waiting("inventory", "Pump", r.id, f"pump {r.serial}", "", shown(s := PumpState(r.state)), PUMP.tone(s),
                PUMP.owner(s), r.made_at, f"/inventory/pumps/{r.id}/")
        for r in rows
    ]


def find(text: str, by: Actor) -> list[Hit]:
    """Lots, devices, purchase orders, recalls and transfers by number, suppliers by name."""
    wanted = text.strip().upper()
    if len(wanted) < 3 or not by.may("inventory.stock.read"):
        return []
    lots = Lot.objects.filter(number__startswith=wanted).select_related("product")[:8]
    found = [Hit("Lot", f"{r.product.name}, lot {r.number}", f"{r.state}, expires {r.expires_on:%d-%b-%Y}",
                 f"/inventory/lots/{r.id}/") for r in lots]
    found += [Hit("Device", f"{p.product.name} {p.serial}", p.state.replace("_", " "), f"/inventory/pumps/{p.id}/")
              for p in Pump.objects.filter(serial__startswith=wanted).select_related("product")[:5]]
    for model, kind, path in ((PurchaseOrder, "Purchase order", "orders"), (RecallCase, "Recall", "recalls"),
                              (Transfer, "Transfer", "transfers")):
        found += [Hit(kind, str(r), r.state.replace("_", " "), f"/inventory/{path}/{r.id}/")
                  for r in model.objects.filter(number__startswith=wanted)[:5]]
    found += [Hit("Supplier", s.name, s.code, f"/inventory/suppliers/{s.id}/")
              for s in Supplier.objects.filter(name__icontains=text.strip())[:5]]
    return found
