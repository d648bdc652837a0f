# SPDX-License-Identifier: Apache-2.0
"""Actions: one transaction, one aggregate locked first, one journal entry at least, once per idempotency key."""

from __future__ import annotations

import functools
import hashlib
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, ParamSpec, TypeVar
from uuid import UUID

from django.db import OperationalError, connection, models
from psycopg.errors import DeadlockDetected

from openinfusion.kernel.refusal import Broken, NotFound, Reason, Refused, Stale
from openinfusion.platform import journal
from openinfusion.platform.actor import Actor
from openinfusion.platform.journal import plain
from openinfusion.platform.models import Call
from openinfusion.platform.news import tell_after_commit
from openinfusion.platform.rows import row_by_id
from openinfusion.platform.scope import entered, forget_reads

P = ParamSpec("P")
R = TypeVar("R")
M = TypeVar("M", bound=models.Model)
TRIES = 4  # of an action that waited for one that waited for it

_key: ContextVar[str] = ContextVar("idempotency_key", default="")


@contextmanager
def keyed(key: str) -> Iterator[None]:
    """The next action in this block answers for this idempotency key."""
    token = _key.set(key)
    try:
        yield
    finally:
        _key.reset(token)


def action(fn: Callable[P, R]) -> Callable[P, R]:
    """Make a function an action. It takes keyword arguments only, among them ``by``: the Actor.

    Opens the transaction in the actor's scope, answers a repeated idempotency key with the first answer, and raises
    Broken when the function left no journal entry. Where two wait for each other, the database undoes one of them: it is done
    again, unless it is part of another action or was given something that can be read once only.
    """
    name = f"{fn.__module__}.{fn.__qualname__}"

    @functools.wraps(fn)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        by = kwargs.get("by")
        if args or not isinstance(by, Actor):
            raise Broken(f"{name} takes keywords only and needs by=Actor")
        tries = 1 if any(isinstance(v, Iterator) for v in kwargs.values()) else TRIES
        for left in range(tries - 1, -1, -1):
            try:
                return once(by, kwargs)
            except OperationalError as no:
                if not left or connection.in_atomic_block or not isinstance(no.__cause__, DeadlockDetected):
                    raise
        raise AssertionError("unreachable")

    def once(by: Actor, kwargs: dict[str, Any]) -> R:
        key, mark = _key.get(), _key.set("")
        entries: list[tuple[UUID, bool]] = []
        inner = journal.written.set(entries)
        try:
            with entered(by.organization_id, *journal.stamp(by)):
                if key and (before := _answered(name, key, kwargs, by)) is not None:
                    return _unpacked(before)  # type: ignore[no-any-return]
                answer = fn(**kwargs)  # type: ignore[call-arg]
                if not entries:
                    raise Broken(f"{name} changed something and told the journal nothing")
                for entry_id, has_news in entries:
                    if has_news:
                        tell_after_commit(entry_id, by.organization_id)
                if key:
                    Call.objects.create(
                        actor_id=by.id,
                        key=key,
                        action=name,
                        fingerprint=_fingerprint(name, kwargs),
                        answer=_packed(answer),
                    )
                return answer
        finally:
            journal.written.reset(inner)
            forget_reads()
            if entries and (outer := journal.written.get()) is not None:
                outer.extend((entry_id, False) for entry_id, _ in entries)
            _key.reset(mark)

    return run


def _fingerprint(name: str, kwargs: dict[str, Any]) -> str:
    said = {k: plain(v) for k, v in kwargs.items() if k != "by"}
    return hashlib.sha256(json.dumps([name, said], sort_keys=True, default=str).encode()).hexdigest()


def _answered(name: str, key: str, kwargs: dict[str, Any], by: Actor) -> Any:
    call = Call.objects.filter(actor_id=by.id, key=key).first()
    if call is None:
        return None
    if call.fingerprint != _fingerprint(name, kwargs):
        raise Refused(Reason("key-reused", "this idempotency key was used for another request"))
    return call.answer


def _packed(answer: object) -> Any:
    if isinstance(answer, UUID):
        return {"uuid": str(answer)}
    return {"value": plain(answer)}


def _unpacked(answer: dict[str, Any]) -> Any:
    return UUID(answer["uuid"]) if "uuid" in answer else answer["value"]


def lock(model: type[M], id: UUID, version: int | None = None) -> M:
    """The row, locked for this action. NotFound if it is not there or not yours; Stale if somebody was faster."""
    row = row_by_id(model, id, locked=True)
    if row is None:
        raise NotFound(f"{model._meta.verbose_name} {id}")
    if version is not None and getattr(row, "version", version) != version:
        raise Stale(f"this {model._meta.verbose_name} was changed by somebody else since you opened it")
    return row


def fetch(model: type[M], id: UUID) -> M:
    """The row, for reading. NotFound if it is not there or not yours."""
    row = row_by_id(model, id)
    if row is None:
        raise NotFound(f"{model._meta.verbose_name} {id}")
    return row
