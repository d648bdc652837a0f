# SPDX-License-Identifier: Apache-2.0
"""When nurses of a suite take their breaks: as the rules ask, while another nurse is there, where least is booked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from openinfusion.dispatch.domain.work import BreakAsked, Span
from openinfusion.kernel.rest import PlannedBreak

STEP = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class OnDuty:
    """A nurse of a suite on a day: when she is at the chairs, what breaks her shift asks for, and those that stand already."""

    name: str
    there: tuple[Span, ...]
    asked: tuple[BreakAsked, ...]
    standing: tuple[PlannedBreak, ...] = ()


def placed(nurses: Sequence[OnDuty], seats: Sequence[tuple[datetime, datetime, int]], now: datetime, zone: ZoneInfo) -> tuple[
    dict[str, tuple[PlannedBreak, ...]], list[str]
]:  # fmt: skip
    """The breaks by nurse, and what has to be said of those that are not planned. ``seats``: from, to and acuity as booked.

    A break of the plan in force that has begun stays. Two breaks of two nurses do not overlap where that can be helped.
    """
    given: dict[str, tuple[PlannedBreak, ...]] = {}
    said: list[str] = []
    for n in nurses:
        begun = [b for b in n.standing if b.starts_at <= now]
        found = list(begun)
        for k, one in enumerate(n.asked):
            if k < len(begun):
                continue
            if one.latest < now:
                said.append(f"{n.name}: whether the break due by {one.latest.astimezone(zone):%H:%M} was taken is not known; ask")
                continue
            at = _best(n, one, nurses, given, seats, max(now, found[-1].ends_at if found else now))
            if at is None:
                between = f"{one.earliest.astimezone(zone):%H:%M} and {one.latest.astimezone(zone):%H:%M}"
                said.append(f"{n.name}: nobody else is there for a break between {between}; none is planned")
                continue
            found.append(PlannedBreak(at, at + timedelta(minutes=one.lasts), one.why))
        given[n.name] = tuple(found)
    return given, said


def _best(
    n: OnDuty, one: BreakAsked, nurses: Sequence[OnDuty], given: Mapping[str, Sequence[PlannedBreak]],
    seats: Sequence[tuple[datetime, datetime, int]], least: datetime,
) -> datetime | None:  # fmt: skip
    """The beginning with another nurse there all the time, fewest others away, and least acuity booked; in doubt the middle."""
    middle = one.earliest + (one.latest - one.earliest) / 2
    at, found = _up(max(one.earliest, least)), []
    while at <= one.latest:
        until = at + timedelta(minutes=one.lasts)
        others = [o for o in nurses if o.name != n.name and _there(o, at, until)]
        away = sum(1 for o in others if any(b.starts_at < until and at < b.ends_at for b in given.get(o.name, ())))
        if _there(n, at, until) and len(others) > away:
            load = sum(acuity for begins, ends, acuity in seats if begins < until and at < ends)
            found.append((away, load, abs(at - middle), at))
        at += STEP
    return min(found)[3] if found else None


def _there(n: OnDuty, begins: datetime, ends: datetime) -> bool:
    return any(a <= begins and ends <= b for a, b in n.there)


def _up(at: datetime) -> datetime:
    over = timedelta(minutes=at.minute % 5, seconds=at.second, microseconds=at.microsecond)
    return at - over + STEP if over else at
