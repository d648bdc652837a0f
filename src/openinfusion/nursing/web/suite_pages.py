# SPDX-License-Identifier: Apache-2.0
"""The board of a suite's day: chairs by time, the nurses' load, who waits, and the lights of each slot."""
from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from openinfusion.kernel.machine import shown
from openinfusion.kernel.refusal import NotFound
from openinfusion.nursing.domain.appointment import APPOINTMENT, SEATED
from openinfusion.nursing.domain.appointment import AppointmentState as S
from openinfusion.nursing.domain.chair_time import Sitting, load_at
from openinfusion.nursing.domain.readiness import Ready, Standing, light
from openinfusion.nursing.domain.suite_terms import SuiteTerms
from openinfusion.nursing.models import Appointment
from openinfusion.nursing.permissions import SUITE_PLAN, SUITE_TERMS
from openinfusion.nursing.queries.suite import beside_in, lights_of, on_day
from openinfusion.nursing.queries.suite_day import SuiteDay, fills_of, suite_day
from openinfusion.nursing.queries.suite_terms import instant_at, terms_on, zone_at
from openinfusion.nursing.web.suite_forms import TermsForm
from openinfusion.patients.public import PatientFact, patients
from openinfusion.platform.actor import Actor
from openinfusion.platform.clock import now
from openinfusion.sites import public as sites
from openinfusion.therapy.public import TherapyFact, therapies_by_id

STEP = timedelta(minutes=15)
Beside = dict[UUID, tuple[UUID, str]]
_DONE = {S.DISCHARGED.value, S.NO_SHOW.value, S.REFUSED.value}
_LIGHT = {Standing.YES: ("ok", "ready"), Standing.NO: ("crit", "not ready"), Standing.UNKNOWN: ("warn", "not known")}


@dataclass(frozen=True, slots=True)
class Bar:
    """A stretch of the grid: row, column and width as classes of suite.css."""

    row: int
    column: int
    width: int
    tone: str
    text: str


@dataclass(frozen=True, slots=True)
class Slot:
    """One appointment on the board."""

    row: Appointment
    patient: str
    drug: str
    therapy: str
    chair: str
    tone: str
    state: str
    light: str
    light_text: str
    lights: tuple[Ready, ...]
    late: bool
    nurses: str
    bar: Bar | None
    observing: Bar | None
    turnover: Bar | None


@dataclass(frozen=True, slots=True)
class Waits:
    """One appointment without a place; ``fits`` is when it could sit while nobody moves."""

    row: Appointment
    patient: str
    therapy: str
    fits: datetime | None
    tone: str
    state: str


@dataclass(frozen=True, slots=True)
class SuitePage:
    site_id: UUID
    site: str
    suites: tuple[tuple[UUID, str], ...]
    day: date
    before: date
    after: date
    zone: str
    terms: SuiteTerms
    rows: int
    columns: int
    hours: tuple[Bar, ...]
    chairs: tuple[tuple[int, str], ...]
    slots: tuple[Slot, ...]
    nurses: tuple[tuple[int, str], ...]
    loads: tuple[Bar, ...]
    now_line: Bar | None
    waiting: tuple[Waits, ...]
    unseen: int
    moved: Appointment | None
    may_plan: bool
    terms_form: TermsForm | None


def suites_there() -> list[tuple[UUID, str]]:
    """Sites where patients sit: suites, and every other site that has chairs."""
    return [(p.id, p.name) for p in sites.pharmacies() if p.kind == "suite" or sites.chairs(p.id)]


def suite_page(by: Actor, site_id: UUID, day: date, moved: UUID | None = None) -> SuitePage:
    """The day of one suite."""
    known, zone = dict(suites_there()), zone_at(site_id)
    if site_id not in known:
        raise NotFound(f"suite {site_id}")
    terms, chairs = terms_on(site_id, day), sorted(sites.chairs(site_id), key=lambda c: (len(c[1]), c[1]))
    rows, planned = on_day(site_id, day), suite_day(site_id, day)
    people = patients([a.patient_id for a in [*rows, *planned.asked.values(), *planned.unknown]])
    courses = therapies_by_id([a.therapy_id for a in [*rows, *planned.asked.values(), *planned.unknown]])
    opens, latest = instant_at(day, terms.opens, zone), instant_at(day, terms.latest, zone)
    grid, beside = Grid(opens, latest), beside_in(rows)
    chair_rows = {id: n for n, (id, _) in enumerate(chairs, 2)}
    slots = tuple(_slot(a, grid, chair_rows, people, courses, terms, beside) for a in rows)
    sitting = [a for a in rows if a.state in {s.value for s in SEATED}]
    names = sorted({(a.nurse_name, a.nurse) for a in sitting if a.nurse} | {(n.name, n.id) for n in planned.nurses}
                   | {(beside[a.id][1], beside[a.id][0]) for a in sitting if a.id in beside})
    first = len(chairs) + 2
    loads = tuple(
        bar for n, (_, id) in enumerate(names, first) for bar in _loads(n, id, sitting, grid, terms.nurse_acuity, beside)
    )
    total, at = len(chairs) + len(names) + 1, now()
    line = Bar(1, grid.column(at), 1, "", at.astimezone(zone).strftime("%H:%M")) if opens <= at < latest else None
    may = by.may(SUITE_PLAN.code)
    return SuitePage(
        site_id, known[site_id], tuple(known.items()), day, day - timedelta(days=1), day + timedelta(days=1), str(zone), terms,
        total, grid.columns, tuple(grid.hours(opens)), tuple((n, name) for n, (_, name) in enumerate(chairs, 2)),
        slots, tuple((n, name) for n, (name, _) in enumerate(names, first)), loads, line,
        _waiting(planned, people, courses), sum(1 for s in slots if s.bar is None),
        next((a for a in rows if a.id == moved and a.before), None) if may else None, may, _terms_form(terms, day, by),
    )


