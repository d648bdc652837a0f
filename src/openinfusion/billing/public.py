# SPDX-License-Identifier: Apache-2.0
"""The door of billing: claims, money, denials, as frozen facts; and the writes."""
from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q

from openinfusion.billing.actions.appeals import prepare_appeal
from openinfusion.billing.actions.capture_delivery import capture_delivery
from openinfusion.billing.actions.capture_visit import capture_visit
from openinfusion.billing.actions.claims import (
    LineCorrection,
    advance_claim,
    check_again,
    correct_line,
    receive_from_patient,
)
from openinfusion.billing.actions.denials import advance_denial
from openinfusion.billing.actions.deposits import (
    DepositIn,
    explain_deposit,
    match_deposit,
    match_patient_payments,
    record_deposits,
    unmatch_deposit,
    unmatch_patient_payment,
)
from openinfusion.billing.actions.patient_accounts import (
    advance_plan,
    agree_plan,
    make_statement,
    receive_payment,
    transfer_to_patient,
)
from openinfusion.billing.actions.periods import advance_period, explain_row, open_period
from openinfusion.billing.actions.posting import PostingResult, park_suspended, post_remittance, post_suspended, result_of
from openinfusion.billing.actions.recount import recount
from openinfusion.billing.actions.refunds import ask_refund, decide_refund
from openinfusion.billing.actions.secondary import open_secondary
from openinfusion.billing.actions.shortfalls import advance_underpayment
from openinfusion.billing.actions.stays import end_stay, enter_stay
from openinfusion.billing.actions.voiding import record_void
from openinfusion.billing.actions.way import (
    mark_queued,
    mark_received,
    mark_rejected,
    mark_submitted,
    mark_taken_in,
    note_standing,
    take_back_claims,
)
from openinfusion.billing.actions.write_offs import ask_write_off, decide_write_off
from openinfusion.billing.domain.claim import CLAIM, OUT, ClaimState
from openinfusion.billing.domain.remittance import AdjustmentIn, ClaimIn, LineIn, ProviderAdjustmentIn, RemittanceIn
from openinfusion.billing.domain.write_off import Side
from openinfusion.billing.models import Claim, ClaimLine, Denial, Remittance, RemittanceClaim
from openinfusion.billing.permissions import READ
from openinfusion.billing.queries import claims as claim_reads
from openinfusion.billing.queries.ageing import (
    AGES,
    AgeRow,
    PayerAnswers,
    TherapyMargin,
    answers_by_payer,
    receivables,
    therapy_margins,
)
from openinfusion.billing.queries.claims import ClaimFact, ClaimLineFact
from openinfusion.billing.queries.denials import DenialFact, denials_where
from openinfusion.billing.queries.figures import (
    Adjudicated,
    Collected,
    Frame,
    MarginOf,
    Receivable,
    Sent,
    collections,
    first_answers,
    margins_of,
    net_charged,
    receivables_of,
    sent_claims,
)
from openinfusion.billing.queries.money import MarginActual, TrialBalance, margins, revenue_since, trial_balance
from openinfusion.billing.queries.money_waiting import money_waiting
from openinfusion.billing.queries.remittances import RemittanceFact, remittance_of, remittances
from openinfusion.billing.queries.secondary import EarlierAnswer, earlier_answer
from openinfusion.billing.queries.terms import Prescriber, diagnoses_of, prescriber_of
from openinfusion.kernel.money import Money
from openinfusion.kernel.roles import Role
from openinfusion.kernel.waiting import EVERYTHING, Ask, ChartRow, Hit, Waited, Waiting
from openinfusion.patients.public import patients
from openinfusion.platform.actor import Actor
from openinfusion.platform.queue import waited
from openinfusion.therapy.public import therapy

