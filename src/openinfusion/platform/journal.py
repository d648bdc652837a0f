# SPDX-License-Identifier: Apache-2.0
"""Writing and reading the journal. An entry is the reason for a change and travels in the change's transaction."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any
from uuid import UUID

from django.db import connection, models, transaction

from openinfusion.kernel.ids import new_id
from openinfusion.kernel.news import News
from openinfusion.kernel.quantity import Quantity
from openinfusion.kernel.refusal import Broken
from openinfusion.platform.actor import Actor
from openinfusion.platform.clock import now
from openinfusion.platform.models import Entry, Head, Untold
from openinfusion.platform.news import is_heard
from openinfusion.platform.scope import current_organization_id, late

# Entries written by the action in progress, each with whether it carries news.
written: ContextVar[list[tuple[UUID, bool]] | None] = ContextVar("entries_written", default=None)
# The id that the action's first entry will have; its changes are stamped with it before it is written.
_coming: ContextVar[UUID | None] = ContextVar("coming_entry", default=None)


def stamp(by: Actor) -> tuple[str, ...]:
    """Transaction variables that stamp the row history with who is acting and with the id of the entry to come."""
    coming = new_id()
    _coming.set(coming)
    return "pghistory.context_id", str(coming), "pghistory.context_metadata", json.dumps({"actor": str(by.id)})


def write(
    by: Actor,
    verb: str,
    row: models.Model,
    sentence: str,
    *,
    patient_id: UUID | None = None,
    from_state: str = "",
    to_state: str = "",
    reason: str = "",
    noted: Mapping[str, object] | None = None,
    news: Sequence[News] = (),
) -> UUID:
    """Add one entry to the organization's chain; Broken outside an action.

    ``sentence`` may hold {actor}, {subject} and the names of ``noted``, with days as people write them. News commits
    with the entry and is told after.
    """
    if not transaction.get_connection().in_atomic_block:
        raise Broken("a journal entry outside a transaction")
    facts = {k: plain(v) for k, v in (noted or {}).items()}
    entry = Entry(
        id=_coming.get() or new_id(),
        number=0,
        at=now(),
        verb=verb,
        subject_kind=row._meta.label,
        subject_id=row.pk,
        patient_id=patient_id if patient_id is not None else _patient_of(row),
        actor_id=by.id,
        actor_name=by.name,
        from_state=from_state,
        to_state=to_state,
        reason=reason.strip(),
        signature=by.signature,
        sentence=sentence.format(actor=by.name, subject=str(row), **{k: worded(v) for k, v in (noted or {}).items()}),
        noted=facts,
        news=[packed(n) for n in news],
    )
    entry.body_sha256 = body_digest(entry)
    late(_append, entry)
    _coming.set(None)
    if heard := any(is_heard(n) for n in news):
        late(Untold.objects.bulk_create, Untold(entry=entry))
    if (seen := written.get()) is not None:
        seen.append((entry.id, heard))
    return entry.id


def _patient_of(row: models.Model) -> UUID | None:
    if row._meta.label == "patients.Patient":
        return row.pk  # type: ignore[no-any-return]
    return getattr(row, "patient_id", None)


def plain(value: object) -> Any:
    """A value as the journal keeps it: JSON, with decimals as text exactly as they were."""
    if value is None or isinstance(value, bool | int | str):
        return value.value if isinstance(value, Enum) else value
    if isinstance(value, Decimal | UUID | Quantity):
        return str(value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Mapping):
        return {str(k): plain(v) for k, v in value.items()}
    if isinstance(value, Iterable):
        return [plain(v) for v in value]
    return str(value)


def worded(value: object) -> object:
    """A value as a sentence says it: days as 14-Jul-1968, instants in UTC and saying so."""
    if isinstance(value, datetime):
        return f"{value.astimezone(UTC):%d-%b-%Y %H:%M} UTC"
    if isinstance(value, date):
        return f"{value:%d-%b-%Y}"
    said = plain(value)
    return "" if said is None else said


def packed(news: News) -> dict[str, Any]:
    """News as stored beside its entry."""
    kind = type(news)
    return {"kind": f"{kind.__module__}.{kind.__qualname__}"} | {f.name: plain(getattr(news, f.name)) for f in fields(news)}


def _append(entries: list[Entry]) -> None:
    """Add the entries to their organization's chain; until the transaction ends nobody else can."""
    organization = current_organization_id()
    with connection.cursor() as cursor:
        number, last = _head(cursor, organization)
        for entry in entries:
            number += 1
            last = link(last, number, entry.body_sha256)
            entry.number, entry.hash = number, last
        columns = [[_stored(getattr(entry, column)) for entry in entries] for column, _ in _COLUMNS]
        cursor.execute(_APPEND, [number, last, organization, organization, *columns])


