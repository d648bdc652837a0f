# SPDX-License-Identifier: Apache-2.0
"""Plans as they are kept, as problems and plans of planning, and as a page reads them."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from openinfusion.delivery import public as delivery
from openinfusion.dispatch.domain.breaks_planned import BreakInPlan, breaks_in_plan
from openinfusion.dispatch.domain.day_plan import PlanFacts, PlanKind
from openinfusion.dispatch.domain.scope import PlanScope
from openinfusion.dispatch.domain.standing import StandingCall, calls_in
from openinfusion.dispatch.domain.work import instant, minute
from openinfusion.dispatch.models import DayPlan
from openinfusion.dispatch.queries.cover import in_force_of, in_force_within
from openinfusion.dispatch.queries.gather import zone_of
from openinfusion.nursing import public as nursing
from openinfusion.planning import public as planning
from openinfusion.platform.clock import now


def problem_in(row: DayPlan) -> planning.RoutingProblem:
    """The problem a plan answers."""
    return planning.read_problem(json.dumps(row.problem)).problem


def plan_of(row: DayPlan) -> planning.RoutePlan:
    """The plan itself; only where it is worked out."""
    return planning.plan_of_values(row.plan or {})


def facts_of(row: DayPlan) -> PlanFacts:
    past = row.day < now().astimezone(zone_of(row.site_id)).date()
    return PlanFacts(tuple(row.faults), past, () if past else before_drug(row))


def before_drug(row: DayPlan) -> tuple[str, ...]:
    """Visits of a plan that would begin before their drug is there, as deliveries stand now, in words."""
    if row.kind != PlanKind.NURSES.value or row.plan is None:
        return ()
    zone, said = zone_of(row.site_id), "%H:%M" if row.day == row.last_day else "%a %H:%M"
    begins = {c.visit: instant(c.starts, row.day, zone) for r in plan_of(row).routes for c in r.calls}
    named = {UUID(row.tasks[name]["id"]): name for name in begins if not row.tasks[name].get("second_of")}
    wanted = [v for site in row.sites for v in nursing.visits_waiting(row.day, site, row.last_day)]
    needing = {v.id: v.therapy_id for v in wanted if v.needs_drug and v.id in named}
    days = {begins[named[visit]].astimezone(zone).date() for visit in needing}
    coming = {day: delivery.drug_coming(day, set(needing.values())) for day in days}
    return tuple(
        f"{named[visit]} would begin {at.astimezone(zone).strftime(said)}, its drug ({drug.number}) "
        f"{'arrives' if drug.planned else 'is not on a route and may come as late as'} {drug.at.astimezone(zone).strftime(said)}"
        for visit, therapy in needing.items()
        if (drug := coming[(at := begins[named[visit]]).astimezone(zone).date()].get(therapy)) is not None and at < drug.at
    )


PlaceOf = tuple[str, bool]  # a task's id, and whether it is the second place of a visit


def place_in(task: dict[str, Any]) -> PlaceOf:
    return task["id"], bool(task.get("second_of"))


def standing_calls(basis: DayPlan, scope: PlanScope, names: dict[PlaceOf, str]) -> list[StandingCall]:
    """What stands of the work that ``names`` names by its place: by the plan itself, or by those in force where it gave way.

    A proposal stands for itself alone. Names are those of the new plan.
    """
    own = in_force_of(basis.id)
    others = in_force_within(scope) if own else {}
    found: dict[PlaceOf, StandingCall] = {}
    for plan in (basis, *DayPlan.objects.filter(pk__in=set(others) - {basis.id}).order_by("pk")):
        held, zone = others.get(plan.id, own), zone_of(plan.site_id)
        for c in calls_in(plan_of(plan), plan.day, zone):
            t = plan.tasks[c.name]
            where = (UUID(t.get("site") or str(plan.site_id)), c.starts.astimezone(zone).date())
            if place_in(t) in names and (not own or where in held):
                found[place_in(t)] = replace(c, name=names[place_in(t)])
    return list(found.values())


@dataclass(frozen=True, slots=True)
class CallLine:
    """One visit or stop as planned. ``tight``: what binds it; ``other``: the other nurse, where two make it together."""

    name: str
    kind: str
    id: UUID
    patient: str
    patient_id: UUID
    arrives: datetime
    starts: datetime
    ends: datetime
    pinned: bool
    tight: tuple[str, ...]
    drug: str  # the delivery it waits for; empty where none
    other: str = ""


@dataclass(frozen=True, slots=True)
class BreakLine:
    """A break as planned. ``after``: how many calls come before it; ``why``: the rule."""

    starts: datetime
    ends: datetime
    after: int
    why: str


@dataclass(frozen=True, slots=True)
class PersonLine:
    """One person's way of a day. ``overtime``: minutes after the shift's end; ``assumed``: no shift is planned.

    ``begins_at`` and ``ends_at``: where it begins and ends, told as a site, a visit or somebody's home.
    """

    name: str
    day: date
    leaves: datetime
    returns: datetime
    kilometres: str
    overtime: int
    assumed: bool
    calls: tuple[CallLine, ...]
    breaks: tuple[BreakLine, ...] = ()
    begins_at: str = ""
    ends_at: str = ""

    @property
    def turns(self) -> list[tuple[int, CallLine | None, BreakLine | None]]:
        """Calls with their turn, and breaks, as they follow each other."""
        found: list[tuple[int, CallLine | None, BreakLine | None]] = []
        for n in range(len(self.calls) + 1):
            found += [(n, None, b) for b in self.breaks if b.after == n]
            found += [(n + 1, c, None) for c in self.calls[n : n + 1]]
        return found


@dataclass(frozen=True, slots=True)
class LeftLine:
    """What has no place, why, and what would give it one."""

    name: str
    patient: str
    patient_id: UUID
    reasons: tuple[str, ...]
    ways: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MoveLine:
    """What a new plan changes for one visit."""

    name: str
    patient: str
    person: str
    starts: datetime | None
    new_person: str
    new_starts: datetime | None


def people_lines(row: DayPlan) -> tuple[PersonLine, ...]:
    """Everybody who has something to do, day by day, in the order of the problem."""
    if row.plan is None:
        return ()
    problem, plan = problem_in(row), plan_of(row)
    return tuple(sorted((_person(row, problem, plan, r) for r in plan.routes if r.calls), key=lambda p: p.day))


def _person(row: DayPlan, problem: planning.RoutingProblem, plan: planning.RoutePlan, r: planning.Route) -> PersonLine:
    zone, shift = zone_of(row.site_id), problem.shifts[problem.shift_at[r.shift]]

    def at(minute: int) -> datetime:
        return instant(minute, row.day, zone)

    calls, placed = [], plan.placed()
    for c in r.calls:
        pair = problem.pair_of.get(c.visit)
        half = (pair.second if c.visit == pair.first else pair.first) if pair else ""
        t = row.tasks[c.visit]
        pinned = c.visit in problem.pin_of
        drug = t.get("drug") or ""
        calls.append(CallLine(c.visit, t["kind"], UUID(t["id"]), t["patient"], UUID(t["patient_id"]), at(c.arrives), at(c.starts),
                              at(c.ends), pinned, tuple(planning.tight(problem, plan, c.visit)), drug,
                              placed[half][0].person if half in placed else ""))  # fmt: skip
    held = row.people.get(r.person, {})
    assumed = r.shift in held.get("guessed", ()) if "guessed" in held else bool(held.get("assumed"))
    over = max(0, r.returns - shift.ends)
    local = at(shift.begins)
    breaks = [_break(row, b) for b in breaks_in_plan(problem, plan, row.breaks) if b.shift == r.shift]
    return PersonLine(r.person, local.date(), at(r.leaves), at(r.returns), f"{r.distance / 1000:.1f}", over, assumed,
                      tuple(calls), tuple(breaks), _told(problem, shift.start), _told(problem, shift.end))  # fmt: skip


def _told(problem: planning.RoutingProblem, place: int) -> str:
    """A place's name without its number in the problem."""
    return problem.places[place].name.partition(" ")[2]


