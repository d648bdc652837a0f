# SPDX-License-Identifier: Apache-2.0
"""The door of nursing: visits, as frozen facts; and the writes."""
from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db.models import Q

from openinfusion.kernel.machine import shown
from openinfusion.kernel.roles import Role
from openinfusion.kernel.waiting import EVERYTHING, Ask, ChartRow, Hit, Waited, Waiting
from openinfusion.nursing import queries
from openinfusion.nursing.actions.aftermath import enter_miles, hand_over_to, read_handover
from openinfusion.nursing.actions.appointment import (
    ask_for_second_in_suite,
    book_appointment,
    move_appointment,
    request_appointment,
    set_length,
    undo_move,
)
from openinfusion.nursing.actions.appointment_pin import free_appointment, pin_appointment
from openinfusion.nursing.actions.assign import Assignment, assign_visit, assign_visits
from openinfusion.nursing.actions.home import drop_home, keep_home
from openinfusion.nursing.actions.phone import allow_phone, prepare_phone, register_phone, revoke_phone
from openinfusion.nursing.actions.reaction import tell_prescriber
from openinfusion.nursing.actions.record import VisitEntries, write_record
from openinfusion.nursing.actions.roster import end_time_of, keep_agency, plan_breaks, plan_time_of, send_from_agency
from openinfusion.nursing.actions.schedule import (
    choose_days,
    offer_visit,
    plan_time,
    request_first_visit,
    request_visit,
    wants_nursing,
    wish_hours,
)
from openinfusion.nursing.actions.second import advance_second, ask_for_second, offer_second
from openinfusion.nursing.actions.section import Said, resolve_conflict, set_aside, write_section
from openinfusion.nursing.actions.series import request_series
from openinfusion.nursing.actions.shelf_back import take_back_package
from openinfusion.nursing.actions.steps import advance_visit, mark_billable, report_miss
from openinfusion.nursing.actions.suite_steps import advance_appointment
from openinfusion.nursing.actions.suite_terms import keep_suite_terms
from openinfusion.nursing.domain.appointment import APPOINTMENT, WAITING, AppointmentState
from openinfusion.nursing.domain.infusion_record import InfusionRecord, RateStep, ReactionKind, Vitals
from openinfusion.nursing.domain.rate_stop import RatePlan
from openinfusion.nursing.domain.second_nurse import SECOND, SecondState, SecondWhy
from openinfusion.nursing.domain.shelf_check import Became, GivenAs
from openinfusion.nursing.domain.visit import VISIT, VisitState
from openinfusion.nursing.models import Appointment, Handover, NurseVisit, Reaction, SecondNurse
from openinfusion.nursing.permissions import HAND_OVER, READ, SUITE_CHECK_IN, TELL
from openinfusion.nursing.queries import VisitFact
from openinfusion.nursing.queries.board import NurseOfDay, VisitWanted, nurses_of, reasons_for, reasons_over, visits_waiting
from openinfusion.nursing.queries.driven import VisitGone, visits_gone
from openinfusion.nursing.queries.rate_plans import rate_plans as rate_plans_of
from openinfusion.nursing.queries.roster import BreakFact, breaks_ahead, breaks_on
from openinfusion.nursing.queries.second import SecondFact
from openinfusion.nursing.queries.shelf import GivenPackage, given_packages
from openinfusion.nursing.queries.suite_day import SuiteDay, as_booked, stretches_at, suite_day
from openinfusion.nursing.queries.suite_watch import AppointmentFact, Watch, appointment_of, patient_names, watchers_of
from openinfusion.nursing.queries.whereabouts import Whereabouts, homes_of, last_seen
from openinfusion.patients.public import patients
from openinfusion.platform.action import fetch
from openinfusion.platform.actor import Actor
from openinfusion.platform.clock import now
from openinfusion.platform.queue import waited, whose_turn

