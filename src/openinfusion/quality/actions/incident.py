# SPDX-License-Identifier: Apache-2.0
"""Opening an incident by hand or by news, naming its owner and cause, planning and doing actions, its steps."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from openinfusion.kernel.ids import new_id
from openinfusion.kernel.local_day import day_of
from openinfusion.kernel.refusal import Fault, Malformed, Reason, Refused
from openinfusion.platform.action import action, lock
from openinfusion.platform.actor import Actor
from openinfusion.platform.advance import advance, revise
from openinfusion.platform.clock import now
from openinfusion.platform.house_day import house_today, house_zone
from openinfusion.platform.journal import write
from openinfusion.quality.domain.deadline import act_by, investigate_by
from openinfusion.quality.domain.incident import ActionKind, CauseKind, IncidentState
from openinfusion.quality.domain.trouble import Trouble
from openinfusion.quality.models import ImprovementAction, Incident
from openinfusion.quality.permissions import DO, HANDLE, REPORT
from openinfusion.quality.queries.incident import facts_of
from openinfusion.sites import public as sites
from openinfusion.team import public as team


@action
def open_incident(*, trouble: Trouble, by: Actor) -> UUID:
    """Open an incident. The same source opens one only: what is there already is kept."""
    by.must(REPORT)
    if not trouble.title.strip():
        raise Malformed(Fault("Title", "say in a line what happened"))
    if trouble.began_at > now() or (trouble.ended_at and trouble.ended_at < trouble.began_at):
        raise Malformed(Fault("When", "it began before now, and ended after it began"))
    before = Incident.objects.filter(source=trouble.source).first() if trouble.source else None
    if before is not None:
        write(by, "quality.incident.keep", before, "{subject} is open already.")
        return before.id
    id, at = new_id(), now()
    zone = sites.zone_of(trouble.site_id) if trouble.site_id else house_zone()
    place = sites.place_name(trouble.place_kind, trouble.place_id) if trouble.place_id else ""
    row = Incident.objects.create(
        id=id,
        number=f"I{id.hex[-8:].upper()}",
        kind=trouble.kind.value,
        title=trouble.title.strip()[:300],
        what=trouble.what.strip(),
        source=trouble.source,
        site_id=trouble.site_id,
        place_kind=trouble.place_kind if trouble.place_id else "",
        place_id=trouble.place_id,
        place_name=place,
        lot_ids=list(trouble.lot_ids),
        began_at=trouble.began_at,
        ended_at=trouble.ended_at,
        opened_by=by.id,
        opener_name=by.name,
        due_on=investigate_by(day_of(at, zone)),
    )
    write(by, "quality.incident.open", row, "{actor} opened {subject}: {title}.", noted={"title": row.title})
    return row.id


@action
def end_trouble(*, source: str, ended_at: datetime, by: Actor) -> UUID:
    """The trouble an incident came of is over; the incident goes on. Refused where no incident came of it."""
    by.must(REPORT)
    found = Incident.objects.filter(source=source).first()
    if found is None:
        raise Refused(Reason("no-incident", "no incident came of this"))
    row = lock(Incident, found.id)
    sentence = "{actor} noted that the trouble of {subject} was over at {at}."
    ended = max(ended_at, row.began_at)
    revise(row, "quality.incident.over", sentence, by=by, noted={"at": ended}, ended_at=ended)
    return row.id


@action
def own_incident(*, incident_id: UUID, owner_id: UUID, due_on: date, by: Actor, version: int | None = None) -> UUID:
    """Name who investigates it, and by when."""
    by.must(HANDLE)
    row = lock(Incident, incident_id, version)
    _still_open(row)
    owner = team.person(owner_id)
    noted = {"owner": owner.name, "due": due_on}
    sentence = "{actor} gave {subject} to {owner}, due on {due}."
    revise(row, "quality.incident.own", sentence, by=by, noted=noted, owned_by=owner.id, owner_name=owner.name, due_on=due_on)
    return row.id


@action
def name_cause(*, incident_id: UUID, kind: CauseKind, text: str, by: Actor, version: int | None = None) -> UUID:
    """Record the cause that the investigation found."""
    by.must(HANDLE)
    row = lock(Incident, incident_id, version)
    if row.state != IncidentState.INVESTIGATING.value:
        raise Refused(Reason("not-investigating", f"{row} is {row.state.replace('_', ' ')}", "begin the investigation"))
    if not text.strip():
        raise Malformed(Fault("Cause", "say what it was"))
    noted = {"kind": kind.value, "cause": text.strip()}
    sentence = "{actor} recorded the cause of {subject} ({kind}): {cause}."
    revise(row, "quality.incident.cause", sentence, by=by, noted=noted, cause_kind=kind.value, cause=text.strip())
    return row.id


def _still_open(row: Incident) -> None:
    if row.state == IncidentState.CLOSED.value:
        raise Refused(Reason("closed", f"{row} is closed", "reopen it"))


@action
def plan_action(
    *, incident_id: UUID, kind: ActionKind, text: str, owner_id: UUID, by: Actor, due_on: date | None = None
) -> UUID:
    """Plan a corrective or preventive action with who does it by when."""
    by.must(HANDLE)
    row = lock(Incident, incident_id)
    _still_open(row)
    if not text.strip():
        raise Malformed(Fault("Action", "say what is to be done"))
    owner = team.person(owner_id)
    made = ImprovementAction.objects.create(
        incident=row,
        kind=kind.value,
        text=text.strip(),
        owned_by=owner.id,
        owner_name=owner.name,
        due_on=due_on or act_by(house_today()),
    )
    noted = {"kind": kind.value, "text": made.text, "owner": owner.name, "due": made.due_on}
    write(by, "quality.incident.act", row, "{actor} planned for {subject} ({kind}): {text}; {owner}, by {due}.", noted=noted)
    return made.id


@action
def do_action(*, action_id: UUID, result: str, by: Actor) -> UUID:
    """Record that an action is done, and what came of it."""
    by.must(DO)
    row = lock(ImprovementAction, action_id)
    incident = lock(Incident, row.incident_id)
    _still_open(incident)
    if row.done_on is not None:
        raise Refused(Reason("done-before", "this action is done already"))
    if not result.strip():
        raise Malformed(Fault("Result", "say what was done and how you know that it works"))
    changes: dict[str, Any] = {
        "done_on": house_today(), "done_by": by.id, "doer_name": by.name, "result": result.strip(),
    }  # fmt: skip
    for field, value in changes.items():
        setattr(row, field, value)
    row.version += 1
    row.save(update_fields=["version", *changes])
    noted = {"text": row.text, "result": row.result}
    write(by, "quality.action.do", incident, "{actor} did for {subject}: {text}. {result}", noted=noted)
    return row.id


@action
def advance_incident(*, incident_id: UUID, step: str, by: Actor, reason: str = "", version: int | None = None) -> UUID:
    """One step of an incident."""
    row = lock(Incident, incident_id, version)
    changes: dict[str, Any] = {}
    if step in ("close", "dismiss"):
        changes = {"closed_at": now(), "closed_by": by.id}
    elif step == "reopen":
        changes = {"closed_at": None, "closed_by": None}
    advance(row, step, facts_of(row, by), by=by, reason=reason, **changes)
    return row.id
