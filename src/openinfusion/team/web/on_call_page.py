# SPDX-License-Identifier: Apache-2.0
"""A week of the on-call roster of one site: who is on call now, each day's hours, and the hours nobody holds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.urls import reverse

from openinfusion.kernel.refusal import NotFound
from openinfusion.kernel.span import Span
from openinfusion.platform.actor import Actor
from openinfusion.platform.clock import now
from openinfusion.platform.ui.parts import Act
from openinfusion.team.domain.on_call import Duty, DutyRule, duties, gaps
from openinfusion.team.permissions import ON_CALL
from openinfusion.team.queries.on_call import OnCall, Place, ShiftFact, on_call_at, places, shifts_between
from openinfusion.team.web.forms import OnCallForm

WEEK = 7


@dataclass(frozen=True, slots=True)
class Piece:
    """Some hours of one day: a shift, or a gap (``name`` is empty), which nobody can fill once it is over."""

    hours: str
    name: str
    over: bool


@dataclass(frozen=True, slots=True)
class DutyRow:
    """One duty through the week: the pieces of each day."""

    rule: DutyRule
    days: tuple[tuple[Piece, ...], ...]
    free: int  # how many hours of the week from now on nobody holds


@dataclass(frozen=True, slots=True)
class ShiftRow:
    shift: ShiftFact
    title: str
    acts: tuple[Act, ...]


@dataclass(frozen=True, slots=True)
class WeekPage:
    place: Place
    places: tuple[Place, ...]
    days: tuple[date, ...]
    today: date
    before: date
    after: date
    now: tuple[tuple[DutyRule, OnCall], ...]
    rows: tuple[DutyRow, ...]
    shifts: tuple[ShiftRow, ...]
    form: OnCallForm | None


def week_page(site_id: UUID | None, day: date | None, by: Actor) -> WeekPage:
    """The week (Monday to Sunday by the site's calendar) that holds a day."""
    all_places = places()
    chosen = site_id or by.site_id
    place = next((p for p in all_places if p.id == chosen), None)
    if place is None and site_id is None and all_places:
        place = all_places[0]
    if place is None:
        raise NotFound(f"site {site_id}")
    zone, at = ZoneInfo(place.timezone), now()
    today = at.astimezone(zone).date()
    first = (day or today) - timedelta(days=(day or today).weekday())
    days = tuple(first + timedelta(days=n) for n in range(WEEK))
    shifts = shifts_between(_midnight(first, zone), _midnight(first + timedelta(days=WEEK), zone), place.id)
    rows = tuple(_row(rule, place, days, [s for s in shifts if s.duty is rule.duty], at) for rule in duties().values())
    may = by.may(ON_CALL.code)
    return WeekPage(
        place,
        tuple(all_places),
        days,
        today,
        first - timedelta(days=WEEK),
        first + timedelta(days=WEEK),
        tuple((rule, on_call_at(place.id, duty, at)) for duty, rule in duties().items()),
        rows,
        tuple(_shift(s, may and s.ends_at > at) for s in shifts),
        _form(place, max(first, today), rows) if may else None,
    )


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(0), zone)


def _row(rule: DutyRule, place: Place, days: tuple[date, ...], shifts: list[ShiftFact], at: datetime) -> DutyRow:
    zone = ZoneInfo(place.timezone)
    watched = rule.required and place.kind == "pharmacy"
    cells = []
    for day in days:
        whole = Span(_midnight(day, zone), _midnight(day + timedelta(days=1), zone))
        held = [(Span(s.starts_at, s.ends_at), s) for s in shifts if Span(s.starts_at, s.ends_at).overlaps(whole)]
        free = gaps([h for h, _ in held], whole) if watched else ()
        pieces = [(h.start, Piece(_hours(h, whole, zone), s.name, s.ends_at <= at)) for h, s in held]
        pieces += [(g.start, Piece(_hours(g, whole, zone), "", g.end is not None and g.end <= at)) for g in free]
        cells.append(tuple(p for _, p in sorted(pieces, key=lambda x: x[0])))
    return DutyRow(rule, tuple(cells), _free(shifts, days, zone, at) if watched else 0)


def _free(shifts: list[ShiftFact], days: tuple[date, ...], zone: ZoneInfo, at: datetime) -> int:
    """Whole hours of this week from now on that nobody holds, rounded up."""
    start, end = max(at, _midnight(days[0], zone)), _midnight(days[-1] + timedelta(days=1), zone)
    if end <= start:
        return 0
    free = gaps([Span(s.starts_at, s.ends_at) for s in shifts], Span(start, end))
    return -int(-sum((g.end - g.start for g in free if g.end), timedelta()) // timedelta(hours=1))


def _hours(span: Span, day: Span, zone: ZoneInfo) -> str:
    """08:00–17:00, cut to the day; 24:00 is its end."""
    assert span.end is not None and day.end is not None
    start = "00:00" if span.start <= day.start else f"{span.start.astimezone(zone):%H:%M}"
    end = "24:00" if span.end >= day.end else f"{span.end.astimezone(zone):%H:%M}"
    return f"{start}–{end}"


def _shift(shift: ShiftFact, may: bool) -> ShiftRow:
    off = Act(f"off-{shift.id}", "Take off", reverse("team:on_call_off", args=[shift.id]), "quiet", True)
    return ShiftRow(shift, duties()[shift.duty].title, (off,) if may else ())


def _form(place: Place, day: date, rows: tuple[DutyRow, ...]) -> OnCallForm:
    """The form, proposing the first duty that is short, from this day's evening to the next morning."""
    short: Duty = next((r.rule.duty for r in rows if r.free), rows[0].rule.duty)
    start = datetime.combine(day, time(17))
    return OnCallForm(
        initial={"site_id": place.id, "duty": short.value, "starts_at": start, "ends_at": start + timedelta(hours=15)}
    )
