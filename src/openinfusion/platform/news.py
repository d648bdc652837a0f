# SPDX-License-Identifier: Apache-2.0
"""Telling the news: handlers run after the change has committed, at least once, each exactly once in effect.

News is stored with its journal entry. Right after the commit it is told in this process; what could not be told stays
in the table Untold and the sweeper tells it again, in the order of the journal.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import fields
from datetime import date, datetime
from importlib import import_module
from typing import Any, TypeVar, get_type_hints
from uuid import UUID

import structlog
from django.db import connection, transaction

from openinfusion.kernel.news import News
from openinfusion.platform.actor import Actor
from openinfusion.platform.models import Untold
from openinfusion.platform.permissions import system_actor
from openinfusion.platform.scope import all_or_nothing, entered

N = TypeVar("N", bound=News)
Handler = Callable[[Any, Actor], None]

log = structlog.get_logger(__name__)
_handlers: dict[type[News], list[Handler]] = {}


def on(kind: type[N]) -> Callable[[Callable[[N, Actor], None]], Callable[[N, Actor], None]]:
    """Register a handler: ``@on(Released) def open_ticket(news: Released, by: Actor)``. ``by`` is the system."""

    def register(handler: Callable[[N, Actor], None]) -> Callable[[N, Actor], None]:
        _handlers.setdefault(kind, []).append(handler)
        return handler

    return register


def handlers() -> dict[type[News], list[Handler]]:
    return {k: list(v) for k, v in _handlers.items()}


def is_heard(news: News) -> bool:
    """Whether any handler listens to this kind of news; what nobody hears need not wait to be told."""
    return type(news) in _handlers


def tell_after_commit(entry_id: UUID, organization_id: UUID) -> None:
    """Tell this entry's news once its transaction has committed."""
    transaction.on_commit(lambda: tell(entry_id, organization_id), robust=True)


def tell(entry_id: UUID, organization_id: UUID) -> bool:
    """Run every handler that has not yet handled this entry's news. False if one failed; it will be tried again."""
    try:
        with entered(organization_id), all_or_nothing():
            by = system_actor(organization_id)
            waiting = [
                (position, news, handler)
                for position, news in enumerate(_taken(entry_id))
                for handler in _handlers.get(type(news), [])
            ]
            first = _first_told(entry_id, organization_id, [(position, _name(handler)) for position, _, handler in waiting])
            for position, news, handler in waiting:
                if (position, _name(handler)) in first:
                    handler(news, by)
            return True
    except Exception as trouble:  # kept for the sweeper, and said aloud
        log.exception("news_untold", entry=str(entry_id))
        with entered(organization_id):
            row = Untold.objects.filter(entry_id=entry_id).first()
            if row:
                row.tries, row.trouble = row.tries + 1, f"{type(trouble).__name__}: {trouble}"[:500]
                row.save(update_fields=["tries", "trouble"])
        return False


def _name(handler: Handler) -> str:
    return f"{handler.__module__}.{handler.__qualname__}"


def _taken(entry_id: UUID) -> list[News]:
    """An entry's news if nobody has told it or is telling it now; from here on it counts as told, if this commits."""
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, [entry_id])
        found = cursor.fetchone()
    return [unpacked(stored) for stored in json.loads(found[0])] if found else []


_TAKE = """
WITH mine AS (SELECT entry_id FROM platform_untold WHERE entry_id = %s FOR UPDATE SKIP LOCKED),
gone AS (DELETE FROM platform_untold u USING mine WHERE u.entry_id = mine.entry_id)
SELECT e.news::text FROM platform_entry e JOIN mine ON mine.entry_id = e.id
"""


def _first_told(entry_id: UUID, organization_id: UUID, pairs: list[tuple[int, str]]) -> set[tuple[int, str]]:
    """Of these positions and handlers those that have not handled the entry before; noted as handled."""
    if not pairs:
        return set()
    with connection.cursor() as cursor:
        cursor.execute(_NOTE, [organization_id, entry_id, [p for p, _ in pairs], [h for _, h in pairs]])
        return set(cursor.fetchall())


_NOTE = """
INSERT INTO platform_told (organization_id, entry_id, position, handler)
SELECT %s, %s, x.position, x.handler FROM unnest(%s::smallint[], %s::text[]) AS x (position, handler)
ON CONFLICT DO NOTHING RETURNING position, handler
"""


def sweep(organization_id: UUID, limit: int = 200) -> int:
    """Tell what is still untold, oldest first; how many were told."""
    with entered(organization_id):
        waiting = list(Untold.objects.order_by("since").values_list("entry_id", flat=True)[:limit])
    return sum(tell(entry_id, organization_id) for entry_id in waiting)


def unpacked(stored: dict[str, Any]) -> News:
    """News as it was before it was stored."""
    module, _, name = stored["kind"].rpartition(".")
    kind: type[News] = getattr(import_module(module), name)
    hints = get_type_hints(kind)
    return kind(**{f.name: _revived(stored.get(f.name), str(hints[f.name])) for f in fields(kind)})


def _revived(value: Any, hint: str) -> Any:
    if value is None or not isinstance(value, str):
        return value
    if "UUID" in hint:
        return UUID(value)
    if "datetime.datetime" in hint:
        return datetime.fromisoformat(value)
    if "datetime.date" in hint:
        return date.fromisoformat(value)
    return value
