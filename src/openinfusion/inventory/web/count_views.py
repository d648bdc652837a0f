# SPDX-License-Identifier: Apache-2.0
"""Views of counting, of the vault, of transfers and of places."""

from __future__ import annotations

from decimal import Decimal
from uuid import UUID

from django.http import HttpResponse

from openinfusion.inventory.actions.count import advance_count, explain_count, open_count, record_count
from openinfusion.inventory.actions.discrepancy import (
    enter_controlled,
    refuse_controlled,
    report_discrepancy,
    resolve_discrepancy,
    take_controlled_inventory,
    witness_controlled,
)
from openinfusion.inventory.actions.receive import change_location, open_location
from openinfusion.inventory.actions.transfer import receive_transfer, send_transfer, turn_back_transfer
from openinfusion.inventory.models import CountSheet
from openinfusion.inventory.permissions import READ
from openinfusion.inventory.web import count_pages, papers, transfer_pages, vault_forms, vault_pages
from openinfusion.inventory.web.paper_answer import paper
from openinfusion.inventory.web.working import places_to_choose, working_site
from openinfusion.kernel.refusal import NotFound
from openinfusion.platform.action import fetch
from openinfusion.platform.ui.forms import StepForm
from openinfusion.platform.web import Request, read, reads, show, then, writes

_PAGE = "inventory/page.html"


@reads(READ.code)
def counts(request: Request) -> HttpResponse:
    return show(request, _PAGE, count_pages.counts_page(request.actor, request.GET.get("state", "")))


@writes
def count_open(request: Request) -> HttpResponse:
    values = read(count_pages.OpenForm, request, places=places_to_choose(request.actor))
    return then(request, "inventory:count", open_count(by=request.actor, **values), said="Opened.")


@reads(READ.code)
def count(request: Request, sheet_id: UUID) -> HttpResponse:
    return show(request, _PAGE, count_pages.count_page(sheet_id, request.actor))


@reads(READ.code)
def count_print(request: Request, sheet_id: UUID) -> HttpResponse:
    return paper("count", papers.count_sheet(sheet_id))


@writes
def count_record(request: Request, sheet_id: UUID) -> HttpResponse:
    lines = count_pages.lines_to_enter(fetch(CountSheet, sheet_id))
    record_count(sheet_id=sheet_id, by=request.actor, **read(count_pages.CountForm, request, lines=lines))
    return then(request, "inventory:count", sheet_id, said="Saved.")


@writes
def count_explain(request: Request, sheet_id: UUID) -> HttpResponse:
    lines = count_pages.lines_to_explain(sheet_id)
    explain_count(sheet_id=sheet_id, by=request.actor, **read(count_pages.ReasonsForm, request, lines=lines))
    return then(request, "inventory:count", sheet_id, said="Saved.")


@writes
def count_step(request: Request, sheet_id: UUID, step: str) -> HttpResponse:
    advance_count(sheet_id=sheet_id, step=step, by=request.actor, **read(StepForm, request))
    return then(request, "inventory:count", sheet_id, said="Done.")


@reads(READ.code)
def vault(request: Request) -> HttpResponse:
    return show(request, _PAGE, vault_pages.vault_page(request.actor))


@writes
def vault_enter(request: Request) -> HttpResponse:
    values = read(vault_forms.EnterForm, request, choices=vault_pages.vault_choices(request.actor))
    return then(request, "inventory:vault_act", enter_controlled(by=request.actor, **values), said="Handed to a witness.")


@reads(READ.code)
def vault_act(request: Request, act_id: UUID) -> HttpResponse:
    return show(request, _PAGE, vault_pages.act_page(act_id, request.actor))


@writes
def vault_step(request: Request, act_id: UUID, step: str) -> HttpResponse:
    if step == "witness":
        witness_controlled(act_id=act_id, by=request.actor, **read(vault_forms.WitnessForm, request))
    elif step == "refuse":
        refuse_controlled(act_id=act_id, by=request.actor, **read(StepForm, request))
    else:
        raise NotFound(f"step {step}")
    return then(request, "inventory:vault_act", act_id, said="Done.")


@writes
def vault_inventory(request: Request) -> HttpResponse:
    at_opening = read(vault_forms.InventoryForm, request)["at_opening"] == "opening"
    take_controlled_inventory(site_id=working_site(request.actor), at_opening=at_opening, by=request.actor)
    return then(request, "inventory:vault", said="Taken; print and sign it.")


@reads(READ.code)
def vault_print(request: Request, inventory_id: UUID) -> HttpResponse:
    return paper("controlled-substances", papers.vault_inventory(inventory_id))


@reads(READ.code)
def discrepancy(request: Request, discrepancy_id: UUID) -> HttpResponse:
    return show(request, _PAGE, vault_pages.discrepancy_page(discrepancy_id, request.actor))


@writes
def discrepancy_step(request: Request, discrepancy_id: UUID, step: str) -> HttpResponse:
    values = read(StepForm, request)
    if step == "report":
        values |= read(vault_forms.ReportForm, request)
        report_discrepancy(discrepancy_id=discrepancy_id, by=request.actor, **values)
    elif step == "resolve":
        values |= read(vault_forms.ResolveForm, request)
        resolve_discrepancy(discrepancy_id=discrepancy_id, by=request.actor, **values)
    else:
        raise NotFound(f"step {step}")
    return then(request, "inventory:discrepancy", discrepancy_id, said="Done.")


@reads(READ.code)
def transfers(request: Request) -> HttpResponse:
    return show(request, _PAGE, transfer_pages.transfers_page(request.actor, request.GET.get("from", "")))


@writes
def transfer_send(request: Request, location_id: UUID) -> HttpResponse:
    values = read(transfer_pages.SendForm, request, here=location_id, by=request.actor)
    made = send_transfer(from_location=location_id, by=request.actor, **values)
    return then(request, "inventory:transfer_page", made, said="Sent.")


@reads(READ.code)
def transfer_page(request: Request, transfer_id: UUID) -> HttpResponse:
    return show(request, _PAGE, transfer_pages.transfer_page(transfer_id, request.actor))


@writes
def transfer_receive(request: Request, transfer_id: UUID) -> HttpResponse:
    values = read(transfer_pages.ArriveForm, request, lines=transfer_pages.lines_of(transfer_id))
    arrived = {lot: amount or Decimal(0) for lot, amount in values["arrived"].items()}
    receive_transfer(transfer_id=transfer_id, arrived=arrived, reason=values["reason"], by=request.actor)
    return then(request, "inventory:transfer_page", transfer_id, said="Received.")


@writes
def transfer_back(request: Request, transfer_id: UUID) -> HttpResponse:
    turn_back_transfer(transfer_id=transfer_id, by=request.actor, **read(StepForm, request))
    return then(request, "inventory:transfer_page", transfer_id, said="Turned back.")


@reads(READ.code)
def places(request: Request) -> HttpResponse:
    return show(request, _PAGE, transfer_pages.places_page(request.actor))


@writes
def place_open(request: Request) -> HttpResponse:
    open_location(site_id=working_site(request.actor), by=request.actor, **read(transfer_pages.PlaceForm, request))
    return then(request, "inventory:places", said="Opened.")


@writes
def place_change(request: Request, location_id: UUID) -> HttpResponse:
    change_location(location_id=location_id, by=request.actor, **read(transfer_pages.MovePlaceForm, request))
    return then(request, "inventory:places", said="Changed.")
