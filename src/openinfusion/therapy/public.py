# SPDX-License-Identifier: Apache-2.0
"""The door of the therapy room: courses, prescriptions, plans of treatment and the doses due."""
from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q

from openinfusion.kernel.local_day import ends
from openinfusion.kernel.machine import Machine, shown
from openinfusion.kernel.waiting import EVERYTHING, Ask, ChartRow, Hit, Waited, Waiting, few
from openinfusion.platform.action import fetch
from openinfusion.platform.actor import Actor
from openinfusion.platform.clock import now
from openinfusion.platform.house_day import house_today, house_zone
from openinfusion.platform.queue import waited, whose_turn
from openinfusion.platform.scope import read_once
from openinfusion.therapy.actions.begin import advance_therapy, begin_therapy
from openinfusion.therapy.actions.cycle import (
    GivenLine,
    delay_cycle,
    give_cycle,
    mark_cycle_cleared,
    omit_cycle,
    reduce_cycle,
    reopen_cycle,
)
from openinfusion.therapy.actions.cycle_day import mark_day_cleared, omit_day, reopen_day
from openinfusion.therapy.actions.cycle_order import join_order, order_line
from openinfusion.therapy.actions.plan import chase_plan, send_plan, sign_plan, supersede_plan, write_plan
from openinfusion.therapy.actions.regimen import complete_regimen, note_exposure, start_regimen, stop_regimen
from openinfusion.therapy.actions.steer import (
    activate_prescription,
    ask_prescriber,
    enter_answer,
    mark_verified,
    return_for_verification,
    steer_prescription,
)
from openinfusion.therapy.actions.transcribe import revise_prescription, transcribe_prescription
from openinfusion.therapy.domain.cycle import CYCLE, CycleFacts, CycleState, day_of
from openinfusion.therapy.domain.cycle_day import CYCLE_DAY, DayFacts, DayState
from openinfusion.therapy.domain.exposure import GivenDose, PriorExposure
from openinfusion.therapy.domain.judgement import Judgement
from openinfusion.therapy.domain.nutrition import read as read_formula
from openinfusion.therapy.domain.order import FieldDifference, PrescriptionOrder, difference
from openinfusion.therapy.domain.plan import PLAN, PlanState, PlanText, vague_words
from openinfusion.therapy.domain.prescription import PRESCRIPTION, PrescriptionState
from openinfusion.therapy.domain.regimen_course import COURSE, CourseFacts, CourseState
from openinfusion.therapy.domain.regimen_dose import Body, WorkedDose, worked_dose
from openinfusion.therapy.domain.schedule import DoseDue, doses_due
from openinfusion.therapy.domain.therapy import THERAPY, TherapyState
from openinfusion.therapy.models import PlanOfTreatment, Prescription, RegimenCourse, RegimenCycle, Therapy
from openinfusion.therapy.permissions import READ
from openinfusion.therapy.queries import (
    OPEN,
    AttemptFact,
    PlanFact,
    PrescriptionFact,
    Span,
    TherapyFact,
    attempts_of,
    open_of_patients,
    patient_names,
    plan_fact,
    prescription_by_id,
    prescriptions_by_id,
    prescriptions_of_therapy,
    prescriptions_where,
    sites_of,
    spans_of,
    therapy_fact,
    versions_of,
    zone_of,
)
from openinfusion.therapy.queries.days import days_waiting
from openinfusion.therapy.queries.regimens import (
    CycleDayFact,
    CycleFact,
    CycleOrderFact,
    JoinedOrder,
    RegimenCourseFact,
    body_of,
    courses_where,
    doses_given,
    exposure_ids,
    exposures,
    joined_orders,
    policy,
)

