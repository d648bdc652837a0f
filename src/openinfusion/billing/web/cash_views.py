# SPDX-License-Identifier: Apache-2.0
"""Views of denials, underpayments, suspense and deposits."""

from __future__ import annotations

import csv
import io
from datetime import date
from uuid import UUID

from django.http import HttpResponse

from openinfusion.billing.actions.appeals import prepare_appeal
from openinfusion.billing.actions.denials import advance_denial
from openinfusion.billing.actions.deposits import (
    DepositIn,
    explain_deposit,
    match_deposit,
    match_patient_payments,
    record_deposits,
)
from openinfusion.billing.actions.posting import park_suspended
from openinfusion.billing.actions.shortfalls import advance_underpayment
from openinfusion.billing.domain.underpayment import ShortState
from openinfusion.billing.models import Appeal
from openinfusion.billing.permissions import READ
from openinfusion.billing.queries.denials import shorts_where
from openinfusion.billing.queries.deposits import deposits_where
from openinfusion.billing.web import cash_pages
from openinfusion.billing.web.cash_forms import (
    DepositFileForm,
    DepositForm,
    ExplainForm,
    LetterForm,
    MatchForm,
    ReasonForm,
)
from openinfusion.billing.web.cash_pages import DenialWanted
from openinfusion.kernel.money import Money
from openinfusion.kernel.quantity import parse_decimal
from openinfusion.kernel.refusal import Fault, Malformed
from openinfusion.platform.action import fetch
from openinfusion.platform.files import FileContent, open_file
from openinfusion.platform.ui.forms import StepForm
from openinfusion.platform.web import Request, read, reads, show, text_table, then, writes

SHEET = "billing/sheet.html"


def _wanted(request: Request) -> DenialWanted:
    g = request.GET
    return DenialWanted(
        g.get("class", ""), g.get("all", "") == "1", g.get("payer", ""), g.get("cause", ""), g.get("mine", ""), g.get("order", "")
    )


@reads(READ.code)
def denials(request: Request) -> HttpResponse:
    return show(request, "billing/denials.html", cash_pages.denials_page(_wanted(request), request.actor))


@reads(READ.code)
def denials_table(request: Request) -> HttpResponse:
    return text_table(
        "denials",
        [
            "claim",
            "payer",
            "code",
            "remarks",
            "amount",
            "worth",
            "cause",
            "meaning",
            "next step",
            "check that would have caught it",
            "due",
            "state",
            "worked by",
            "outcome",
        ],
        (
            [
                d.claim,
                d.payer_name,
                d.code,
                " ".join(d.rarcs),
                Money(d.cents).dollars,
                Money(d.worth_cents).dollars,
                d.cause,
                d.meaning,
                d.next_step,
                d.edit,
                d.due_on,
                d.state,
                d.worker_name,
                d.outcome,
            ]
            for d in cash_pages.denial_rows(_wanted(request), request.actor)
        ),
    )


@reads(READ.code)
def denial(request: Request, denial_id: UUID) -> HttpResponse:
    return show(request, "billing/denial.html", cash_pages.denial_page(denial_id, request.actor))


@writes
def denial_step(request: Request, denial_id: UUID, step: str) -> HttpResponse:
    advance_denial(
        denial_id=denial_id, step=step, sent_by=request.POST.get("sent_by", ""), by=request.actor, **read(StepForm, request)
    )
    return then(request, "billing:denial", denial_id, said="Done.")


@writes
def appeal_prepare(request: Request, denial_id: UUID) -> HttpResponse:
    prepare_appeal(denial_id=denial_id, letter=read(LetterForm, request)["letter"], by=request.actor)
    return then(request, "billing:denial", denial_id, said="The packet is ready.")


@reads(READ.code)
def appeal_packet(request: Request, appeal_id: UUID) -> HttpResponse:
    return shown_pdf(open_file(fetch(Appeal, appeal_id).packet_file_id))


