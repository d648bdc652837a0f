# SPDX-License-Identifier: Apache-2.0
"""The hours of people: the house's where no shift is planned, and what is left of a stretch of time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from openinfusion.dispatch.domain.breaks import asked_of, break_rows, placed_breaks
from openinfusion.dispatch.domain.figures import DayFigures
from openinfusion.dispatch.domain.scope import PlanScope
from openinfusion.dispatch.domain.work import Span, Worker
from openinfusion.kernel.refusal import Broken
from openinfusion.kernel.rest import PlannedBreak
from openinfusion.platform.clock import now
from openinfusion.sites import public as sites

STEP = 5  # minutes
Hours = dict[date, Span]
Unbroken = list[tuple[str, date, str]]  # who, on which day, and what is said of a break that is not planned
NO_SITE = "has no site of these, so where the day would start is not known"


def plan_now() -> datetime:
    """From when a plan reckons: the next full five minutes. It is accepted a little later anyway, and who asks twice within

    them asks the same question.
    """
    at = now()
    over = timedelta(minutes=at.minute % STEP, seconds=at.second, microseconds=at.microsecond)
    return at - over + timedelta(minutes=STEP) if over else at


def hours_on(figures: DayFigures, days: Iterable[date], zone: ZoneInfo) -> Hours:
    """The house's hours of each day, by the clock of the site."""
    return {d: (datetime.combine(d, figures.begins, zone), datetime.combine(d, figures.ends, zone)) for d in days}


def zone_of_hours(hours: Hours) -> ZoneInfo:
    """The one zone of the plan's clocks."""
    found = next(iter(hours.values()))[0].tzinfo
    if not isinstance(found, ZoneInfo):
        raise Broken("the house's hours carry no time zone")
    return found


def clipped(begins: datetime, ends: datetime, taken: Iterable[Span]) -> Iterator[Span]:
    """A stretch of time without what is taken out of it, and without what is past."""
    begins = max(begins, plan_now())
    for first, last in sorted(taken):
        if last <= begins or first >= ends:
            continue
        if first > begins:
            yield begins, first
        begins = max(begins, last)
    if begins < ends:
        yield begins, ends


def shift_name(scope: PlanScope, name: str, day: date, number: int) -> str:
    """A shift's name: the person's, with the day where there are several, and a number from the second stretch of a day on."""
    said = name if scope.is_one_day else f"{name}, {day:%a %d-%b}"
    return said if not number else f"{said} {number + 1}"


def told_apart(people: Iterable[tuple[UUID, str]]) -> dict[UUID, str]:
    """What each person is called in the plan: two of one name are told apart by a number."""
    found: dict[UUID, str] = {}
    for id, name in sorted(set(people), key=lambda p: (p[1], p[0])):
        same = sum(1 for taken in found.values() if taken == name or taken.startswith(f"{name} ("))
        found[id] = f"{name} ({same + 1})" if same else name
    return found


def with_breaks(
    shift: Span, stretches: list[Worker], standing: tuple[PlannedBreak, ...], off: Iterable[Span], figures: DayFigures,
    zone: ZoneInfo,
) -> tuple[list[Worker], Unbroken]:  # fmt: skip
    """What is left of one shift with the breaks that the rules of its site's state and of the house ask for."""
    if not stretches:
        return [], []
    w = stretches[0]
    asked = asked_of(break_rows(sites.state_of(w.site), w.day), *shift, figures.overtime)
    rested, said = placed_breaks(w.name, shift, stretches, asked, standing, list(off), plan_now(), figures.overtime, zone)
    return rested, [(w.name, w.day, text) for text in said]