def _break(row: DayPlan, b: BreakInPlan) -> BreakLine:
    zone = zone_of(row.site_id)
    return BreakLine(instant(b.starts, row.day, zone), instant(b.ends, row.day, zone), b.before, b.why)


def left_lines(row: DayPlan) -> tuple[LeftLine, ...]:
    """What could not be placed, with the least change that would place it. A visit of two nurses is one line."""
    if row.plan is None:
        return ()
    left = planning.left_out(problem_in(row), plan_of(row))
    found = [o for o in left if not row.tasks[o.visit].get("second_of")]
    pairs = {row.tasks[o.visit]["second_of"]: o for o in left if row.tasks[o.visit].get("second_of")}
    zone, said = zone_of(row.site_id), "%H:%M" if row.day == row.last_day else "%a %H:%M"
    return tuple(
        LeftLine(o.visit, row.tasks[o.visit]["patient"], UUID(row.tasks[o.visit]["patient_id"]),
                 _of_both(row, o, pairs.get(o.visit)),
                 tuple(f"{w.text} ({w.person}, {instant(w.starts, row.day, zone).strftime(said)})" for w in o.ways))
        for o in found
    )  # fmt: skip


def _of_both(row: DayPlan, first: planning.LeftOut, second: planning.LeftOut | None) -> tuple[str, ...]:
    """The reasons of a visit; of one for two nurses, those of either place, and that it needs two."""
    if second is None:
        return _reasons(row, first)
    return tuple(dict.fromkeys(("it needs two nurses at once", *_reasons(row, first), *_reasons(row, second))))