__all__ = [
    "COURSE",
    "CYCLE",
    "CYCLE_DAY",
    "AttemptFact",
    "Body",
    "CourseFacts",
    "CourseState",
    "CycleDayFact",
    "CycleFact",
    "CycleFacts",
    "CycleOrderFact",
    "CycleState",
    "DayFacts",
    "DayState",
    "DoseDue",
    "FieldDifference",
    "GivenDose",
    "GivenLine",
    "JoinedOrder",
    "Judgement",
    "PlanFact",
    "PlanText",
    "PrescriptionFact",
    "PrescriptionOrder",
    "PriorExposure",
    "RegimenCourseFact",
    "Span",
    "TherapyFact",
    "WorkedDose",
    "activate_prescription",
    "advance_therapy",
    "ask_prescriber",
    "attempts_of",
    "begin_therapy",
    "body_of",
    "changes_of",
    "chase_plan",
    "complete_regimen",
    "day_of",
    "delay_cycle",
    "doses_given",
    "enter_answer",
    "exposure_ids",
    "exposures",
    "find",
    "give_cycle",
    "join_order",
    "joined_orders",
    "mark_cycle_cleared",
    "mark_day_cleared",
    "mark_verified",
    "note_exposure",
    "omit_cycle",
    "omit_day",
    "on_chart",
    "open_order_ids",
    "open_orders",
    "open_orders_of",
    "open_patient_ids",
    "order_line",
    "plan_of_treatment",
    "prescription",
    "prescriptions",
    "prescriptions_of",
    "read_formula",
    "reduce_cycle",
    "regimen_course",
    "regimen_courses_of",
    "reopen_cycle",
    "reopen_day",
    "return_for_verification",
    "revise_prescription",
    "schedule",
    "send_plan",
    "sign_plan",
    "site_ids",
    "spans",
    "start_regimen",
    "steer_prescription",
    "stop_regimen",
    "supersede_plan",
    "therapies_by_id",
    "therapies_of",
    "therapy",
    "transcribe_prescription",
    "vague_words",
    "versions",
    "waiting",
    "worked_dose",
    "write_plan",
]


def therapy(therapy_id: UUID) -> TherapyFact:
    """The course; NotFound if it is not yours."""
    return therapy_fact(fetch(Therapy, therapy_id))


def site_ids(therapy_ids: Iterable[UUID]) -> dict[UUID, UUID]:
    """The site of each course."""
    return sites_of(therapy_ids)


def therapies_of(patient_id: UUID) -> list[TherapyFact]:
    """The courses of a patient, newest first."""
    return [therapy_fact(t) for t in Therapy.objects.filter(patient_id=patient_id).order_by("-start_on", "-id")]


def therapies_by_id(ids: Iterable[UUID]) -> dict[UUID, TherapyFact]:
    """Many courses at once."""
    return {t.id: therapy_fact(t) for t in Therapy.objects.filter(pk__in=list(ids))}


def spans(first: date, last: date) -> list[Span]:
    """Courses under care on any day from a first to a last day, both included."""
    return spans_of(first, last)


@read_once
def prescription(prescription_id: UUID) -> PrescriptionFact:
    """One version; NotFound if it is not yours."""
    return prescription_by_id(prescription_id)


def prescriptions_of(therapy_id: UUID) -> list[PrescriptionFact]:
    """All versions of all orders of a course, newest first."""
    return prescriptions_of_therapy(therapy_id)


def open_orders_of(patient_id: UUID) -> list[PrescriptionFact]:
    """The versions of a patient that have not ended: what runs, waits or is held."""
    return open_orders([patient_id]).get(patient_id, [])


def open_orders(patient_ids: Iterable[UUID]) -> dict[UUID, list[PrescriptionFact]]:
    """The versions of many patients that have not ended."""
    found: dict[UUID, list[PrescriptionFact]] = {}
    for order in open_of_patients(patient_ids):
        found.setdefault(order.patient_id, []).append(order)
    return found


def open_order_ids(after: UUID | None = None, limit: int = 500) -> list[UUID]:
    """Versions that have not ended, in the order of their ids, some at a time: for work that goes through all of them."""
    rows = Prescription.objects.filter(state__in=OPEN, **({"id__gt": after} if after else {}))
    return list(rows.order_by("id").values_list("id", flat=True)[:limit])


