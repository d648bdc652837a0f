# SPDX-License-Identifier: Apache-2.0
"""Local times turned into minutes since the first midnight, and back: on the days of the clock change too.

A minute is a real minute, so the day on which clocks go forward has 1,380 of them and the other one 1,500. A local time that
does not exist, or exists twice, is refused: nobody guesses which is meant.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from openinfusion.kernel.refusal import Fault, Malformed

MINUTE = timedelta(minutes=1)


def minute_of(text: str, first: date, zone: ZoneInfo, path: str = "") -> int:
    """Minutes from the first day's midnight to a local time: ``HH:MM``, or ``YYYY-MM-DDTHH:MM`` with or without an offset."""
    try:
        said = datetime.fromisoformat(text if "T" in text else f"{first.isoformat()}T{text}")
    except ValueError:
        raise Malformed(Fault(path, f"{text!r} is no time: write 09:30 or 2026-03-08T09:30")) from None
    if said.second or said.microsecond:
        raise Malformed(Fault(path, f"{text!r} has seconds: times are whole minutes"))
    minutes = (_instant(said, zone, path) - _midnight(first, zone)) // MINUTE
    if minutes < 0:
        raise Malformed(Fault(path, f"{text!r} is before the first day"))
    return minutes


def local_of(minute: int, first: date, zone: ZoneInfo) -> datetime:
    """The local time of a minute, with its offset."""
    return (_midnight(first, zone) + minute * MINUTE).astimezone(zone)


def said_of(minute: int, first: date, zone: ZoneInfo) -> str:
    """The local time as text that ``minute_of`` reads again; with the offset where the clock shows it twice."""
    local = local_of(minute, first, zone)
    twice = local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()
    return local.isoformat(timespec="minutes") if twice else local.replace(tzinfo=None).isoformat(timespec="minutes")


def _midnight(first: date, zone: ZoneInfo) -> datetime:
    """The first instant of the day, in UTC."""
    return datetime(first.year, first.month, first.day, tzinfo=zone).astimezone(UTC)


def _instant(said: datetime, zone: ZoneInfo, path: str) -> datetime:
    if said.tzinfo is not None:
        return said.astimezone(UTC)
    early, late = said.replace(tzinfo=zone, fold=0), said.replace(tzinfo=zone, fold=1)
    if early.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != said:
        raise Malformed(Fault(path, f"{said:%H:%M} does not exist on {said:%Y-%m-%d}: the clock goes forward over it"))
    if early.utcoffset() != late.utcoffset():
        raise Malformed(Fault(path, f"{said:%H:%M} comes twice on {said:%Y-%m-%d}: write it with its offset, such as -05:00"))
    return early.astimezone(UTC)
