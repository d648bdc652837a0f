# SPDX-License-Identifier: Apache-2.0
"""Views of payers, their contracts and price lists: each calls at most one action."""
from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse

from openinfusion.payers import queries
from openinfusion.payers.actions.contract import advance_contract_draft, change_contract_draft, draft_contract
from openinfusion.payers.actions.enter import enter_payer, enter_plan
from openinfusion.payers.actions.prices import import_prices, withdraw_prices
from openinfusion.payers.permissions import DRAFT, READ
from openinfusion.payers.web import forms as f
from openinfusion.payers.web import pages, price_pages
from openinfusion.platform.ui.forms import StepForm
from openinfusion.platform.web import Request, read, reads, show, text_table, then, writes

_SAID = {
    "propose": "Proposed. Another person approves it.", "approve": "Approved. It is in force from its first day.",
    "hand_back": "Handed back to its author.", "withdraw": "Withdrawn.",
}


@reads(READ.code)
def payer_list(request: Request) -> HttpResponse:
    page = pages.list_page(request.GET.get("q", ""), request.GET.get("type", ""), request.actor)
    return show(request, "payers/list.html", page)


@reads(READ.code)
def table(request: Request) -> HttpResponse:
    """What the list shows, as CSV."""
    page = pages.list_page(request.GET.get("q", ""), request.GET.get("type", ""), request.actor)
    return text_table("payers", ("payer", "kind", "x12", "plans", "contract"), (
        (r.payer.name, r.payer.type, r.payer.x12_id, "; ".join(p.name for p in r.plans), r.word) for r in page.rows
    ))


@writes
def enter(request: Request) -> HttpResponse:
    return then(request, "payers:payer", enter_payer(by=request.actor, **read(f.PayerForm, request)), said="The payer is in.")


@reads(READ.code)
def payer(request: Request, payer_id: UUID) -> HttpResponse:
    return show(request, "payers/payer.html", pages.payer_page(payer_id, request.actor))


@writes
def plan_enter(request: Request, payer_id: UUID) -> HttpResponse:
    enter_plan(payer_id=payer_id, by=request.actor, **read(f.PlanForm, request))
    return then(request, "payers:payer", payer_id, said="The plan is in.")


@reads(READ.code)
def contract(request: Request, contract_id: UUID) -> HttpResponse:
    return show(request, "payers/contract.html", pages.contract_page(contract_id, request.GET.get("q", ""), request.actor))


@reads(READ.code)
def rate_table(request: Request, contract_id: UUID) -> HttpResponse:
    """The rates of a version as CSV; the line column can be pasted into a draft."""
    c = queries.contract_by_id(contract_id)
    head = ("code", "line", "in words", "contract", "from", "to", "source", "standing")
    return text_table(f"rates-{c.first}", head, (
        (r.pattern, str(r), r.words, c.name, c.first, c.last or "", c.source.text, c.source.standing)
        for r in queries.rate_terms(contract_id)
    ))


@writes
def begin(request: Request, payer_id: UUID) -> HttpResponse:
    made = draft_contract(payer_id=payer_id, by=request.actor, **read(f.BeginForm, request))
    return then(request, "payers:draft_edit", made, said="Drafted, as a copy. Change what changes.")


@reads(DRAFT.code)
def contract_new(request: Request, payer_id: UUID) -> HttpResponse:
    return show(request, "payers/edit.html", pages.new_page(payer_id))


@writes
def contract_enter(request: Request, payer_id: UUID) -> HttpResponse:
    said = read(f.ContractForm, request, payer_id=payer_id)
    plan_id = UUID(said["plan_id"]) if said["plan_id"] else None
    made = draft_contract(payer_id=payer_id, plan_id=plan_id, by=request.actor, **f.written(said))
    return then(request, "payers:draft", made, said="Entered. Propose it, then another person approves it.")


@reads(READ.code)
def draft(request: Request, draft_id: UUID) -> HttpResponse:
    return show(request, "payers/draft.html", pages.draft_page(draft_id, request.actor))


@reads(DRAFT.code)
def draft_edit(request: Request, draft_id: UUID) -> HttpResponse:
    return show(request, "payers/edit.html", pages.edit_page(draft_id))


@writes
def draft_change(request: Request, draft_id: UUID) -> HttpResponse:
    said = read(f.ContractForm, request)
    change_contract_draft(draft_id=draft_id, version=said["version"], by=request.actor, **f.written(said))
    return then(request, "payers:draft", draft_id, said="Saved.")


@writes
def draft_step(request: Request, draft_id: UUID, step: str) -> HttpResponse:
    advance_contract_draft(draft_id=draft_id, step=step, by=request.actor, **read(f.DraftStepForm, request))
    return then(request, "payers:draft", draft_id, said=_SAID.get(step, "Done."))


@reads(READ.code)
def prices(request: Request) -> HttpResponse:
    return show(request, "payers/prices.html", price_pages.prices_page(request.GET.get("q", ""), request.actor))


@reads(READ.code)
def price_file(request: Request, file_id: UUID) -> HttpResponse:
    return show(request, "payers/price_file.html", price_pages.file_page(file_id, request.actor))


@writes
def prices_import(request: Request) -> HttpResponse:
    said = read(f.PricesForm, request)
    file = said.pop("file")
    made = import_prices(name=file.name, data=file.read(), by=request.actor, **said)
    return then(request, "payers:price_file", made, said="Imported.")


@writes
def prices_withdraw(request: Request, file_id: UUID) -> HttpResponse:
    withdraw_prices(file_id=file_id, reason=read(StepForm, request)["reason"], by=request.actor)
    return then(request, "payers:price_file", file_id, said="Taken back.")