__all__ = [
    "AppointmentFact",
    "Assignment",
    "Became",
    "BreakFact",
    "GivenAs",
    "GivenPackage",
    "InfusionRecord",
    "NurseOfDay",
    "RatePlan",
    "RateStep",
    "ReactionKind",
    "Said",
    "SecondFact",
    "SecondWhy",
    "SuiteDay",
    "VisitEntries",
    "VisitFact",
    "VisitGone",
    "VisitWanted",
    "Vitals",
    "Watch",
    "Whereabouts",
    "advance_appointment",
    "advance_second",
    "advance_visit",
    "allow_phone",
    "appointment",
    "as_booked",
    "ask_for_second",
    "ask_for_second_in_suite",
    "assign_visit",
    "assign_visits",
    "book_appointment",
    "breaks_ahead",
    "breaks_on",
    "choose_days",
    "drop_home",
    "end_time_of",
    "enter_miles",
    "find",
    "free_appointment",
    "given_packages",
    "hand_over_to",
    "homes_of",
    "keep_agency",
    "keep_home",
    "keep_suite_terms",
    "last_seen",
    "mark_billable",
    "move_appointment",
    "nurses_of",
    "offer_second",
    "offer_visit",
    "on_chart",
    "patient_names",
    "pin_appointment",
    "plan_breaks",
    "plan_time",
    "plan_time_of",
    "prepare_phone",
    "rate_plans",
    "read_handover",
    "reasons_for",
    "reasons_over",
    "record",
    "register_phone",
    "report_miss",
    "request_appointment",
    "request_first_visit",
    "request_series",
    "request_visit",
    "resolve_conflict",
    "revoke_phone",
    "send_from_agency",
    "set_aside",
    "set_length",
    "signed_since",
    "stretches_at",
    "suite_day",
    "take_back_package",
    "tell_prescriber",
    "undo_move",
    "visit",
    "visits_gone",
    "visits_of",
    "visits_of_patient",
    "visits_waiting",
    "waiting",
    "wants_nursing",
    "watchers_of",
    "wish_hours",
    "write_record",
    "write_section",
]


def visit(visit_id: UUID) -> VisitFact:
    """One visit; NotFound otherwise."""
    return queries.visit_of(visit_id)


def rate_plans(visit_id: UUID) -> tuple[RatePlan, ...]:
    """The plans of rates that the infusion of a visit may run by."""
    return rate_plans_of(fetch(NurseVisit, visit_id))


def appointment(appointment_id: UUID) -> AppointmentFact:
    """One appointment of a suite; NotFound otherwise."""
    return appointment_of(appointment_id)


def visits_of(therapy_id: UUID) -> list[VisitFact]:
    """All visits of a therapy, in the order of their time."""
    return queries.visits_where(therapy_id=therapy_id)


def visits_of_patient(patient_id: UUID) -> list[VisitFact]:
    return queries.visits_where(patient_id=patient_id)


def signed_since(at: datetime) -> list[VisitFact]:
    """Visits whose record was signed and that billing has not taken up, of those begun since then."""
    return [v for v in queries.visits_where(states=["signed"]) if v.started_at is not None and v.started_at >= at]


def record(visit_id: UUID) -> InfusionRecord:
    """The infusion record of a visit."""
    return queries.record_of(fetch(NurseVisit, visit_id))


def waiting(by: Actor, ask: Ask = EVERYTHING) -> Waited:
    """Visits that wait for somebody, as the person's queue shows them."""
    if not by.may(READ.code):
        return Waited()
    rows = NurseVisit.objects.filter(state__in=whose_turn(VISIT, ask)).exclude(in_suite=True, state="requested")
    late = Q(planned_start__lt=now())
    found = waited(rows, ask, kind="Visit", due="planned_start", late=late, make=_visits_waiting)
    beside = SecondNurse.objects.select_related("visit").filter(state__in=whose_turn(SECOND, ask), visit__state__in=queries.OPEN)
    found += waited(beside, ask, kind="Second nurse", due="visit__planned_start", make=_seconds_waiting)
    if by.may(TELL.code) and ask.has(Role.PHARMACIST.value):
        untold = Reaction.objects.filter(prescriber_told_at=None).select_related("visit")
        found += waited(untold, ask, kind="Reaction", since="seen_at", make=_reactions_waiting)
    if by.may(SUITE_CHECK_IN.code):
        seats = Appointment.objects.filter(state__in=whose_turn(APPOINTMENT, ask))
        over = Q(starts_at__lt=now(), state="booked")
        found += waited(seats, ask, kind="Appointment", due="starts_at", late=over, make=_appointments_waiting)
    if by.may(HAND_OVER.code) and ask.has(Role.NURSE.value):
        mine = Handover.objects.filter(read_at=None, for_nurse=by.id).select_related("visit")
        found += waited(mine, ask, kind="Handover", make=_handovers_waiting)
    return found


