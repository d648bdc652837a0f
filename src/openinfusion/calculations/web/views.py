# SPDX-License-Identifier: Apache-2.0
"""Views of the calculations room. They change nothing, so a worked calculation is an address that can be kept."""

from __future__ import annotations

from django.http import HttpResponse

from openinfusion.calculations.permissions import USE
from openinfusion.calculations.web import pages
from openinfusion.platform.web import Request, reads, show


@reads(USE.code)
def calculation_list(request: Request) -> HttpResponse:
    return show(request, "calculations/list.html", pages.list_page(request.GET.get("q", "")))


@reads(USE.code)
def calculation(request: Request, name: str) -> HttpResponse:
    page = pages.calculation_page(name, request.GET)
    return show(request, "calculations/answer.html" if request.htmx else "calculations/calculation.html", page)
