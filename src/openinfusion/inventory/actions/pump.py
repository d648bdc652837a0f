# SPDX-License-Identifier: Apache-2.0
"""Pumps: taken in, assigned to a patient, handed over, returned, cleaned, inspected."""
from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from openinfusion.inventory import permissions
from openinfusion.inventory.domain.pump import PumpFacts
from openinfusion.inventory.models import Pump
from openinfusion.inventory.queries import today_at
from openinfusion.kernel.refusal import Fault, Malformed
from openinfusion.platform.action import action, lock
from openinfusion.platform.actor import Actor
from openinfusion.platform.advance import advance
from openinfusion.platform.journal import write

_BACK = frozenset({"return", "unassign", "find", "lose"})


@action
def receive_pump(
    *, product_id: UUID, serial: str, site_id: UUID, by: Actor, maintenance_due_on: date | None = None,
) -> UUID:
    """Take a pump in; it is inspected before it goes to a patient."""
    by.must(permissions.PUMP)
    if not serial.strip():
        raise Malformed(Fault("serial", "a pump has a serial number"))
    row = Pump.objects.create(
        product_id=product_id, serial=serial.strip().upper(), site_id=site_id, maintenance_due_on=maintenance_due_on,
    )
    write(by, "inventory.pump.receive", row, "{actor} received {subject}")
    return row.id


@action
def advance_pump(
    *, pump_id: UUID, step: str, by: Actor, reason: str = "", patient_id: UUID | None = None,
    therapy_id: UUID | None = None, maintenance_due_on: date | None = None, version: int | None = None,
) -> UUID:
    """One step of a pump's life. Assigning names patient and therapy; inspecting may set the next maintenance."""
    row = lock(Pump, pump_id, version)
    changes: dict[str, Any] = {}
    if step == "assign":
        if patient_id is None:
            raise Malformed(Fault("patient_id", "a pump is assigned to a patient"))
        row.patient_id = patient_id
        changes = {"patient": row.patient, "therapy_id": therapy_id, "last_patient_id": patient_id}
    if step in _BACK:
        changes = {"patient": None, "therapy_id": None}
    if step == "inspect" and maintenance_due_on:
        changes = {"maintenance_due_on": maintenance_due_on}
    due = maintenance_due_on or row.maintenance_due_on
    advance(row, step, PumpFacts(due, today_at(row.site_id)), by=by, reason=reason,
            patient_id=patient_id or row.patient_id, **changes)
    return row.id
