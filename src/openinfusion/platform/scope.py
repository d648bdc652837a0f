# SPDX-License-Identifier: Apache-2.0
"""Whose data this is: the tenant in force. PostgreSQL's row-level security reads it from a SET LOCAL variable.

Every request, job and command enters exactly one organization's scope, which is also its transaction; outside a
scope no row of any room is visible.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any, ParamSpec, TypeVar
from uuid import UUID

from django.db import connection, transaction

from openinfusion.kernel.refusal import Broken

P = ParamSpec("P")
R = TypeVar("R")

_current: ContextVar[UUID | None] = ContextVar("organization", default=None)
# Inside, nobody goes on after a refusal, so no action needs a savepoint of its own.
_whole: ContextVar[bool] = ContextVar("all_or_nothing", default=False)
# Rows that such a block writes in one go at its end, by who writes them.
_late: ContextVar[list[tuple[Callable[[list[Any]], object], Any]] | None] = ContextVar("written_late", default=None)
# What was read once in this scope of rows that hardly ever change; forgotten when the scope or an action ends.
_read: ContextVar[dict[object, object] | None] = ContextVar("read_once", default=None)


def current_organization_id() -> UUID:
    """The organization in scope; Broken outside a scope, because a row without an owner must never be made."""
    found = _current.get()
    if found is None:
        raise Broken("no organization is in scope")
    return found


_migrating: ContextVar[bool] = ContextVar("migrating", default=False)


@contextmanager
def migrating() -> Iterator[None]:
    """While tables are being made, a column's default is asked for though no row needs it."""
    token = _migrating.set(True)
    try:
        yield
    finally:
        _migrating.reset(token)


def owning_organization_id() -> UUID:
    """The default owner of a new row: the organization in scope."""
    return UUID(int=0) if _migrating.get() else current_organization_id()


def in_scope() -> bool:
    return _current.get() is not None


@contextmanager
def entered(organization_id: UUID, *variables: str) -> Iterator[None]:
    """Run inside one organization's scope and one transaction. Entering the same scope again is a savepoint.

    ``variables``: more transaction variables to set (name, value, ...), in the same round trip.
    """
    inside = _current.get()
    if inside is not None and inside != organization_id:
        raise Broken("an action may not cross from one organization into another")
    fresh = inside is None or not connection.in_atomic_block  # after a commit the variable is gone with it
    token = _current.set(organization_id)
    memory = _read.set({}) if inside is None else None
    try:
        with _undone_if_refused(), transaction.atomic(savepoint=not _whole.get()):
            if fresh or variables:
                set_local("app.organization", str(organization_id), *variables)
            yield
    finally:
        _current.reset(token)
        if memory is not None:
            _read.reset(memory)


@contextmanager
def all_or_nothing() -> Iterator[None]:
    """Run actions without savepoints, where a refusal ends the whole transaction anyway; what is ``late`` comes last."""
    if _whole.get():
        yield
        return
    token, held = _whole.set(True), _late.set([])
    try:
        yield
        _write_late()
    finally:
        _late.reset(held)
        _whole.reset(token)


@contextmanager
def attempt() -> Iterator[None]:
    """What is refused inside is undone as a whole, and the transaction goes on, even where all or nothing is the rule."""
    if not _whole.get():
        yield
        return
    with _undone_if_refused(), transaction.atomic():
        yield


def late(write: Callable[[list[Any]], object], row: Any) -> None:
    """Have this row written: at once, or with all others of its kind at the end of an all-or-nothing block."""
    waiting = _late.get()
    if waiting is None:
        write([row])
    else:
        waiting.append((write, row))


def _write_late() -> None:
    by_kind: dict[Callable[[list[Any]], object], list[Any]] = {}
    for write, row in _late.get() or ():
        by_kind.setdefault(write, []).append(row)
    for write, rows in by_kind.items():
        write(rows)


@contextmanager
def _undone_if_refused() -> Iterator[None]:
    """What was to be written late goes with the savepoint that is rolled back."""
    waiting = _late.get()
    mark = len(waiting or ())
    try:
        yield
    except BaseException:
        if waiting is not None:
            del waiting[mark:]
        raise


def read_once(read: Callable[P, R]) -> Callable[P, R]:
    """Ask the database once per scope and action: for what hardly ever changes, such as a site's time zone."""

    @wraps(read)
    def ask(*args: P.args, **named: P.kwargs) -> R:
        held = _read.get()
        if held is None:
            return read(*args, **named)
        key = (read, args, tuple(sorted(named.items())))
        if key not in held:
            held[key] = read(*args, **named)
        return held[key]  # type: ignore[return-value]

    return ask


def forget_reads() -> None:
    """Forget what was read once: something may have changed."""
    if (held := _read.get()) is not None:
        held.clear()


def set_local(*pairs: str) -> None:
    """Set variables of this transaction only: set_local(name, value, name, value, ...)."""
    calls = ", ".join(["set_config(%s::text, %s::text, true)"] * (len(pairs) // 2))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {calls}", pairs)
