# SPDX-License-Identifier: Apache-2.0
"""Telling the news: handlers run after the change has committed, at least once, each exactly once in effect.

News is stored with its journal entry. Right after the commit it is told in this process; what could not be told stays
in the table Untold and the sweeper tells it again, in the order of the journal.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from datetime import date, datetime
from importlib import import_module
from typing import Any, TypeVar, get_type_hints
from uuid import UUID

import structlog
from django.db import transaction

from openinfusion.kernel.news import News
from openinfusion.platform.actor import Actor
from openinfusion.platform.models import Told, Untold
from openinfusion.platform.permissions import system_actor
from openinfusion.platform.scope import entered

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
        with entered(organization_id):
            waiting = Untold.objects.select_for_update(skip_locked=True, of=("self",)).select_related("entry")
            untold = next(iter(waiting.filter(entry_id=entry_id)), None)
            if untold is None:
                return True
            by = system_actor(organization_id)
            for position, stored in enumerate(untold.entry.news):
                news = unpacked(stored)
                for handler in _handlers.get(type(news), []):
                    _tell_one(entry_id, position, news, handler, by)
            untold.delete()
            return True
    except Exception as trouble:  # kept for the sweeper, and said aloud
        log.exception("news_untold", entry=str(entry_id))
        with entered(organization_id):
            row = Untold.objects.filter(entry_id=entry_id).first()
            if row:
                row.tries, row.trouble = row.tries + 1, f"{type(trouble).__name__}: {trouble}"[:500]
                row.save(update_fields=["tries", "trouble"])
        return False


def _tell_one(entry_id: UUID, position: int, news: News, handler: Handler, by: Actor) -> None:
    name = f"{handler.__module__}.{handler.__qualname__}"
    _, first = Told.objects.get_or_create(entry_id=entry_id, position=position, handler=name)
    if first:
        handler(news, by)


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
