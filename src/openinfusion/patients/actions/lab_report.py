# SPDX-License-Identifier: Apache-2.0
"""A laboratory report: every value of one draw, entered together, told once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from openinfusion.kernel.quantity import shown_number
from openinfusion.kernel.refusal import Fault, Malformed
from openinfusion.patients import models
from openinfusion.patients.actions.record import not_in_future
from openinfusion.patients.actions.register import demand
from openinfusion.patients.domain.chart import LabValue
from openinfusion.patients.events import ChartChanged
from openinfusion.patients.permissions import RECORD
from openinfusion.platform.action import action, lock
from openinfusion.platform.actor import Actor
from openinfusion.platform.clock import now
from openinfusion.platform.journal import write


@action
def record_lab_report(
    *, patient_id: UUID, values: Sequence[LabValue], by: Actor, taken_at: datetime | None = None, origin: str = "typed",
) -> list[UUID]:
    """Record the values of one draw, all or none of them; the checks run once over them all."""
    demand(by, RECORD.code)
    not_in_future(taken_at, "taken_at")
    _demand_once(values)
    patient, at = lock(models.Patient, patient_id), taken_at or now()
    rows = [
        models.Lab(
            patient=patient, loinc=v.loinc.strip(), name=v.name.strip(), value=v.value, unit=v.unit.strip(), taken_at=at,
            origin=origin, recorded_by=by.id, recorded_name=by.name,
        )
        for v in values
    ]
    for row in rows:
        row.save(force_insert=True)
    said = ", ".join(f"{r.name} {shown_number(r.value)} {r.unit}" for r in rows)
    write(
        by, "patients.lab.recorded", rows[0], "{actor} recorded a laboratory report: {values}", patient_id=patient_id,
        noted={"values": said, "entries": [str(r.id) for r in rows]},
        news=[ChartChanged(patient_id=patient_id, what="lab")],
    )
    return [r.id for r in rows]


def _demand_once(values: Sequence[LabValue]) -> None:
    """A report has a value, names and measures each of them, and none twice."""
    if not values:
        raise Malformed(Fault("values", "the report holds no value: fill in at least one"))
    faults, seen = [], set()
    for n, v in enumerate(values):
        if not v.loinc.strip() or not v.name.strip() or not v.unit.strip():
            faults.append(Fault(f"values.{n}", "needs its LOINC code, its name and its unit"))
        elif v.loinc.strip() in seen:
            faults.append(Fault(f"values.{n}", f"{v.name} stands twice in the report"))
        seen.add(v.loinc.strip())
    if faults:
        raise Malformed(*faults)
