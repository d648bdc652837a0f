# SPDX-License-Identifier: Apache-2.0
"""Views of payers."""
from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse

from openinfusion.payers.permissions import READ
from openinfusion.payers.web import pages
from openinfusion.platform.web import Request, reads, show


@reads(READ.code)
def payer_list(request: Request) -> HttpResponse:
    return show(request, "payers/list.html", pages.list_page(request.GET.get("q", "")))


@reads(READ.code)
def payer(request: Request, payer_id: UUID) -> HttpResponse:
    return show(request, "payers/payer.html", pages.payer_page(payer_id))
