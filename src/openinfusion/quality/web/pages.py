# SPDX-License-Identifier: Apache-2.0
"""What the templates of quality receive."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.urls import reverse

from openinfusion.platform.action import fetch
from openinfusion.platform.actor import Actor
from openinfusion.platform.house_day import house_today, house_zone
from openinfusion.platform.journal import Line, timeline
from openinfusion.platform.ui.parts import Act, acts_of
from openinfusion.quality.domain.incident import INCIDENT, IncidentKind, IncidentState
from openinfusion.quality.models import ImprovementAction, Incident
from openinfusion.quality.permissions import DO, HANDLE, REPORT
from openinfusion.quality.queries.affected import Affected, affected_by
from openinfusion.quality.queries.due import SPANS, DueLine, due_lines
from openinfusion.quality.queries.incident import IncidentFact, Wanted, actions_of, facts_of, incident_fact, incidents
from openinfusion.quality.web.forms import ActionForm, CauseForm, DoneForm, IncidentForm, OwnerForm
from openinfusion.sites import public as sites


@dataclass(frozen=True, slots=True)
class IncidentRow:
    fact: IncidentFact
    tone: str
    late: bool


@dataclass(frozen=True, slots=True)
class BoardPage:
    wanted: Wanted
    states: tuple[str, ...]
    kinds: tuple[str, ...]
    rows: tuple[IncidentRow, ...]
    may_report: bool


@dataclass(frozen=True, slots=True)
class OpenPage:
    form: IncidentForm


@dataclass(frozen=True, slots=True)
class ActionRow:
    row: ImprovementAction
    late: bool
    acts: tuple[Act, ...]


@dataclass(frozen=True, slots=True)
class IncidentPage:
    row: Incident
    zone: str
    tone: str
    late: bool
    acts: tuple[Act, ...]
    actions: tuple[ActionRow, ...]
    affected: Affected
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class DuePage:
    days: int
    spans: tuple[int, ...]
    kind: str
    kinds: tuple[str, ...]
    rows: tuple[tuple[DueLine, bool], ...]
    late: int
    today: date


def board_page(wanted: Wanted, by: Actor) -> BoardPage:
    today = house_today()
    rows = tuple(
        IncidentRow(incident_fact(r), INCIDENT.tone(IncidentState(r.state)), r.due_on < today and r.state != "closed")
        for r in incidents(wanted)
    )
    states = (*(s.value for s in IncidentState), "all")
    return BoardPage(wanted, states, tuple(k.value for k in IncidentKind), rows, by.may(REPORT.code))


def incident_page(incident_id: UUID, by: Actor) -> IncidentPage:
    row, today = fetch(Incident, incident_id), house_today()
    may_do = by.may(DO.code) and row.state != "closed"
    return IncidentPage(
        row,
        sites.zone_of(row.site_id) if row.site_id else house_zone(),
        INCIDENT.tone(IncidentState(row.state)),
        row.due_on < today and row.state != "closed",
        (*_handling(row, by), *_steps(row, by)),
        tuple(_action_row(a, today, may_do) for a in actions_of(row.id)),
        affected_by(row),
        tuple(timeline(subject_id=row.id, limit=80)),
    )


def _steps(row: Incident, by: Actor) -> tuple[Act, ...]:
    return acts_of(INCIDENT, row.state, facts_of(row, by), by, url_for=lambda step: reverse("quality:step", args=[row.id, step]))


def _handling(row: Incident, by: Actor) -> tuple[Act, ...]:
    """The records that come before the steps: owner, cause, actions."""
    if not by.may(HANDLE.code) or row.state == "closed":
        return ()
    owner = OwnerForm(auto_id="owner-%s", initial={"owner_id": row.owned_by, "due_on": row.due_on})
    found = [Act("own", "Name who investigates", reverse("quality:own", args=[row.id]), form=owner)]
    if row.state == IncidentState.INVESTIGATING.value:
        cause = CauseForm(auto_id="cause-%s", initial={"kind": row.cause_kind, "text": row.cause})
        found.append(Act("cause", "Record the cause", reverse("quality:cause", args=[row.id]), form=cause))
    if row.state != IncidentState.OPEN.value:
        found.append(Act("act", "Plan an action", reverse("quality:act", args=[row.id]), form=ActionForm(auto_id="act-%s")))
    return tuple(found)


def _action_row(a: ImprovementAction, today: date, may_do: bool) -> ActionRow:
    undone = a.done_on is None
    form = DoneForm(auto_id=f"done-{a.id}-%s")
    act = Act(f"done-{a.id}", "It is done", reverse("quality:done", args=[a.id]), "ok", form=form)
    return ActionRow(a, undone and a.due_on < today, (act,) if undone and may_do else ())


def due_page(days: str, kind: str) -> DuePage:
    span, today = (int(days) if days in {str(n) for n in SPANS} else SPANS[0]), house_today()
    everything = due_lines(today, span)
    kinds = tuple(sorted({d.kind for d in everything}))
    mine = [d for d in everything if not kind or d.kind == kind]
    rows = tuple((d, d.late(today)) for d in mine)
    return DuePage(span, SPANS, kind if kind in kinds else "", kinds, rows, sum(late for _, late in rows), today)
