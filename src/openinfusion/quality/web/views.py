# SPDX-License-Identifier: Apache-2.0
"""Views of quality."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import HttpResponse

from openinfusion.inventory import public as inventory
from openinfusion.platform.action import fetch
from openinfusion.platform.house_day import house_today, house_zone
from openinfusion.platform.ui.forms import StepForm
from openinfusion.platform.web import Request, read, reads, show, text_table, then, writes
from openinfusion.quality.actions.incident import (
    advance_incident,
    do_action,
    name_cause,
    open_incident,
    own_incident,
    plan_action,
)
from openinfusion.quality.domain.incident import ActionKind, CauseKind, IncidentKind
from openinfusion.quality.domain.trouble import Trouble
from openinfusion.quality.models import ImprovementAction, Incident
from openinfusion.quality.permissions import READ, REPORT
from openinfusion.quality.queries.affected import affected_by
from openinfusion.quality.queries.incident import Wanted, incidents
from openinfusion.quality.web import pages
from openinfusion.quality.web.forms import ActionForm, CauseForm, DoneForm, IncidentForm, OwnerForm, place_of
from openinfusion.sites import public as sites


def _wanted(request: Request) -> Wanted:
    return Wanted(*(request.GET.get(name, "")[:80] for name in ("q", "state", "kind")))


@reads(READ.code)
def board(request: Request) -> HttpResponse:
    """Incidents, those that are not closed first."""
    return show(request, "quality/board.html", pages.board_page(_wanted(request), request.actor))


@reads(READ.code)
def board_csv(request: Request) -> HttpResponse:
    head = ("number", "kind", "title", "state", "place", "from", "to", "owner", "due on", "cause", "closed at")
    rows = (
        (r.number, r.kind, r.title, r.state.replace("_", " "), r.place_name, r.began_at.isoformat(timespec="minutes"),
         r.ended_at.isoformat(timespec="minutes") if r.ended_at else "", r.owner_name, r.due_on,
         f"{r.cause_kind} {r.cause}".strip(), r.closed_at.isoformat(timespec="minutes") if r.closed_at else "")
        for r in incidents(_wanted(request), 20_000)
    )  # fmt: skip
    return text_table("incidents", head, rows)


@reads(REPORT.code)
def open_form(request: Request) -> HttpResponse:
    return show(request, "quality/open.html", pages.OpenPage(IncidentForm()))


@writes
def open_record(request: Request) -> HttpResponse:
    said = read(IncidentForm, request)
    place = place_of(said["place"])
    zone = ZoneInfo(sites.zone_of(place["site_id"]) if place else house_zone())
    trouble = Trouble(
        IncidentKind(said["kind"]),
        said["title"],
        _at(said["began_at"], zone),
        what=said["what"],
        ended_at=_at(said["ended_at"], zone) if said["ended_at"] else None,
        lot_ids=tuple(x.id for x in inventory.lots_numbered(said["lot"])) if said["lot"] else (),
        **place,
    )
    return then(request, "quality:incident", open_incident(trouble=trouble, by=request.actor), said="The incident is open.")


def _at(typed: datetime, zone: ZoneInfo) -> datetime:
    """What was typed is the clock of the place."""
    return typed.replace(tzinfo=zone)


@reads(READ.code)
def incident(request: Request, incident_id: UUID) -> HttpResponse:
    return show(request, "quality/incident.html", pages.incident_page(incident_id, request.actor))


@reads(READ.code)
def affected_csv(request: Request, incident_id: UUID) -> HttpResponse:
    """The lots and preparations that an incident touched."""
    row = fetch(Incident, incident_id)
    found = affected_by(row)
    head = ("what", "number", "name", "expires or beyond use", "made at", "patient", "state", "why")
    lots = (("lot", x.number, x.product_name, x.expires_on, "", "", x.state, "") for x in found.lots)
    made = (
        ("preparation", p.made.lot_number, p.made.drug_name, p.made.beyond_use_at.isoformat(timespec="minutes"),
         p.made.made_at.isoformat(timespec="minutes"), p.patient, p.made.state.replace("_", " "), p.why)
        for p in found.preparations
    )  # fmt: skip
    return text_table(f"affected-{row.number}", head, (*lots, *made))


@writes
def own(request: Request, incident_id: UUID) -> HttpResponse:
    own_incident(incident_id=incident_id, by=request.actor, **read(OwnerForm, request))
    return then(request, "quality:incident", incident_id, said="Its owner is named.")


@writes
def cause(request: Request, incident_id: UUID) -> HttpResponse:
    said = read(CauseForm, request)
    name_cause(incident_id=incident_id, kind=CauseKind(said["kind"]), text=said["text"], by=request.actor)
    return then(request, "quality:incident", incident_id, said="The cause is recorded.")


@writes
def act(request: Request, incident_id: UUID) -> HttpResponse:
    said = read(ActionForm, request)
    said["kind"] = ActionKind(said["kind"])
    plan_action(incident_id=incident_id, by=request.actor, **said)
    return then(request, "quality:incident", incident_id, said="The action is planned.")


@writes
def done(request: Request, action_id: UUID) -> HttpResponse:
    do_action(action_id=action_id, by=request.actor, **read(DoneForm, request))
    return then(request, "quality:incident", fetch(ImprovementAction, action_id).incident_id, said="The action is done.")


@writes
def step(request: Request, incident_id: UUID, step: str) -> HttpResponse:
    advance_incident(incident_id=incident_id, step=step, by=request.actor, **read(StepForm, request))
    return then(request, "quality:incident", incident_id, said="Done.")


@reads(READ.code)
def due(request: Request) -> HttpResponse:
    """What is due within 30, 60 or 90 days: of places, of people, of incidents."""
    return show(request, "quality/due.html", pages.due_page(request.GET.get("days", ""), request.GET.get("kind", "")))


@reads(READ.code)
def due_csv(request: Request) -> HttpResponse:
    found = pages.due_page(request.GET.get("days", ""), request.GET.get("kind", ""))
    rows = ((d.on or "never done", d.kind, d.where, d.what, "yes" if late else "no") for d, late in found.rows)
    return text_table(f"due-{house_today():%Y-%m-%d}", ("due on", "kind", "where or who", "what", "late"), rows)
