# SPDX-License-Identifier: Apache-2.0
"""Views of the order at the hoods."""
from __future__ import annotations

from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import HttpResponse

from openinfusion.compounding.actions.hood_plan import advance_hood_plan, ask_for_hood_plan
from openinfusion.compounding.models import HoodPlan
from openinfusion.compounding.permissions import READ
from openinfusion.compounding.queries.hood_plan import turn_lines
from openinfusion.compounding.queries.work_order import site_zone
from openinfusion.compounding.web import hood_plan_pages as pages
from openinfusion.kernel.refusal import Fault, Malformed, NotFound
from openinfusion.platform.action import fetch
from openinfusion.platform.clock import now
from openinfusion.platform.web import Request, read, reads, show, text_table, then, writes
from openinfusion.platform.web.requests import filled
from openinfusion.sites import public as sites


@reads(READ.code)
def board(request: Request) -> HttpResponse:
    """A day at a site's hoods: what waits, the plan in force, the proposal."""
    site_id = _site(request)
    said = request.GET.get("day", "")
    try:
        day = date.fromisoformat(said) if said else now().astimezone(ZoneInfo(site_zone(site_id))).date()
    except ValueError as no:
        raise Malformed(Fault("day", "the day is written like 2026-11-21")) from no
    return show(request, "compounding/hood_plans.html", pages.board_page(site_id, day, request.actor))


def _site(request: Request) -> UUID:
    known, said = [p.id for p in sites.pharmacies()], request.GET.get("site", "")
    found = next((s for s in known if str(s) == said), None) if said else request.actor.site_id or (known[0] if known else None)
    if found is None:
        raise NotFound("pharmacy")
    return found


@writes
def ask(request: Request) -> HttpResponse:
    said = read(pages.HoodPlanForm, request)
    made = ask_for_hood_plan(site_id=UUID(said["site"]), day=said["day"], by=request.actor)
    return then(request, "compounding:hood_plan", made)


@reads(READ.code)
def hood_plan(request: Request, plan_id: UUID) -> HttpResponse:
    """One plan; as a list for a spreadsheet where that is asked for."""
    if request.GET.get("export") == "csv":
        row = fetch(HoodPlan, plan_id)
        head = ("hood", "turn", "work order", "begins", "made", "checked", "need by", "minutes of change-over before",
                "minutes late")
        lines = (
            (t.hood, t.turn, t.number, *(at.isoformat(timespec="minutes") for at in (t.starts, t.ends, t.checked, t.need_by)),
             t.change, t.late) for t in turn_lines(row)
        )
        return text_table(f"hoods-{row.day.isoformat()}", head, lines)
    return show(request, "compounding/hood_plan.html", pages.plan_page(plan_id, request.actor))


@writes
def again(request: Request, plan_id: UUID) -> HttpResponse:
    """A hood is out, or the day has changed: a new proposal made from this plan."""
    row = fetch(HoodPlan, plan_id)
    said = filled(pages.HoodOutForm(request.POST, hoods=pages.hood_choices(row)))
    out = {UUID(i) for i in said["out"]}
    made = ask_for_hood_plan(site_id=row.site_id, day=row.day, out=out, cause=said["cause"] or _told(row, out), basis_id=row.id,
                             by=request.actor)
    return then(request, "compounding:hood_plan", made)


def _told(row: HoodPlan, out: set[UUID]) -> str:
    names = [h["name"] for h in row.hoods if UUID(h["id"]) in out]
    return f"out: {', '.join(names)}" if names else "planned again from where the day stands"


@writes
def step(request: Request, plan_id: UUID, step: str) -> HttpResponse:
    advance_hood_plan(plan_id=plan_id, step=step, by=request.actor)
    said = "The bench shows this order now." if step == "accept" else ""
    return then(request, "compounding:hood_plan", plan_id, said=said)