class Grid:
    """The columns of a day: quarters of an hour from opening on, by instants, so that a clock change moves nothing."""

    def __init__(self, opens: datetime, latest: datetime) -> None:
        self.opens, self.latest = opens, latest
        self.columns = -(-int((latest - opens).total_seconds()) // 900)

    def column(self, at: datetime) -> int:
        """The column of an instant; the first is 2, since chairs are named in 1."""
        return 2 + max(0, min(self.columns, int((at - self.opens).total_seconds()) // 900))

    def bar(self, row: int, starts: datetime, ends: datetime, tone: str, text: str = "") -> Bar | None:
        """The stretch between two instants; None where it lies outside of the hours."""
        if ends <= self.opens or starts >= self.latest or ends <= starts:
            return None
        first = self.column(starts)
        last = 2 + min(self.columns, max(0, -(-int((ends - self.opens).total_seconds()) // 900)))
        return Bar(row, first, max(1, last - first), tone, text)

    def hours(self, opens: datetime) -> Iterator[Bar]:
        """The heads of the columns, an hour each."""
        for n in range(0, self.columns, 4):
            at = (opens + n * STEP).astimezone(opens.tzinfo)
            yield Bar(1, 2 + n, min(4, self.columns - n), "", f"{at:%H:%M}")


def _slot(
    a: Appointment, grid: Grid, rows: dict[UUID, int], people: dict[UUID, PatientFact], courses: dict[UUID, TherapyFact],
    terms: SuiteTerms, beside: Beside,
) -> Slot:
    lights = lights_of(a) if a.state not in _DONE else ()
    tone, text = _LIGHT[light(lights)] if lights else ("idle", "")
    state, course = S(a.state), courses[a.therapy_id]
    late = state is S.BOOKED and a.starts_at is not None and a.starts_at + timedelta(minutes=5) < now()
    bars: list[Bar | None] = [None, None, None]
    row = rows.get(a.chair_id) if a.chair_id else None
    if row and a.starts_at and a.infusion_ends_at and a.observation_ends_at and a.turnover_ends_at and state is not S.NO_SHOW:
        bars[0] = grid.bar(row, a.starts_at, a.infusion_ends_at, APPOINTMENT.tone(state))
        if bars[0]:
            bars[1] = _after(grid, bars[0], row, a.observation_ends_at, "observe") if a.observation_minutes else None
            bars[2] = _after(grid, bars[1] or bars[0], row, a.turnover_ends_at, "turn")
    return Slot(
        a, people[a.patient_id].name, course.drug_name, course.therapy_class.replace("_", " "), a.chair.name if a.chair else "",
        APPOINTMENT.tone(state), shown(state), tone, text, lights, late,
        " and ".join(n for n in (a.nurse_name, beside.get(a.id, (None, ""))[1]) if n), bars[0], bars[1], bars[2],
    )


def _after(grid: Grid, before: Bar, row: int, ends: datetime, tone: str) -> Bar | None:
    """The stretch from the end of another one until an instant."""
    first = before.column + before.width
    last = grid.column(ends - timedelta(seconds=1)) + 1
    return Bar(row, first, last - first, tone, "") if last > first else None


def _loads(row: int, nurse: UUID, rows: Sequence[Appointment], grid: Grid, limit: int, beside: Beside) -> Iterator[Bar]:
    """What a nurse watches, quarter by quarter, equal neighbours together."""
    hers = [
        Sitting(a.number, a.chair_id, nurse, a.site_id, a.starts_at, a.observation_ends_at, a.observation_ends_at, a.acuity)
        for a in rows
        if nurse in (a.nurse, beside.get(a.id, (None, ""))[0]) and a.chair_id and a.starts_at and a.observation_ends_at
    ]
    load = [
        max((load_at(hers, max(at, s.starts_at)) for s in hers if s.starts_at < at + STEP and at < s.until), default=0)
        for at in (grid.opens + n * STEP for n in range(grid.columns))
    ]
    first = 0
    for n in range(1, len(load) + 1):
        if n == len(load) or load[n] != load[first]:
            if load[first]:
                tone = "crit" if load[first] > limit else "warn" if load[first] == limit else "ok"
                yield Bar(row, 2 + first, n - first, tone, f"{load[first]} of {limit}")
            first = n


def _waiting(day: SuiteDay, people: dict[UUID, PatientFact], courses: dict[UUID, TherapyFact]) -> tuple[Waits, ...]:
    fits = fills_of(day)
    found = [a for a in (*day.asked.values(), *day.unknown) if a.starts_at is None]
    return tuple(
        Waits(a, people[a.patient_id].name, courses[a.therapy_id].therapy_class.replace("_", " "), fits.get(a.number),
              APPOINTMENT.tone(S(a.state)), shown(S(a.state)))
        for a in sorted(found, key=lambda a: a.wished_at)
    )


def _terms_form(terms: SuiteTerms, day: date, by: Actor) -> TermsForm | None:
    if not by.may(SUITE_TERMS.code):
        return None
    fields = {name: getattr(terms, name) for name in TermsForm.base_fields}
    return TermsForm(initial=fields | {"effective_from": day, "source": ""}, auto_id="terms-%s")
