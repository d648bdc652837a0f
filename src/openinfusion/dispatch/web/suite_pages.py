# SPDX-License-Identifier: Apache-2.0
"""What the templates of a suite's plan receive."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django import forms
from django.urls import reverse

from openinfusion.dispatch.actions.suite import MOST_SECONDS, SECONDS
from openinfusion.dispatch.domain.day_plan import BY_HAND, PlanState
from openinfusion.dispatch.domain.suite_plan import SUITE_PLAN
from openinfusion.dispatch.models import SuitePlan
from openinfusion.dispatch.permissions import PLAN
from openinfusion.dispatch.queries.gather import zone_of
from openinfusion.dispatch.queries.suite_plan import SeatLine, UnseatedLine, breaks_of, facts_of, left_out, newest_of, seat_lines
from openinfusion.dispatch.queries.suite_why import SeatReasons, pin_prices, seat_reasons
from openinfusion.kernel.rest import PlannedBreak
from openinfusion.nursing import public as nursing
from openinfusion.platform.action import fetch
from openinfusion.platform.actor import Actor
from openinfusion.platform.clock import now
from openinfusion.platform.journal import Line, timeline
from openinfusion.platform.ui.forms import DayField, WholeField
from openinfusion.platform.ui.parts import Act, acts_of
from openinfusion.sites import public as sites


class SuitePlanForm(forms.Form):
    site = forms.ChoiceField(label="Suite")
    day = DayField(label="Day")
    seconds = WholeField(min_value=1, max_value=MOST_SECONDS, initial=SECONDS, label="Seconds to search")

    def __init__(self, *args: object, suites: list[tuple[str, str]], **more: object) -> None:
        super().__init__(*args, **more)  # type: ignore[arg-type]
        self.fields["site"].choices = suites  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class Wanted:
    """One appointment of the day as it stands before a plan."""

    id: UUID
    number: str
    patient: str
    state: str
    minutes: int
    starts: datetime | None


@dataclass(frozen=True, slots=True)
class SuiteDayPage:
    site_id: UUID
    suites: tuple[tuple[UUID, str], ...]
    site: str
    day: date
    before: date
    after: date
    zone: str
    wanted: tuple[Wanted, ...]
    unknown: tuple[tuple[UUID, str, str], ...]
    nurses: tuple[str, ...]
    in_force: SuitePlan | None
    waits: SuitePlan | None
    form: SuitePlanForm | None


@dataclass(frozen=True, slots=True)
class SuitePlanPage:
    row: SuitePlan
    tone: str
    site: str
    zone: str
    working: bool
    seats: tuple[SeatLine, ...]
    pins: dict[str, int]
    left: tuple[UnseatedLine, ...]
    breaks: tuple[tuple[str, tuple[PlannedBreak, ...]], ...]
    unbroken: tuple[str, ...]
    gap: str
    acts: tuple[Act, ...]
    lines: tuple[Line, ...]


def suites_there() -> list[tuple[UUID, str]]:
    """Suites, and every other site that has chairs."""
    return [(p.id, p.name) for p in sites.pharmacies() if p.kind == "suite" or sites.chairs(p.id)]


def suite_form(site_id: UUID | None, day: date | None) -> SuitePlanForm:
    return SuitePlanForm(initial={"site": site_id, "day": day}, suites=[(str(id), name) for id, name in suites_there()])


def suite_day_page(site_id: UUID, day: date, by: Actor) -> SuiteDayPage:
    """What is to be seated, who is there, and the plans of the day."""
    d, zone = nursing.suite_day(site_id, day), zone_of(site_id)
    names, suites = nursing.patient_names(d), suites_there()
    wanted = tuple(
        Wanted(a.id, n, names[n], a.state.replace("_", " "), a.infusion_minutes or 0, a.starts_at) for n, a in d.asked.items()
    )
    in_force, waits = newest_of(site_id, day)
    may = by.may(PLAN.code) and day >= now().astimezone(zone).date()
    return SuiteDayPage(
        site_id, tuple(suites), dict(suites).get(site_id, ""), day, day - timedelta(days=1), day + timedelta(days=1), str(zone),
        wanted, tuple((a.id, a.number, a.length_why) for a in d.unknown), tuple(n.name for n in d.problem.nurses), in_force,
        waits, suite_form(site_id, day) if may else None,
    )  # fmt: skip


def suite_plan_page(plan_id: UUID, by: Actor) -> SuitePlanPage:
    """One plan: who sits when, what changes, what has no place, how good it is."""
    row = fetch(SuitePlan, plan_id)
    acts = acts_of(SUITE_PLAN, row.state, facts_of(row), by, url_for=lambda s: reverse("dispatch:suite_step", args=[row.id, s]))
    return SuitePlanPage(
        row, SUITE_PLAN.tone(PlanState(row.state)), sites.pharmacy(row.site_id).name, str(zone_of(row.site_id)),
        row.state == PlanState.REQUESTED.value, seat_lines(row), pin_prices(row),
        left_out(row),
        tuple((name, given) for _, name, given, _ in breaks_of(row) if given),
        tuple(text for _, _, _, said in breaks_of(row) for text in said), _gap(row),
        tuple(a for a in acts if a.name in BY_HAND), tuple(timeline(subject_id=row.id, limit=40)),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class SeatWhyPage:
    row: SuitePlan
    site: str
    zone: str
    seat: SeatReasons


def seat_why_page(plan_id: UUID, name: str) -> SeatWhyPage | None:
    """Why somebody sits when and with whom; None where the plan has no such seat."""
    row = fetch(SuitePlan, plan_id)
    seat = seat_reasons(row, name)
    return None if seat is None else SeatWhyPage(row, sites.pharmacy(row.site_id).name, str(zone_of(row.site_id)), seat)


def _gap(row: SuitePlan) -> str:
    """How far the plan can be from the best there is."""
    bound = (row.plan or {}).get("bound")
    if row.plan is None or bound is None:
        return "no bound was shown: without the exact solver, or too little time"
    cost = row.plan["cost"]
    return "no plan can cost less: it is the best there is" if cost <= bound else f"no plan can cost less than {bound} points"
