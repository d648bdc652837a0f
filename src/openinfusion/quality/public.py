# SPDX-License-Identifier: Apache-2.0
"""The door of quality: incidents, what waits, what a search finds.

A room after it in the street, or a handler of news that does not exist yet (a stock discrepancy, a return from a
patient), opens an incident with ``open_incident``.
"""

from __future__ import annotations

from django.db.models import Q

from openinfusion.kernel.local_day import ends
from openinfusion.kernel.machine import shown
from openinfusion.kernel.roles import Role
from openinfusion.kernel.waiting import EVERYTHING, Ask, Hit, Waited, Waiting
from openinfusion.platform.actor import Actor
from openinfusion.platform.house_day import house_today, house_zone
from openinfusion.platform.queue import waited, whose_turn
from openinfusion.quality.actions.incident import (
    advance_incident,
    do_action,
    end_trouble,
    name_cause,
    open_incident,
    own_incident,
    plan_action,
)
from openinfusion.quality.domain.incident import INCIDENT, ActionKind, CauseKind, IncidentKind, IncidentState
from openinfusion.quality.domain.trouble import Trouble
from openinfusion.quality.models import ImprovementAction, Incident
from openinfusion.quality.queries.due import DueLine, due_lines
from openinfusion.quality.queries.incident import IncidentFact, Wanted, incident_fact, incidents

__all__ = [
    "ActionKind",
    "CauseKind",
    "DueLine",
    "IncidentFact",
    "IncidentKind",
    "Trouble",
    "Wanted",
    "advance_incident",
    "do_action",
    "due_lines",
    "end_trouble",
    "find",
    "name_cause",
    "open_incident",
    "open_incidents",
    "own_incident",
    "plan_action",
    "waiting",
]


def open_incidents() -> list[IncidentFact]:
    """Every incident that is not closed, the soonest due first."""
    return [incident_fact(r) for r in incidents(Wanted())]


def waiting(by: Actor, ask: Ask = EVERYTHING) -> Waited:
    """Incidents for compliance, and for compliance too the actions that are due."""
    today = house_today()
    rows = Incident.objects.filter(state__in=whose_turn(INCIDENT, ask))
    found = waited(rows, ask, kind="Incident", due="due_on", late=Q(due_on__lt=today), make=_incidents)
    if ask.has(Role.COMPLIANCE.value):
        undone = ImprovementAction.objects.filter(done_on=None).select_related("incident")
        found += waited(undone, ask, kind="Action", due="due_on", late=Q(due_on__lt=today), make=_actions)
    return found


def _incidents(rows: list[Incident]) -> list[Waiting]:
    return [
        Waiting(
            "quality", "Incident", r.id, f"{r.number}: {r.title}", "", shown(s := IncidentState(r.state)), INCIDENT.tone(s),
            INCIDENT.owner(s), r.made_at, f"/quality/{r.id}/", ends(r.due_on, house_zone()),
            () if r.owned_by else ("an owner",),
        )
        for r in rows
    ]  # fmt: skip


def _actions(rows: list[ImprovementAction]) -> list[Waiting]:
    return [
        Waiting(
            "quality", "Action", r.id, f"{r.incident.number}: {r.text}", "", r.kind, "wait", Role.COMPLIANCE.value, r.made_at,
            f"/quality/{r.incident_id}/", ends(r.due_on, house_zone()), (r.owner_name,),
        )
        for r in rows
    ]  # fmt: skip


def find(text: str, by: Actor) -> list[Hit]:
    """Incidents by number or words of the title."""
    wanted = text.strip()
    if len(wanted) < 3 or not by.may("quality.incident.read"):
        return []
    rows = incidents(Wanted(wanted, "all"), 8)
    return [Hit("Incident", f"{r.number}: {r.title}", r.state.replace("_", " "), f"/quality/{r.id}/") for r in rows]
