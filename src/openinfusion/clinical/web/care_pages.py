# SPDX-License-Identifier: Apache-2.0
"""The clinical pages of one patient, and the pages of calls."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django import forms
from django.urls import reverse

from openinfusion.clinical import permissions as p
from openinfusion.clinical.domain.call import CALL, CallFacts, CallState, Release
from openinfusion.clinical.domain.event import EVENT, EventFacts, EventState
from openinfusion.clinical.domain.goal import GOAL, GoalFacts, GoalState
from openinfusion.clinical.domain.intervention import INTERVENTION, InterventionState
from openinfusion.clinical.domain.monitoring import MonitoringState
from openinfusion.clinical.queries.care import (
    CallFact,
    EventFact,
    GoalFact,
    InterventionFact,
    TeachingFact,
    call_of,
    calls_where,
    events_where,
    goals_of,
    goals_where,
    interventions_where,
    teaching_where,
    to_teach,
)
from openinfusion.clinical.queries.monitoring import MonitoringFact, monitoring_where
from openinfusion.clinical.web import care_forms as f
from openinfusion.clinical.web.monitoring_pages import WatchRow, own, watch_row
from openinfusion.patients import public as patients
from openinfusion.platform.actor import Actor
from openinfusion.platform.journal import Line, timeline
from openinfusion.platform.ui.parts import Act, acts_of
from openinfusion.therapy import public as therapy


@dataclass(frozen=True, slots=True)
class Item:
    """One entry with its state in colour and what may be done about it."""

    fact: InterventionFact | GoalFact | EventFact | CallFact
    tone: str
    acts: tuple[Act, ...]


@dataclass(frozen=True, slots=True)
class Taught:
    fact: TeachingFact
    tone: str
    acts: tuple[Act, ...]


@dataclass(frozen=True, slots=True)
class CarePage:
    banner: patients.Banner
    tests: tuple[WatchRow, ...]
    goals: tuple[tuple[str, tuple[Item, ...]], ...]  # by discipline
    suggested: tuple[tuple[str, tuple[str, ...]], ...]  # by course: what its template would aim at
    interventions: tuple[Item, ...]
    minutes: int
    taught: tuple[Taught, ...]
    to_teach: tuple[tuple[str, tuple[str, ...]], ...]  # by course
    calls: tuple[Item, ...]
    events: tuple[Item, ...]
    add: dict[str, tuple[Act, ...]]
    zone: str


def care_page(patient_id: UUID, by: Actor) -> CarePage:
    banner = patients.banner(patient_id)
    courses = therapy.therapies_of(patient_id)
    open_courses = [c for c in courses if not c.ended_on]
    interventions = interventions_where(patient_id=patient_id)
    goals = [_goal(g, by) for g in goals_where(patient_id=patient_id)]
    groups = dict.fromkeys(g.fact.discipline for g in goals)  # type: ignore[union-attr]
    open_tests = monitoring_where(patient_id=patient_id, state__in=["due", "drawn", "resulted"])
    return CarePage(
        banner,
        tuple(watch_row(t, by) for t in open_tests),
        tuple((d, tuple(g for g in goals if g.fact.discipline == d)) for d in groups),  # type: ignore[union-attr]
        tuple((c.drug_name, found) for c in open_courses if (found := goals_of(c))),
        tuple(_intervention(i, by) for i in interventions),
        sum(i.minutes for i in interventions),
        tuple(_taught(t, by) for t in teaching_where(patient_id=patient_id)),
        tuple((c.drug_name, to_teach(c)) for c in open_courses),
        tuple(_call(c, by) for c in calls_where(20, patient_id=patient_id)),
        tuple(_event(e, by) for e in events_where(patient_id=patient_id)),
        _adders(patient_id, courses, by) | {"seen": _accepting(patient_id, open_tests, by)},
        banner.patient.timezone or "UTC",
    )


def _accepting(patient_id: UUID, tests: list[MonitoringFact], by: Actor) -> tuple[Act, ...]:
    """One button for all results within their range, where more than one waits."""
    fine = [t for t in tests if t.state == MonitoringState.RESULTED and not t.flagged]
    if len(fine) < 2 or not by.may(p.MONITOR_ACT.code):
        return ()
    label = f"Seen, no change: all {len(fine)} within range"
    return (Act("accept-results", label, reverse("clinical:results_accept", args=[patient_id]), "ok"),)


def _adders(patient_id: UUID, courses: list[therapy.TherapyFact], by: Actor) -> dict[str, tuple[Act, ...]]:
    """The buttons that add an entry, each with its form."""
    choices = [(str(c.id), f"{c.drug_name} from {c.start_on:%d-%b-%Y}") for c in courses]
    lines = [
        (str(x.id), f"{x}{f', placed {x.placed_on:%d-%b-%Y}' if x.placed_on else ''}") for x in patients.every_line(patient_id)
    ]

    def add(key: str, label: str, permission: str, form: object) -> tuple[Act, ...]:
        if not by.may(permission):
            return ()
        return (Act(f"add-{key}", label, reverse("clinical:care_add", args=[patient_id, key]), form=form),)  # type: ignore[arg-type]

    found = {
        "goal": add("goal", "Add a goal", p.CARE_PLAN.code, f.GoalForm(courses=choices, auto_id="goal_%s")),
        "intervention": add(
            "intervention",
            "Record an intervention",
            p.INTERVENE.code,
            f.InterventionForm(courses=choices, auto_id="intervention_%s"),
        ),
        "education": add("education", "Record teaching", p.TEACH.code, f.TeachingForm(courses=choices, auto_id="education_%s")),
        "event": add(
            "event", "Report an event", p.EVENT_REPORT.code, f.EventForm(courses=choices, lines=lines, auto_id="event_%s")
        ),
    }
    tests = [
        Act(
            f"add-test-{c.id}",
            f"Add a test for {c.drug_name}",
            reverse("clinical:care_add", args=[patient_id, "test"]),
            form=f.WatchForm(initial={"therapy_id": c.id}, auto_id=f"test-{c.id}_%s"),
        )
        for c in courses
        if not c.ended_on and by.may(p.MONITOR_PLAN.code)
    ]
    return found | {"test": tuple(tests)}


def _wrong(kind: str, id: UUID, by: Actor) -> tuple[Act, ...]:
    if not by.may(p.CORRECT.code):
        return ()
    return (Act("error", "Entered in error", reverse("clinical:care_error", args=[kind, id]), "quiet", True),)


def _intervention(i: InterventionFact, by: Actor) -> Item:
    acts: list[Act] = []
    if i.state == InterventionState.OPEN and by.may(p.INTERVENE.code):
        form = f.SettleForm(auto_id=f"settle-{i.id}_%s")
        acts = [Act("settle", "Settle", reverse("clinical:care_step", args=["intervention", i.id, "settle"]), "ok", form=form)]
    tone = INTERVENTION.tone(InterventionState(i.state))
    return Item(i, tone, own((*acts, *_wrong("intervention", i.id, by)), i.id))


def _goal(g: GoalFact, by: Actor) -> Item:
    state = GoalState(g.state)
    steps = acts_of(
        GOAL,
        state,
        GoalFacts(g.reviewed_on is not None),
        by,
        url_for=lambda step: reverse("clinical:care_step", args=["goal", g.id, step]),
    )
    review: tuple[Act, ...] = ()
    if state is GoalState.ACTIVE and by.may(p.CARE_PLAN.code):
        form = f.GoalReviewForm(auto_id=f"review-{g.id}_%s")
        review = (Act("review", "Review", reverse("clinical:care_step", args=["goal", g.id, "review"]), "pri", form=form),)
    return Item(g, GOAL.tone(state), own((*review, *steps, *_wrong("goal", g.id, by)), g.id))


def _taught(t: TeachingFact, by: Actor) -> Taught:
    tone = {"teaches_back": "ok", "with_help": "wait"}.get(t.result, "warn")
    return Taught(t, tone, own(_wrong("education", t.id, by), t.id))


def _event(e: EventFact, by: Actor) -> Item:
    state = EventState(e.state)
    forms = {"review": f.JudgeForm(auto_id=f"judge-{e.id}_%s")}
    steps = acts_of(
        EVENT,
        state,
        EventFacts("related"),
        by,
        forms=forms,  # the form asks for the real word
        url_for=lambda step: reverse("clinical:care_step", args=["event", e.id, step]),
        leave_out=frozenset({"worsen"}),  # said with the harm, where it is recorded
    )
    return Item(e, EVENT.tone(state), own((*steps, *_wrong("event", e.id, by)), e.id))


def _call(c: CallFact, by: Actor) -> Item:
    return Item(c, CALL.tone(CallState(c.state)), ())


@dataclass(frozen=True, slots=True)
class CallsPage:
    rows: tuple[Item, ...]
    chosen: str
    states: tuple[str, ...]


def calls_page(chosen: str, by: Actor) -> CallsPage:
    """Calls nobody has settled, or those in a state; the newest first."""
    states = [chosen] if chosen in set(CallState) else [s for s in CallState if s is not CallState.SETTLED]
    return CallsPage(tuple(_call(c, by) for c in calls_where(100, state__in=states)), chosen, tuple(s.value for s in CallState))


@dataclass(frozen=True, slots=True)
class NewCallPage:
    """First whom it is about, then the call."""

    text: str
    hits: tuple[patients.PatientRow, ...]
    banner: patients.Banner | None
    form: f.CallForm | None


def new_call_page(text: str, patient_id: UUID | None) -> NewCallPage:
    if patient_id is None:
        return NewCallPage(text, tuple(patients.search(text, 12)) if len(text.strip()) >= 2 else (), None, None)
    banner = patients.banner(patient_id)
    courses = [(str(c.id), c.drug_name) for c in therapy.therapies_of(patient_id) if not c.ended_on]
    initial = {"patient_id": patient_id, "phone": banner.patient.phone, "therapy_id": courses[0][0] if len(courses) == 1 else ""}
    return NewCallPage(text, (), banner, f.CallForm(initial=initial, courses=courses))


@dataclass(frozen=True, slots=True)
class CallPage:
    fact: CallFact
    tone: str
    banner: patients.Banner
    acts: tuple[Act, ...]
    lines: tuple[Line, ...]
    zone: str


def call_page(call_id: UUID, by: Actor) -> CallPage:
    c = call_of(call_id)
    state = CallState(c.state)
    ends: dict[str, forms.Form] = {}
    if c.holds:
        ends = {"settle": f.EndWithAdviceForm(initial={"advice": c.advice}), "resolve": f.EndForm()}
    roles = frozenset(str(r) for r in by.roles)
    facts = CallFacts(c.urgent, c.advice or ("asked by the form" if c.holds else ""), bool(c.holds), Release.GO, c.role, roles)
    steps = acts_of(
        CALL, state, facts, by, url_for=lambda step: reverse("clinical:call_step", args=[c.id, step]), forms=ends
    )
    advise: tuple[Act, ...] = ()
    if state is not CallState.SETTLED and by.may(p.CALL_LOG.code):
        url = reverse("clinical:call_step", args=[c.id, "advise"])
        advise = (Act("advise", "Write down the advice", url, form=f.AdviceForm(initial={"advice": c.advice})),)
    banner = patients.banner(c.patient_id)
    return CallPage(
        c,
        CALL.tone(state),
        banner,
        (*advise, *steps, *_wrong("call", c.id, by)),
        tuple(timeline(subject_id=c.id)),
        banner.patient.timezone or "UTC",
    )
