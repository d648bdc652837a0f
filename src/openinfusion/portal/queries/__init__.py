# SPDX-License-Identifier: Apache-2.0
"""Reads of the patient's own page: links, sessions, requests, and who acts when a patient acts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from openinfusion.kernel.local_day import day_of
from openinfusion.kernel.refusal import NotFound
from openinfusion.patients import public as patients
from openinfusion.platform.actor import Actor, ActorKind
from openinfusion.platform.clock import now
from openinfusion.platform.house_day import house_zone
from openinfusion.platform.journal import Line
from openinfusion.platform.models import Entry
from openinfusion.platform.scope import current_organization_id
from openinfusion.portal.domain.link import closed, digest
from openinfusion.portal.domain.request import kinds, signs
from openinfusion.portal.models import PageSession, PatientLink, PatientRequest
from openinfusion.portal.permissions import USE


@dataclass(frozen=True, slots=True)
class LinkFact:
    """A link without its secrets. ``closed``: nobody comes in by it now."""

    id: UUID
    patient_id: UUID
    patient: str
    state: str
    code_way: str
    expires_at: datetime
    used_at: datetime | None
    given_at: datetime
    giver_name: str
    wrong_tries: int
    closed: bool
    version: int
    given_on: date  # these two where the patient lives
    expires_on: date


@dataclass(frozen=True, slots=True)
class RequestFact:
    """What a patient asked for. ``late``: nobody took it within its time."""

    id: UUID
    patient_id: UUID
    patient: str
    kind: str
    text: str
    role: str
    state: str
    words: str
    signs: tuple[str, ...]
    is_reaction: bool
    subject_id: UUID | None
    subject_text: str
    event_id: UUID | None
    asked_at: datetime
    due_at: datetime
    taken_at: datetime | None
    taker_name: str
    answer: str
    settled_at: datetime | None
    late: bool
    version: int


def patient_actor(patient_id: UUID, *more: str) -> Actor:
    """The patient as actor: no roles, the use of their own page, and the verbs this one act needs."""
    who = patients.patient(patient_id)
    return Actor(
        who.id, f"{who.given} {who.family} (patient)", current_organization_id(), frozenset(), frozenset({USE.code, *more}),
        None, ActorKind.PATIENT,
    )  # fmt: skip


def link_by(token: str) -> PatientLink:
    """The link of this token while somebody may come in by it; NotFound in every other case alike."""
    row = PatientLink.objects.filter(sha256=digest(token)).first()
    if row is None or closed(row.state, row.expires_at, now()):
        raise NotFound("link")
    return row


def session_by(secret: str) -> PageSession:
    """The session of this cookie while it runs and its link is open; NotFound otherwise."""
    row = PageSession.objects.select_related("link").filter(sha256=digest(secret), left_at=None, ends_at__gt=now()).first()
    if row is None or closed(row.link.state, row.link.expires_at, now()):
        raise NotFound("session")
    return row


def links_where(**where: Any) -> list[LinkFact]:
    """Links that fit, the newest first."""
    rows = list(PatientLink.objects.filter(**where).order_by("-given_at")[:500])
    names, at = patients.patients([r.patient_id for r in rows]), now()
    zones = {id: p.timezone or house_zone() for id, p in names.items()}
    return [
        LinkFact(
            r.id, r.patient_id, names[r.patient_id].name, r.state, r.code_way, r.expires_at, r.used_at, r.given_at,
            r.giver_name, r.wrong_tries, closed(r.state, r.expires_at, at), r.version,
            day_of(r.given_at, zones[r.patient_id]), day_of(r.expires_at, zones[r.patient_id]),
        )
        for r in rows
    ]  # fmt: skip


def requests_where(*, limit: int = 500, **where: Any) -> list[RequestFact]:
    """Requests that fit, the soonest due first."""
    return request_facts(list(PatientRequest.objects.filter(**where).order_by("due_at")[:limit]))


def request_facts(rows: list[PatientRequest]) -> list[RequestFact]:
    names, at = patients.patients([r.patient_id for r in rows]), now()
    return [
        RequestFact(
            r.id, r.patient_id, names[r.patient_id].name, r.kind, kinds()[r.kind].text if r.kind in kinds() else r.kind, r.role,
            r.state, r.words, tuple(signs()[s].text for s in r.signs if s in signs()), r.is_reaction, r.subject_id,
            r.subject_text, r.event_id, r.made_at, r.due_at, r.taken_at, r.taker_name, r.answer, r.settled_at,
            r.state == "open" and r.due_at < at, r.version,
        )
        for r in rows
    ]  # fmt: skip


def done_by_patient(patient_id: UUID, limit: int = 60) -> list[Line]:
    """What the patient did on their own page, newest first: every entry that names them as the one who acted."""
    entries = Entry.objects.filter(actor_id=patient_id, patient_id=patient_id).order_by("-number")[:limit]
    return [Line(e.at, e.verb, e.sentence, e.actor_name, e.reason, e.signature, e.to_state, e.id) for e in entries]
