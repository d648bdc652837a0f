# SPDX-License-Identifier: Apache-2.0
"""Steps of a plan: accepted and given out, put aside."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from openinfusion.delivery import public as delivery
from openinfusion.dispatch.domain.breaks_planned import breaks_in_plan
from openinfusion.dispatch.domain.day_plan import BY_HAND, PlanKind
from openinfusion.dispatch.domain.work import instant
from openinfusion.dispatch.models import DayPlan, PlanCover
from openinfusion.dispatch.queries.cover import in_force_of, in_force_within, scope_in
from openinfusion.dispatch.queries.gather import zone_of
from openinfusion.dispatch.queries.plan import facts_of, plan_of, problem_in
from openinfusion.kernel.refusal import Reason, Refused, Stale
from openinfusion.kernel.rest import PlannedBreak
from openinfusion.nursing import public as nursing
from openinfusion.planning import public as planning
from openinfusion.platform.action import action, lock
from openinfusion.platform.actor import Actor
from openinfusion.platform.advance import advance
from openinfusion.platform.clock import now
from openinfusion.platform.journal import write


@action
def advance_plan(*, plan_id: UUID, step: str, by: Actor, version: int | None = None) -> UUID:
    """Accept a proposal, which gives the work out, or put it aside. Refused as a whole where any part cannot be given out."""
    row = lock(DayPlan, plan_id, version)
    if step not in BY_HAND:
        raise Refused(Reason("no-step", f"{step} is no step that a person takes"))
    if step == "set_aside":
        advance(row, step, facts_of(row), by=by)
        return row.id
    _make_room(row, by)
    try:
        with transaction.atomic():
            advance(row, step, facts_of(row), by=by, accepted_at=now(), accepter_name=by.name)
    except IntegrityError as no:
        if "day_plan_in_force_once" in str(no):
            raise Refused(Reason("in-force", f"another plan was accepted for a day of {row}", "open the day and see it")) from no
        raise
    give_out = _drivers if row.kind == PlanKind.DRIVERS.value else _nurses
    give_out(row, plan_of(row), by)
    return row.id


def _breaks(row: DayPlan, plan: planning.RoutePlan) -> dict[tuple[UUID, date], list[PlannedBreak]]:
    """The breaks of a plan by person and day; who has work but no break has none."""
    if not plan.routes and not row.breaks:
        return {}
    zone, problem = zone_of(row.site_id), problem_in(row)
    found: dict[tuple[UUID, date], list[PlannedBreak]] = {}

    def of(person: str, shift: str) -> list[PlannedBreak]:
        begins = instant(problem.shifts[problem.shift_at[shift]].begins, row.day, zone)
        return found.setdefault((UUID(row.people[person]["id"]), begins.astimezone(zone).date()), [])

    for r in plan.routes:
        of(r.person, r.shift)
    for b in breaks_in_plan(problem, plan, row.breaks):
        of(b.person, b.shift).append(PlannedBreak(instant(b.starts, row.day, zone), instant(b.ends, row.day, zone), b.why))
    return found


def _make_room(row: DayPlan, by: Actor) -> None:
    """Plans in force give way on the sites and days of this one: wholly replaced, or holding what else they hold."""
    taken = in_force_within(scope_in(row))
    for before in DayPlan.objects.filter(pk__in=taken).order_by("pk").select_for_update():
        gives = taken[before.id]
        if in_force_of(before.id) <= gives:
            advance(before, "replace", facts_of(before), by=by)
            continue
        held = PlanCover.objects.filter(plan=before, in_force=True, site_id__in=row.sites, day__range=(row.day, row.last_day))
        held.update(in_force=False)
        days = ", ".join(f"{d:%d-%b-%Y}" for d in sorted({d for _, d in gives}))
        write(by, "dispatch.day_plan.give_way", before, "{actor} let {subject} give way to a newer one on {days}.",
              noted={"days": days})  # fmt: skip


def _nurses(row: DayPlan, plan: planning.RoutePlan, by: Actor) -> None:
    """Offer each visit whose nurses or time change. Stale where somebody changed the visit since it was planned.

    Nursing takes back all that changes before it gives anything out, so that nurses can change places.
    """
    zone = zone_of(row.site_id)
    standing = {v.id: v for site in row.sites for v in nursing.visits_waiting(row.day, site, row.last_day)}
    seconds: dict[UUID, tuple[UUID, int]] = {}
    firsts: dict[UUID, tuple[UUID, planning.Call]] = {}
    for route in plan.routes:
        nurse = UUID(row.people[route.person]["id"])
        for call in route.calls:
            t = row.tasks[call.visit]
            if t.get("second_of"):
                seconds[UUID(t["id"])] = (nurse, t["version"])
            else:
                firsts[UUID(t["id"])] = (nurse, call)
    changing: list[nursing.Assignment] = []
    for id, (nurse, call) in firsts.items():
        begins, ends = instant(call.starts, row.day, zone), instant(call.ends, row.day, zone)
        now_as = standing.get(id)
        if now_as is None:
            raise Refused(Reason("gone", f"visit {call.visit} is not to be planned any more", "plan the day again"))
        second, version = seconds.get(id, (None, None))
        if (now_as.second is None) != (second is None):
            text = f"how many nurses visit {call.visit} needs has changed since"
            raise Refused(Reason("other-nurses", text, "plan the day again"))
        beside = now_as.second.nurse if now_as.second else None
        if (now_as.nurse, now_as.planned_start, now_as.planned_end, beside) == (nurse, begins, ends, second):
            continue
        if now_as.version != row.tasks[call.visit]["version"]:
            raise Stale(f"visit {call.visit} was changed by somebody else since it was planned")
        changing.append(nursing.Assignment(id, nurse, begins, ends, now_as.version, second, version))
    if changing:
        nursing.assign_visits(wanted=changing, by=by)
    for (person, day), breaks in _breaks(row, plan).items():
        nursing.plan_breaks(nurse_id=person, site_id=row.site_id, day=day, breaks=breaks, by=by)


def _drivers(row: DayPlan, plan: planning.RoutePlan, by: Actor) -> None:
    """Day by day and site by site: one route for each driver.

    Who has nothing to do any more keeps an empty one, so that no stop stays behind there.
    """
    taken = {UUID(row.tasks[c.visit]["id"]) for r in plan.routes for c in r.calls}
    breaks = _breaks(row, plan)
    for day in scope_in(row).days:
        for site in row.sites:
            _of_one_day(row, plan, site, day, taken, breaks, by)


def _of_one_day(
    row: DayPlan, plan: planning.RoutePlan, site: UUID, day: date, taken: set[UUID],
    breaks: dict[tuple[UUID, date], list[PlannedBreak]], by: Actor,
) -> None:  # fmt: skip
    zone = zone_of(row.site_id)
    routes = {r.driver: r for r in delivery.routes_of(day, site)}
    planned: dict[UUID, list[planning.Route]] = {}
    for r in sorted(plan.routes, key=lambda r: r.leaves):
        if r.calls and _site_of(row, r) == site and instant(r.leaves, row.day, zone).astimezone(zone).date() == day:
            planned.setdefault(UUID(row.people[r.person]["id"]), []).append(r)
    for driver, standing in routes.items():
        if driver not in planned and any(_key(s) in taken for s in standing.stops if s.done_at is None):
            stay = [_standing(s) for s in standing.stops if s.done_at is None and _key(s) not in taken]
            _assign(site, day, driver, standing, standing.name, standing.leaves_at, stay, None, by)
    for driver, turns in planned.items():  # one with time off between has several turns, and one route
        stops = [_wanted(row, c, instant(c.starts, row.day, zone)) for r in turns for c in r.calls]
        held = routes.get(driver)
        leaves = held.leaves_at if held and any(s.done_at for s in held.stops) else instant(turns[0].leaves, row.day, zone)
        name = held.name if held else turns[0].person
        _assign(site, day, driver, held, name, leaves, stops, breaks.get((driver, day), []), by)


def _site_of(row: DayPlan, route: planning.Route) -> UUID:
    """The site whose goods a driver carries; the plan bars those of any other."""
    return UUID(row.tasks[route.calls[0].visit].get("site") or str(row.site_id))


def _key(stop: delivery.StopFact) -> UUID:
    return stop.ticket_id or stop.return_id or stop.id


def _standing(stop: delivery.StopFact) -> delivery.StopWanted:
    return delivery.StopWanted(stop.ticket_id, stop.return_id, stop.window_from, stop.window_to, stop.service_minutes,
                               stop.planned_at)  # fmt: skip


def _wanted(row: DayPlan, call: planning.Call, at: datetime) -> delivery.StopWanted:
    t = row.tasks[call.visit]
    id, away = UUID(t["id"]), t["kind"] == "delivery"
    return delivery.StopWanted(id if away else None, None if away else id, service_minutes=t["minutes"], planned_at=at)


def _assign(
    site: UUID,
    day: date,
    driver: UUID,
    held: delivery.RouteFact | None,
    name: str,
    leaves_at: datetime,
    stops: Sequence[delivery.StopWanted],
    breaks: Sequence[PlannedBreak] | None,
    by: Actor,
) -> None:
    delivery.assign_route(
        site_id=site, day=day, name=name, driver_id=driver, leaves_at=leaves_at, stops=stops,
        vehicle=held.vehicle if held else "", route_id=held.id if held else None, breaks=breaks, by=by,
    )  # fmt: skip
