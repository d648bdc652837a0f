# SPDX-License-Identifier: Apache-2.0
"""Reads about devices: what the guards of a pump and of its program look at, care, stays."""
from __future__ import annotations

from datetime import date
from uuid import UUID

from openinfusion.inventory.domain.device import Placement as Stay
from openinfusion.inventory.domain.program import Mode, Ordered, ProgramFacts, Settings, differences, misread
from openinfusion.inventory.domain.pump import PumpFacts, PumpState
from openinfusion.inventory.models import DeviceCare, Placement, Pump, PumpProgram
from openinfusion.therapy import public as therapy

SETTINGS = ("mode", "concentration", "rate_ml_per_h", "volume_ml", "every_hours", "bolus_ml", "lockout_minutes",
            "hourly_limit_ml")


def pump_state_facts(row: Pump, today: date, due: date | None = None) -> PumpFacts:
    """What the guards look at; asks only what the state makes a question."""
    clean = checked = True
    if row.state == PumpState.CLEANING.value:
        clean = _cleaned(row)
    if row.state == PumpState.ASSIGNED.value:
        checked = PumpProgram.objects.filter(pump=row, patient=row.patient, state="checked").exists()
    return PumpFacts(
        maintenance_due_on=due or row.maintenance_due_on, today=today, is_clean=clean,
        needs_program=row.therapy_id is not None, program_is_checked=checked,
    )


def _cleaned(row: Pump) -> bool:
    """Whether a cleaning that passed is on record since the device came back; without a stay, whether there is any."""
    stay = Placement.objects.filter(pump=row).order_by("-made_at").first()
    found = DeviceCare.objects.filter(pump=row, kind="cleaning", passed=True)
    return found.filter(done_on__gte=stay.last_on).exists() if stay and stay.last_on else found.exists()


def settings_of(row: PumpProgram) -> Settings:
    return Settings(**{name: getattr(row, name) for name in SETTINGS} | {"mode": Mode(row.mode)})


def checked_program(pump_id: UUID) -> Settings | None:
    """The checked program of a pump for the patient it is with now."""
    row = PumpProgram.objects.filter(pump_id=pump_id, state="checked").select_related("pump").order_by("-checked_at").first()
    return settings_of(row) if row is not None and row.patient_id == row.pump.patient_id else None


def ordered(prescription_id: UUID) -> Ordered:
    """What the order says of a program."""
    fact = therapy.prescription(prescription_id)
    o = fact.order
    return Ordered(o.dose.amount, o.dose.unit.code, o.infusion_minutes, o.interval_hours, o.rate_ml_per_h, fact.verified)


def program_facts(row: PumpProgram, checker: UUID, seen: Settings | None = None) -> ProgramFacts:
    """What the guards of the check look at; without ``seen`` the pump was not read yet."""
    order, entered = ordered(row.prescription_id), settings_of(row)
    against = misread(entered, seen) if seen else ()
    return ProgramFacts(row.entered_by, checker, differences(entered, order), against, order.running)


def stays(patient_id: UUID, therapy_id: UUID | None = None) -> list[Stay]:
    """The stays of all devices with a patient."""
    rows = Placement.objects.filter(patient_id=patient_id, **({"therapy_id": therapy_id} if therapy_id else {}))
    return [Stay(r.first_on, r.last_on) for r in rows]
