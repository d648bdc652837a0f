# SPDX-License-Identifier: Apache-2.0
"""Views of the sites room."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse

from openinfusion.platform.ui.forms import StepForm
from openinfusion.platform.web import Request, read, reads, show, then, writes
from openinfusion.sites.actions import advance_hood, certify_hood, clean_hood, record_temperature
from openinfusion.sites.permissions import READ
from openinfusion.sites.web import pages
from openinfusion.sites.web.forms import CertificationForm, CleaningForm, ReadingForm


@reads(READ.code)
def site_list(request: Request) -> HttpResponse:
    return show(request, "sites/sites.html", pages.sites_page())


@reads(READ.code)
def site(request: Request, site_id: UUID) -> HttpResponse:
    return show(request, "sites/site.html", pages.site_page(site_id, request.actor))


@writes
def hood_clean(request: Request, hood_id: UUID) -> HttpResponse:
    clean_hood(hood_id=hood_id, by=request.actor, **read(CleaningForm, request))
    return then(request, "sites:list", said="The cleaning is recorded.")


@writes
def hood_certify(request: Request, hood_id: UUID) -> HttpResponse:
    certify_hood(hood_id=hood_id, by=request.actor, **read(CertificationForm, request))
    return then(request, "sites:list", said="The certification is recorded.")


@writes
def hood_step(request: Request, hood_id: UUID, step: str) -> HttpResponse:
    advance_hood(hood_id=hood_id, step=step, by=request.actor, **read(StepForm, request))
    return then(request, "sites:list", said="Done.")


@writes
def reading_add(request: Request, cold_store_id: UUID) -> HttpResponse:
    record_temperature(cold_store_id=cold_store_id, by=request.actor, **read(ReadingForm, request))
    return then(request, "sites:list", said="The reading is recorded.")
