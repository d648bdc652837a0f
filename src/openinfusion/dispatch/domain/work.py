# SPDX-License-Identifier: Apache-2.0
"""The work of some days and the people for it, and the routing problem they make."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from itertools import count
from uuid import UUID
from zoneinfo import ZoneInfo

from openinfusion.dispatch.domain.figures import DayFigures
from openinfusion.planning import public as planning

ROOM = 1000  # a van that nobody has measured holds as much as a day brings
Span = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class DrugAwaited:
    """A delivery that has to be there first. ``planned``: a route says when; else the end of its window is meant."""

    ticket: str
    at: datetime
    planned: bool


@dataclass(frozen=True, slots=True)
class Task:
    """One visit or stop. ``name`` is unique in its plan; ``windows``: when work may begin, one for each day that will do.

    ``barred``: who may not, with the reason; ``prefers``: whom the patient knows; ``cold``: minutes it may be on the
    road; not ``is_packed_for``: by the pack-out it would usually have, because none is chosen yet.
    ``drug``: the delivery whose arrival it waits for; its windows open then, so that no dose comes before its drug.
    ``second_of``: the name of the task that another nurse begins at the same time, where this is the second place of its visit.
    ``wished``: for each day that will do, from when it may be there and by when the patient would like it to begin.
    ``site``: where its goods stand. ``skills``: what only those have who may make it on that day.
    """

    id: UUID
    kind: str
    name: str
    patient_id: UUID
    patient: str
    place: planning.Place
    minutes: int
    windows: tuple[Span, ...]
    site: UUID
    version: int = 0
    cold: int | None = None
    is_packed_for: bool = True
    load: int = 0
    back: int = 0
    licence: str = ""
    prefers: frozenset[str] = frozenset()
    barred: tuple[tuple[str, str], ...] = ()
    drug: DrugAwaited | None = None
    skills: frozenset[str] = frozenset()
    second_of: str = ""
    wished: tuple[Span, ...] = ()

    @property
    def halves(self) -> tuple[str, ...]:
        """The names of the tasks of its visit: what holds one of a pair, holds both."""
        return (self.name, self.second_of, second_name(self.name))


def second_name(name: str) -> str:
    """What the second place of a visit is called in a plan."""
    return f"{name} second nurse"


@dataclass(frozen=True, slots=True)
class BreakAsked:
    """A break: it begins between two instants unless the work is over before, lasts so many minutes, and why."""

    earliest: datetime
    latest: datetime
    lasts: int
    why: str


@dataclass(frozen=True, slots=True)
class Worker:
    """One stretch of one person's time on the road; ``shift`` names it, since somebody may have two with time off between.

    ``start``: where the person is if not at the base of ``site``; ``end``: where the stretch ends if not there; ``assumed``: no
    shift is planned, the house's hours stand in. ``overtime``: minutes after the end at most, None as the figures say; ``holds``:
    what the van takes, None: not measured. ``breaks``: in the order of their time; ``goes_on``: the shift does, after something
    that this plan does not move.
    """

    id: UUID
    name: str
    shift: str
    day: date
    begins: datetime
    ends: datetime
    site: UUID
    licences: frozenset[str] = frozenset()
    start: planning.Place | None = None
    end: planning.Place | None = None
    assumed: bool = False
    skills: frozenset[str] = frozenset()
    overtime: int | None = None
    vehicle: str = ""
    holds: int | None = None
    breaks: tuple[BreakAsked, ...] = ()
    goes_on: bool = False


@dataclass(frozen=True, slots=True)
class DayWork:
    """Everything that one plan is about. ``lost``: tasks whose place nobody knows; they are told, never guessed.

    ``apart``: who would go and is not there, with the reason; in a plan of several sites also who has none of them.
    ``unbroken``: breaks that are not planned, and why.
    """

    bases: tuple[tuple[UUID, planning.Place], ...]
    tasks: tuple[Task, ...]
    workers: tuple[Worker, ...]
    lost: tuple[Task, ...] = ()
    apart: tuple[str, ...] = ()
    unbroken: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """What happened, or what somebody wants otherwise: people who are absent, tasks that come later, pins set and taken off.

    ``absent``: on every day of the plan; ``away``: name and the one day. ``late``: names with the earliest instant;
    ``pins``: name, person ("" leaves that open) and instant (None likewise).
    """

    absent: frozenset[str] = frozenset()
    late: tuple[tuple[str, datetime], ...] = ()
    pins: tuple[tuple[str, str, datetime | None], ...] = ()
    unpin: frozenset[str] = field(default_factory=frozenset)
    away: frozenset[tuple[str, date]] = frozenset()

    def misses(self, name: str, day: date) -> bool:
        """Whether this person is not there on a day."""
        return name in self.absent or (name, day) in self.away


def places_of(work: DayWork) -> list[planning.Place]:
    """The bases, then where each task is, then where people begin, then where they end, if not at a base."""
    away = [w.start for w in work.workers if w.start is not None]
    home = [w.end for w in work.workers if w.end is not None]
    return [*(place for _, place in work.bases), *(t.place for t in work.tasks), *away, *home]


def problem_of(
    work: DayWork, figures: DayFigures, day: date, zone: ZoneInfo, ways: planning.Ways, pins: Sequence[planning.Pin] = (), *,
    several: bool = False,
) -> planning.RoutingProblem:
    """The routing problem of the days from ``day`` on; ``ways`` between its ``places_of``; ``several`` days are weighed."""
    base = {site: n for n, (site, _) in enumerate(work.bases)}
    first = len(base)
    starts = count(first + len(work.tasks))
    ends = count(first + len(work.tasks) + sum(1 for w in work.workers if w.start is not None))
    shifts = tuple(
        planning.Shift(w.shift, w.name, base[w.site] if w.start is None else next(starts),
                       base[w.site] if w.end is None else next(ends),
                       minute(w.begins, day, zone), minute(w.ends, day, zone),
                       figures.overtime if w.overtime is None else w.overtime, skills=w.skills, licences=w.licences,
                       capacity=(w.holds or ROOM,), rests=tuple(_rest(b, day, zone) for b in w.breaks))
        for w in work.workers
    )  # fmt: skip
    visits = tuple(_visit(n, t, day, zone, bool(shifts)) for n, t in enumerate(work.tasks, first))
    places = tuple(replace(p, name=f"{n} {p.name}") for n, p in enumerate(places_of(work)))
    return planning.RoutingProblem(
        places, ways.metres, ways.minutes, shifts, visits, pairs_of(work.tasks), tuple(_kept(pins, shifts, visits)),
        figures.prices(several), name=f"{day.isoformat()} {', '.join(p.name for _, p in work.bases)}",
    )  # fmt: skip


def _rest(b: BreakAsked, day: date, zone: ZoneInfo) -> planning.Rest:
    earliest = minute(b.earliest, day, zone)
    return planning.Rest(earliest, max(earliest, minute(b.latest, day, zone)), b.lasts)


def pairs_of(tasks: Sequence[Task]) -> tuple[planning.Pair, ...]:
    """Visits that two nurses begin together: both are placed, with two people, or neither is."""
    there = {t.name for t in tasks}
    return tuple(planning.Pair(t.second_of, t.name, 0, 0) for t in tasks if t.second_of in there)


def _visit(place: int, t: Task, day: date, zone: ZoneInfo, carried: bool) -> planning.Visit:
    """``carried``: somebody works; without anybody there is nothing a load could fit into."""
    return planning.Visit(
        t.name, place, t.minutes, _apart(t.windows, day, zone), _apart(t.wished, day, zone), skills=t.skills, licence=t.licence,
        delivers=(min(t.load, ROOM),) if carried else (), collects=(min(t.back, ROOM),) if carried else (), cold=t.cold,
        prefers=t.prefers, barred=frozenset(name for name, _ in t.barred), patient=str(t.patient_id),
    )  # fmt: skip


def _apart(spans: Sequence[Span], day: date, zone: ZoneInfo) -> tuple[planning.Window, ...]:
    """In the order of time and apart: two that meet are one."""
    found: list[planning.Window] = []
    for opens, closes in sorted((minute(a, day, zone), minute(b, day, zone)) for a, b in spans):
        if found and opens <= found[-1].closes:
            found[-1] = planning.Window(found[-1].opens, max(found[-1].closes, closes))
        else:
            found.append(planning.Window(opens, max(opens, closes)))
    return tuple(found)


def _kept(pins: Sequence[planning.Pin], shifts: Sequence[planning.Shift], visits: Sequence[planning.Visit]) -> list[planning.Pin]:
    """The pins that still name somebody who works and something that is to be done, at an instant that is still possible."""
    people, windows = {s.person for s in shifts}, {v.name: v.windows for v in visits}
    found = []
    for pin in pins:
        if pin.visit not in windows or (pin.person and pin.person not in people):
            continue
        possible = pin.at is None or any(w.opens <= pin.at <= w.closes for w in windows[pin.visit])
        kept = pin if possible else replace(pin, at=None)
        if kept.person or kept.at is not None:
            found.append(kept)
    return found


def minute(at: datetime, day: date, zone: ZoneInfo) -> int:
    """Minutes since the day's local midnight; what is before it counts as midnight."""
    local = at.astimezone(zone).replace(second=0, microsecond=0)
    return 0 if local.date() < day else planning.minute_of(local.isoformat(timespec="minutes"), day, zone)


def instant(at: int, day: date, zone: ZoneInfo) -> datetime:
    """The instant of a minute of the plan, by the clock of the place."""
    return planning.local_of(at, day, zone)