def _head(cursor: Any, organization: UUID) -> tuple[int, str]:
    """The number and hash of the last entry, locked; a new organization has none."""
    for _ in range(2):
        cursor.execute("SELECT number, hash FROM platform_head WHERE organization_id = %s FOR UPDATE", [organization])
        if found := cursor.fetchone():
            return found[0], found[1]
        cursor.execute(
            "INSERT INTO platform_head (organization_id, number, hash) VALUES (%s, 0, '') ON CONFLICT DO NOTHING",
            [organization],
        )
    raise Broken("the head of the journal can be neither read nor made")


def _stored(value: object) -> object:
    return json.dumps(value) if isinstance(value, dict | list) else value


_COLUMNS = (
    *(("id", "uuid"), ("number", "bigint"), ("at", "timestamptz"), ("verb", "text"), ("subject_kind", "text")),
    *(("subject_id", "uuid"), ("patient_id", "uuid"), ("actor_id", "uuid"), ("actor_name", "text"), ("from_state", "text")),
    *(("to_state", "text"), ("sentence", "text"), ("reason", "text"), ("signature", "text"), ("noted", "jsonb")),
    *(("news", "jsonb"), ("body_sha256", "text"), ("hash", "text")),
)
_APPEND = f"""
WITH head AS (UPDATE platform_head SET number = %s, hash = %s WHERE organization_id = %s)
INSERT INTO platform_entry (organization_id, {", ".join(column for column, _ in _COLUMNS)})
SELECT %s::uuid, * FROM unnest({", ".join(f"%s::{kind}[]" for _, kind in _COLUMNS)})
"""  # noqa: S608  (the names are the ones above)


def link(previous: str, number: int, body_sha256: str) -> str:
    """The hash of an entry: over the one before it, its number and the digest of what it says."""
    return hashlib.sha256(f"{previous}|{number}|{body_sha256}".encode()).hexdigest()


def body_digest(entry: Entry) -> str:
    """SHA-256 over the canonical JSON of all that an entry says."""
    said = {
        "at": entry.at.astimezone(UTC).isoformat(),
        "verb": entry.verb,
        "subject": [entry.subject_kind, str(entry.subject_id)],
        "patient": str(entry.patient_id or ""),
        "actor": [str(entry.actor_id), entry.actor_name],
        "states": [entry.from_state, entry.to_state],
        "sentence": entry.sentence,
        "reason": entry.reason,
        "signature": entry.signature,
        "noted": entry.noted,
        "news": entry.news,
    }
    return hashlib.sha256(json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a timeline."""

    at: datetime
    verb: str
    sentence: str
    actor: str
    reason: str
    signature: str
    to_state: str
    entry_id: UUID


def timeline(
    *,
    patient_id: UUID | None = None,
    subject_id: UUID | None = None,
    subject_ids: Iterable[UUID] | None = None,
    limit: int = 200,
) -> list[Line]:
    """What happened, newest first, to a patient, to one subject or to several; reads of the chart are left out."""
    entries = Entry.objects.exclude(verb__endswith=".read")
    if patient_id is not None:
        entries = entries.filter(patient_id=patient_id)
    if subject_id is not None:
        entries = entries.filter(subject_id=subject_id)
    if subject_ids is not None:
        entries = entries.filter(subject_id__in=list(subject_ids))
    return [
        Line(e.at, e.verb, e.sentence, e.actor_name, e.reason, e.signature, e.to_state, e.id)
        for e in entries.order_by("-number")[:limit]
    ]


@dataclass(frozen=True, slots=True)
class Flaw:
    """One place where the chain does not hold."""

    number: int
    text: str


def verify() -> Iterator[Flaw]:
    """Walk this organization's chain from its first entry; every flaw, or none. Reads only."""
    number, previous = 0, ""
    for entry in Entry.objects.order_by("number").iterator(chunk_size=2000):
        number += 1
        if entry.number != number:
            yield Flaw(number, f"entry {number} is missing; the next one is {entry.number}")
            number = entry.number
        if body_digest(entry) != entry.body_sha256:
            yield Flaw(entry.number, "was changed after it was written")
        if link(previous, entry.number, entry.body_sha256) != entry.hash:
            yield Flaw(entry.number, "does not follow the entry before it")
        previous = entry.hash
    head = Head.objects.filter(organization_id=current_organization_id()).first()
    if (head.number, head.hash) != (number, previous) if head else number != 0:
        yield Flaw(number, f"the chain ends at {number} but its head says {head.number if head else 0}")
