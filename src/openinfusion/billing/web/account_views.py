# SPDX-License-Identifier: Apache-2.0
"""Views of write-offs, refunds, patients' accounts and the month's close."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse

from openinfusion.billing.actions.patient_accounts import (
    advance_plan,
    agree_plan,
    make_statement,
    receive_payment,
    transfer_to_patient,
)
from openinfusion.billing.actions.periods import advance_period, explain_row, open_period
from openinfusion.billing.actions.refunds import ask_refund, decide_refund
from openinfusion.billing.actions.write_offs import ask_write_off, decide_write_off
from openinfusion.billing.domain.write_off import Side
from openinfusion.billing.models import Refund, Statement, WriteOff
from openinfusion.billing.permissions import READ
from openinfusion.billing.queries.closing import margin_report
from openinfusion.billing.queries.patient_accounts import owed_where
from openinfusion.billing.queries.periods import period_of
from openinfusion.billing.web import account_pages, period_pages
from openinfusion.billing.web.cash_forms import (
    ExplainForm,
    MonthForm,
    PaymentForm,
    PlanForm,
    RefundForm,
    WriteOffForm,
)
from openinfusion.billing.web.cash_views import SHEET, shown_pdf
from openinfusion.kernel.money import Money
from openinfusion.patients.public import patients
from openinfusion.platform.action import fetch
from openinfusion.platform.files import open_file
from openinfusion.platform.ui.forms import StepForm
from openinfusion.platform.web import Request, read, reads, show, text_table, then, writes
from openinfusion.therapy.public import therapies_by_id


@reads(READ.code)
def adjustments(request: Request) -> HttpResponse:
    return show(request, SHEET, account_pages.adjustments_page(request.GET.get("all", "") == "1", request.actor))


@reads(READ.code)
def adjustments_table(request: Request) -> HttpResponse:
    offs = (
        [
            w.claim.control,
            "write-off",
            w.side,
            Money(w.cents).dollars,
            w.reason_code,
            "yes" if w.avoidable else "no",
            w.note,
            w.asked_name,
            w.state,
            w.decided_name,
            w.posted_on or "",
        ]
        for w in WriteOff.objects.select_related("claim").order_by("made_at")
    )
    backs = (
        [
            r.claim.control,
            "refund",
            r.side,
            Money(r.cents).dollars,
            "",
            "",
            r.note,
            r.asked_name,
            r.state,
            r.approved_name,
            r.paid_on or "",
        ]
        for r in Refund.objects.select_related("claim").order_by("made_at")
    )
    head = ["claim", "kind", "side", "amount", "reason", "avoidable", "note", "asked by", "state", "decided by", "posted"]
    return text_table("write-offs-and-refunds", head, [*offs, *backs])


@reads(READ.code)
def claim_money(request: Request, claim_id: UUID) -> HttpResponse:
    return show(request, SHEET, account_pages.claim_money_page(claim_id, request.actor))


@writes
def write_off_ask(request: Request, claim_id: UUID) -> HttpResponse:
    f = read(WriteOffForm, request)
    ask_write_off(
        claim_id=claim_id,
        side=Side(f["side"]),
        amount=Money.of(f["amount"]),
        reason_code=f["reason_code"],
        note=f["note"],
        by=request.actor,
    )
    return then(request, "billing:claim_money", claim_id, said="Asked; within your limit it is posted.")


@writes
def write_off_step(request: Request, write_off_id: UUID, step: str) -> HttpResponse:
    decide_write_off(write_off_id=write_off_id, step=step, by=request.actor, **read(StepForm, request))
    return then(request, "billing:adjustments", said="Decided.")


@writes
def refund_ask(request: Request, claim_id: UUID) -> HttpResponse:
    f = read(RefundForm, request)
    ask_refund(claim_id=claim_id, side=Side(f["side"]), amount=Money.of(f["amount"]), note=f["note"], by=request.actor)
    return then(request, "billing:claim_money", claim_id, said="Asked; another person approves it.")


@writes
def refund_step(request: Request, refund_id: UUID, step: str) -> HttpResponse:
    decide_refund(
        refund_id=refund_id, step=step, reference=request.POST.get("reference", ""), by=request.actor, **read(StepForm, request)
    )
    return then(request, "billing:adjustments", said="Decided.")


@reads(READ.code)
def patient_accounts(request: Request) -> HttpResponse:
    return show(request, SHEET, account_pages.patients_page(request.GET.get("q", ""), request.actor))


@reads(READ.code)
def patients_table(request: Request) -> HttpResponse:
    owed = owed_where()
    names = patients(list(owed))
    return text_table(
        "patients-owe",
        ["patient", "record number", "claim", "insurance", "since", "amount", "may be asked", "why not"],
        (
            [
                names[i].name,
                names[i].mrn,
                o.control,
                o.payer,
                o.since,
                Money(o.cents).dollars,
                "no" if o.pending() else "yes",
                o.pending() or "",
            ]
            for i, shares in owed.items()
            for o in shares
        ),
    )


@reads(READ.code)
def patient_account(request: Request, patient_id: UUID) -> HttpResponse:
    return show(request, SHEET, account_pages.patient_account_page(patient_id, request.actor))


@writes
def patient_transfer(request: Request, patient_id: UUID) -> HttpResponse:
    made = transfer_to_patient(patient_id=patient_id, by=request.actor)
    return then(request, "billing:patient_account", patient_id, said=f"{made} claims are the patient's now.")


@writes
def statement_make(request: Request, patient_id: UUID) -> HttpResponse:
    make_statement(patient_id=patient_id, by=request.actor)
    return then(request, "billing:patient_account", patient_id, said="The statement is made.")


@reads(READ.code)
def statement(request: Request, statement_id: UUID) -> HttpResponse:
    return shown_pdf(open_file(fetch(Statement, statement_id).file_id))


@writes
def patient_pays(request: Request, patient_id: UUID) -> HttpResponse:
    f = read(PaymentForm, request)
    receive_payment(
        patient_id=patient_id, amount=Money.of(f["amount"]), method=f["method"], reference=f["reference"], by=request.actor
    )
    return then(request, "billing:patient_account", patient_id, said="The payment is posted.")


@writes
def plan_agree(request: Request, patient_id: UUID) -> HttpResponse:
    f = read(PlanForm, request)
    agree_plan(patient_id=patient_id, count=f["count"], first_due=f["first_due"], agreed_with=f["agreed_with"], by=request.actor)
    return then(request, "billing:patient_account", patient_id, said="The plan is agreed.")


@writes
def plan_step(request: Request, plan_id: UUID, step: str) -> HttpResponse:
    advance_plan(plan_id=plan_id, step=step, by=request.actor, **read(StepForm, request))
    return then(request, "billing:patient_accounts", said="Done.")


@reads(READ.code)
def periods(request: Request) -> HttpResponse:
    return show(request, SHEET, period_pages.periods_page(request.actor))


@writes
def period_open(request: Request) -> HttpResponse:
    made = open_period(day=read(MonthForm, request)["day"], by=request.actor)
    return then(request, "billing:period", made)


@reads(READ.code)
def period(request: Request, period_id: UUID) -> HttpResponse:
    return show(request, SHEET, period_pages.period_page(period_id, request.actor))


@reads(READ.code)
def period_table(request: Request, period_id: UUID) -> HttpResponse:
    p = period_of(period_id)
    found = margin_report(p.first, p.last)
    names = therapies_by_id([m.therapy_id for m in found])
    return text_table(
        "margin",
        ["therapy", "drug", "charged", "paid", "patient", "open", "cost", "margin"],
        (
            [
                names[m.therapy_id].number,
                names[m.therapy_id].drug_name,
                *(
                    Money(x).dollars
                    for x in (m.charged_cents, m.paid_cents, m.patient_cents, m.open_cents, m.cost_cents, m.margin_cents)
                ),
            ]
            for m in found
            if m.therapy_id in names
        ),
    )


@writes
def period_explain(request: Request, period_id: UUID) -> HttpResponse:
    explain_row(period_id=period_id, key=request.POST.get("key", ""), text=read(ExplainForm, request)["text"], by=request.actor)
    return then(request, "billing:period", period_id, said="Explained.")


@writes
def period_step(request: Request, period_id: UUID, step: str) -> HttpResponse:
    advance_period(period_id=period_id, step=step, by=request.actor, **read(StepForm, request))
    return then(request, "billing:period", period_id, said="Done.")
