# SPDX-License-Identifier: Apache-2.0
"""Views of the desk."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.http import HttpResponse

from openinfusion.desk.actions import open_chart, open_document
from openinfusion.desk.permissions import CHART, FILE, JOURNAL, TRACE
from openinfusion.desk.queries.trace import reach_of
from openinfusion.desk.web import pages, trace_page
from openinfusion.inventory import public as inventory
from openinfusion.platform.action import fetch
from openinfusion.platform.models import Site
from openinfusion.platform.web import Request, read, reads, show, text_table, then, writes


class SiteForm(forms.Form):
    site_id = forms.UUIDField()


@reads()
def home(request: Request) -> HttpResponse:
    page = pages.home_page(request.actor, request.GET.get("kind", ""), bool(request.GET.get("all")))
    return show(request, "desk/home.html", page)


@reads()
def search_page(request: Request) -> HttpResponse:
    page = pages.search_page(request.GET.get("q", ""), request.actor)
    return show(request, "desk/hits.html" if request.htmx else "desk/search.html", page)


@reads(CHART.code)
def chart(request: Request, patient_id: UUID) -> HttpResponse:
    page = pages.chart_page(patient_id, request.actor, request.GET.get("kind", ""))
    open_chart(patient_id=patient_id, by=request.actor)
    return show(request, "desk/chart.html", page)


@reads(FILE.code)
def file(request: Request, file_id: UUID) -> HttpResponse:
    found = open_document(file_id=file_id, by=request.actor)
    response = HttpResponse(found.data, content_type=found.media_type)
    inline = found.media_type in {"application/pdf", "image/png"}
    name = found.name.replace('"', "").replace("\n", "")
    response["Content-Disposition"] = f'{"inline" if inline else "attachment"}; filename="{name}"'
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


@reads(JOURNAL.code)
def journal_page(request: Request) -> HttpResponse:
    before = request.GET.get("before", "")
    page = pages.journal_page(request.actor, request.GET.get("verb", ""), int(before) if before.isdigit() else None)
    return show(request, "desk/journal.html", page)


@reads(TRACE.code)
def trace(request: Request) -> HttpResponse:
    return show(request, "desk/trace.html", trace_page.trace_page(trace_page.asked(request.GET)))


@reads(TRACE.code)
def trace_csv(request: Request) -> HttpResponse:
    page = trace_page.trace_page(trace_page.asked(request.GET))
    return text_table("trace", trace_page.HEAD, (trace_page.as_row(row) for row in page.rows))


@writes
def trace_reach(request: Request, case_id: UUID) -> HttpResponse:
    case = inventory.recall(case_id)
    new = inventory.note_reach(case_id=case.id, reached=reach_of(case.lot_ids), by=request.actor)
    return then(request, f"/inventory/recalls/{case.id}/", said=f"{new} more patient(s).")


@writes
def choose_site(request: Request) -> HttpResponse:
    site = fetch(Site, read(SiteForm, request)["site_id"])
    request.session["site_id"] = str(site.id)
    return then(request, "desk:home", said=f"You work at {site.name} now.")
