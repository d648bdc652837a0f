# SPDX-License-Identifier: Apache-2.0
"""What the pages of the order at the hoods receive."""
from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django import forms
from django.urls import reverse

from openinfusion.compounding.domain.hood_plan import (
    BY_HAND,
    HOOD_PLAN,
    HoodFigures,
    HoodPlanState,
    HoodThere,
    ToMake,
    hood_figures,
)
from openinfusion.compounding.models import HoodPlan
from openinfusion.compounding.permissions import PLAN
from openinfusion.compounding.queries.hood_plan import (
    TurnLine,
    facts_of,
    hoods_there,
    newest_hood_plans,
    to_make,
    turn_lines,
)
from openinfusion.compounding.queries.work_order import site_zone
from openinfusion.planning import public as planning
from openinfusion.platform.action import fetch
from openinfusion.platform.actor import Actor
from openinfusion.platform.clock import now
from openinfusion.platform.journal import Line, timeline
from openinfusion.platform.ui.forms import DayField
from openinfusion.platform.ui.parts import Act, acts_of
from openinfusion.sites import public as sites


class HoodPlanForm(forms.Form):
    """Which day at which site is planned."""

    site = forms.ChoiceField(choices=lambda: [(str(s.id), s.name) for s in sites.pharmacies()], label="Pharmacy")
    day = DayField(label="Day")


class HoodOutForm(forms.Form):
    """Which hoods are out. Nothing chosen: the rest of the day is planned again from where it stands."""

    out = forms.MultipleChoiceField(required=False, label="Hoods that are out", widget=forms.CheckboxSelectMultiple)
    cause = forms.CharField(required=False, max_length=200, label="In words, if any")

    def __init__(self, *args: object, hoods: list[tuple[str, str]], **more: object) -> None:
        super().__init__(*args, **more)  # type: ignore[arg-type]
        self.fields["out"].choices = hoods  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class HoodLine:
    """A hood as planned: its turns, until when, and how long it clears between drugs."""

    name: str
    turns: tuple[TurnLine, ...]
    ends: datetime
    change: int


@dataclass(frozen=True, slots=True)
class HoodPlanCard:
    """``stale``: work that the plan does not know, or that is begun or gone; and hoods of it that are not fit any more."""

    row: HoodPlan
    tone: str
    hoods: tuple[HoodLine, ...]
    late: int
    stale: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class HoodBoardPage:
    site_id: UUID
    sites: tuple[tuple[UUID, str], ...]
    day: date
    before: date
    after: date
    zone: str
    orders: tuple[ToMake, ...]
    hoods: tuple[HoodThere, ...]
    in_force: HoodPlanCard | None
    waits: HoodPlanCard | None
    form: HoodPlanForm | None


@dataclass(frozen=True, slots=True)
class HoodPlanPage:
    row: HoodPlan
    tone: str
    zone: str
    site: str
    working: bool
    quick: bool  # made by lists, because the planning packages are missing
    hoods: tuple[HoodLine, ...]
    left: tuple[dict[str, str], ...]
    out: tuple[HoodThere, ...]
    late: tuple[TurnLine, ...]
    moved: int
    acts: tuple[Act, ...]
    figures: HoodFigures
    lines: tuple[Line, ...]


def board_page(site_id: UUID, day: date, by: Actor) -> HoodBoardPage:
    """What waits for a hood on a day, the hoods, and the plans of it."""
    zone = site_zone(site_id)
    orders = to_make(site_id, day)
    in_force, waits = newest_hood_plans(site_id, day)
    ahead = day >= now().astimezone(ZoneInfo(zone)).date()
    form = HoodPlanForm(initial={"site": site_id, "day": day}) if by.may(PLAN.code) and ahead else None
    return HoodBoardPage(
        site_id, tuple((s.id, s.name) for s in sites.pharmacies()), day, day - timedelta(days=1), day + timedelta(days=1), zone,
        tuple(orders), tuple(hoods_there(site_id, now())), _card(in_force, orders), _card(waits, orders), form,
    )


def _card(row: HoodPlan | None, orders: list[ToMake]) -> HoodPlanCard | None:
    if row is None:
        return None
    there, known = {o.number for o in orders}, {o["number"] for o in row.orders}
    new = [f"{n} is new" for n in sorted(there - known)]
    gone = [f"{n} is begun, made or cancelled" for n in sorted(known - there)]
    unfit = facts_of(row).unfit if row.turns is not None else ()
    hoods = _hoods(row)
    return HoodPlanCard(row, HOOD_PLAN.tone(HoodPlanState(row.state)), hoods, sum(t.late > 0 for h in hoods for t in h.turns),
                        (*unfit, *new, *gone))


def _hoods(row: HoodPlan) -> tuple[HoodLine, ...]:
    turns = turn_lines(row)
    names = dict.fromkeys(t.hood for t in turns)
    mine = {n: tuple(t for t in turns if t.hood == n) for n in names}
    return tuple(HoodLine(n, m, m[-1].ends, sum(t.change for t in m)) for n, m in mine.items())


def plan_page(plan_id: UUID, by: Actor) -> HoodPlanPage:
    """One plan: each hood's turns, what is late, what found no hood, what changes, and its steps."""
    row = fetch(HoodPlan, plan_id)
    hoods = _hoods(row)
    turns = [t for h in hoods for t in h.turns]
    asked = [HoodThere(UUID(h["id"]), h["name"], h["hazardous"], tuple(h["against"])) for h in row.hoods]
    return HoodPlanPage(
        row, HOOD_PLAN.tone(HoodPlanState(row.state)), site_zone(row.site_id), sites.pharmacy(row.site_id).name,
        row.state == HoodPlanState.REQUESTED.value, bool(hoods) and not planning.installed(), hoods, tuple(row.left),
        tuple(h for h in asked if h.against),
        tuple(t for t in turns if t.late), sum(bool(t.was) for t in turns), (*_steps(row, by), *_again(row, by)),
        hood_figures(row.day), tuple(timeline(subject_id=row.id, limit=40)),
    )


def _steps(row: HoodPlan, by: Actor) -> tuple[Act, ...]:
    found = acts_of(HOOD_PLAN, row.state, facts_of(row), by,
                    url_for=lambda step: reverse("compounding:hood_plan_step", args=[row.id, step]))
    return tuple(a for a in found if a.name in BY_HAND)


def _again(row: HoodPlan, by: Actor) -> tuple[Act, ...]:
    if not by.may(PLAN.code) or row.state not in (HoodPlanState.PROPOSED.value, HoodPlanState.ACCEPTED.value):
        return ()
    form = HoodOutForm(hoods=hood_choices(row), auto_id="out-%s")
    return (Act("again", "A hood is out", reverse("compounding:hood_plan_again", args=[row.id]), form=form),)


def hood_choices(row: HoodPlan) -> list[tuple[str, str]]:
    return [(h["id"], h["name"]) for h in row.hoods]