def shown_pdf(found: FileContent) -> HttpResponse:
    response = HttpResponse(found.data, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{found.name}"'
    return response


@reads(READ.code)
def underpayments(request: Request) -> HttpResponse:
    g = request.GET
    return show(request, SHEET, cash_pages.underpayments_page(g.get("all", "") == "1", g.get("payer", ""), request.actor))


@reads(READ.code)
def underpayments_table(request: Request) -> HttpResponse:
    states = [s.value for s in ShortState] if request.GET.get("all") == "1" else ["found", "disputed"]
    return text_table(
        "underpayments",
        ["claim", "line", "payer", "contract", "allowed", "short", "state", "payment", "found", "outcome"],
        (
            [
                s.claim,
                s.line,
                s.payer_name,
                Money(s.expected_cents).dollars,
                Money(s.allowed_cents).dollars,
                Money(s.cents).dollars,
                s.state,
                s.trace,
                s.found_on,
                s.outcome,
            ]
            for s in shorts_where(limit=20_000, state__in=states)
        ),
    )


@writes
def underpayment_step(request: Request, underpayment_id: UUID, step: str) -> HttpResponse:
    advance_underpayment(underpayment_id=underpayment_id, step=step, by=request.actor, **read(StepForm, request))
    return then(request, "billing:underpayments", said="Done.")


@writes
def park(request: Request, remittance_id: UUID, remitted_id: UUID) -> HttpResponse:
    park_suspended(remitted_id=remitted_id, reason=read(ReasonForm, request)["reason"], by=request.actor)
    return then(request, "billing:remittance", remittance_id, said="The money is in suspense.")


@reads(READ.code)
def deposits(request: Request) -> HttpResponse:
    return show(request, SHEET, cash_pages.deposits_page(request.actor))


@reads(READ.code)
def deposits_table(request: Request) -> HttpResponse:
    return text_table(
        "deposits",
        ["received", "kind", "trace", "from", "amount", "not matched", "payments", "explanation"],
        (
            [
                d.on,
                d.method,
                d.trace,
                d.sender,
                Money(d.cents).dollars,
                Money(d.left_cents).dollars,
                " ".join([*(r.trace for r in d.brought), *(p.text for p in d.patients)]),
                d.explained,
            ]
            for d in deposits_where()
        ),
    )


@writes
def deposit_add(request: Request) -> HttpResponse:
    f = read(DepositForm, request)
    one = DepositIn(f["on"], Money.of(f["amount"]).cents, f["method"], f["trace"], f["sender"])
    record_deposits(deposits=[one], by=request.actor)
    return then(request, "billing:deposits", said="The deposit is entered.")


@writes
def deposit_import(request: Request) -> HttpResponse:
    made = record_deposits(deposits=_deposits_in(read(DepositFileForm, request)["file"].read()), by=request.actor)
    return then(request, "billing:deposits", said=f"{made} new deposits.")


def _deposits_in(data: bytes) -> list[DepositIn]:
    """The lines of a bank's list; Malformed names each that cannot be read."""
    try:
        rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))
    except UnicodeDecodeError as no:
        raise Malformed(Fault("file", "is no CSV text in UTF-8")) from no
    found: list[DepositIn] = []
    faults: list[Fault] = []
    seen: dict[str, int] = {}
    for n, row in enumerate(rows, 2):
        try:
            key = "|".join((row.get(k) or "").strip() for k in ("date", "amount", "method", "trace", "sender"))
            seen[key] = seen.get(key, 0) + 1
            amount = parse_decimal((row.get("amount") or "").strip(), field="amount")
            found.append(
                DepositIn(
                    date.fromisoformat((row.get("date") or "").strip()),
                    Money.of(amount).cents,
                    (row.get("method") or "eft").strip().lower(),
                    (row.get("trace") or "").strip(),
                    (row.get("sender") or "").strip(),
                    f"{key}|{seen[key]}",
                )
            )
        except (ValueError, Malformed) as no:
            faults.append(Fault(f"line {n}", str(no)))
    if faults:
        raise Malformed(*faults[:20])
    return found


@writes
def deposit_match(request: Request, deposit_id: UUID) -> HttpResponse:
    of_patients, ids = read(MatchForm, request)["remittance"]
    if of_patients:
        match_patient_payments(deposit_id=deposit_id, payment_ids=ids, by=request.actor)
    else:
        match_deposit(deposit_id=deposit_id, remittance_id=ids[0], by=request.actor)
    return then(request, "billing:deposits", said="Matched.")


@writes
def deposit_explain(request: Request, deposit_id: UUID) -> HttpResponse:
    explain_deposit(deposit_id=deposit_id, text=read(ExplainForm, request)["text"], by=request.actor)
    return then(request, "billing:deposits", said="Explained.")
