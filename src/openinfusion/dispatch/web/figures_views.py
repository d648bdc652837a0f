# SPDX-License-Identifier: Apache-2.0
"""Views of what plans weigh."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.urls import reverse

from openinfusion.dispatch.actions.figures import set_figures
from openinfusion.dispatch.domain.day_plan import PlanKind
from openinfusion.dispatch.domain.figures import DayFigures
from openinfusion.dispatch.permissions import READ
from openinfusion.dispatch.web.figures_forms import FiguresForm
from openinfusion.dispatch.web.figures_pages import figures_page
from openinfusion.platform.web import Request, read, reads, show, then, writes


@reads(READ.code)
def figures(request: Request) -> HttpResponse:
    """What is in force, what each price is worth, and the form to set others."""
    kind = _kind(request.GET.get("kind", PlanKind.NURSES.value))
    return show(request, "dispatch/figures.html", figures_page(kind, request.actor))


@writes
def figures_set(request: Request, kind: str) -> HttpResponse:
    asked = DayFigures(kind=_kind(kind), **read(FiguresForm, request))
    set_figures(figures=asked, by=request.actor)
    said = f"From {asked.effective_from:%d-%b-%Y} on plans of {kind} weigh as set here."
    return then(request, f"{reverse('dispatch:figures')}?kind={kind}", said=said)


def _kind(said: str) -> PlanKind:
    if said not in set(PlanKind):
        raise Http404
    return PlanKind(said)
