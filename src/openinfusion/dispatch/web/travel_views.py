# SPDX-License-Identifier: Apache-2.0
"""Views of how long ways take."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse

from openinfusion.dispatch.permissions import PLAN
from openinfusion.dispatch.queries.travel import travel_measured
from openinfusion.dispatch.web.asked import site_asked
from openinfusion.dispatch.web.travel_forms import TravelForm
from openinfusion.dispatch.web.travel_pages import travel_page
from openinfusion.platform.web import Request, read, reads, show, text_table, then, writes
from openinfusion.sites import public as sites

HEAD = ("day", "who", "left", "reached", "minutes", "metres as the crow flies", "assumed minutes", "approximate", "left out")


@reads(PLAN.code)
def travel(request: Request) -> HttpResponse:
    """The figures of a site in force, what was measured, and the form to use them."""
    return show(request, "dispatch/travel.html", travel_page(site_asked(request), request.actor))


@reads(PLAN.code)
def travel_csv(request: Request) -> HttpResponse:
    """Every way the figures were worked out from, and every one left out with why; no patient is named."""
    m = travel_measured(site_asked(request))
    rows = (
        (w.way.day.isoformat(), w.way.who, w.way.left.isoformat(timespec="seconds"), w.way.reached.isoformat(timespec="seconds"),
         f"{w.minutes:.1f}", w.line, w.assumed, "yes" if w.way.start.approximate or w.way.end.approximate else "", w.why or "")
        for w in m.ways
    )  # fmt: skip
    return text_table(f"ways-{m.first.isoformat()}-{m.last.isoformat()}", HEAD, rows)


@writes
def travel_set(request: Request, site_id: UUID) -> HttpResponse:
    figures = sites.TravelFigures(**read(TravelForm, request))
    sites.set_travel(site_id=site_id, figures=figures, by=request.actor)
    said = f"From {figures.effective_from:%d-%b-%Y} on ways take as set here."
    return then(request, f"{reverse('dispatch:travel')}?site={site_id}", said=said)

