# SPDX-License-Identifier: Apache-2.0
"""What comes back: asked for, collected, and received into the device's return, stock or quarantine by inventory's doors."""
from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from openinfusion.delivery.actions.stop import end_stop_of_return
from openinfusion.delivery.domain.coming_back import Disposition, ReturnFacts, ReturnKind
from openinfusion.delivery.models import ComingBack
from openinfusion.delivery.permissions import OPEN
from openinfusion.inventory import public as inventory
from openinfusion.kernel.refusal import Fault, Malformed, Reason, Refused
from openinfusion.patients import public as patients
from openinfusion.platform.action import action, lock
from openinfusion.platform.actor import Actor
from openinfusion.platform.advance import advance
from openinfusion.platform.clock import now
from openinfusion.platform.journal import write


@action
def ask_back(
    *, patient_id: UUID, site_id: UUID, kind: ReturnKind, wanted_on: date, by: Actor, text: str = "", quantity: int = 1,
    pump_id: UUID | None = None, ticket_id: UUID | None = None, note: str = "",
) -> UUID:
    """Ask for something to be picked up at a patient's: a device by its record, or anything else in words."""
    by.must(OPEN)
    patients.patient(patient_id)
    if (kind is ReturnKind.DEVICE) != (pump_id is not None):
        raise Malformed(Fault("What", "name the device, and only where a device comes back"))
    if pump_id is not None:
        device = inventory.pump(pump_id)
        if device.patient_id != patient_id:
            raise Refused(Reason("not-there", f"device {device.serial} is not with this patient"))
        if ComingBack.objects.filter(pump_id=pump_id, state__in=("asked", "collected")).exists():
            raise Refused(Reason("asked-already", f"device {device.serial} is asked for already"))
        text = text.strip() or f"device {device.serial}"
        if device.state == "at_patient":
            inventory.advance_pump(pump_id=pump_id, step="call_back", by=by)
    if not text.strip() or quantity < 1:
        raise Malformed(Fault("What", "say what comes back, and how many"))
    row = ComingBack.objects.create(
        patient_id=patient_id, site_id=site_id, ticket_id=ticket_id, kind=kind.value, text=text.strip(), quantity=quantity,
        pump_id=pump_id, wanted_on=wanted_on, note=note.strip(),
    )
    write(by, "delivery.return.ask", row, "{actor} asked for {subject} to be picked up on {day}", noted={"day": wanted_on})
    return row.id


@action
def advance_return(
    *, return_id: UUID, step: str, by: Actor, reason: str = "", disposition: Disposition | None = None,
    version: int | None = None,
) -> UUID:
    """Collect it, say that it was not given, or receive it: where it goes is done at once in stock and devices."""
    row = lock(ComingBack, return_id, version)
    facts = ReturnFacts(ReturnKind(row.kind), row.left_home, disposition)
    changes: dict[str, Any] = {}
    if step == "collect":
        changes = {"collected_at": now()}
    if step == "receive" and disposition is not None:
        changes = {"received_at": now(), "disposition": disposition.value}
    words = disposition.value.replace("_", " ") if disposition else ""
    advance(row, step, facts, by=by, reason=reason, patient_id=row.patient_id, noted={"disposition": words}, **changes)
    if step == "receive" and disposition is not None:
        _put_away(row, disposition, reason, by)
    if step in {"collect", "miss"}:
        end_stop_of_return(row, "collected" if step == "collect" else f"not given: {reason.strip()}", by)
    return row.id


def _put_away(row: ComingBack, disposition: Disposition, reason: str, by: Actor) -> None:
    if disposition is Disposition.DEVICE_RETURNED and row.pump_id is not None:
        inventory.advance_pump(pump_id=row.pump_id, step="return", by=by)  # from there its own care begins
    to_stock = disposition in {Disposition.STOCK, Disposition.QUARANTINE}
    if row.kind == ReturnKind.SUPPLY.value and row.ticket_id is not None and to_stock:
        _take_supply(row, row.ticket_id, disposition, by)


def _take_supply(row: ComingBack, for_id: UUID, disposition: Disposition, by: Actor) -> None:
    """Packages that only rode in the van go back: to where they were taken from, or to the site's quarantine place."""
    left, line = Decimal(row.quantity), row.line
    quarantine = next((p for p in inventory.locations(row.site_id) if p.kind == inventory.PlaceKind.QUARANTINE), None)
    if disposition is Disposition.QUARANTINE and quarantine is None:
        raise Refused(Reason("no-quarantine", "this site has no quarantine place in stock", "open one under Stock, Places"))
    for held in inventory.allocations(for_id):
        if line is None or held.product_id != line.product_id or left <= 0:
            continue
        part = min(left, held.issued)
        to = quarantine.id if disposition is Disposition.QUARANTINE and quarantine else held.location_id
        inventory.return_stock(lot_id=held.lot_id, location_id=to, quantity=part, reason="not handed over", by=by,
                               for_id=for_id)
        left -= part
    if left > 0:
        raise Refused(Reason("not-issued", f"{left} of {row.text} were never issued for this delivery"))
