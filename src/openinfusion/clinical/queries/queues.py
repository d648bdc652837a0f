# SPDX-License-Identifier: Apache-2.0
"""What waits in monitoring, on the telephone, in the care plan and among events; and what a chart shows of it."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q

from openinfusion.clinical.domain.break_glass import BREAK_GLASS, PassState
from openinfusion.clinical.domain.call import CALL, WITH, CallState
from openinfusion.clinical.domain.coded import call_topics, coded
from openinfusion.clinical.domain.event import EVENT, EventState
from openinfusion.clinical.domain.goal import OWNER
from openinfusion.clinical.domain.intervention import INTERVENTION, Discipline
from openinfusion.clinical.domain.monitoring import MONITORING, MonitoringState
from openinfusion.clinical.models import BreakGlass, Call, ClinicalEvent, Goal, Intervention, Monitoring
from openinfusion.clinical.queries.care import events_where
from openinfusion.clinical.queries.monitoring import monitoring_where
from openinfusion.kernel.machine import shown
from openinfusion.kernel.waiting import Ask, ChartRow, Waited, Waiting
from openinfusion.patients import public as patients
from openinfusion.platform.actor import Actor
from openinfusion.platform.clock import now
from openinfusion.platform.house_day import house_today
from openinfusion.platform.queue import waited, whose_turn

_CARE = "/clinical/patients/{}/"


def _names(rows: list[Monitoring] | list[Call] | list[Goal] | list[ClinicalEvent] | list[Intervention]) -> dict[UUID, str]:
    return {id: p.name for id, p in patients.patients(list({r.patient_id for r in rows})).items()}


def tests_waiting(ask: Ask) -> Waited:
    """Tests that are overdue, and results that wait for a pharmacist's judgement."""
    turns = whose_turn(MONITORING, ask)
    late = Q(state__in=["due", "drawn"], late_at__lte=now())
    rows = Monitoring.objects.filter(late | Q(state="resulted"), state__in=turns)
    return waited(rows, ask, kind="Monitoring", due="late_at", late=Q(late_at__lte=now()), make=_tests)


def _tests(rows: list[Monitoring]) -> list[Waiting]:
    names = _names(rows)
    missing = {"due": ("the draw",), "drawn": ("the result",), "resulted": ("a pharmacist's judgement",)}
    return [
        Waiting(
            "clinical",
            "Monitoring",
            r.id,
            f"{r.name}, {r.drug_name}, due {r.due_on:%d-%b-%Y}",
            names[r.patient_id],
            "result out of range" if r.flagged else shown(MonitoringState(r.state)),
            "crit" if r.flagged else MONITORING.tone(MonitoringState(r.state)),
            MONITORING.owner(MonitoringState(r.state)),
            r.made_at,
            f"/clinical/monitoring/?patient={r.patient_id}",
            due_at=r.late_at,
            missing=missing[r.state],
        )
        for r in rows
    ]


def calls_waiting(by: Actor, ask: Ask) -> Waited:
    """Calls handed to whoever is on call, and calls nobody has settled; one's own whatever one's roles are.

    One that waits for a role is in that role's queue until it is handed on.
    """
    own = Q(state__in=WITH, on_call=by.id) | Q(state=CallState.TAKEN, taken_by=by.id)
    waits = Q(state=CallState.LOGGED) & ~Q(role="")
    asked = waits if ask.roles is None else waits & Q(role__in=list(ask.roles))
    rows = Call.objects.filter((Q(state__in=whose_turn(CALL, ask)) & ~waits) | asked | own, in_error_at=None)
    return waited(rows, ask, kind="Call", due="due_at", since="called_at", late=Q(due_at__lte=now(), taken_at=None), make=_calls)


def _calls(rows: list[Call]) -> list[Waiting]:
    names, topics = _names(rows), call_topics()
    return [
        Waiting(
            "clinical",
            "Call",
            r.id,
            f"{r.words} ({r.holds_text} waits)" if r.holds else topics[r.topic].text if r.topic in topics else r.topic,
            names[r.patient_id],
            shown(s := CallState(r.state)),
            "crit" if r.urgent and r.taken_at is None else CALL.tone(s),
            r.role if r.role and s is CallState.LOGGED else CALL.owner(s),
            r.called_at,
            f"/clinical/calls/{r.id}/",
            due_at=r.due_at,
            missing=(r.on_call_words,) if r.state in WITH and r.on_call_words else (),
        )
        for r in rows
    ]


def passes_waiting(ask: Ask) -> Waited:
    """Hard stops to be passed that a second pharmacist has not confirmed, and passes compliance has not reviewed."""
    rows = BreakGlass.objects.filter(state__in=whose_turn(BREAK_GLASS, ask))
    return waited(rows, ask, kind="Emergency pass", due="review_due_at", late=Q(review_due_at__lte=now()), make=_passes)


