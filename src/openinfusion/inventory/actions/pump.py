# SPDX-License-Identifier: Apache-2.0
"""Devices: taken in, assigned, programmed and checked, handed over, returned, cleaned, maintained."""
from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from openinfusion.catalog import public as catalog
from openinfusion.inventory import permissions
from openinfusion.inventory.domain.device import Care, CareKind
from openinfusion.inventory.domain.device import maintenance_due_on as next_maintenance_on
from openinfusion.inventory.domain.program import ProgramFacts, Settings
from openinfusion.inventory.models import DeviceCare, Placement, Pump, PumpProgram
from openinfusion.inventory.queries import today_at
from openinfusion.inventory.queries.device import SETTINGS, program_facts, pump_state_facts
from openinfusion.kernel.refusal import Fault, Malformed, Reason, Refused
from openinfusion.platform.action import action, lock
from openinfusion.platform.actor import Actor
from openinfusion.platform.advance import advance
from openinfusion.platform.clock import now
from openinfusion.platform.journal import write
from openinfusion.therapy import public as therapy

_BACK = frozenset({"return", "unassign", "find", "lose", "take_in"})


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
    """One step of a device's life. Assigning names patient and therapy; inspecting may set the next maintenance.

    From handing over to coming back it is a stay with the patient, whose days are billed.
    """
    row = lock(Pump, pump_id, version)
    changes: dict[str, Any] = {}
    if step == "assign":
        if patient_id is None:
            raise Malformed(Fault("patient_id", "a pump is assigned to a patient"))
        if therapy_id and therapy.therapy(therapy_id).patient_id != patient_id:
            raise Malformed(Fault("therapy_id", "this therapy is another patient's"))
        row.patient_id = patient_id
        changes = {"patient": row.patient, "therapy_id": therapy_id, "last_patient_id": patient_id}
    if step in _BACK:
        changes = {"patient": None, "therapy_id": None}
    if step == "inspect" and maintenance_due_on:
        changes = {"maintenance_due_on": maintenance_due_on}
    facts = pump_state_facts(row, today_at(row.site_id), maintenance_due_on)
    stay = (row.patient_id, row.therapy_id)
    advance(row, step, facts, by=by, reason=reason, patient_id=patient_id or stay[0], **changes)
    _keep_stay(row, step, stay)
    return row.id


def _keep_stay(row: Pump, step: str, stay: tuple[UUID | None, UUID | None]) -> None:
    """Begin or end the stay; a lost device's stay ends with the day it is reported. Its program ends when it is given back."""
    today = today_at(row.site_id)
    if step == "hand_over":
        Placement.objects.create(pump=row, first_on=today, patient_id=stay[0], therapy_id=stay[1])  # type: ignore[misc]
    if step in _BACK:
        for place in Placement.objects.filter(pump=row, last_on__isnull=True):
            place.last_on = max(today, place.first_on)
            place.save(update_fields=["last_on"])


@action
def record_care(*, pump_id: UUID, care: Care, by: Actor) -> UUID:
    """A cleaning, a maintenance or a repair. Maintenance that passed sets when it is next due, by the product's row."""
    by.must(permissions.PUMP)
    row = lock(Pump, pump_id)
    care.must_be_sound(today_at(row.site_id))
    due = None
    if care.kind is CareKind.MAINTENANCE and care.passed:
        product = catalog.product(row.product_id)
        due = next_maintenance_on(f"{product.name} {product.form}", care.done_on)
        row.maintenance_due_on = due
        row.save(update_fields=["maintenance_due_on"])
    made = DeviceCare.objects.create(
        pump=row, kind=care.kind.value, done_on=care.done_on, how=care.how.strip(), passed=care.passed, next_due_on=due,
        done_by=by.id, doer_name=by.name,
    )
    write(by, f"inventory.pump.{care.kind.value}", row, "{actor} recorded a {kind} of {subject}: {how}{failed}",
          noted={"kind": care.kind.value, "how": care.how.strip(), "failed": "" if care.passed else ", not passed"})
    return made.id


@action
def enter_program(*, pump_id: UUID, prescription_id: UUID, settings: Settings, by: Actor) -> UUID:
    """What a pump was set to for an order of the patient it is assigned to; an earlier program is replaced."""
    by.must(permissions.PROGRAM)
    settings.must_be_sound()
    row = lock(Pump, pump_id)
    order = therapy.prescription(prescription_id)
    if row.patient_id is None or row.patient_id != order.patient_id:
        raise Refused(Reason("other-patient", f"{row} is not assigned to the patient of this order", "assign it first"))
    for before in PumpProgram.objects.filter(pump=row).exclude(state="replaced"):
        advance(before, "replace", ProgramFacts(), by=by)
    made = PumpProgram.objects.create(
        pump=row, prescription_id=order.id, patient_id=order.patient_id, mode=settings.mode.value,
        **{name: getattr(settings, name) for name in SETTINGS if name != "mode"}, entered_by=by.id, enterer_name=by.name,
    )
    write(by, "inventory.program.enter", made, "{actor} entered {subject}", patient_id=order.patient_id, to_state=made.state,
          noted={"prescription": order.number, "rate_ml_per_h": settings.rate_ml_per_h, "mode": settings.mode.value})
    return made.id


@action
def check_program(*, program_id: UUID, seen: Settings, by: Actor, version: int | None = None) -> UUID:
    """Another person reads the settings off the pump; they must be those entered and those of the order. Else: Refused."""
    row = lock(PumpProgram, program_id, version)
    facts = program_facts(row, by.id, seen)
    advance(row, "check", facts, by=by, patient_id=row.patient_id, checked_by=by.id, checker_name=by.name, checked_at=now())
    return row.id
