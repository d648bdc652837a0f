# SPDX-License-Identifier: Apache-2.0
"""Views of the catalog."""
from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse

from openinfusion.catalog.actions import sign_figure
from openinfusion.catalog.permissions import READ
from openinfusion.catalog.web import pages
from openinfusion.platform.web import Request, reads, show, then, writes


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
