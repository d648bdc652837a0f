# SPDX-License-Identifier: Apache-2.0
"""Views of a suite's plan."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.http import Http404, HttpResponse

from openinfusion.dispatch.actions.suite import advance_suite_plan, ask_for_suite_plan
from openinfusion.dispatch.models import SuitePlan
from openinfusion.dispatch.permissions import READ
from openinfusion.dispatch.queries.gather import zone_of
from openinfusion.dispatch.queries.suite_plan import seat_lines
from openinfusion.dispatch.web import suite_pages as pages
from openinfusion.kernel.refusal import Fault, Malformed, Reason, Refused
from openinfusion.platform.action import fetch
from openinfusion.platform.clock import now
from openinfusion.platform.ui.forms import StepForm
from openinfusion.platform.web import Request, read, reads, show, text_table, then, writes


@reads(READ.code)
def suite(request: Request) -> HttpResponse:
    """A suite's day: what is to be seated, the plan in force, the proposal that waits."""
    known = [id for id, _ in pages.suites_there()]
    if not known:
        raise Refused(Reason("no-suite", "no site has chairs", "add chairs in Sites"))
    asked = request.GET.get("site", "")
    site_id = next((s for s in known if str(s) == asked), next((s for s in known if s == request.actor.site_id), known[0]))
    text = request.GET.get("day", "")
    try:
        day = date.fromisoformat(text) if text else now().astimezone(zone_of(site_id)).date()
    except ValueError:
        raise Malformed(Fault("day", "a day such as 2026-11-23")) from None
    return show(request, "dispatch/suite.html", pages.suite_day_page(site_id, day, request.actor))


@writes
def suite_ask(request: Request) -> HttpResponse:
    said = read(pages.SuitePlanForm, request, suites=[(str(id), name) for id, name in pages.suites_there()])
    made = ask_for_suite_plan(site_id=UUID(said["site"]), day=said["day"], seconds=said["seconds"], by=request.actor)
    return then(request, "dispatch:suite_plan", made)


@reads(READ.code)
def suite_plan(request: Request, plan_id: UUID) -> HttpResponse:
    return show(request, "dispatch/suite_plan.html", pages.suite_plan_page(plan_id, request.actor))


@reads(READ.code)
def suite_plan_csv(request: Request, plan_id: UUID) -> HttpResponse:
    row = fetch(SuitePlan, plan_id)
    zone = zone_of(row.site_id)
    head = ("appointment", "patient", "chair", "nurse", "begins", "chair free", "was", "was in", "change")
    rows = (
        (s.name, s.patient, s.chair, s.nurse, *(t.astimezone(zone).isoformat(timespec="minutes") if t else ""
         for t in (s.starts, s.ends, s.was)), s.was_chair, s.change) for s in seat_lines(row)
    )  # fmt: skip
    return text_table(f"suite-plan-{row.day.isoformat()}", head, rows)


@reads(READ.code)
def seat_why(request: Request, plan_id: UUID) -> HttpResponse:
    """Why one seat of the plan is where it is."""
    page = pages.seat_why_page(plan_id, request.GET.get("seat", ""))
    if page is None:
        raise Http404
    return show(request, "dispatch/suite_why.html", page)


@writes
def suite_step(request: Request, plan_id: UUID, step: str) -> HttpResponse:
    read(StepForm, request)
    advance_suite_plan(plan_id=plan_id, step=step, by=request.actor)
    said = "The plan is in force: appointments are booked and moved." if step == "accept" else ""
    return then(request, "dispatch:suite_plan", plan_id, said=said)
