# SPDX-License-Identifier: Apache-2.0
"""Whose data this is: the tenant in force. PostgreSQL's row-level security reads it from a SET LOCAL variable.

Every request, job and command enters exactly one organization's scope, which is also its transaction; outside a
scope no row of any room is visible.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from contextvars import ContextVar
from functools import wraps
from typing import ParamSpec, TypeVar
from uuid import UUID

from django.db import connection, transaction

from openinfusion.kernel.refusal import Broken

P = ParamSpec("P")
R = TypeVar("R")

_current: ContextVar[UUID | None] = ContextVar("organization", default=None)
# Inside, nobody goes on after a refusal, so no action needs a savepoint of its own.
_whole: ContextVar[bool] = ContextVar("all_or_nothing", default=False)
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
        with transaction.atomic(savepoint=not _whole.get()):
            if fresh or variables:
                set_local("app.organization", str(organization_id), *variables)
            yield
    finally:
        _current.reset(token)
        if memory is not None:
            _read.reset(memory)


@contextmanager
def all_or_nothing() -> Iterator[None]:
    """Run actions without savepoints: for loading many, where a refusal ends the whole transaction anyway."""
    token = _whole.set(True)
    try:
        yield
    finally:
        _whole.reset(token)


@contextmanager
def attempt() -> Iterator[None]:
    """What is refused inside is undone and the transaction goes on, even where all or nothing is the rule."""
    token = _whole.set(False)
    try:
        with transaction.atomic() if token.old_value is True else nullcontext():
            yield
    finally:
        _whole.reset(token)


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