__all__ = [
    "AGES",
    "Adjudicated",
    "AdjustmentIn",
    "AgeRow",
    "ClaimFact",
    "ClaimIn",
    "ClaimLineFact",
    "Collected",
    "DenialFact",
    "DepositIn",
    "EarlierAnswer",
    "Frame",
    "LineCorrection",
    "LineIn",
    "MarginActual",
    "MarginOf",
    "PayerAnswers",
    "PostingResult",
    "Prescriber",
    "ProviderAdjustmentIn",
    "Receivable",
    "RemittanceFact",
    "RemittanceIn",
    "Sent",
    "Side",
    "TherapyMargin",
    "TrialBalance",
    "advance_claim",
    "advance_denial",
    "advance_period",
    "advance_plan",
    "advance_underpayment",
    "agree_plan",
    "all_claims",
    "all_margins",
    "answers_by_payer",
    "ask_refund",
    "ask_write_off",
    "capture_delivery",
    "capture_visit",
    "charged_since",
    "check_again",
    "claim",
    "claims_by_control",
    "claims_of",
    "claims_served",
    "claims_waiting_since",
    "collections",
    "correct_line",
    "decide_refund",
    "decide_write_off",
    "denials",
    "diagnoses",
    "earlier_answer",
    "end_stay",
    "enter_stay",
    "explain_deposit",
    "explain_row",
    "find",
    "first_answers",
    "known_remittance",
    "ledger_accounts",
    "ledger_balance",
    "make_statement",
    "margin_actual",
    "margins_of",
    "mark_queued",
    "mark_received",
    "mark_rejected",
    "mark_submitted",
    "mark_taken_in",
    "match_deposit",
    "match_patient_payments",
    "net_charged",
    "note_standing",
    "on_chart",
    "open_period",
    "open_secondary",
    "park_suspended",
    "post_remittance",
    "post_suspended",
    "prepare_appeal",
    "prescriber",
    "ready_claims",
    "receivables",
    "receivables_of",
    "receive_from_patient",
    "receive_payment",
    "record_deposits",
    "record_void",
    "recount",
    "remittance",
    "remittances",
    "result_of",
    "sent_claims",
    "take_back_claims",
    "therapy_margins",
    "transfer_to_patient",
    "unmatch_deposit",
    "unmatch_patient_payment",
    "waiting",
]


def claim(claim_id: UUID) -> ClaimFact:
    """One claim with its lines; NotFound otherwise."""
    return claim_reads.claim_of(claim_id)


def claims_of(therapy_id: UUID) -> list[ClaimFact]:
    """All claims of a therapy with their lines."""
    return claim_reads.claims_where(with_lines=True, therapy_id=therapy_id)


def all_claims() -> list[ClaimFact]:
    """Every claim without its lines; for measures."""
    return claim_reads.claims_where(limit=100_000)


def claims_by_control(controls: Sequence[str]) -> list[ClaimFact]:
    """Claims by their control numbers, with their lines."""
    return claim_reads.claims_where(with_lines=True, control__in=list(controls))


def claims_served(days: Sequence[date], form: str) -> list[ClaimFact]:
    """Claims of a form that have been sent, with a line that began on one of these days; with their lines."""
    served = ClaimLine.objects.filter(first_on__in=list(days)).values("claim")
    return claim_reads.claims_where(with_lines=True, form=form, submitted_at__isnull=False, id__in=served)


def ready_claims() -> list[ClaimFact]:
    """Claims that may be sent, with their lines, the oldest first."""
    return claim_reads.claims_where(with_lines=True, state=ClaimState.READY.value)


def claims_waiting_since(at: datetime) -> list[ClaimFact]:
    """Claims that left before then and were never answered, with their lines, the oldest first."""
    states = [s.value for s in (*OUT, ClaimState.ACCEPTED)]
    return claim_reads.claims_where(with_lines=True, order="submitted_at", state__in=states, submitted_at__lte=at)


def diagnoses(claim_fact: ClaimFact) -> tuple[str, ...]:
    """The diagnosis codes a claim carries, the first one principal."""
    return diagnoses_of(therapy(claim_fact.therapy_id))


def prescriber(claim_fact: ClaimFact) -> Prescriber:
    """Who ordered what a claim bills."""
    return prescriber_of(therapy(claim_fact.therapy_id))


def margin_actual(therapy_id: UUID) -> MarginActual:
    """What a therapy brought and cost so far."""
    return margins([therapy_id])[therapy_id]


def all_margins() -> dict[UUID, MarginActual]:
    """The margin of every therapy that was billed or cost something."""
    return margins()


def charged_since(day: date) -> Money:
    return Money(revenue_since(day))


