# SPDX-License-Identifier: Apache-2.0
"""How a suite's days went: who came, how long they waited for their infusion, how the chairs were used."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta


@dataclass(frozen=True, slots=True)
class Sat:
    """One appointment that had a place. ``infused_at``: the first rate above 0; ``planned_end``: when it was to leave."""

    starts_at: datetime
    planned_end: datetime
    came_at: datetime | None
    infused_at: datetime | None
    left_at: datetime | None
    missed: bool


@dataclass(frozen=True, slots=True)
class DayUse:
    """One day, or several added up. Minutes are whole; None where nothing was counted.

    ``wait``: from when a patient was due and there until the infusion ran, mean of ``waits``; ``longer``: minutes in the chair
    beyond the plan, mean of those who left; ``use``: chairs occupied while the suite was open, in percent; ``after``: minutes the
    last one left after closing.
    """

    day: date | None
    came: int
    missed: int
    late: int
    waits: int
    wait: int | None
    worst_wait: int | None
    longer: int | None
    use: int | None
    after: int


@dataclass(frozen=True, slots=True)
class OpenHours:
    """When a suite is open on a day, with how many chairs, and how late a patient may be before that counts."""

    opens: datetime
    closes: datetime
    chairs: int
    grace: timedelta


def day_use(day: date, hours: OpenHours, sat: Sequence[Sat], now: datetime) -> DayUse:
    """The figures of one day; who sits still is counted until now."""
    came = [s for s in sat if s.came_at is not None]
    waits = [_minutes(s.infused_at - max(s.starts_at, s.came_at)) for s in came if s.infused_at and s.came_at]
    waits = [max(0, w) for w in waits]
    left = [s for s in came if s.left_at is not None]
    longer = [max(0, _minutes(s.left_at - s.planned_end)) for s in left if s.left_at]
    there = sum((_within(s.came_at, s.left_at or now, hours) for s in came if s.came_at), timedelta())
    room = (hours.closes - hours.opens) * hours.chairs
    last = max((s.left_at or now for s in came), default=hours.closes)
    return DayUse(
        day, len(came), sum(s.missed for s in sat), sum(1 for s in came if s.came_at and s.came_at > s.starts_at + hours.grace),
        len(waits), _mean(waits), max(waits, default=None), _mean(longer), round(100 * there / room) if room else None,
        max(0, _minutes(last - hours.closes)) if came else 0,
    )


def in_all(days: Sequence[DayUse]) -> DayUse:
    """Several days as one: waits weighed by how many waited, use and what went over by days."""
    waited, used = [d for d in days if d.wait is not None], [d for d in days if d.use is not None]
    longer = [d for d in days if d.longer is not None]
    counted = sum(d.waits for d in waited)
    return DayUse(
        None, sum(d.came for d in days), sum(d.missed for d in days), sum(d.late for d in days), counted,
        round(sum((d.wait or 0) * d.waits for d in waited) / counted) if counted else None,
        max((d.worst_wait for d in waited if d.worst_wait is not None), default=None), _mean([d.longer or 0 for d in longer]),
        _mean([d.use or 0 for d in used]), sum(d.after for d in days),
    )


def _within(a: datetime, b: datetime, hours: OpenHours) -> timedelta:
    return max(timedelta(), min(b, hours.closes) - max(a, hours.opens))


def _minutes(span: timedelta) -> int:
    return int(span.total_seconds() // 60)


def _mean(values: Sequence[int]) -> int | None:
    return round(sum(values) / len(values)) if values else None
