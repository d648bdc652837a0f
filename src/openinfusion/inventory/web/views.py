# SPDX-License-Identifier: Apache-2.0
"""Views of the inventory room."""
from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse

from openinfusion.inventory.actions.correct import (
    adjust_stock,
    advance_lot,
    count_stock,
    destroy_stock,
    send_back_stock,
    waste_stock,
)
from openinfusion.inventory.actions.receive import receive_scanned, receive_stock, transfer_stock
from openinfusion.inventory.permissions import READ, RECEIVE
from openinfusion.inventory.web import pages
from openinfusion.inventory.web.forms import CorrectionForm, CountForm, DisposeForm, ReceiveForm, ScanForm, TransferForm
from openinfusion.kernel.refusal import NotFound
from openinfusion.platform.ui.forms import StepForm
from openinfusion.platform.web import Request, read, reads, show, text_table, then, writes

_ALL_ROWS = 100_000


def _wanted(request: Request) -> pages.StockFilter:
    got = request.GET
    return pages.StockFilter(got.get("q", "").strip(), got.get("kind", ""), got.get("show", ""), got.get("owner", ""))


@reads(READ.code)
def stock(request: Request) -> HttpResponse:
    return show(request, "inventory/stock.html",
                pages.stock_page(_wanted(request), request.GET.urlencode(), request.actor))


@reads(READ.code)
def stock_csv(request: Request) -> HttpResponse:
    head = ("product", "lot", "expires", "site", "place", "on hand", "reserved", "free", "state", "value", "owner")
    rows = pages.stock_rows(_wanted(request), _ALL_ROWS)
    return text_table("stock", head, (
        (r.product, r.lot, r.expires_on, r.site, r.place, r.on_hand.normalize(), r.reserved.normalize(),
         r.free.normalize(), r.state, r.value.dollars, r.owner or "owned") for r in rows))


@reads(RECEIVE.code)
def receive(request: Request) -> HttpResponse:
    return show(request, "inventory/receive.html", pages.receive_page(request.actor))


@writes
def receipt(request: Request) -> HttpResponse:
    values = read(ReceiveForm, request, places=pages.places_for(request.actor))
    made = receive_stock(by=request.actor, **values)
    return then(request, "inventory:lot", made, said="Received.")


@writes
def scanned(request: Request) -> HttpResponse:
    values = read(ScanForm, request, places=pages.places_for(request.actor))
    made = receive_scanned(by=request.actor, **values)
    return then(request, "inventory:lot", made, said="Received by scan.")


@reads(READ.code)
def lot(request: Request, lot_id: UUID) -> HttpResponse:
    return show(request, "inventory/lot.html", pages.lot_page(lot_id, request.actor))


@writes
def lot_step(request: Request, lot_id: UUID, step: str) -> HttpResponse:
    advance_lot(lot_id=lot_id, step=step, by=request.actor, **read(StepForm, request))
    return then(request, "inventory:lot", lot_id, said="Done.")


@writes
def correct(request: Request, lot_id: UUID, kind: str) -> HttpResponse:
    if kind == "count":
        count_stock(lot_id=lot_id, by=request.actor, **read(CountForm, request))
    elif kind in ("adjust", "waste"):
        action = adjust_stock if kind == "adjust" else waste_stock
        action(lot_id=lot_id, by=request.actor, **read(CorrectionForm, request))
    elif kind in ("send_back", "destroy"):
        leave = send_back_stock if kind == "send_back" else destroy_stock
        leave(lot_id=lot_id, by=request.actor, **read(DisposeForm, request))
    else:
        raise NotFound(f"correction {kind}")
    return then(request, "inventory:lot", lot_id, said="Recorded.")


@writes
def transfer(request: Request, lot_id: UUID) -> HttpResponse:
    values = read(TransferForm, request, places=pages.places_for(request.actor))
    transfer_stock(lot_id=lot_id, by=request.actor, **values)
    return then(request, "inventory:lot", lot_id, said="Moved.")