def _seconds_waiting(rows: list[SecondNurse]) -> list[Waiting]:
    who = patients([r.patient_id for r in rows])
    return [
        Waiting(
            "nursing", "Second nurse", r.id, f"{r.visit.number}: second nurse", who[r.patient_id].name,
            shown(s := SecondState(r.state)),
            SECOND.tone(s), SECOND.owner(s), r.made_at, f"/nursing/visits/{r.visit_id}/", r.visit.planned_start,
            () if r.nurse else ("a second nurse",),
        ) for r in rows
    ]


def _reactions_waiting(rows: list[Reaction]) -> list[Waiting]:
    who = patients([r.patient_id for r in rows])
    return [
        Waiting(
            "nursing", "Reaction", r.id, f"{r.visit.number}: {r}", who[r.patient_id].name, "prescriber not told",
            "crit" if r.grade >= 3 else "warn", Role.PHARMACIST.value, r.seen_at, f"/nursing/visits/{r.visit_id}/",
        ) for r in rows
    ]


def _handovers_waiting(rows: list[Handover]) -> list[Waiting]:
    who = patients([r.patient_id for r in rows])
    return [
        Waiting(
            "nursing", "Handover", r.id, r.situation[:120], who[r.patient_id].name, "not read", "wait", Role.NURSE.value,
            r.made_at, f"/nursing/visits/{r.visit_id}/" if r.visit_id else f"/patients/{r.patient_id}/",
        ) for r in rows
    ]


def _visits_waiting(rows: list[NurseVisit]) -> list[Waiting]:
    found = queries.visit_facts(rows)
    people = patients([v.patient_id for v in found])
    return [
        Waiting(
            "nursing", "Visit", v.id, f"{v.number}: {v.purpose}",
            people[v.patient_id].name if v.patient_id in people else "",
            v.state.replace("_", " "), VISIT.tone(VisitState(v.state)), VISIT.owner(VisitState(v.state)), v.since,
            f"/nursing/visits/{v.id}/", v.planned_start, () if v.nurse else ("a nurse",),
        ) for v in found
    ]


def _appointments_waiting(rows: list[Appointment]) -> list[Waiting]:
    who = patients([a.patient_id for a in rows])
    return [
        Waiting(
            "nursing", "Appointment", a.id, f"{a.number}: {a.purpose}", who[a.patient_id].name,
            shown(s := AppointmentState(a.state)), APPOINTMENT.tone(s), APPOINTMENT.owner(s), a.made_at,
            f"/nursing/suite/appointments/{a.id}/", a.starts_at or a.wished_at, _appointment_lacks(a),
        ) for a in rows
    ]


def _appointment_lacks(a: Appointment) -> tuple[str, ...]:
    if a.state not in {s.value for s in WAITING}:
        return ()
    return ("a chair and a time",) if a.infusion_minutes else ("how long the infusion takes", "a chair and a time")


def on_chart(patient_id: UUID, by: Actor) -> list[ChartRow]:
    """A patient's visits, for the chart."""
    if not by.may(READ.code):
        return []
    return [
        ChartRow(
            "Visit", v.number, v.state.replace("_", " "), VISIT.tone(VisitState(v.state)),
            f"{v.purpose}; {v.nurses}".rstrip("; "),
            f"/nursing/visits/{v.id}/", v.planned_start or v.since,
        ) for v in queries.visits_where(patient_id=patient_id)
    ] + [
        ChartRow(
            "Appointment", a.number, shown(s := AppointmentState(a.state)), APPOINTMENT.tone(s),
            f"{a.purpose}; {a.nurse_name}".rstrip("; "),
            f"/nursing/suite/appointments/{a.id}/", a.starts_at or a.wished_at,
        ) for a in Appointment.objects.filter(patient_id=patient_id).order_by("wished_at")[:200]
    ]


def find(text: str, by: Actor) -> list[Hit]:
    """Visits and appointments by their number."""
    if not by.may(READ.code) or len(text.strip()) < 3:
        return []
    rows = NurseVisit.objects.filter(number__istartswith=text.strip())[:8]
    return [Hit("Visit", v.number, f"{v.purpose}, {v.state.replace('_', ' ')}",
        f"/nursing/visits/{v.id}/") for v in rows] + [
            Hit("Appointment", a.number, f"{a.purpose}, {a.state.replace('_', ' ')}", f"/nursing/suite/appointments/{a.id}/")
            for a in Appointment.objects.filter(number__istartswith=text.strip())[:8]
        ]
