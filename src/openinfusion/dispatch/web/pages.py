# SPDX-License-Identifier: Apache-2.0
"""What the templates of dispatch receive."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID

from django.urls import reverse

from openinfusion.dispatch.domain.day_plan import BY_HAND, DAY_PLAN, PlanKind, PlanState
from openinfusion.dispatch.domain.scope import PlanScope
from openinfusion.dispatch.domain.work import DayWork
from openinfusion.dispatch.models import DayPlan
from openinfusion.dispatch.permissions import PLAN
from openinfusion.dispatch.queries.cover import in_force_of, newest, scope_in
from openinfusion.dispatch.queries.figures import figures_on
from openinfusion.dispatch.queries.gather import work_of, zone_of
from openinfusion.dispatch.queries.plan import (
    LeftLine,
    MoveLine,
    OtherLine,
    PersonLine,
    WhyLines,
    before_drug,
    facts_of,
    left_lines,
    move_lines,
    people_lines,
    problem_in,
    tried_line,
    why_lines,
)
from openinfusion.dispatch.web.board import Board, board_of
from openinfusion.dispatch.web.forms import ChangeForm, PinForm, PlanForm, TryForm
from openinfusion.planning import public as planning
from openinfusion.platform.action import fetch
from openinfusion.platform.actor import Actor
from openinfusion.platform.clock import now
from openinfusion.platform.journal import Line, timeline
from openinfusion.platform.ui.parts import Act, acts_of
from openinfusion.sites import public as sites


@dataclass(frozen=True, slots=True)
class PlanCard:
    """A plan in a few figures, of one of its days. ``stale``: work of the day that it does not know, or knows and is gone."""

    row: DayPlan
    tone: str
    people: tuple[PersonLine, ...]
    left: tuple[LeftLine, ...]
    stale: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BoardPage:
    kind: PlanKind
    kinds: tuple[PlanKind, ...]
    site_id: UUID
    sites: tuple[tuple[UUID, str], ...]
    day: date
    before: date
    after: date
    zone: str
    work: DayWork
    assumed: tuple[str, ...]
    in_force: PlanCard | None
    waits: PlanCard | None
    form: PlanForm | None
    may_plan: bool


@dataclass(frozen=True, slots=True)
class PlanPage:
    row: DayPlan
    tone: str
    zone: str
    site: str
    several: bool
    board: Board | None
    elsewhere: tuple[str, ...]
    working: bool
    cost: int
    people: tuple[PersonLine, ...]
    left: tuple[LeftLine, ...]
    moves: tuple[MoveLine, ...]
    others: str
    acts: tuple[Act, ...]
    prices: planning.Prices
    weighed: str
    lines: tuple[Line, ...]
    may_plan: bool


@dataclass(frozen=True, slots=True)
class WhyPage:
    row: DayPlan
    zone: str
    name: str
    patient: str
    why: WhyLines | None
    acts: tuple[Act, ...]
    ask: TryForm
    tried: OtherLine | None
    keep: tuple[tuple[str, str], ...]  # what the form that pins it so carries; empty where nothing is to be kept


def board_page(kind: PlanKind, site_id: UUID, day: date, by: Actor) -> BoardPage:
    """What is to be done on a day, and the plans of it."""
    work = work_of(PlanScope(kind, (site_id,), day, day))
    in_force, waits = newest(kind, site_id, day)
    today = now().astimezone(zone_of(site_id)).date()
    form = PlanForm(initial={"kind": kind.value, "site": site_id, "day": day}) if by.may(PLAN.code) and day >= today else None
    pharmacies = tuple((s.id, s.name) for s in sites.pharmacies())
    if form is not None and len(pharmacies) < 2:
        del form.fields["more"]
    assumed = tuple(sorted({w.name for w in work.workers if w.assumed}))
    return BoardPage(
        kind, tuple(PlanKind), site_id, pharmacies, day, day - timedelta(days=1),
        day + timedelta(days=1), str(zone_of(site_id)), work, assumed, _card(in_force, work, day, site_id),
        _card(waits, work, day, site_id), form, by.may(PLAN.code),
    )  # fmt: skip


def _card(row: DayPlan | None, work: DayWork, day: date, site_id: UUID) -> PlanCard | None:
    """A plan's card on the board of one site and day: of a plan of several what it says of these."""
    if row is None:
        return None
    there = {str(t.id): t for t in (*work.tasks, *work.lost)}
    known = {t["id"] for t in row.tasks.values()}
    people = tuple(p for p in people_lines(row) if p.day == day)
    here = {c.name for p in people for c in p.calls} if row.day != row.last_day else set(row.tasks)
    mine = [(n, t) for n, t in row.tasks.items() if n in here and t.get("site", str(site_id)) == str(site_id)]
    new = [f"{t.name} ({t.patient}) is new" for key, t in there.items() if key not in known]
    gone = [f"{name} ({t['patient']}) is done, begun or cancelled" for name, t in mine
            if t["id"] not in there and not t.get("second_of")]
    new += [f"{t.second_of} ({t.patient}) needs two nurses now" for t in work.tasks
            if t.second_of and str(t.id) in known and t.name not in row.tasks]
    early = before_drug(row) if row.state == PlanState.ACCEPTED.value else ()
    return PlanCard(row, DAY_PLAN.tone(PlanState(row.state)), people, left_lines(row), (*early, *new, *gone))


