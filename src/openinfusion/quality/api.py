# SPDX-License-Identifier: Apache-2.0
"""Incidents as JSON: lists, opening, investigating, actions, what they touched; the calendar of what is due."""

from __future__ import annotations

from datetime import date, datetime
from typing import TypeVar
from uuid import UUID

from django.http import HttpRequest
from ninja import Schema

from openinfusion.kernel.refusal import Fault, Malformed
from openinfusion.platform.action import fetch
from openinfusion.platform.api import Instant, Whole, router_for
from openinfusion.platform.house_day import house_today
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
from openinfusion.quality.models import Incident
from openinfusion.quality.permissions import READ
from openinfusion.quality.queries.affected import affected_by
from openinfusion.quality.queries.due import due_lines
from openinfusion.quality.queries.incident import Wanted, incident_fact, incidents

router = router_for("quality")
K = TypeVar("K", IncidentKind, CauseKind, ActionKind)
LONGEST_DAYS = 400


class IncidentOut(Schema):
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


class IncidentIn(Schema):
    """Times carry their zone. ``place_kind``: room, hood or cold_store, with its id."""

    kind: str
    title: str
    began_at: Instant
    ended_at: Instant | None = None
    what: str = ""
    site_id: UUID | None = None
    place_kind: str = ""
    place_id: UUID | None = None
    lot_ids: list[UUID] = []


class OwnerIn(Schema):
    owner_id: UUID
    due_on: date
    version: Whole | None = None


class CauseIn(Schema):
    kind: str
    text: str
    version: Whole | None = None


class ActionIn(Schema):
    kind: str
    text: str
    owner_id: UUID
    due_on: date | None = None


class DoneIn(Schema):
    result: str


class StepIn(Schema):
    reason: str = ""
    version: Whole | None = None


class Made(Schema):
    id: UUID


class LotOut(Schema):
    id: UUID
    number: str
    product_name: str
    expires_on: date


class MadeOut(Schema):
    id: UUID
    lot_number: str
    drug_name: str
    made_at: datetime
    state: str
    why: str


class AffectedOut(Schema):
    """What an incident touched; ``said`` tells how it was found and what could not be known."""

    lots: list[LotOut]
    preparations: list[MadeOut]
    said: list[str]


class DueOut(Schema):
    """``on`` is null where it was never done."""

    kind: str
    where: str
    what: str
    on: date | None


@router.get("/incidents", response=list[IncidentOut])
def incident_list(request: HttpRequest, state: str = "", kind: str = "", q: str = "") -> list[IncidentOut]:
    """Incidents that are not closed, or those of a state (``all`` for any)."""
    request.actor.must(READ)  # type: ignore[attr-defined]
    return [IncidentOut.from_orm(incident_fact(r)) for r in incidents(Wanted(q, state, kind))]


@router.post("/incidents", response=Made)
def incident_open(request: HttpRequest, given: IncidentIn) -> Made:
    """Open an incident."""
    if (given.place_id is None) == bool(given.place_kind) or given.place_kind not in ("", "room", "hood", "cold_store"):
        raise Malformed(Fault("place_kind", "room, hood or cold_store, with its place_id; or neither"))
    said = given.model_dump() | {"kind": _kind(IncidentKind, given.kind)}
    return Made(id=open_incident(trouble=Trouble(**said), by=request.actor))  # type: ignore[attr-defined]


@router.get("/incidents/{incident_id}/affected", response=AffectedOut)
def incident_affected(request: HttpRequest, incident_id: UUID) -> AffectedOut:
    """The lots and preparations of the incident's place and time."""
    request.actor.must(READ)  # type: ignore[attr-defined]
    found = affected_by(fetch(Incident, incident_id))
    return AffectedOut(
        lots=[LotOut.from_orm(x) for x in found.lots],
        preparations=[
            MadeOut(
                id=p.made.id,
                lot_number=p.made.lot_number,
                drug_name=p.made.drug_name,
                made_at=p.made.made_at,
                state=p.made.state,
                why=p.why,
            )
            for p in found.preparations
        ],
        said=list(found.said),
    )


@router.post("/incidents/{incident_id}/owner", response=Made)
def incident_own(request: HttpRequest, incident_id: UUID, given: OwnerIn) -> Made:
    """Name who investigates, and by when."""
    return Made(id=own_incident(incident_id=incident_id, by=request.actor, **given.model_dump()))  # type: ignore[attr-defined]


@router.post("/incidents/{incident_id}/cause", response=Made)
def incident_cause(request: HttpRequest, incident_id: UUID, given: CauseIn) -> Made:
    """Record the cause."""
    said = given.model_dump() | {"kind": _kind(CauseKind, given.kind)}
    return Made(id=name_cause(incident_id=incident_id, by=request.actor, **said))  # type: ignore[attr-defined]


@router.post("/incidents/{incident_id}/actions", response=Made)
def incident_act(request: HttpRequest, incident_id: UUID, given: ActionIn) -> Made:
    """Plan a corrective or preventive action."""
    said = given.model_dump() | {"kind": _kind(ActionKind, given.kind)}
    return Made(id=plan_action(incident_id=incident_id, by=request.actor, **said))  # type: ignore[attr-defined]


@router.post("/actions/{action_id}/done", response=Made)
def action_done(request: HttpRequest, action_id: UUID, given: DoneIn) -> Made:
    """Record that an action is done, and what came of it."""
    return Made(id=do_action(action_id=action_id, result=given.result, by=request.actor))  # type: ignore[attr-defined]


@router.post("/incidents/{incident_id}/{step}", response=Made)
def incident_step(request: HttpRequest, incident_id: UUID, step: str, given: StepIn) -> Made:
    """One step of an incident."""
    return Made(id=advance_incident(incident_id=incident_id, step=step, by=request.actor, **given.model_dump()))  # type: ignore[attr-defined]


@router.get("/due", response=list[DueOut])
def due_list(request: HttpRequest, days: int = 30, kind: str = "") -> list[DueOut]:
    """Everything due within so many days (up to 400), what was never done first."""
    request.actor.must(READ)  # type: ignore[attr-defined]
    if not 0 <= days <= LONGEST_DAYS:
        raise Malformed(Fault("days", f"0 to {LONGEST_DAYS}"))
    return [DueOut.from_orm(d) for d in due_lines(house_today(), days, kind)]


def _kind(of: type[K], text: str) -> K:
    try:
        return of(text)
    except ValueError:
        raise Malformed(Fault("kind", f"one of {', '.join(k.value for k in of)}")) from None