def open_patient_ids(after: UUID | None = None, limit: int = 500) -> list[UUID]:
    """Patients with a version that has not ended, in the order of their ids, some at a time."""
    rows = Prescription.objects.filter(state__in=OPEN, **({"patient_id__gt": after} if after else {}))
    return list(rows.order_by("patient_id").values_list("patient_id", flat=True).distinct()[:limit])


def prescriptions(ids: Iterable[UUID]) -> list[PrescriptionFact]:
    """Many versions at once."""
    return prescriptions_by_id(ids)


def versions(prescription_id: UUID) -> list[PrescriptionFact]:
    """Every version of the same order, newest first."""
    return versions_of(prescription_id)


def changes_of(prescription_id: UUID) -> tuple[FieldDifference, ...]:
    """This version against the one before it, field by field; a first version against itself."""
    new = prescription_by_id(prescription_id)
    old = prescription_by_id(new.previous_id) if new.previous_id else new
    return difference(old.order, new.order)


def schedule(prescription_id: UUID, first: date, last: date) -> list[DoseDue]:
    """The doses due from a first to a last day, both included, on the patient's own clock."""
    fact = prescription(prescription_id)
    return doses_due(fact.order, zone_of(fact.patient_id), first, last)


def plan_of_treatment(therapy_id: UUID) -> PlanFact:
    """The plan in force; its state is not_written where there is none."""
    return plan_fact(therapy_id)


def regimen_course(course_id: UUID) -> RegimenCourseFact:
    """A patient's regimen with its cycles; NotFound if it is not yours."""
    return courses_where(id=fetch(RegimenCourse, course_id).id)[0]


def regimen_courses_of(*, therapy_id: UUID | None = None, patient_id: UUID | None = None) -> list[RegimenCourseFact]:
    """The regimens of a therapy or of a patient, newest first."""
    return courses_where(**({"therapy_id": therapy_id} if therapy_id else {"patient_id": patient_id}))


def waiting(by: Actor, ask: Ask = EVERYTHING) -> Waited:
    """Orders and plans whose turn is somebody's, and courses that are planned or held."""
    orders = Prescription.objects.filter(state__in=_turns(PRESCRIPTION, ask, "received", "on_hold"))
    written = PlanOfTreatment.objects.filter(state__in=_turns(PLAN, ask, "written")).select_related("therapy")
    unsigned = PlanOfTreatment.objects.filter(
        state__in=_turns(PLAN, ask, "sent"), chase_at__lte=now()).select_related("therapy")
    courses = Therapy.objects.filter(state__in=_turns(THERAPY, ask, "planned", "on_hold"))
    soon = house_today() + timedelta(days=policy("clear_days_before"))
    cycles = RegimenCycle.objects.filter(
        state__in=_turns(CYCLE, ask, "planned", "delayed"), day1_on__lte=soon).select_related("course")
    return (
        waited(orders, ask, kind="Prescription", make=_prescriptions_waiting)
        + waited(written, ask, kind="Plan of treatment", make=_plans_waiting)
        + waited(unsigned, ask, kind="Signature to chase", due="chase_at", late=Q(chase_at__lte=now()), make=_chases_waiting)
        + waited(courses, ask, kind="Therapy", make=_therapies_waiting)
        + waited(cycles, ask, kind="Cycle to clear", since="day1_on", late=Q(day1_on__lt=house_today()), make=_cycles_waiting)
        + (few("Day to clear", ask, now(), days_waiting) if ask.has(CYCLE_DAY.owner(DayState.DUE)) else Waited())
    )


def _turns(machine: Machine[Any, Any], ask: Ask, *states: str) -> list[str]:
    return [state for state in whose_turn(machine, ask) if state in states]


def _prescriptions_waiting(rows: list[Prescription]) -> list[Waiting]:
    names = patient_names(r.patient_id for r in rows)
    return [
        Waiting("therapy", "Prescription", r.id, f"{r.drug_name} {r.number}-{r.version_no:02d}", names[r.patient_id],
                shown(s := PrescriptionState(r.state)), PRESCRIPTION.tone(s), PRESCRIPTION.owner(s), r.made_at,
                f"/therapy/prescriptions/{r.id}/")
        for r in rows
    ]


