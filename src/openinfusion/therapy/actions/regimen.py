# SPDX-License-Identifier: Apache-2.0
"""Start a patient's regimen with all its cycles planned, complete it, or stop it with a reason."""
from __future__ import annotations

from datetime import date
from decimal import Decimal
from uuid import UUID

from openinfusion.catalog import public as catalog
from openinfusion.kernel.refusal import Fault, Malformed, Reason, Refused
from openinfusion.platform.action import action, lock
from openinfusion.platform.actor import Actor
from openinfusion.platform.advance import advance
from openinfusion.platform.journal import write
from openinfusion.therapy import permissions
from openinfusion.therapy.domain.cycle import ENDED, CycleFacts, first_days
from openinfusion.therapy.domain.exposure import check_exposure
from openinfusion.therapy.domain.regimen_course import CourseFacts
from openinfusion.therapy.models import Exposure, RegimenCourse, RegimenCycle, Therapy
from openinfusion.therapy.queries import local_today

MOST_CYCLES = 52


@action
def start_regimen(*, therapy_id: UUID, code: str, start_on: date, by: Actor, cycles: int = 0) -> UUID:
    """Start the newest edition of a regimen; its cycles are planned from day 1. 0 cycles: as many as the regimen has."""
    by.must(permissions.REGIMEN)
    therapy = lock(Therapy, therapy_id)
    regimen = catalog.regimen(code)
    count = cycles or regimen.cycles
    if not 1 <= count <= MOST_CYCLES:
        raise Malformed(Fault("cycles", f"a regimen has 1 to {MOST_CYCLES} cycles"))
    if therapy.state in ("completed", "discontinued"):
        raise Refused(Reason("therapy-ended", f"{therapy} has ended", "begin a new therapy"))
    if RegimenCourse.objects.filter(therapy=therapy, state="running").exists():
        raise Refused(Reason("regimen-runs", "a regimen of this therapy is running", "complete or stop it first"))
    row = RegimenCourse.objects.create(
        therapy=therapy, patient_id=therapy.patient_id, regimen_code=regimen.code, regimen_name=regimen.name,
        edition=regimen.edition, cycles_planned=count, start_on=start_on,
    )
    RegimenCycle.objects.bulk_create(
        RegimenCycle(course=row, patient_id=row.patient_id, number=n, day1_on=day)
        for n, day in enumerate(first_days(start_on, regimen.cycle_days, count), 1)
    )
    write(by, "therapy.regimen.start", row, "{actor} started {subject}, edition {edition}: {count} cycles from {start}",
          noted={"edition": regimen.edition, "count": count, "start": f"{start_on:%d-%b-%Y}"})
    return row.id


@action
def complete_regimen(*, course_id: UUID, by: Actor, reason: str = "", version: int | None = None) -> UUID:
    """Every cycle is settled: the regimen is complete."""
    row = lock(RegimenCourse, course_id, version)
    open_cycles = RegimenCycle.objects.filter(course=row).exclude(state__in=[s.value for s in ENDED]).count()
    advance(row, "complete", CourseFacts(open_cycles), by=by, reason=reason)
    return row.id


@action
def stop_regimen(*, course_id: UUID, reason: str, by: Actor, version: int | None = None) -> UUID:
    """Stop the regimen and every cycle that is not settled."""
    row = lock(RegimenCourse, course_id, version)
    cycles = RegimenCycle.objects.select_for_update(of=("self",)).filter(course=row).exclude(state__in=[s.value for s in ENDED])
    for cycle in cycles.order_by("number"):
        advance(cycle, "stop", CycleFacts(), by=by, reason=reason)
    advance(row, "stop", CourseFacts(), by=by, reason=reason)
    return row.id


@action
def note_exposure(
    *, patient_id: UUID, drug_code: str, amount: Decimal | None, measure: str, told_by: str, by: Actor,
) -> UUID:
    """Note what a patient had of a drug elsewhere: an amount, zero for never, None where nobody knows."""
    by.must(permissions.REGIMEN)
    check_exposure(amount, measure, told_by)
    drug = catalog.drug(drug_code)
    row = Exposure.objects.create(
        patient_id=patient_id, drug_code=drug.code, amount=amount, measure=measure, told_by=told_by.strip(),
        told_on=local_today(patient_id), noted_by=by.id,
    )
    said = "unknown" if amount is None else f"{amount:f} {measure}"
    write(by, "therapy.exposure.note", row, "{actor} noted {subject}: {said}, told by {told_by}", patient_id=patient_id,
          noted={"said": said, "told_by": row.told_by})
    return row.id
