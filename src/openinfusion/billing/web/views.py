# SPDX-License-Identifier: Apache-2.0
"""Views of billing."""
from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse

from openinfusion.billing.actions.claims import (
    advance_claim,
    check_again,
    correct_line,
    receive_from_patient,
)
from openinfusion.billing.actions.posting import post_suspended
from openinfusion.billing.permissions import READ
from openinfusion.billing.public import LineCorrection
from openinfusion.billing.queries.money import transfers_where
from openinfusion.billing.web import money_pages, pages
from openinfusion.billing.web.forms import CorrectionForm, PatientPaymentForm, ResolveForm
from openinfusion.kernel.money import Money
from openinfusion.platform.ui.forms import StepForm
from openinfusion.platform.web import Request, read, reads, show, text_table, then, writes


@reads(READ.code)
def claims(request: Request) -> HttpResponse:
    g = request.GET
    return show(request, "billing/claims.html", pages.claims_page(
        g.get("state", ""), g.get("payer", ""), g.get("q", ""), request.actor,
    ))


@reads(READ.code)
def claims_table(request: Request) -> HttpResponse:
    g = request.GET
    return text_table(
        "claims", ["control", "patient", "payer", "state", "days", "charge", "open", "why", "next step", "due"],
        ([r.control, r.patient, r.payer, r.state, r.span, r.charge.dollars, r.open.dollars, r.why, r.next_step,
            r.due_on or ""]
         for r in pages.claim_rows(g.get("state", ""), g.get("payer", ""), g.get("q", ""))),
    )


@reads(READ.code)
def claim(request: Request, claim_id: UUID) -> HttpResponse:
    return show(request, "billing/claim.html", pages.claim_page(claim_id, request.actor))


@reads(READ.code)
def remittances(request: Request) -> HttpResponse:
    return show(request, "billing/remittances.html", money_pages.remittances_page(request.actor))


@reads(READ.code)
def remittance(request: Request, remittance_id: UUID) -> HttpResponse:
    return show(request, "billing/remittance.html", money_pages.remittance_page(remittance_id, request.actor))


@reads(READ.code)
def ledger(request: Request) -> HttpResponse:
    return show(request, "billing/ledger.html", money_pages.ledger_page())


@reads(READ.code)
def ledger_table(request: Request) -> HttpResponse:
    return text_table(
        "ledger", ["day", "kind", "debit", "credit", "amount", "claim", "note"],
        ([t.on, t.kind, t.debit, t.credit, Money(t.cents).dollars, t.claim,
            t.note] for t in transfers_where(limit=100_000)),
    )


@writes
def check(request: Request, claim_id: UUID) -> HttpResponse:
    check_again(claim_id=claim_id, by=request.actor)
    return then(request, "billing:claim", claim_id, said="The claim was checked again.")


@writes
def correct(request: Request, claim_id: UUID, line_id: UUID) -> HttpResponse:
    f = read(CorrectionForm, request)
    correct_line(
        claim_id=claim_id, line_id=line_id, reason=f["reason"], by=request.actor, correction=LineCorrection(
            tuple(f["modifiers"].upper().split()), f["ndc"].replace("-", ""), f["description"], f["authorization"],
        ),
    )
    return then(request, "billing:claim", claim_id, said="The line is corrected.")


@writes
def patient_payment(request: Request, claim_id: UUID) -> HttpResponse:
    f = read(PatientPaymentForm, request)
    receive_from_patient(claim_id=claim_id, amount=Money.rounded(f["amount"]), reference=f["reference"],
        by=request.actor)
    return then(request, "billing:claim", claim_id, said="The payment is posted.")


@writes
def resolve(request: Request, remittance_id: UUID, remitted_id: UUID) -> HttpResponse:
    f = read(ResolveForm, request)
    post_suspended(remitted_id=remitted_id, claim_control=f["claim"], reason=f["reason"], by=request.actor)
    return then(request, "billing:remittance", remittance_id, said="The answer is posted.")


@writes
def step(request: Request, claim_id: UUID, step: str) -> HttpResponse:
    advance_claim(claim_id=claim_id, step=step, by=request.actor, **read(StepForm, request))
    return then(request, "billing:claim", claim_id, said="Done.")
