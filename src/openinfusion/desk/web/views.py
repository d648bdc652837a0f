# SPDX-License-Identifier: Apache-2.0
"""Views of the desk."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.http import HttpResponse

from openinfusion.desk.actions import open_chart, open_document
from openinfusion.desk.permissions import CHART, FILE, JOURNAL
from openinfusion.desk.web import pages
from openinfusion.platform.action import fetch
from openinfusion.platform.models import Site
from openinfusion.platform.web import Request, read, reads, show, then, writes


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


@writes
def choose_site(request: Request) -> HttpResponse:
    site = fetch(Site, read(SiteForm, request)["site_id"])
    request.session["site_id"] = str(site.id)
    return then(request, "desk:home", said=f"You work at {site.name} now.")