def _reasons(row: DayPlan, o: planning.LeftOut) -> tuple[str, ...]:
    """The reasons; of those who may not make it the room's own, which the plan knows by name only."""
    barred: dict[str, str] = row.tasks[o.visit]["barred"]
    others = [r for r in o.reasons if r not in {planning.barred_reason(name) for name in barred}]
    said = (why if why.startswith(name) else f"{name}: {why}" for name, why in barred.items() if name in row.people)
    return (*others, *said)


def move_lines(row: DayPlan) -> tuple[MoveLine, ...]:
    """What changes against the plan this one was made from."""
    zone = zone_of(row.site_id)

    def at(minute: int | None) -> datetime | None:
        return None if minute is None else instant(minute, row.day, zone)

    return tuple(
        MoveLine(m["visit"], row.tasks[m["visit"]]["patient"], m["person"], at(m["starts"]), m["new_person"], at(m["new_starts"]))
        for m in (row.moves or {}).get("changes", ())
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class OtherLine:
    """Somebody else (or another day) for a visit: what it would cost in points, part by part, or the hard reason why not."""

    person: str
    reason: str
    starts: datetime | None
    total: int
    drive: int
    lateness: int
    overtime: int
    people: int

    @property
    def less(self) -> int:
        """What it would save."""
        return max(0, -self.total)


@dataclass(frozen=True, slots=True)
class WhyLines:
    person: str
    starts: datetime
    tight: tuple[str, ...]
    pin: int | None
    others: tuple[OtherLine, ...]
    breaks: tuple[BreakLine, ...] = ()


def _other(row: DayPlan, name: str, o: planning.Other) -> OtherLine:
    more = o.more or planning.RouteCost()
    starts = None if o.starts is None else instant(o.starts, row.day, zone_of(row.site_id))
    reason = row.tasks[name]["barred"].get(o.person, o.reason)
    drive, late = more.distance + more.paid, more.late + more.longest_late
    return OtherLine(o.person, reason, starts, more.total - more.left_out, drive, late, more.overtime, more.people)


def tried_line(row: DayPlan, name: str, person: str, at: datetime) -> OtherLine:
    """What it would cost to have it at an instant by this person ("": whoever is cheapest), or why that cannot be."""
    problem, zone = problem_in(row), zone_of(row.site_id)
    found = planning.at_hour(problem, plan_of(row), name, person, minute(at, row.day, zone))
    reason = found.reason
    for who, why in row.tasks[name]["barred"].items():  # the room's own words for whom the plan knows by name only
        reason = reason.replace(planning.barred_reason(who), why if why.startswith(who) else f"{who}: {why}")
    return _other(row, name, replace(found, reason=reason))


def why_lines(row: DayPlan, name: str) -> WhyLines | None:
    """Why a visit stands where it does; None where it has no place."""
    problem, plan, zone = problem_in(row), plan_of(row), zone_of(row.site_id)
    if name not in plan.placed():
        return None
    found = planning.why(problem, plan, name)
    others = [_other(row, name, o) for o in found.others]
    breaks = tuple(_break(row, b) for b in breaks_in_plan(problem, plan, row.breaks) if b.shift == found.shift)
    return WhyLines(found.person, instant(found.starts, row.day, zone), found.tight, found.pin, tuple(others), breaks)
