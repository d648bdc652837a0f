# SPDX-License-Identifier: Apache-2.0
"""Views of the catalog."""
from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse

from openinfusion.catalog.actions.load import sign_figure
from openinfusion.catalog.actions.nutrition import advance_site_figure, propose_curve, propose_limit, propose_stock
from openinfusion.catalog.permissions import READ
from openinfusion.catalog.web import nutrition_page, pages, regimen_pages
from openinfusion.catalog.web.forms import CurveForm, FigureStepForm, LimitForm, StockForm, curve_from, limit_from, stock_from
from openinfusion.platform.web import Request, read, reads, show, then, writes


@reads(READ.code)
def drug_list(request: Request) -> HttpResponse:
    page = pages.list_page(request.GET.get("q", ""), request.GET.get("class", ""))
    return show(request, "catalog/list.html", page)


@reads(READ.code)
def drug(request: Request, code: str) -> HttpResponse:
    return show(request, "catalog/drug.html", pages.drug_page(code, request.actor))


@writes
def figure_sign(request: Request, code: str, kind: str, figure_id: UUID) -> HttpResponse:
    sign_figure(kind=kind, figure_id=figure_id, by=request.actor)
    return then(request, "catalog:drug", code, said="Signed.")


@reads(READ.code)
def regimen_list(request: Request) -> HttpResponse:
    return show(request, "catalog/regimens.html", regimen_pages.library_page(request.GET.get("q", "")))


@reads(READ.code)
def regimen(request: Request, code: str) -> HttpResponse:
    return show(request, "catalog/regimen.html", regimen_pages.regimen_page(code, request.actor))


@writes
def regimen_sign(request: Request, code: str, figure_id: UUID) -> HttpResponse:
    sign_figure(kind="regimen", figure_id=figure_id, by=request.actor)
    return then(request, "catalog:regimen", code, said="Signed.")


@reads(READ.code)
def nutrition(request: Request) -> HttpResponse:
    page = nutrition_page.nutrition_page(request.GET.get("site", ""), request.GET.get("state", ""), request.actor)
    return show(request, "catalog/nutrition.html", page)


@writes
def limit_propose(request: Request, site_id: UUID) -> HttpResponse:
    values = read(LimitForm, request)
    propose_limit(site_id=site_id, draft=limit_from(values), why=values["why"], by=request.actor)
    return _proposed(request, site_id)


@writes
def stock_propose(request: Request, site_id: UUID) -> HttpResponse:
    values = read(StockForm, request)
    propose_stock(site_id=site_id, draft=stock_from(values), why=values["why"], by=request.actor)
    return _proposed(request, site_id)


@writes
def curve_propose(request: Request, site_id: UUID) -> HttpResponse:
    values = read(CurveForm, request)
    propose_curve(site_id=site_id, draft=curve_from(values), why=values["why"], by=request.actor)
    return _proposed(request, site_id)


def _proposed(request: Request, site_id: UUID) -> HttpResponse:
    return then(request, f"/catalog/nutrition/?site={site_id}", said="Proposed. Another pharmacist puts it in force.")


@writes
def site_figure_step(request: Request, site_id: UUID, kind: str, figure_id: UUID, step: str) -> HttpResponse:
    advance_site_figure(kind=kind, figure_id=figure_id, step=step, by=request.actor, **read(FigureStepForm, request))
    return then(request, f"/catalog/nutrition/?site={site_id}", said="Done.")