def plan_page(plan_id: UUID, by: Actor) -> PlanPage:
    """One plan: routes, what has no place, what changes, and its steps."""
    row = fetch(DayPlan, plan_id)
    cost = sum((row.plan or {}).get("cost", {}).values())
    people, several = people_lines(row), row.day != row.last_day
    return PlanPage(
        row, DAY_PLAN.tone(PlanState(row.state)), str(zone_of(row.site_id)),
        ", ".join(sites.pharmacy(s).name for s in row.sites), several,
        board_of(scope_in(row).days, people) if several and people else None, _elsewhere(row),
        row.state == PlanState.REQUESTED.value, cost, people, left_lines(row), move_lines(row), _others(row),
        (*_steps(row, by), *_change(row, by)), *_weighed(row),
        tuple(timeline(subject_id=row.id, limit=40)), by.may(PLAN.code),
    )  # fmt: skip


def _weighed(row: DayPlan) -> tuple[planning.Prices, str]:
    """The prices the plan was asked with, and where they come from, unless the day has others by now."""
    asked, now_there = problem_in(row).prices, figures_on(PlanKind(row.kind), row.day)
    same = asked == replace(now_there.prices(row.day != row.last_day), moved=asked.moved)
    return asked, f"{now_there.source}; {now_there.status}" if same else "as they were when it was asked for"


def _elsewhere(row: DayPlan) -> tuple[str, ...]:
    """Of a plan in force the sites and days that another plan holds now."""
    if row.state != PlanState.ACCEPTED.value:
        return ()
    held = in_force_of(row.id)
    gone = [(day, site) for day in scope_in(row).days for site in row.sites if (site, day) not in held]
    return tuple(f"{sites.pharmacy(site).name} on {day:%d-%b-%Y}" for day, site in gone)


def _others(row: DayPlan) -> str:
    """How many are moved although their own person is there: what stability is about."""
    m = row.moves
    if not m:
        return ""
    return f"{m['others_moved']} of {m['others']} others go to somebody else, {m['others_retimed']} at another time"


def _steps(row: DayPlan, by: Actor) -> tuple[Act, ...]:
    found = acts_of(DAY_PLAN, row.state, facts_of(row), by, url_for=lambda step: reverse("dispatch:step", args=[row.id, step]))
    return tuple(a for a in found if a.name in BY_HAND)


def _change(row: DayPlan, by: Actor) -> tuple[Act, ...]:
    if not by.may(PLAN.code) or row.state not in (PlanState.PROPOSED.value, PlanState.ACCEPTED.value):
        return ()
    form = ChangeForm(row=row, auto_id="change-%s")
    return (Act("change", "Mend the plan", reverse("dispatch:change", args=[row.id]), form=form),)


def why_page(plan_id: UUID, name: str, by: Actor, asked: Mapping[str, str]) -> WhyPage:
    """Why a visit stands where it does, what anybody else would cost or another hour, and moving it by hand."""
    row = fetch(DayPlan, plan_id)
    acts: tuple[Act, ...] = ()
    if by.may(PLAN.code) and row.state in (PlanState.PROPOSED.value, PlanState.ACCEPTED.value):
        pinned = name in problem_in(row).pin_of
        form = PinForm(row=row, auto_id="pin-%s", initial={"name": name, "unpin": pinned})
        label = "Move it, or free it" if pinned else "Move and pin it"
        acts = (Act("pin", label, reverse("dispatch:change", args=[row.id]), form=form),)
    ask = TryForm(asked if asked.get("at") else None, row=row, initial={"visit": name}, auto_id="try-%s")
    tried: OtherLine | None = None
    keep: tuple[tuple[str, str], ...] = ()
    if ask.is_bound and ask.is_valid():
        said = ask.cleaned_data
        at = datetime.combine(said.get("on") or row.day, said["at"], zone_of(row.site_id))
        tried = tried_line(row, name, said["person"], at)
        if acts and not tried.reason:
            keep = tuple({"name": name, "person": tried.person, "at": f"{said['at']:%H:%M}",
                          **({"on": said["on"].isoformat()} if said.get("on") else {})}.items())  # fmt: skip
    zone = str(zone_of(row.site_id))
    return WhyPage(row, zone, name, row.tasks[name]["patient"], why_lines(row, name), acts, ask, tried, keep)
