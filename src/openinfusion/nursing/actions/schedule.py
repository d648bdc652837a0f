# SPDX-License-Identifier: Apache-2.0
"""Asking for visits and giving them to nurses."""
from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from openinfusion.catalog.public import template_at
from openinfusion.kernel.ids import new_id
from openinfusion.kernel.refusal import Fault, Malformed, Reason, Refused
from openinfusion.nursing.domain.visit_form import GENERAL, types_on
from openinfusion.nursing.models import NurseVisit
from openinfusion.nursing.permissions import REQUEST
from openinfusion.nursing.queries import facts_of
from openinfusion.platform.action import action, lock
from openinfusion.platform.actor import Actor
from openinfusion.platform.advance import advance, revise
from openinfusion.platform.clock import now
from openinfusion.platform.journal import write
from openinfusion.team.public import person
from openinfusion.therapy.public import TherapyFact, therapy

FIRST = "first_dose"  # the type of the visit that a verified order asks for by itself
_BUSY = Reason("nurse-busy", "the nurse already has a visit at that time", "choose another time or nurse")


@action
def request_visit(
    *, therapy_id: UUID, purpose: str, by: Actor, prescription_id: UUID | None = None, infuses: bool = True,
    planned_start: datetime | None = None, planned_end: datetime | None = None, visit_type: str = GENERAL,
) -> UUID:
    """Ask for a visit of a type for a therapy; a nurse is found afterwards."""
    by.must(REQUEST)
    course = therapy(therapy_id)
    return _requested(course, purpose, by, prescription_id, infuses, planned_start, planned_end, visit_type)


@action
def request_first_visit(*, therapy_id: UUID, prescription_id: UUID, by: Actor) -> UUID:
    """The first visit of a therapy whose template wants nursing; where one stands already, that one."""
    course = therapy(therapy_id)
    before = NurseVisit.objects.filter(therapy_id=therapy_id).order_by("made_at").first()
    if before is not None:
        write(by, "nursing.visit.keep", before, "{subject} already stands for this therapy.")
        return before.id
    return _requested(course, "first visit: teach and start the infusion", by, prescription_id, True, None, None, FIRST)


def wants_nursing(course: TherapyFact) -> bool:
    """Whether the template of this therapy class plans visits."""
    plan = template_at(course.therapy_class, course.site_id)
    return plan.visits_per_week > 0 or plan.first_dose_attended


def _requested(
    course: TherapyFact, purpose: str, by: Actor, prescription_id: UUID | None, infuses: bool, start: datetime | None,
    end: datetime | None, visit_type: str,
) -> UUID:
    _check_times(start, end)
    kinds = types_on(now().date())
    if visit_type not in kinds:
        raise Malformed(Fault("visit_type", f"one of {', '.join(kinds)}"))
    if not purpose.strip():
        raise Malformed(Fault("purpose", "say what the visit is for"))
    id = new_id()
    visit = NurseVisit.objects.create(
        id=id, number=f"V{id.hex[-8:].upper()}", patient_id=course.patient_id, therapy_id=course.id,
        site_id=course.site_id,
        prescription_id=prescription_id, purpose=purpose.strip(), infuses=infuses, planned_start=start, planned_end=end,
        type_code=visit_type, edition=kinds[visit_type].edition,
        task=template_at(course.therapy_class, course.site_id).nursing_task,
    )
    write(by, "nursing.visit.request", visit, "{actor} asked for visit {subject}: {purpose}.",
        noted={"purpose": purpose.strip()})
    return visit.id


@action
def offer_visit(
    *, visit_id: UUID, nurse_id: UUID, planned_start: datetime, planned_end: datetime, by: Actor,
) -> UUID:
    """Offer the visit to a nurse at a time; Refused with every reason why this nurse may not make it."""
    visit = lock(NurseVisit, visit_id)
    _check_times(planned_start, planned_end)
    nurse = person(nurse_id)
    visit.nurse, visit.nurse_name = nurse.id, nurse.name
    visit.planned_start, visit.planned_end = planned_start, planned_end
    facts = facts_of(visit, by)
    try:
        with transaction.atomic():
            advance(
                visit, "offer", facts, by=by, noted={"nurse": nurse.name}, nurse=nurse.id, nurse_name=nurse.name,
                planned_start=planned_start, planned_end=planned_end,
            )
    except IntegrityError as no:
        if "visit_one_place_at_a_time" in str(no):
            raise Refused(_BUSY) from no
        raise
    return visit.id


@action
def assign_visit(
    *, visit_id: UUID, nurse_id: UUID, planned_start: datetime, planned_end: datetime, by: Actor, version: int | None = None,
) -> UUID:
    """Give a visit to a nurse at a time, as a plan says; one offered or accepted by another is taken back first.

    Refused with every reason why this nurse may not make it; Stale where it changed since the plan read it.
    """
    visit = lock(NurseVisit, visit_id, version)
    if visit.state in {"offered", "accepted", "confirmed"}:
        advance(visit, "reschedule", facts_of(visit, by), by=by, reason="planned anew", nurse=None, nurse_name="",
                planned_start=None, planned_end=None)
    return offer_visit(visit_id=visit_id, nurse_id=nurse_id, planned_start=planned_start, planned_end=planned_end, by=by)


@action
def plan_time(*, visit_id: UUID, planned_start: datetime, planned_end: datetime, by: Actor) -> UUID:
    """Set when a requested visit should be."""
    by.must(REQUEST)
    visit = lock(NurseVisit, visit_id)
    _check_times(planned_start, planned_end)
    if visit.state not in {"requested", "refused"}:
        raise Refused(Reason("already-offered", "the visit is already offered; reschedule it first"))
    revise(
        visit, "nursing.visit.plan", "{actor} planned visit {subject} for {start}.", by=by,
        noted={"start": planned_start}, planned_start=planned_start, planned_end=planned_end,
    )
    return visit.id


def _check_times(start: datetime | None, end: datetime | None) -> None:
    if (start is None) != (end is None):
        raise Malformed(Fault("planned_end", "a planned visit has a beginning and an end"))
    if start is not None and end is not None and end <= start:
        raise Malformed(Fault("planned_end", "the visit ends after it begins"))
