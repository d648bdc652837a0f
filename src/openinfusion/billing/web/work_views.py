# SPDX-License-Identifier: Apache-2.0
"""Views of unbilled work, of a patient's billed days, and of what changes them."""
from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse

from openinfusion.billing.actions.capture_delivery import capture_delivery
from openinfusion.billing.actions.recount import recount
from openinfusion.billing.actions.secondary import open_secondary
from openinfusion.billing.actions.stays import end_stay, enter_stay
from openinfusion.billing.actions.voiding import record_void
from openinfusion.billing.permissions import READ
from openinfusion.billing.queries.days import ledger_rows
from openinfusion.billing.queries.unbilled import KINDS, unbilled
from openinfusion.billing.web import work_pages
from openinfusion.billing.web.forms import ReturnForm, StayForm
from openinfusion.kernel.money import Money
from openinfusion.platform.web import Request, read, reads, show, text_table, then, writes


@reads(READ.code)
def unbilled_list(request: Request) -> HttpResponse:
    g = request.GET
    return show(request, "billing/unbilled.html", work_pages.unbilled_page(g.get("kind", ""), g.get("q", "")))


@reads(READ.code)
def unbilled_table(request: Request) -> HttpResponse:
    g = request.GET
    kind = g.get("kind", "")
    return text_table(
        "unbilled", ["kind", "what", "patient", "payer", "since", "days", "amount", "why", "whose turn"],
        ([r.kind, r.what, r.patient, r.payer, r.since, r.days, r.amount.dollars, r.why, r.turn]
         for r in unbilled(kind if kind in KINDS else "", g.get("q", ""))),
    )


@reads(READ.code)
def days(request: Request, patient_id: UUID) -> HttpResponse:
    return show(request, "billing/days.html", work_pages.days_page(patient_id, request.actor))


@reads(READ.code)
def days_table(request: Request, patient_id: UUID) -> HttpResponse:
    return text_table(
        "days", ["day", "code", "rank", "rate", "authorization", "claim", "state", "therapy"],
        ([r.day, r.code, r.modifier, Money(r.rate_cents).dollars, r.authorization, r.claim, r.state, r.therapy]
         for r in ledger_rows(patient_id, 10_000)),
    )


@writes
def stay_enter(request: Request, patient_id: UUID) -> HttpResponse:
    enter_stay(patient_id=patient_id, by=request.actor, **read(StayForm, request))
    return then(request, "billing:days", patient_id, said="The stay is entered; its days are not billed.")


@writes
def stay_end(request: Request, patient_id: UUID, stay_id: UUID) -> HttpResponse:
    end_stay(stay_id=stay_id, by=request.actor, **read(ReturnForm, request))
    return then(request, "billing:days", patient_id, said="The return is entered.")


@writes
def voided(request: Request, claim_id: UUID) -> HttpResponse:
    record_void(claim_id=claim_id, by=request.actor)
    return then(request, "billing:claim", claim_id, said="It is void; its deliveries may be charged again.")


@writes
def charge_again(request: Request, ticket_id: UUID) -> HttpResponse:
    made = capture_delivery(ticket_id=ticket_id, by=request.actor)
    return then(request, "billing:claim", made, said="The delivery is charged on this claim.")


@writes
def next_payer(request: Request, claim_id: UUID) -> HttpResponse:
    made = open_secondary(claim_id=claim_id, by=request.actor)
    return then(request, "billing:claim", made, said="This is the claim to the next payer.")


@writes
def count_again(request: Request, claim_id: UUID) -> HttpResponse:
    recount(claim_id=claim_id, by=request.actor)
    return then(request, "billing:claim", claim_id, said="Counted again from its deliveries.")