def _passes(rows: list[BreakGlass]) -> list[Waiting]:
    names = {id: p.name for id, p in patients.patients(list({r.patient_id for r in rows})).items()}
    missing = {"proposed": "a second pharmacist", "in_force": "its end", "lapsed": "a review"}
    return [
        Waiting(
            "clinical",
            "Emergency pass",
            r.id,
            r.title,
            names[r.patient_id],
            shown(s := PassState(r.state)),
            BREAK_GLASS.tone(s),
            BREAK_GLASS.owner(s),
            r.made_at,
            "/clinical/rules/#passes",
            due_at=r.review_due_at,
            missing=(missing[r.state],),
        )
        for r in rows
    ]


def goals_waiting(ask: Ask) -> Waited:
    """Goals to be reviewed by today, each for its own discipline."""
    mine = [d.value for d in Discipline if ask.has(OWNER[d])]
    rows = Goal.objects.filter(in_error_at=None, state="active", review_on__lte=house_today(), discipline__in=mine)
    return waited(rows, ask, kind="Care plan review", since="review_on", late=Q(review_on__lt=house_today()), make=_goals)


def _goals(rows: list[Goal]) -> list[Waiting]:
    names = _names(rows)
    return [
        Waiting(
            "clinical",
            "Care plan review",
            r.id,
            f"{r.discipline}: {r.goal}",
            names[r.patient_id],
            "to review",
            "wait",
            OWNER[Discipline(r.discipline)],
            r.made_at,
            _CARE.format(r.patient_id) + "#goals",
            missing=(f"review by {r.review_on:%d-%b-%Y}",),
        )
        for r in rows
    ]


def events_waiting(ask: Ask) -> Waited:
    """Events that nobody has judged."""
    rows = ClinicalEvent.objects.filter(in_error_at=None, state__in=whose_turn(EVENT, ask))
    return waited(rows, ask, kind="Event", make=_events)


def _events(rows: list[ClinicalEvent]) -> list[Waiting]:
    names = _names(rows)
    return [
        Waiting(
            "clinical",
            "Event",
            r.id,
            f"{coded(r.family).get(r.kind, r.kind)}, {r.harm.replace('_', ' ')}",
            names[r.patient_id],
            r.state,
            EVENT.tone(EventState(r.state)),
            EVENT.owner(EventState(r.state)),
            r.made_at,
            _CARE.format(r.patient_id) + "#events",
            missing=("a judgement",),
        )
        for r in rows
    ]


def interventions_waiting(ask: Ask) -> Waited:
    """Interventions whose outcome is open."""
    rows = Intervention.objects.filter(in_error_at=None, state__in=whose_turn(INTERVENTION, ask))
    return waited(rows, ask, kind="Intervention", make=_interventions)


def _interventions(rows: list[Intervention]) -> list[Waiting]:
    names = _names(rows)
    return [
        Waiting(
            "clinical",
            "Intervention",
            r.id,
            r.problem,
            names[r.patient_id],
            "open",
            "wait",
            "pharmacist",
            r.made_at,
            _CARE.format(r.patient_id) + "#interventions",
            missing=("the outcome",),
        )
        for r in rows
    ]


def care_on_chart(patient_id: UUID) -> list[ChartRow]:
    """The way to the clinical pages of a patient, the tests that are open, and what should not have happened."""
    tests = monitoring_where(patient_id=patient_id, state__in=["due", "drawn", "resulted"])
    late = sum(t.late for t in tests)
    goals = Goal.objects.filter(patient_id=patient_id, in_error_at=None, state="active").count()
    care = ChartRow(
        "Care",
        "Care plan, interventions, teaching, calls",
        f"{late} overdue" if late else "in order",
        "warn" if late else "ok",
        f"{goals} active goal{'' if goals == 1 else 's'}, {len(tests)} test{'' if len(tests) == 1 else 's'} open",
        _CARE.format(patient_id),
        now(),
    )
    found = [
        ChartRow(
            "Monitoring",
            t.name,
            "overdue" if t.late and t.state != "resulted" else t.state.replace("_", " "),
            "crit" if t.late or t.flagged else MONITORING.tone(MonitoringState(t.state)),
            f"{t.drug_name}, due {t.due_on:%d-%b-%Y}",
            f"/clinical/monitoring/?patient={patient_id}",
            t.late_at,
        )
        for t in tests
    ]
    events = [
        ChartRow(
            "Event",
            e.kind_text,
            e.state,
            EVENT.tone(EventState(e.state)),
            f"{e.harm.replace('_', ' ')}, {e.occurred_on:%d-%b-%Y}",
            _CARE.format(patient_id) + "#events",
            now(),
        )
        for e in events_where(20, patient_id=patient_id)
    ]
    return [care, *found, *events]
