# SPDX-License-Identifier: Apache-2.0
"""Miles driven, and notes handed to the next nurse."""
from __future__ import annotations

from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

from openinfusion.kernel.quantity import Rounding, rounded
from openinfusion.kernel.refusal import Fault, Malformed, Reason, Refused
from openinfusion.nursing.domain.figure import figure
from openinfusion.nursing.models import Handover, Mileage, NurseVisit
from openinfusion.nursing.permissions import HAND_OVER, MAKE
from openinfusion.nursing.queries.second import goes_there
from openinfusion.patients import public as patients
from openinfusion.platform.action import action, lock
from openinfusion.platform.actor import Actor
from openinfusion.platform.advance import revise
from openinfusion.platform.clock import now
from openinfusion.platform.journal import write
from openinfusion.team.public import person
from openinfusion.therapy.public import therapy


@action
def enter_miles(*, visit_id: UUID, miles: Decimal, by: Actor) -> UUID:
    """Miles that a nurse of this visit drove for it, first or second, at the rate in force on its day.

    Entered again they replace what she entered, never what the other nurse did.
    """
    by.must(MAKE)
    visit = lock(NurseVisit, visit_id)
    if not goes_there(visit, by.id):
        raise Refused(Reason("another-nurse", "only the nurse of this visit enters its miles, and its second nurse her own"))
    if visit.started_at is None:
        raise Refused(Reason("not-begun", "the visit has not begun"))
    if not 0 <= miles <= 999 or miles != rounded(miles, Decimal("0.1")):
        raise Malformed(Fault("miles", "between 0 and 999, to a tenth"))
    on = visit.started_at.astimezone(ZoneInfo(patients.timezone(visit.patient_id))).date()
    rate = figure("mileage_cents_per_mile", on)
    cents = int(rounded(miles * rate, Decimal(1), Rounding.HALF_UP))
    Mileage.objects.filter(visit=visit, nurse=by.id).delete()
    row = Mileage.objects.create(
        visit=visit, nurse=by.id, nurse_name=by.name, driven_on=on, miles=miles, cents_per_mile=rate, cents=cents,
    )
    write(by, "nursing.mileage.enter", visit, "{actor} drove {miles} miles for visit {subject}.", noted={"miles": miles})
    return row.id


@action
def hand_over_to(
    *, therapy_id: UUID, situation: str, recommendation: str, by: Actor, background: str = "", assessment: str = "",
    for_nurse: UUID | None = None, visit_id: UUID | None = None,
) -> UUID:
    """Write what the next nurse must know: for one nurse, or for whoever comes next."""
    by.must(HAND_OVER)
    if not situation.strip() or not recommendation.strip():
        raise Malformed(Fault("situation", "say what is going on, and what you recommend"))
    course = therapy(therapy_id)
    name = person(for_nurse).name if for_nurse else ""
    row = Handover.objects.create(
        patient_id=course.patient_id, therapy_id=course.id, visit_id=visit_id, for_nurse=for_nurse, for_name=name,
        situation=situation.strip()[:1000], background=background.strip()[:1000], assessment=assessment.strip()[:1000],
        recommendation=recommendation.strip()[:1000], written_by=by.id, writer_name=by.name,
    )
    write(by, "nursing.handover.write", row, "{actor} handed over to {name}.", noted={"name": name or "the next nurse"})
    return row.id


@action
def read_handover(*, handover_id: UUID, by: Actor) -> UUID:
    """The receipt: somebody else read it. One written for a nurse is read by that nurse."""
    by.must(HAND_OVER)
    row = lock(Handover, handover_id)
    if row.read_at is not None:
        raise Refused(Reason("read-already", f"{row.reader_name} has read it already"))
    if row.written_by == by.id or row.for_nurse not in (None, by.id):
        raise Refused(Reason("not-for-you", f"it is for {row.for_name or 'another nurse'}"))
    revise(row, "nursing.handover.read", "{actor} read the {subject}.", by=by, read_at=now(), read_by=by.id, reader_name=by.name)
    return row.id
