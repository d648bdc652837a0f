# SPDX-License-Identifier: Apache-2.0
"""Views of the day's plan at the bench."""
from __future__ import annotations

from datetime import date
from uuid import UUID

from django.http import HttpResponse

from openinfusion.compounding.permissions import READ
from openinfusion.compounding.web.day_pages import day_page, day_rows
from openinfusion.kernel.refusal import Fault, Malformed, NotFound
from openinfusion.platform.web import Request, reads, show, text_table
from openinfusion.sites import public as sites


@reads(READ.code)
def day(request: Request) -> HttpResponse:
    """The plan of a day at a site: the first pharmacy's today where nothing is asked for."""
    page = day_page(_site(request.GET.get("site", "")), _on(request.GET.get("on", "")))
    if request.GET.get("export") == "csv":
        head = ("drug", "hood", "place", "work order", "patient", "dose", "doses", "need by", "takes")
        return text_table(f"compounding-{page.day.on:%Y-%m-%d}", head, day_rows(page))
    return show(request, "compounding/day.html", page)


def _site(said: str) -> UUID:
    known = [p.id for p in sites.pharmacies()]
    if not known:
        raise NotFound("pharmacy")
    if not said:
        return known[0]
    found = next((s for s in known if str(s) == said), None)
    if found is None:
        raise NotFound(said)
    return found


def _on(said: str) -> date | None:
    try:
        return date.fromisoformat(said) if said else None
    except ValueError as no:
        raise Malformed(Fault("on", "the day is written like 2026-11-21")) from no