def ledger_balance() -> Money:
    """Debits less credits over all accounts: zero as long as the ledger is sound."""
    return Money(trial_balance().difference)


def ledger_accounts() -> TrialBalance:
    return trial_balance()


def denials(*, only_open: bool = True) -> list[DenialFact]:
    """Denials with their meaning and next step, the next due first."""
    return denials_where(is_open__in=[True] if only_open else [True, False])


def known_remittance(fingerprint: str) -> bool:
    """Whether a remittance of this content was posted before."""
    return Remittance.objects.filter(fingerprint=fingerprint).exists()


def remittance(remittance_id: UUID) -> RemittanceFact:
    return remittance_of(remittance_id)


_OPEN = tuple(s.value for s in ClaimState if CLAIM.owner(s))


def waiting(by: Actor, ask: Ask = EVERYTHING) -> Waited:
    """Claims that wait for the biller, denials by their deadline, answers without a match, and what waits for a second person."""
    if not by.may(READ.code):
        return Waited()
    if not ask.has(Role.BILLER.value):
        return money_waiting(ask)
    claims = Claim.objects.filter(Q(state__in=_OPEN) | Q(state=ClaimState.PAID.value, patient_cents__gt=0))
    suspended = RemittanceClaim.objects.filter(outcome="suspended")
    return waited(claims, ask, kind="Claim", make=_claims_waiting) + waited(
        suspended, ask, kind="Remittance", make=_suspended_waiting
    ) + money_waiting(ask)


def _claims_waiting(claims: list[Claim]) -> list[Waiting]:
    rows = [claim_reads.claim_fact(c, []) for c in claims]
    people = patients([r.patient_id for r in rows])
    due: dict[UUID, date] = {}
    open_denials = Denial.objects.filter(is_open=True, claim__in=claims).order_by("-due_on")
    for d in open_denials.values("claim_id", "due_on"):
        due[d["claim_id"]] = d["due_on"]
    return [
        Waiting(
            "billing", "Claim", r.id, f"{r.control} to {r.payer_name or 'no payer'}, {Money(r.charge_cents)}",
            people[r.patient_id].name if r.patient_id in people else "", r.state.replace("_", " "),
            CLAIM.tone(ClaimState(r.state)), Role.BILLER.value, r.since, f"/billing/claims/{r.id}/",
            None, tuple(h.text for h in r.holds) or _due(due.get(r.id), r),
        ) for r in rows
    ]


def _due(day: date | None, r: ClaimFact) -> tuple[str, ...]:
    if day is not None:
        return (f"answer by {day:%d-%b-%Y}",)
    return (f"bill the patient {Money(r.patient_cents)}",) if r.state == ClaimState.PAID.value else ()


def _suspended_waiting(rows: list[RemittanceClaim]) -> list[Waiting]:
    return [
        Waiting(
            "billing", "Remittance", r.id, f"{r.patient_control or 'no control number'}, {Money(r.paid_cents)} paid",
            r.patient_name,
            "suspended", "warn", Role.BILLER.value, r.made_at, f"/billing/remittances/{r.remittance_id}/", None,
            tuple(r.findings),
        ) for r in rows
    ]


def on_chart(patient_id: UUID, by: Actor) -> list[ChartRow]:
    """A patient's claims, for the chart."""
    if not by.may(READ.code):
        return []
    return [
        ChartRow(
            "Claim", c.control, c.state.replace("_", " "), CLAIM.tone(ClaimState(c.state)),
            f"{c.payer_name}, {Money(c.charge_cents)} charged, {Money(c.paid_cents)} paid", f"/billing/claims/{c.id}/",
            c.since,
        ) for c in claim_reads.claims_where(patient_id=patient_id, order="-made_at", limit=60)
    ]


def find(text: str, by: Actor) -> list[Hit]:
    """Claims by our control number or the payer's."""
    if not by.may(READ.code) or len(text.strip()) < 3:
        return []
    rows = [*Claim.objects.filter(control__istartswith=text.strip())[:6],
        *Claim.objects.filter(payer_control=text.strip())[:2]]
    return [
        Hit("Claim", r.control, f"{r.payer_name}, {r.state.replace('_', ' ')}, {Money(r.charge_cents)}",
            f"/billing/claims/{r.id}/")
        for r in rows
    ]
