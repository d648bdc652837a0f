# SPDX-License-Identifier: Apache-2.0
"""The door of the clinical room: findings, and whether an order is verified."""
from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.db.models import Q

from openinfusion.clinical.actions.break_glass import advance_pass, propose_pass
from openinfusion.clinical.actions.calls import advance_call, advise, log_call, raise_call
from openinfusion.clinical.actions.events import advance_event, report_event, worsen_event
from openinfusion.clinical.actions.goals import advance_goal, review_goal, write_goal
from openinfusion.clinical.actions.interactions import load_interactions
from openinfusion.clinical.actions.intervene import record_intervention, settle_intervention
from openinfusion.clinical.actions.monitor import accept_results, add_monitoring, advance_monitoring, plan_monitoring
from openinfusion.clinical.actions.referred import refer, settle_referred
from openinfusion.clinical.actions.regimen import clear_cycle, clear_day
from openinfusion.clinical.actions.review import (
    answer_finding,
    clarify,
    enter_answer,
    open_review,
    reopen,
    verify,
)
from openinfusion.clinical.actions.strike import strike_entry
from openinfusion.clinical.actions.teach import keep_visit_teaching, record_teaching
from openinfusion.clinical.domain.answer import Answer, CodedReason, coded_reasons, hard_stops, reasons_for, unanswered
from openinfusion.clinical.domain.caution import Caution, cautions
from openinfusion.clinical.domain.checks import CHECKS, Check
from openinfusion.clinical.domain.checks.nutrition import check_nutrition
from openinfusion.clinical.domain.finding import Finding, Tier
from openinfusion.clinical.domain.interaction import starting_rows, starting_set
from openinfusion.clinical.domain.interaction_file import read_pairs, text_of
from openinfusion.clinical.domain.policy import Range
from openinfusion.clinical.domain.review import REVIEW, ReviewState
from openinfusion.clinical.domain.scenario import Scenario, scenarios
from openinfusion.clinical.domain.side_chain import SideChainRow
from openinfusion.clinical.models import Review
from openinfusion.clinical.permissions import CARE_READ
from openinfusion.clinical.queries import AnswerFact, answers_of, facts_for, findings_of, passes_where, review_of, run_out
from openinfusion.clinical.queries.care import (
    CallFact,
    EventFact,
    GoalFact,
    InterventionFact,
    TeachingFact,
    call_of,
    calls_where,
    events_where,
    goals_where,
    interventions_where,
    teaching_where,
    to_teach,
)
from openinfusion.clinical.queries.lab_report import ReportLine, report_lines
from openinfusion.clinical.queries.monitoring import MonitoringFact, monitoring_where
from openinfusion.clinical.queries.outcomes import Outcomes, outcomes_of
from openinfusion.clinical.queries.queues import (
    calls_waiting,
    care_on_chart,
    events_waiting,
    goals_waiting,
    interventions_waiting,
    passes_waiting,
    tests_waiting,
)
from openinfusion.clinical.queries.regimens import days_against
from openinfusion.kernel.machine import shown
from openinfusion.kernel.refusal import Reason
from openinfusion.kernel.waiting import EVERYTHING, Ask, ChartRow, Waited, Waiting
from openinfusion.patients import public as patients
from openinfusion.platform.actor import Actor
from openinfusion.platform.clock import now
from openinfusion.platform.queue import waited, whose_turn
from openinfusion.platform.rows import rows_by
from openinfusion.therapy import public as therapy

__all__ = [
    "CHECKS",
    "Answer",
    "AnswerFact",
    "CallFact",
    "Caution",
    "Check",
    "CodedReason",
    "EventFact",
    "Finding",
    "GoalFact",
    "InterventionFact",
    "MonitoringFact",
    "Outcomes",
    "Range",
    "ReportLine",
    "Scenario",
    "SideChainRow",
    "TeachingFact",
    "Tier",
    "accept_results",
    "add_monitoring",
    "advance_call",
    "advance_event",
    "advance_goal",
    "advance_monitoring",
    "advance_pass",
    "advise",
    "answer_finding",
    "answers",
    "call",
    "calls_where",
    "cautions",
    "clarify",
    "clear_cycle",
    "clear_day",
    "coded_reasons",
    "day_reasons",
    "enter_answer",
    "events_where",
    "findings_for",
    "goals_where",
    "hard_stops",
    "interventions_where",
    "keep_visit_teaching",
    "load_interactions",
    "log_call",
    "monitoring_where",
    "nutrition_stops",
    "on_chart",
    "open_review",
    "outcomes",
    "passes_where",
    "plan_monitoring",
    "propose_pass",
    "raise_call",
    "read_pairs",
    "reasons_for",
    "record_intervention",
    "record_teaching",
    "refer",
    "reopen",
    "report_event",
    "report_lines",
    "review_goal",
    "review_id_of",
    "reviews_waiting",
    "scenarios",
    "settle_intervention",
    "settle_referred",
    "starting_rows",
    "starting_set",
    "strike_entry",
    "teaching_where",
    "text_of",
    "to_teach",
    "unanswered",
    "unanswered_for",
    "verified",
    "verified_at",
    "verify",
    "waiting",
    "worsen_event",
    "write_goal",
]


