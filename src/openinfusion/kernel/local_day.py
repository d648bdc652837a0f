# SPDX-License-Identifier: Apache-2.0
"""The calendar day of an instant is that of the place where it happened; an instant by itself has none."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from openinfusion.kernel.span import Span


def day_of(at: datetime, zone: str) -> date:
    """The calendar day on which an instant falls at a place (IANA zone name)."""
    return at.astimezone(ZoneInfo(zone)).date()


def moment_at(at: datetime, zone: str) -> str:
    """An instant as people at a place read it: 23-Nov-2026 10:42 CST, with the zone it is in."""
    return at.astimezone(ZoneInfo(zone or "UTC")).strftime("%d-%b-%Y %H:%M %Z")


def begins(day: date, zone: str) -> datetime:
    """The instant at which a day begins at a place, in UTC; a midnight that comes twice is the earlier one."""
    return datetime.combine(day, time(0), ZoneInfo(zone)).astimezone(UTC)


def ends(day: date, zone: str) -> datetime:
    """The instant at which a day is over at a place: when the next one begins."""
    return begins(day + timedelta(days=1), zone)


def instants(first: date, last: date, zone: str) -> Span:
    """From the beginning of the first day to the end of the last, for asking a table that keeps instants."""
    return Span(begins(first, zone), ends(last, zone))
