# SPDX-License-Identifier: Apache-2.0
"""The prescription of a line of a cycle: made from the regimen with the dose as ordered, or joined to it."""
from __future__ import annotations

from datetime import date, time
from uuid import UUID

from openinfusion.catalog import public as catalog
from openinfusion.kernel.quantity import Quantity
from openinfusion.kernel.refusal import NotFound, Reason, Refused
from openinfusion.platform.action import action, fetch, lock
from openinfusion.platform.actor import Actor
from openinfusion.platform.journal import write
from openinfusion.therapy import permissions
from openinfusion.therapy.actions.transcribe import transcribe_prescription
from openinfusion.therapy.domain.cycle import ENDED, CycleState, day_of
from openinfusion.therapy.domain.order import PrescriptionOrder
from openinfusion.therapy.domain.regimen_dose import WorkedDose, worked_dose
from openinfusion.therapy.models import CycleOrder, Prescription, RegimenCourse, RegimenCycle, Therapy
from openinfusion.therapy.queries.regimens import bodies

_MORNING = time(8)


def line_order(
    cycle: RegimenCycle, line: catalog.RegimenLine, therapy: Therapy, regimen: catalog.Regimen, dose: Quantity,
    prescriber: str, ordered_on: date | None,
) -> PrescriptionOrder:
    """A line as an order: its days evenly apart as they are in the regimen, each dose in the morning."""
    gaps = {b - a for a, b in zip(line.days, line.days[1:], strict=False)}
    every = min(gaps) if gaps else 1
    return PrescriptionOrder(
        drug_code=line.drug_code, dose=dose, route=line.route, start_on=day_of(cycle.day1_on, line.days[0]),
        days=line.days[-1] - line.days[0] + 1, clock_times=(_MORNING,), every_days=every, infusion_minutes=line.minutes,
        doses=len(line.days), diagnosis=therapy.diagnosis, prescriber_name=prescriber or therapy.prescriber_name,
        prescriber_npi=therapy.prescriber_npi if not prescriber or prescriber == therapy.prescriber_name else "",
        ordered_on=ordered_on,
        instructions=f"{regimen.name} cycle {cycle.number}, day {', '.join(map(str, line.days))}. {line.text}".strip(),
    )


@action
def order_line(
    *, cycle_id: UUID, line_number: int, dose: Quantity, by: Actor, prescriber: str = "", ordered_on: date | None = None,
) -> UUID:
    """Transcribe the order of a line with the dose the prescriber wrote, and join it; the prescription's id."""
    by.must(permissions.REGIMEN)
    course, cycle, line = _open_line(cycle_id, line_number)
    regimen = catalog.regimen(course.regimen_code, course.edition)
    therapy = fetch(Therapy, course.therapy_id)
    made = transcribe_prescription(
        therapy_id=therapy.id, order=line_order(cycle, line, therapy, regimen, dose, prescriber, ordered_on), by=by)
    _join(cycle, line, fetch(Prescription, made), by)
    return made


@action
def join_order(*, cycle_id: UUID, line_number: int, prescription_id: UUID, by: Actor) -> UUID:
    """Join an order that stands to a line of a cycle; Refused where drug, route or patient are others."""
    by.must(permissions.REGIMEN)
    _, cycle, line = _open_line(cycle_id, line_number)
    order = fetch(Prescription, prescription_id)
    if order.patient_id != cycle.patient_id:
        raise NotFound(f"prescription {prescription_id}")
    if (order.drug_code, order.route) != (line.drug_code, line.route):
        raise Refused(Reason("other-drug", f"{order} is not {line.drug_code} {line.route}", "choose the order of this line"))
    return _join(cycle, line, order, by)


def _open_line(cycle_id: UUID, line_number: int) -> tuple[RegimenCourse, RegimenCycle, catalog.RegimenLine]:
    course = lock(RegimenCourse, fetch(RegimenCycle, cycle_id).course_id)
    cycle = lock(RegimenCycle, cycle_id)
    if CycleState(cycle.state) in ENDED:
        raise Refused(Reason("cycle-ended", f"{cycle} is {cycle.state}", "join the order to an open cycle"))
    line = catalog.regimen(course.regimen_code, course.edition).line(line_number)
    if line is None:
        raise NotFound(f"line {line_number} of {course}")
    return course, cycle, line


def _join(cycle: RegimenCycle, line: catalog.RegimenLine, order: Prescription, by: Actor) -> UUID:
    worked, why_not = _worked(cycle, line)
    before = CycleOrder.objects.filter(cycle=cycle, line_number=line.number).select_related("prescription").first()
    if before is not None and _still_open(before.prescription_number):
        raise Refused(Reason("line-ordered", f"this line has the order {before.prescription_number}", "discontinue it first"))
    if CycleOrder.objects.filter(prescription_number=order.number).exclude(cycle=cycle, line_number=line.number).exists():
        raise Refused(Reason("order-joined", f"{order} already belongs to a cycle"))
    row = before or CycleOrder(cycle=cycle, patient_id=cycle.patient_id, line_number=line.number)
    row.prescription, row.prescription_number = order, order.number
    row.calculated_amount = worked.dose.amount if worked else None
    row.calculated_unit = line.dose.unit.code
    row.inputs = [list(pair) for pair in worked.inputs] if worked else [["cannot be worked out", why_not]]
    row.save()
    write(by, "therapy.cycle.order", row, "{actor} joined {subject} to {cycle}: worked out {worked}, ordered {ordered}",
          noted={"cycle": str(cycle), "worked": str(worked.dose) if worked else why_not,
                 "ordered": f"{order.dose_amount.normalize():f} {order.dose_unit}"})
    return order.id


def _still_open(number: str) -> bool:
    ended = ("changed", "completed", "discontinued", "expired")
    return Prescription.objects.filter(number=number).exclude(state__in=ended).exists()


def _worked(cycle: RegimenCycle, line: catalog.RegimenLine) -> tuple[WorkedDose | None, str]:
    try:
        return worked_dose(line, bodies([cycle.patient_id])[cycle.patient_id], cycle.dose_percent), ""
    except Refused as no:
        return None, str(no.reasons[0])
