# SPDX-License-Identifier: Apache-2.0
"""Views of buying: demand, orders, suppliers, deliveries in, shortages."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse

from openinfusion.inventory.actions.deliver_in import receive_delivery
from openinfusion.inventory.actions.order import advance_order, change_line, open_order, propose_orders, set_par
from openinfusion.inventory.actions.partner import add_supplier, change_terms, set_price, verify_licence
from openinfusion.inventory.actions.shortage import advance_substitute, end_shortage, propose_substitute, report_shortage
from openinfusion.inventory.models import PurchaseOrder
from openinfusion.inventory.permissions import READ
from openinfusion.inventory.web import buy_forms, buy_pages, papers, receipt_pages, shortage_pages, supplier_pages
from openinfusion.inventory.web.paper_answer import paper
from openinfusion.inventory.web.working import places_to_choose, products_to_choose, working_site
from openinfusion.kernel.refusal import Fault, Malformed
from openinfusion.platform.action import fetch
from openinfusion.platform.ui.forms import StepForm
from openinfusion.platform.web import Request, read, reads, show, then, writes

_PAGE = "inventory/page.html"


@reads(READ.code)
def demand(request: Request) -> HttpResponse:
    return show(request, _PAGE, buy_pages.demand_page(request.actor, request.GET.get("show", "")))


@reads(READ.code)
def demand_csv(request: Request) -> HttpResponse:
    return buy_pages.demand_page(request.actor, "all").tables[0].as_csv("demand")


@writes
def propose(request: Request) -> HttpResponse:
    made = propose_orders(site_id=working_site(request.actor), by=request.actor)
    return then(request, "inventory:orders", said=f"{len(made)} order(s) drafted.")


@writes
def par(request: Request) -> HttpResponse:
    set_par(
        site_id=working_site(request.actor), by=request.actor, **read(buy_forms.ParForm, request, products=products_to_choose())
    )
    return then(request, "inventory:demand", said="Set.")


@reads(READ.code)
def orders(request: Request) -> HttpResponse:
    return show(request, _PAGE, buy_pages.orders_page(request.actor, request.GET.get("state", "")))


@writes
def order_open(request: Request) -> HttpResponse:
    values = read(buy_forms.OrderForm, request, suppliers=buy_pages.suppliers_to_choose())
    made = open_order(site_id=working_site(request.actor), by=request.actor, **values)
    return then(request, "inventory:order", made, said="Drafted.")


@reads(READ.code)
def order(request: Request, order_id: UUID) -> HttpResponse:
    return show(request, _PAGE, buy_pages.order_page(order_id, request.actor))


@writes
def order_line(request: Request, order_id: UUID) -> HttpResponse:
    values = read(buy_forms.LineForm, request, products=buy_pages.priced(fetch(PurchaseOrder, order_id).supplier_id))
    change_line(order_id=order_id, by=request.actor, **values)
    return then(request, "inventory:order", order_id, said="Set.")


@writes
def order_step(request: Request, order_id: UUID, step: str) -> HttpResponse:
    advance_order(order_id=order_id, step=step, by=request.actor, **read(StepForm, request))
    return then(request, "inventory:order", order_id, said="Done.")


@reads(READ.code)
def order_pdf(request: Request, order_id: UUID) -> HttpResponse:
    return paper("purchase-order", papers.purchase_order(order_id))


@reads(READ.code)
def order_csv(request: Request, order_id: UUID) -> HttpResponse:
    return buy_pages.lines_table(fetch(PurchaseOrder, order_id).id).as_csv("purchase-order")


@reads(READ.code)
def suppliers(request: Request) -> HttpResponse:
    return show(request, _PAGE, supplier_pages.suppliers_page(request.actor))


@writes
def supplier_add(request: Request) -> HttpResponse:
    made = add_supplier(by=request.actor, **read(buy_forms.SupplierForm, request))
    return then(request, "inventory:supplier", made, said="Added; verify the licence next.")


@reads(READ.code)
def supplier(request: Request, supplier_id: UUID) -> HttpResponse:
    return show(request, _PAGE, supplier_pages.supplier_page(supplier_id, request.actor))


@writes
def supplier_verify(request: Request, supplier_id: UUID) -> HttpResponse:
    verify_licence(supplier_id=supplier_id, by=request.actor, **read(buy_forms.LicenceForm, request))
    return then(request, "inventory:supplier", supplier_id, said="Verified.")


@writes
def supplier_terms(request: Request, supplier_id: UUID) -> HttpResponse:
    change_terms(supplier_id=supplier_id, by=request.actor, **read(buy_forms.TermsForm, request))
    return then(request, "inventory:supplier", supplier_id, said="Saved.")


@writes
def supplier_price(request: Request, supplier_id: UUID) -> HttpResponse:
    values = read(buy_forms.PriceForm, request, products=products_to_choose())
    set_price(supplier_id=supplier_id, by=request.actor, **values)
    return then(request, "inventory:supplier", supplier_id, said="Recorded.")


@reads(READ.code)
def receipts(request: Request) -> HttpResponse:
    return show(request, _PAGE, receipt_pages.receipts_page(request.actor, request.GET.get("q", "").strip()))


@reads(READ.code)
def receipt_page(request: Request, receipt_id: UUID) -> HttpResponse:
    return show(request, _PAGE, receipt_pages.receipt_page(receipt_id, request.actor))


@writes
def delivery(request: Request) -> HttpResponse:
    form = buy_forms.DeliveryForm(
        request.POST,
        products=products_to_choose(),
        places=places_to_choose(request.actor),
        suppliers=buy_pages.suppliers_to_choose(),
    )
    if not form.is_valid():
        raise Malformed(
            *(
                Fault(str(form.fields[name].label or name) if name in form.fields else "", str(text))
                for name, texts in form.errors.items()
                for text in texts
            )
        )
    made = receive_delivery(site_id=working_site(request.actor), by=request.actor, **form.delivery())
    return then(request, "inventory:receipt_page", made, said="Taken in.")


@reads(READ.code)
def shortages(request: Request) -> HttpResponse:
    return show(request, _PAGE, shortage_pages.shortages_page(request.actor))


@writes
def shortage(request: Request) -> HttpResponse:
    report_shortage(by=request.actor, **read(buy_forms.ShortageForm, request, products=products_to_choose()))
    return then(request, "inventory:shortages", said="Noted.")


@writes
def shortage_end(request: Request, shortage_id: UUID) -> HttpResponse:
    end_shortage(shortage_id=shortage_id, by=request.actor)
    return then(request, "inventory:shortages", said="Ended.")


@writes
def substitute(request: Request) -> HttpResponse:
    propose_substitute(by=request.actor, **read(buy_forms.SubstituteForm, request, products=products_to_choose()))
    return then(request, "inventory:shortages", said="Proposed; another pharmacist signs.")


@writes
def substitute_step(request: Request, substitute_id: UUID, step: str) -> HttpResponse:
    advance_substitute(substitute_id=substitute_id, step=step, by=request.actor, **read(StepForm, request))
    return then(request, "inventory:shortages", said="Done.")
