# SPDX-License-Identifier: Apache-2.0
"""Doses due: an interval counts elapsed hours; clock times follow the patient's wall clock. DST nights are decided.

An interval of 12 hours is 12 hours on every night of the year. A clock time that does not exist (the hour that is
skipped in spring) is given at the first instant after the gap; a clock time that happens twice is given once, the first
time.
"""
from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from openinfusion.therapy.domain.order import PrescriptionOrder


@dataclass(frozen=True, slots=True)
class DoseDue:
    """One dose: its number in the course, the instant, and the same instant on the patient's wall clock."""

    number: int
    at: datetime
    local: datetime


def doses_due(order: PrescriptionOrder, zone: str, first: date, last: date) -> list[DoseDue]:
    """The doses of an order that fall on the days from first to last, both included, where the patient lives."""
    place = ZoneInfo(zone)
    found = []
    for number, at in enumerate(_instants(order, place), start=1):
        local = at.astimezone(place)
        if local.date() > last:
            break
        if local.date() >= first:
            found.append(DoseDue(number, at, local))
    return found


def instant(day: date, at: time, place: ZoneInfo) -> datetime:
    """A wall-clock time as an instant: past the gap where it is skipped, the first of two where it repeats."""
    wall = datetime.combine(day, at, tzinfo=place)
    there = wall.astimezone(UTC)
    if there.astimezone(place).replace(tzinfo=None) == wall.replace(tzinfo=None):
        return there
    return _end_of_gap(there, place)


def _end_of_gap(near: datetime, place: ZoneInfo) -> datetime:
    """The instant of the change of offset nearest to this one, to the minute."""
    low, high = near - timedelta(hours=4), near + timedelta(hours=4)
    before = low.astimezone(place).utcoffset()
    while high - low > timedelta(minutes=1):
        middle = low + (high - low) / 2
        if middle.astimezone(place).utcoffset() == before:
            low = middle
        else:
            high = middle
    return high.replace(second=0, microsecond=0)


def _instants(order: PrescriptionOrder, place: ZoneInfo) -> list[datetime]:
    found = _by_interval(order, place) if order.interval_hours else _by_clock(order, place)
    return found[: order.doses] if order.doses else found


def _by_interval(order: PrescriptionOrder, place: ZoneInfo) -> list[datetime]:
    assert order.interval_hours
    begin = instant(order.start_on, order.first_dose_time, place)
    step = timedelta(hours=order.interval_hours)
    count = -(-order.days * 24 // order.interval_hours)
    return [begin + n * step for n in range(count)]


def _by_clock(order: PrescriptionOrder, place: ZoneInfo) -> list[datetime]:
    days = [order.start_on + timedelta(days=n) for n in range(0, order.days, order.every_days)]
    return sorted({instant(day, at, place) for day in days for at in order.clock_times})
