# SPDX-License-Identifier: Apache-2.0
"""Breaks that a shift asks for by dated rows, and where they go in what is left of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from openinfusion.dispatch.domain.work import BreakAsked, Span, Worker
from openinfusion.kernel.figures import rows
from openinfusion.kernel.rest import PlannedBreak


@dataclass(frozen=True, slots=True)
class BreakRow:
    """One row of data/breaks.toml, in minutes from the shift's beginning. ``state`` empty: everywhere."""

    number: int
    state: str
    ground: str
    longer_than: int
    lasts: int
    earliest: int
    latest: int
    why: str
    status: str

    @property
    def said(self) -> str:
        return f"{self.why} ({self.ground}{', ' + self.state if self.state else ''}, {self.status})"


def break_rows(state: str, day: date) -> list[BreakRow]:
    """The rows in force on a day in a state: of each number the house's newest and the state's newest."""
    newest: dict[tuple[int, str], tuple[date, BreakRow]] = {}
    for r in rows(__package__, "data/breaks.toml"):
        if r["state"] not in ("", state) or r["effective_from"] > day:
            continue
        key = (r["number"], r["state"])
        if key not in newest or newest[key][0] < r["effective_from"]:
            row = BreakRow(*(r[f] for f in BreakRow.__dataclass_fields__))
            newest[key] = (r["effective_from"], row)
    return [row for _, (_, row) in sorted(newest.items())]


def asked_of(found: Iterable[BreakRow], begins: datetime, ends: datetime, overtime: int) -> list[BreakAsked]:
    """The breaks of one shift. One that only overtime makes long enough has to be taken by when it has become that long."""
    begins, ends = begins.astimezone(UTC), ends.astimezone(UTC)  # hours that pass, also in the night the clocks change
    length = int((ends - begins).total_seconds()) // 60
    held: dict[int, list[tuple[int, int, int, str]]] = {}
    for r in found:
        if length + overtime > r.longer_than:
            latest = r.latest if length > r.longer_than else max(r.latest, r.longer_than)
            held.setdefault(r.number, []).append((r.lasts, r.earliest, latest, r.said))
    asked = []
    for _, rules in sorted(held.items()):
        latest = min(r[2] for r in rules)
        earliest = min(latest, max(r[1] for r in rules))
        asked.append(BreakAsked(begins + timedelta(minutes=earliest), begins + timedelta(minutes=latest),
                                max(r[0] for r in rules), "; ".join(r[3] for r in rules)))  # fmt: skip
    return asked


def placed_breaks(
    name: str, shift: Span, stretches: Sequence[Worker], asked: Sequence[BreakAsked], standing: Sequence[PlannedBreak],
    off: Sequence[Span], now: datetime, usual_overtime: int, zone: ZoneInfo,
) -> tuple[list[Worker], list[str]]:  # fmt: skip
    """What is left of one shift with its breaks, and what has to be said of those that are not planned.

    A break that had begun by the plan in force counts as taken; time off of its length at its time is one.
    """
    left, said = list(stretches), []
    if not left:  # the shift is over, or wholly taken
        return [], []
    begun = [b for b in standing if shift[0] <= b.starts_at <= now and b.starts_at < shift[1]]
    for one in asked:
        if begun:
            had = begun.pop(0)
            left = _after(left, had)
            span = _span(had.starts_at, had.ends_at, zone)
            said.append(f"{name}: the break of {span} was planned and counts as taken; nobody records it")
        elif _is_off(one, shift, off):
            continue
        elif one.latest < now:
            due = f"{one.latest.astimezone(zone):%H:%M}"
            said.append(f"{name}: whether the break due by {due} was taken is not known; none is planned, ask")
        elif (n := _best(left, one, usual_overtime)) is not None:
            left[n] = replace(left[n], breaks=(*left[n].breaks, _within(left[n], one, usual_overtime)))
        elif left:
            span = _span(one.earliest, one.latest, zone)
            said.append(f"{name}: other work leaves no room for the break to begin between {span}; none is planned")
    last = max((w.ends for w in left), default=shift[1])
    return [replace(w, goes_on=w.ends < max(last, shift[1])) for w in left], said


def _after(left: Iterable[Worker], had: PlannedBreak) -> list[Worker]:
    """Nobody works before a break that has begun is over."""
    cut = [replace(w, begins=had.ends_at) if w.begins < had.ends_at and had.starts_at < w.ends else w for w in left]
    return [w for w in cut if w.begins < w.ends]


def _is_off(one: BreakAsked, shift: Span, off: Iterable[Span]) -> bool:
    length = timedelta(minutes=one.lasts)
    return any(
        (begins := max(first, one.earliest)) <= one.latest and begins + length <= min(last, shift[1]) for first, last in off
    )


def _within(w: Worker, one: BreakAsked, usual_overtime: int) -> BreakAsked:
    """When in a stretch the break may begin; latest before earliest where it does not fit."""
    over = usual_overtime if w.overtime is None else w.overtime
    ends = w.ends + timedelta(minutes=over - one.lasts)
    earliest = max(one.earliest, w.begins, *(b.earliest + timedelta(minutes=b.lasts) for b in w.breaks))
    return replace(one, earliest=earliest, latest=min(one.latest, ends))


def _best(left: Sequence[Worker], one: BreakAsked, usual_overtime: int) -> int | None:
    """The stretch in which the break has most room; the first of those that are alike."""
    within = [_within(w, one, usual_overtime) for w in left]
    room = [(f.latest - f.earliest, -n) for n, f in enumerate(within) if f.earliest <= f.latest]
    return -max(room)[1] if room else None


def _span(first: datetime, last: datetime, zone: ZoneInfo) -> str:
    return f"{first.astimezone(zone):%H:%M} to {last.astimezone(zone):%H:%M}"
