# SPDX-License-Identifier: Apache-2.0
"""The days of every site at a glance, and asking for all of them in one act."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.urls import reverse

from openinfusion.dispatch.actions.branches import ask_for_branches
from openinfusion.dispatch.domain.day_plan import DAY_PLAN, PlanKind, PlanState
from openinfusion.dispatch.models import DayPlan
from openinfusion.dispatch.permissions import PLAN, READ
from openinfusion.dispatch.queries.cover import newest
from openinfusion.dispatch.queries.plan import left_lines, people_lines
from openinfusion.platform.actor import Actor
from openinfusion.platform.house_day import house_today
from openinfusion.platform.ui.forms import DayField
from openinfusion.platform.web import Request, read, reads, show, then, writes
from openinfusion.sites import public as sites


class BranchesForm(forms.Form):
    """Which day, and whose."""

    day = DayField(label="Day")
    kinds = forms.MultipleChoiceField(
        choices=[(k.value, k.value.capitalize()) for k in PlanKind], widget=forms.CheckboxSelectMultiple, label="Who"
    )
    again = forms.BooleanField(required=False, label="Also where a plan stands or waits already")


@dataclass(frozen=True, slots=True)
class PlanCell:
    """A plan of one site's day: its state in a word, how many go, how many calls, and how much has no place."""

    id: UUID
    state: str
    tone: str
    people: int
    calls: int
    left: int


@dataclass(frozen=True, slots=True)
class BranchRow:
    """A site, with the plan in force and the one that waits, of one kind."""

    site_id: UUID
    name: str
    kind: str
    in_force: PlanCell | None
    waits: PlanCell | None


@dataclass(frozen=True, slots=True)
class BranchesPage:
    """``working``: plans the workers have not worked out yet."""

    day: date
    before: date
    after: date
    rows: tuple[BranchRow, ...]
    working: int
    form: BranchesForm | None
    said: tuple[str, ...]


def branches_page(day: date, by: Actor, said: tuple[str, ...] = ()) -> BranchesPage:
    rows = tuple(_row(s.id, s.name, kind, day) for s in sites.pharmacies() for kind in PlanKind)
    working = sum(1 for r in rows if r.waits and r.waits.state == PlanState.REQUESTED.value)
    form = BranchesForm(initial={"day": day, "kinds": [k.value for k in PlanKind]})
    may = by.may(PLAN.code) and day >= house_today()
    return BranchesPage(day, day - timedelta(days=1), day + timedelta(days=1), rows, working, form if may else None, said)


def _row(site_id: UUID, name: str, kind: PlanKind, day: date) -> BranchRow:
    in_force, waits = newest(kind, site_id, day)
    return BranchRow(site_id, name, kind.value, _cell(in_force), _cell(waits))


def _cell(row: DayPlan | None) -> PlanCell | None:
    if row is None:
        return None
    people = people_lines(row)
    calls = sum(len(p.calls) for p in people)
    return PlanCell(row.id, row.state, DAY_PLAN.tone(PlanState(row.state)), len(people), calls, len(left_lines(row)))


@reads(READ.code)
def branches(request: Request) -> HttpResponse:
    try:
        day = date.fromisoformat(request.GET.get("day", ""))
    except ValueError:
        day = house_today() + timedelta(days=1)
    return show(request, "dispatch/branches.html", branches_page(day, request.actor))


@writes
def branches_ask(request: Request) -> HttpResponse:
    """A plan and a job for each site; what could not be asked for is said, site by site."""
    said = read(BranchesForm, request)
    kinds = [PlanKind(k) for k in said["kinds"]]
    asked = ask_for_branches(kinds=kinds, day=said["day"], by=request.actor, keep=not said["again"])
    refused = tuple(f"{a.name}, {a.kind.value}: {a.why_not}" for a in asked if a.why_not)
    if refused:
        return show(request, "dispatch/branches.html", branches_page(said["day"], request.actor, refused))
    return then(request, f"{reverse('dispatch:branches')}?day={said['day'].isoformat()}", said="Asked for, each site by itself.")
