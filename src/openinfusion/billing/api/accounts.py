# SPDX-License-Identifier: Apache-2.0
"""Patients' accounts and the month's close as JSON. Money is in cents."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema

from openinfusion.billing.actions.patient_accounts import agree_plan, make_statement, receive_payment, transfer_to_patient
from openinfusion.billing.actions.periods import advance_period, explain_row, open_period
from openinfusion.billing.models import Period
from openinfusion.billing.permissions import READ
from openinfusion.billing.queries.closing import checklist, reconciliation
from openinfusion.billing.queries.patient_accounts import StatementFact, owed_by, statements_of
from openinfusion.billing.queries.periods import PeriodFact, notes_of, period_of, periods
from openinfusion.kernel.money import Money
from openinfusion.platform.action import fetch
from openinfusion.platform.api import Whole


class ShareOut(Schema):
    """One claim's share; ``pending`` says why it may not be asked for yet."""

    claim: str
    payer: str
    cents: int
    since: date
    pending: str


class StatementOut(Schema):
    id: UUID
    number: str
    on: date
    due_on: date
    cents: int
    file_id: UUID


class PaymentIn(Schema):
    cents: Whole
    method: str
    reference: str


class PlanIn(Schema):
    count: Whole
    first_due: date
    agreed_with: str


class MonthIn(Schema):
    day: date


class PeriodOut(Schema):
    id: UUID
    first: date
    last: date
    state: str
    closed_name: str
    approved_name: str


class TodoOut(Schema):
    key: str
    text: str
    explained: str
    stands: bool


class ItemOut(Schema):
    key: str
    title: str
    looked_at: int
    standing: int
    todo: list[TodoOut]


class ReconciledOut(Schema):
    what: str
    report_cents: int
    outside_cents: int
    ledger_cents: int
    difference: int


class ExplainIn(Schema):
    key: str
    text: str


class StepIn(Schema):
    reason: str = ""


def shares(request: HttpRequest, patient_id: UUID) -> list[ShareOut]:
    """What a patient owes, claim by claim."""
    request.actor.must(READ)  # type: ignore[attr-defined]
    return [
        ShareOut(claim=o.control, payer=o.payer, cents=o.cents, since=o.since, pending=str(o.pending() or ""))
        for o in owed_by(patient_id)
    ]


def transfer(request: HttpRequest, patient_id: UUID) -> int:
    """Bill the patient every share whose insurance is done; how many claims."""
    return transfer_to_patient(patient_id=patient_id, by=request.actor)  # type: ignore[attr-defined]


def statement_make(request: HttpRequest, patient_id: UUID) -> list[StatementFact]:
    """Make a statement; never for a claim whose insurance is pending."""
    make_statement(patient_id=patient_id, by=request.actor)  # type: ignore[attr-defined]
    return statements_of(patient_id)


def pays(request: HttpRequest, patient_id: UUID, given: PaymentIn) -> list[ShareOut]:
    """Post a patient's payment, the oldest shares first."""
    receive_payment(
        patient_id=patient_id,
        amount=Money(given.cents),
        method=given.method,
        reference=given.reference,
        by=request.actor,  # type: ignore[attr-defined]
    )
    return shares(request, patient_id)


def plan(request: HttpRequest, patient_id: UUID, given: PlanIn) -> UUID:
    """Agree instalments."""
    by = request.actor  # type: ignore[attr-defined]
    return agree_plan(patient_id=patient_id, count=given.count, first_due=given.first_due, agreed_with=given.agreed_with, by=by)


def period_list(request: HttpRequest) -> list[PeriodFact]:
    """The months taken up for closing."""
    request.actor.must(READ)  # type: ignore[attr-defined]
    return periods()


def period_open(request: HttpRequest, given: MonthIn) -> PeriodFact:
    """Take a month up for closing."""
    return period_of(open_period(day=given.day, by=request.actor))  # type: ignore[attr-defined]


def period_checklist(request: HttpRequest, period_id: UUID) -> list[ItemOut]:
    """What stands against the close."""
    request.actor.must(READ)  # type: ignore[attr-defined]
    row = fetch(Period, period_id)
    return [
        ItemOut(
            key=i.key,
            title=i.title,
            looked_at=i.looked_at,
            standing=i.standing,
            todo=[TodoOut(key=t.key, text=t.text, explained=t.explained, stands=t.stands) for t in i.todo],
        )
        for i in checklist(row.first, row.last, notes_of(row.id))
    ]


def period_reconciliation(request: HttpRequest, period_id: UUID) -> list[ReconciledOut]:
    """The margin report against the ledger."""
    request.actor.must(READ)  # type: ignore[attr-defined]
    row = fetch(Period, period_id)
    return [
        ReconciledOut(
            what=r.what,
            report_cents=r.report_cents,
            outside_cents=r.outside_cents,
            ledger_cents=r.ledger_cents,
            difference=r.difference,
        )
        for r in reconciliation(row.first, row.last)
    ]


def period_explain(request: HttpRequest, period_id: UUID, given: ExplainIn) -> list[ItemOut]:
    """Explain a row of the checklist."""
    explain_row(period_id=period_id, key=given.key, text=given.text, by=request.actor)  # type: ignore[attr-defined]
    return period_checklist(request, period_id)


def period_step(request: HttpRequest, period_id: UUID, step: str, given: StepIn) -> PeriodFact:
    """Take a step: propose, approve, send_back, reopen."""
    advance_period(period_id=period_id, step=step, reason=given.reason, by=request.actor)  # type: ignore[attr-defined]
    return period_of(period_id)


def add_to(router: Router) -> None:
    """These operations under the room's router."""
    router.get("/patients/{patient_id}/shares", response=list[ShareOut])(shares)
    router.post("/patients/{patient_id}/transfer", response=int)(transfer)
    router.post("/patients/{patient_id}/statements", response=list[StatementOut])(statement_make)
    router.post("/patients/{patient_id}/payments", response=list[ShareOut])(pays)
    router.post("/patients/{patient_id}/plans", response=UUID)(plan)
    router.get("/months", response=list[PeriodOut])(period_list)
    router.post("/months", response=PeriodOut)(period_open)
    router.get("/months/{period_id}/checklist", response=list[ItemOut])(period_checklist)
    router.get("/months/{period_id}/reconciliation", response=list[ReconciledOut])(period_reconciliation)
    router.post("/months/{period_id}/explanations", response=list[ItemOut])(period_explain)
    router.post("/months/{period_id}/steps/{step}", response=PeriodOut)(period_step)
