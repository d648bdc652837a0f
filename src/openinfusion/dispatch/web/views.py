# SPDX-License-Identifier: Apache-2.0
"""Views of dispatch."""

from __future__ import annotations

from datetime import date, datetime, time
from itertools import chain
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse

from openinfusion.dispatch.actions.ask import ask_for_change, ask_for_plan
from openinfusion.dispatch.actions.steps import advance_plan
from openinfusion.dispatch.domain.day_plan import PlanKind
from openinfusion.dispatch.domain.work import Change
from openinfusion.dispatch.models import DayPlan
from openinfusion.dispatch.permissions import READ
from openinfusion.dispatch.queries.gather import zone_of
from openinfusion.dispatch.queries.plan import people_lines
from openinfusion.dispatch.web import pages
from openinfusion.dispatch.web.asked import site_asked
from openinfusion.dispatch.web.forms import ChangeForm, PinForm, PlanForm
from openinfusion.kernel.roles import Role
from openinfusion.platform.action import fetch
from openinfusion.platform.clock import now
from openinfusion.platform.web import Request, read, reads, show, text_table, then, writes
from openinfusion.platform.web.requests import filled


@reads(READ.code)
def board(request: Request) -> HttpResponse:
    """A day of one site: what is to be done, the plan in force, the proposal that waits."""
    site_id = site_asked(request)
    kind = request.GET.get("kind", "")
    usual = PlanKind.NURSES if {Role.NURSE, Role.NURSE_MANAGER} & set(request.actor.roles) else PlanKind.DRIVERS
    chosen = PlanKind(kind) if kind in set(PlanKind) else usual
    return show(request, "dispatch/board.html", pages.board_page(chosen, site_id, _day(request, site_id), request.actor))


def _day(request: Request, site_id: UUID) -> date:
    try:
        return date.fromisoformat(request.GET.get("day", ""))
    except ValueError:
        return now().astimezone(zone_of(site_id)).date()


@writes
def plan_day(request: Request) -> HttpResponse:
    said = read(PlanForm, request)
    asked = {"kind": PlanKind(said["kind"]), "site_id": UUID(said["site"]), "day": said["day"], "seconds": said["seconds"],
             "last_day": said["last_day"], "more_sites": [UUID(s) for s in said["more"]]}  # fmt: skip
    return then(request, "dispatch:day_plan", ask_for_plan(**asked, by=request.actor))


@reads(READ.code)
def day_plan(request: Request, plan_id: UUID) -> HttpResponse:
    return show(request, "dispatch/plan.html", pages.plan_page(plan_id, request.actor))


@reads(READ.code)
def day_plan_csv(request: Request, plan_id: UUID) -> HttpResponse:
    row = fetch(DayPlan, plan_id)
    head = ("person", "turn", "work", "kind", "patient", "arrives", "begins", "ends", "pinned")
    rows = (
        (p.name, n, c.name, c.kind, c.patient, *(at.isoformat(timespec="minutes") for at in (c.arrives, c.starts, c.ends)),
         "yes" if c.pinned else "")
        for p in people_lines(row) for n, c in enumerate(p.calls, 1)
    )  # fmt: skip
    rests = (
        (p.name, "", "", "break", "", "", b.starts.isoformat(timespec="minutes"), b.ends.isoformat(timespec="minutes"), "")
        for p in people_lines(row) for b in p.breaks
    )  # fmt: skip
    return text_table(f"plan-{row.kind}-{row.day.isoformat()}", head, chain(rows, rests))


@writes
def change(request: Request, plan_id: UUID) -> HttpResponse:
    """Something happened, or somebody moves a visit: a new proposal made from this plan."""
    row = fetch(DayPlan, plan_id)
    wanted, first = (_pin(request, row), None) if "name" in request.POST else _happened(request, row)
    cause = request.POST.get("cause", "")[:200]
    made = ask_for_change(plan_id=row.id, change=wanted, cause=cause, from_day=first, by=request.actor)
    return then(request, "dispatch:day_plan", made)


def _happened(request: Request, row: DayPlan) -> tuple[Change, date | None]:
    """What happened, and the day from which on it is mended."""
    said: dict[str, Any] = filled(ChangeForm(request.POST, row=row))
    late = ((said["late"], _at(row, said["not_before"], said.get("late_on"))),) if said["late"] else ()
    away = frozenset((name, said["away_on"]) for name in said.get("away", ()))
    return Change(absent=frozenset(said["absent"]), late=late, away=away), said.get("from_day")


def _pin(request: Request, row: DayPlan) -> Change:
    said: dict[str, Any] = filled(PinForm(request.POST, row=row))
    if not (said["person"] or said["at"]):
        return Change(unpin=frozenset({said["name"]}))
    return Change(pins=((said["name"], said["person"], _at(row, said["at"], said.get("on")) if said["at"] else None),))


def _at(row: DayPlan, clock: time, on: date | None) -> datetime:
    """What was typed is the clock of the site."""
    return datetime.combine(on or row.day, clock, zone_of(row.site_id))


@reads(READ.code)
def why(request: Request, plan_id: UUID) -> HttpResponse:
    """Why one visit of the plan stands where it does."""
    name, row = request.GET.get("visit", ""), fetch(DayPlan, plan_id)
    if row.plan is None or name not in row.tasks:
        raise Http404
    return show(request, "dispatch/why.html", pages.why_page(plan_id, name, request.actor, request.GET))


@writes
def step(request: Request, plan_id: UUID, step: str) -> HttpResponse:
    row = fetch(DayPlan, plan_id)
    advance_plan(plan_id=row.id, step=step, by=request.actor)
    said = "The plan is in force: routes and visits are given out." if step == "accept" else ""
    return then(request, "dispatch:day_plan", row.id, said=said)