def findings_for(prescription_id: UUID) -> tuple[Finding, ...]:
    """The findings as they are now, the most dangerous first."""
    return findings_of(prescription_id)


def answers(prescription_id: UUID) -> list[AnswerFact]:
    """The answers given in the review of a version."""
    return answers_of(review_of(prescription_id).id)


def unanswered_for(prescription_id: UUID) -> tuple[Finding, ...]:
    """The findings that still need an answer."""
    given = [Answer(a.fingerprint, a.reason_code) for a in answers(prescription_id)]
    return unanswered(findings_of(prescription_id), given)


def review_id_of(prescription_id: UUID) -> UUID:
    """The review of a version; NotFound if none was opened."""
    return review_of(prescription_id).id


def verified(prescription_id: UUID) -> bool:
    """Whether a pharmacist's verification of this version stands, and the version has not ended or been held."""
    return therapy.prescription(prescription_id).verified and stands(prescription_id)


def stands(prescription_id: UUID) -> bool:
    """Whether a pharmacist's verification of this version stands, whatever became of the version since.

    One that rests on a hard stop passed in an emergency stands no longer than the pass.
    """
    signed = any(r.state == ReviewState.VERIFIED.value for r in rows_by(Review, "prescription", prescription_id))
    return signed and not run_out(prescription_id)


def nutrition_stops(prescription_id: UUID) -> list[Reason]:
    """The hard stops of a formula of nutrition by the limits in force now, for the bench; none for other drugs."""
    facts = facts_for(therapy.prescription(prescription_id))
    hard = [f for f in check_nutrition(facts) if f.tier is Tier.HARD]
    return [Reason(f.code, f"{f.title}: {f.text}", f.do) for f in hard]


def day_reasons(prescription_id: UUID, first: date, last: date) -> list[Reason]:
    """Why the doses of an order between two days may not be made yet: chemotherapy whose cycle or day is not cleared."""
    return days_against(therapy.prescription(prescription_id), first, last)


def call(call_id: UUID) -> CallFact:
    """One call; NotFound otherwise."""
    return call_of(call_id)


def verified_at(prescription_id: UUID) -> datetime | None:
    """When it was verified; None while it is not."""
    return review_of(prescription_id).verified_at


def waiting(by: Actor, ask: Ask = EVERYTHING) -> Waited:
    """Orders to verify, tests overdue or to be judged, calls, goals to review, events and open interventions."""
    found = reviews_waiting(by, ask)
    if by.may(CARE_READ.code):
        found += calls_waiting(by, ask)
        for queue in (passes_waiting, tests_waiting, goals_waiting, events_waiting, interventions_waiting):
            found += queue(ask)
    return found


def outcomes(first: date, last: date, therapy_class: str = "") -> Outcomes:
    """Outcomes of a period with numerators, denominators and the events behind them."""
    return outcomes_of(first, last, therapy_class)


def on_chart(patient_id: UUID, by: Actor) -> list[ChartRow]:
    """The way to a patient's clinical pages, the open tests and the events."""
    return care_on_chart(patient_id) if by.may(CARE_READ.code) else []


def reviews_waiting(by: Actor, ask: Ask = EVERYTHING) -> Waited:
    """The verification queue, the most urgent first."""
    rows = Review.objects.filter(state__in=whose_turn(REVIEW, ask))
    return waited(rows, ask, kind="Verification", due="due_at", late=Q(due_at__lt=now()), make=_reviews_waiting)


def _reviews_waiting(rows: list[Review]) -> list[Waiting]:
    names = patients.patients([r.patient_id for r in rows])
    return [
        Waiting(
            "clinical", "Verification", r.id, r.title, names[r.patient_id].name, shown(s := ReviewState(r.state)),
            REVIEW.tone(s), REVIEW.owner(s), r.made_at, f"/clinical/reviews/{r.id}/", due_at=r.due_at,
            missing=("the prescriber's answer",) if s is ReviewState.CLARIFICATION else ("a pharmacist's signature",),
        )
        for r in rows
    ]
