# SPDX-License-Identifier: Apache-2.0
"""Asking for visits and giving them to nurses."""
from __future__ import annotations

from datetime import date, datetime, time
from uuid import UUID

from openinfusion.catalog.public import template_at
from openinfusion.kernel.ids import new_id
from openinfusion.kernel.refusal import Fault, Malformed, Reason, Refused
from openinfusion.nursing.actions.second import free_second, one_place_at_a_time, wants_second
from openinfusion.nursing.adapters import take_turns
from openinfusion.nursing.domain.visit_form import GENERAL, types_on
from openinfusion.nursing.domain.wished_hours import NO_WISH, WishedHours, wished
from openinfusion.nursing.models import NurseVisit
from openinfusion.nursing.permissions import REQUEST
from openinfusion.nursing.queries import facts_of
from openinfusion.nursing.queries.second import holder_of, second_row
from openinfusion.nursing.queries.suite_terms import zone_at
from openinfusion.platform.action import action, lock
from openinfusion.platform.actor import Actor
from openinfusion.platform.advance import advance, revise
from openinfusion.platform.clock import now
from openinfusion.platform.house_day import house_today
from openinfusion.platform.journal import write
from openinfusion.team.public import person
from openinfusion.therapy.public import TherapyFact, prescription, therapy

NOT_BEGUN = frozenset({"requested", "refused", "offered", "accepted", "confirmed"})
FIRST = "first_dose"  # the type of the visit that a verified order asks for by itself


@action
def request_visit(
    *, therapy_id: UUID, purpose: str, by: Actor, prescription_id: UUID | None = None, infuses: bool = True,
    planned_start: datetime | None = None, planned_end: datetime | None = None, visit_type: str = GENERAL, second_why: str = "",
    second_note: str = "", earliest_on: date | None = None, latest_on: date | None = None, wished_from: time | None = None,
    wished_by: time | None = None,
) -> UUID:
    """Ask for a visit of a type for a therapy; a nurse is found afterwards. ``second_why``: why it needs two.

    Without a time it may have a choice of days. ``wished_from``, ``wished_by``: the patient's wish, by the clock there.
    """
    by.must(REQUEST)
    course = therapy(therapy_id)
    if planned_start is not None and earliest_on is not None:
        raise Malformed(Fault("earliest_on", "a visit has a time or a choice of days, not both"))
    days, second = _checked_days(earliest_on, latest_on, course.site_id), (second_why, second_note)
    wish = wished(wished_from, wished_by)
    return _requested(course, purpose, by, prescription_id, infuses, planned_start, planned_end, visit_type, second, days, wish)


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
    end: datetime | None, visit_type: str, second: tuple[str, str] = ("", ""),
    days: tuple[date | None, date | None] = (None, None), wish: WishedHours = NO_WISH,
) -> UUID:
    _check_times(start, end)
    kinds = types_on(house_today())
    if visit_type not in kinds:
        raise Malformed(Fault("visit_type", f"one of {', '.join(kinds)}"))
    if prescription_id is not None and prescription(prescription_id).therapy_id != course.id:
        raise Malformed(Fault("prescription_id", "this order is of another therapy"))
    if not purpose.strip():
        raise Malformed(Fault("purpose", "say what the visit is for"))
    id = new_id()
    visit = NurseVisit.objects.create(
        id=id, number=f"V{id.hex[-8:].upper()}", patient_id=course.patient_id, therapy_id=course.id,
        site_id=course.site_id,
        prescription_id=prescription_id, purpose=purpose.strip(), infuses=infuses, planned_start=start, planned_end=end,
        earliest_on=days[0], latest_on=days[1], type_code=visit_type, edition=kinds[visit_type].edition,
        task=template_at(course.therapy_class, course.site_id).nursing_task, wished_from=wish.earliest, wished_by=wish.by,
    )
    write(by, "nursing.visit.request", visit, "{actor} asked for visit {subject}: {purpose}.",
        noted={"purpose": purpose.strip()})
    if why := kinds[visit_type].second or second[0]:  # what the type says is never replaced by a milder reason
        wants_second(visit, why, second[1], by)
    return visit.id


