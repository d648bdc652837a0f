# SPDX-License-Identifier: Apache-2.0
"""Incidents as frozen facts, and the facts their machine asks for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Q

from openinfusion.platform.actor import Actor
from openinfusion.quality.domain.incident import OPEN_STATES, IncidentFacts
from openinfusion.quality.models import ImprovementAction, Incident


@dataclass(frozen=True, slots=True)
class IncidentFact:
    id: UUID
    number: str
    kind: str
    title: str
    state: str
    place_name: str
    began_at: datetime
    ended_at: datetime | None
    owner_name: str
    due_on: date
    version: int


def incident_fact(row: Incident) -> IncidentFact:
    return IncidentFact(
        row.id,
        row.number,
        row.kind,
        row.title,
        row.state,
        row.place_name,
        row.began_at,
        row.ended_at,
        row.owner_name,
        row.due_on,
        row.version,
    )


def actions_of(incident_id: UUID) -> list[ImprovementAction]:
    """The actions of an incident, the soonest due first."""
    return list(ImprovementAction.objects.filter(incident_id=incident_id).order_by("due_on", "made_at"))


def facts_of(row: Incident, by: Actor) -> IncidentFacts:
    """The facts that the rules and the buttons of an incident ask for."""
    actions = actions_of(row.id)
    return IncidentFacts(
        by.id,
        row.owned_by,
        row.cause,
        sum(a.kind == "corrective" for a in actions),
        sum(a.kind == "preventive" for a in actions),
        tuple(a.text for a in actions if a.done_on is None),
        row.kind == "excursion" and row.ended_at is None,
    )


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list of incidents is asked for; empty means any."""

    text: str = ""
    state: str = ""
    kind: str = ""


def incidents(wanted: Wanted, limit: int = 200) -> list[Incident]:
    """Incidents that fit, those that are open first, the soonest due first; state "" means not closed, "all" any."""
    rows = Incident.objects.all()
    if wanted.state != "all":
        rows = rows.filter(state__in=[wanted.state] if wanted.state else OPEN_STATES)
    if wanted.kind:
        rows = rows.filter(kind=wanted.kind)
    if wanted.text:
        t = wanted.text.strip()
        rows = rows.filter(Q(title__icontains=t) | Q(number__istartswith=t) | Q(place_name__icontains=t))
    return list(rows.order_by("closed_at", "due_on", "-began_at")[:limit])


def open_actions(limit: int = 200) -> list[ImprovementAction]:
    """Actions that are not done, the soonest due first."""
    rows = ImprovementAction.objects.filter(done_on=None).select_related("incident")
    return list(rows.order_by("due_on")[:limit])


def with_source(sources: Iterable[str]) -> Any:
    """Incidents that came of these."""
    return Incident.objects.filter(source__in=list(sources))