def _plans_waiting(rows: list[PlanOfTreatment]) -> list[Waiting]:
    names = patient_names(r.patient_id for r in rows)
    return [
        Waiting("therapy", "Plan of treatment", r.id, f"plan of treatment, {r.therapy.drug_name}", names[r.patient_id],
                shown(s := PlanState(r.state)), PLAN.tone(s), PLAN.owner(s), r.made_at, f"/therapy/{r.therapy_id}/",
                missing=("prescriber's signature and date",))
        for r in rows
    ]


def _chases_waiting(rows: list[PlanOfTreatment]) -> list[Waiting]:
    names = patient_names(r.patient_id for r in rows)
    return [
        Waiting("therapy", "Signature to chase", r.id, f"unsigned plan of treatment, {r.therapy.drug_name}", names[r.patient_id],
                "sent, unsigned", "warn", PLAN.owner(PlanState.SENT), r.sent_at or r.made_at, f"/therapy/{r.therapy_id}/#plan",
                due_at=r.chase_at, missing=(f"signature of {r.therapy.prescriber_name}",))
        for r in rows
    ]


def _cycles_waiting(rows: list[RegimenCycle]) -> list[Waiting]:
    names = patient_names(r.patient_id for r in rows)
    return [
        Waiting("therapy", "Cycle to clear", r.id, f"{r.course.regimen_name}, cycle {r.number}, day 1 {r.day1_on:%d-%b-%Y}",
                names[r.patient_id], shown(s := CycleState(r.state)), CYCLE.tone(s), CYCLE.owner(s), r.made_at,
                f"/clinical/regimens/{r.course_id}/", due_at=ends(r.day1_on, house_zone()),
                missing=("hold parameters judged", "a pharmacist's signature"))
        for r in rows
    ]


def _therapies_waiting(rows: list[Therapy]) -> list[Waiting]:
    names = patient_names(r.patient_id for r in rows)
    return [
        Waiting("therapy", "Therapy", r.id, f"{r.drug_name}, start {r.start_on:%d-%b-%Y}", names[r.patient_id],
                shown(s := TherapyState(r.state)), THERAPY.tone(s), THERAPY.owner(s), r.made_at, f"/therapy/{r.id}/")
        for r in rows
    ]


def on_chart(patient_id: UUID, by: Actor) -> list[ChartRow]:
    """A patient's courses, and the newest version of each of their orders."""
    if not by.may(READ.code):
        return []
    courses = [
        ChartRow("Therapy", t.drug_name, shown(s := TherapyState(t.state)), THERAPY.tone(s),
                 f"{t.therapy_class.replace('_', ' ')}, from {t.start_on:%d-%b-%Y}", f"/therapy/{t.id}/", t.made_at)
        for t in Therapy.objects.filter(patient_id=patient_id)
    ]
    newest = {p.number.rpartition("-")[0]: p for p in reversed(prescriptions_where(patient_id=patient_id))}
    orders = [
        ChartRow("Prescription", p.number, shown(o := PrescriptionState(p.state)), PRESCRIPTION.tone(o), p.line,
                 f"/therapy/prescriptions/{p.id}/", p.transcribed_at)
        for p in newest.values()
    ]
    return [*courses, *orders]


def find(text: str, by: Actor) -> list[Hit]:
    """Prescriptions and therapies by the beginning of their number."""
    wanted = text.strip().upper().removeprefix("RX").strip()
    if len(wanted) < 3:
        return []
    orders = Prescription.objects.filter(number__startswith=wanted.split("-")[0]).order_by("-version_no")[:5]
    courses = Therapy.objects.filter(number__startswith=wanted)[:5]
    return [
        *(Hit("Prescription", str(r), r.state.replace("_", " "), f"/therapy/prescriptions/{r.id}/") for r in orders),
        *(Hit("Therapy", str(t), t.state.replace("_", " "), f"/therapy/{t.id}/") for t in courses),
    ]