@action
def offer_visit(
    *, visit_id: UUID, nurse_id: UUID, planned_start: datetime, planned_end: datetime, by: Actor,
) -> UUID:
    """Offer the visit to a nurse at a time; Refused with every reason why this nurse may not make it.

    A second nurse who accepted another time is taken back: she is asked again.
    """
    take_turns([f"nurse:{nurse_id}"])
    visit = lock(NurseVisit, visit_id)
    _check_times(planned_start, planned_end)
    nurse = person(nurse_id)
    _second_follows(visit, planned_start, planned_end, by, nurse_id)
    visit.nurse, visit.nurse_name = nurse.id, nurse.name
    visit.planned_start, visit.planned_end = planned_start, planned_end
    facts = facts_of(visit, by)
    with one_place_at_a_time():
        advance(
            visit, "offer", facts, by=by, noted={"nurse": nurse.name}, nurse=nurse.id, nurse_name=nurse.name,
            planned_start=planned_start, planned_end=planned_end,
        )
    return visit.id


def _second_follows(visit: NurseVisit, start: datetime, end: datetime, by: Actor, nurse_id: UUID | None = None) -> None:
    """The second nurse stays where the time stays; she is never the first as well."""
    second = second_row(visit)
    if second is None or second.nurse is None:
        return
    if (visit.planned_start, visit.planned_end) != (start, end):
        free_second(visit, "the visit has another time", by)
    elif nurse_id is not None and holder_of(second) == nurse_id:
        text = f"{second.nurse_name} is the second nurse of this visit"
        raise Refused(Reason("same-nurse", text, "take the second place back first"))


@action
def plan_time(*, visit_id: UUID, planned_start: datetime, planned_end: datetime, by: Actor) -> UUID:
    """Set when a requested visit should be."""
    by.must(REQUEST)
    visit = lock(NurseVisit, visit_id)
    _check_times(planned_start, planned_end)
    if visit.state not in {"requested", "refused"}:
        raise Refused(Reason("already-offered", "the visit is already offered; reschedule it first"))
    _second_follows(visit, planned_start, planned_end, by)
    revise(
        visit, "nursing.visit.plan", "{actor} planned visit {subject} for {start}.", by=by,
        noted={"start": planned_start}, planned_start=planned_start, planned_end=planned_end,
    )
    return visit.id


@action
def choose_days(
    *, visit_id: UUID, earliest_on: date | None, latest_on: date | None, by: Actor, version: int | None = None,
) -> UUID:
    """Say that any of these days will do for a visit that nobody is offered yet, or take the choice back; its time falls away."""
    by.must(REQUEST)
    visit = lock(NurseVisit, visit_id, version)
    if visit.state not in {"requested", "refused"}:
        raise Refused(Reason("already-offered", "the visit is already offered; reschedule it first"))
    first, last = _checked_days(earliest_on, latest_on, visit.site_id)
    if first is None:
        revise(visit, "nursing.visit.any_day", "{actor} took the choice of days off visit {subject}.", by=by,
               earliest_on=None, latest_on=None)
        return visit.id
    revise(
        visit, "nursing.visit.choose_days", "{actor} said that any day from {first} to {last} will do for {subject}.", by=by,
        noted={"first": first, "last": last}, earliest_on=first, latest_on=last, planned_start=None, planned_end=None,
    )
    return visit.id


@action
def wish_hours(
    *, visit_id: UUID, wished_from: time | None, wished_by: time | None, by: Actor, version: int | None = None,
) -> UUID:
    """Write down when the patient would like it to begin, or take that back; a time that is agreed on stays."""
    by.must(REQUEST)
    visit = lock(NurseVisit, visit_id, version)
    if visit.state not in NOT_BEGUN or visit.in_suite:
        raise Refused(Reason("begun", "a wish is for a visit at home that has not begun"))
    wish = wished(wished_from, wished_by)
    text = "{actor} wrote down when {subject} is wished: {hours}." if wish else "{actor} took back when {subject} is wished."
    revise(visit, "nursing.visit.wish", text, by=by, noted={"hours": str(wish)} if wish else {}, wished_from=wish.earliest,
           wished_by=wish.by)
    return visit.id


def _checked_days(first: date | None, last: date | None, site_id: UUID) -> tuple[date | None, date | None]:
    if (first is None) != (last is None):
        raise Malformed(Fault("latest_on", "a choice of days has a first and a last day"))
    if first is None or last is None:
        return None, None
    if last < first:
        raise Malformed(Fault("latest_on", "the last day is not before the first"))
    if last < now().astimezone(zone_at(site_id)).date():
        raise Malformed(Fault("latest_on", "these days are over: choose today or later"))
    return first, last


def _check_times(start: datetime | None, end: datetime | None) -> None:
    if (start is None) != (end is None):
        raise Malformed(Fault("planned_end", "a planned visit has a beginning and an end"))
    if start is not None and end is not None and end <= start:
        raise Malformed(Fault("planned_end", "the visit ends after it begins"))
