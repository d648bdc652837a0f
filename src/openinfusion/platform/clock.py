# SPDX-License-Identifier: Apache-2.0
"""The only place that reads the clock."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from django.utils import timezone

_told: ContextVar[datetime | None] = ContextVar("told_time", default=None)


def now() -> datetime:
    """This instant, in UTC."""
    return _told.get() or timezone.now()


def today(zone: str) -> date:
    """The calendar day it is now at a place (IANA zone name)."""
    return now().astimezone(ZoneInfo(zone)).date()


@contextmanager
def told(at: datetime) -> Iterator[None]:
    """Let it be this instant inside the block. Only the demonstration's loader and tests tell the time."""
    if at.tzinfo is None:
        raise ValueError("the time needs a zone")
    token = _told.set(at.astimezone(UTC))
    try:
        yield
    finally:
        _told.reset(token)
