# SPDX-License-Identifier: Apache-2.0
"""Steps of a plan: accepted and given out, put aside."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from openinfusion.delivery import public as delivery
from openinfusion.dispatch.domain.day_plan import BY_HAND, PlanKind, PlanState
from openinfusion.dispatch.domain.work import instant
from openinfusion.dispatch.models import DayPlan
from openinfusion.dispatch.queries.gather import zone_of
from openinfusion.dispatch.queries.plan import facts_of, plan_of
from openinfusion.kernel.refusal import Reason, Refused
from openinfusion.nursing import public as nursing
from openinfusion.planning import public as planning
from openinfusion.platform.action import action, lock
from openinfusion.platform.actor import Actor
from openinfusion.platform.advance import advance
from openinfusion.platform.clock import now


@action
def advance_plan(*, plan_id: UUID, step: str, by: Actor, version: int | None = None) -> UUID:
    """Accept a proposal, which gives the work out, or put it aside. Refused as a whole where any part cannot be given out."""
    row = lock(DayPlan, plan_id, version)
    if step not in BY_HAND:
        raise Refused(Reason("no-step", f"{step} is no step that a person takes"))
    if step == "set_aside":
        advance(row, step, facts_of(row), by=by)
        return row.id
    before = DayPlan.objects.filter(
        site_id=row.site_id, day=row.day, kind=row.kind, state=PlanState.ACCEPTED.value
    ).select_for_update().first()  # fmt: skip
    if before is not None:
        advance(before, "replace", facts_of(before), by=by)
    advance(row, step, facts_of(row), by=by, accepted_at=now(), accepter_name=by.name)
    give_out = _drivers if row.kind == PlanKind.DRIVERS.value else _nurses
    give_out(row, plan_of(row), by)
    return row.id


def _nurses(row: DayPlan, plan: planning.RoutePlan, by: Actor) -> None:
    """Offer each visit whose nurses or time change. Stale where somebody changed the visit since it was planned."""
    zone = zone_of(row.site_id)
    standing = {v.id: v for v in nursing.visits_waiting(row.day, row.site_id)}
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
        nursing.assign_visit(visit_id=id, nurse_id=nurse, planned_start=begins, planned_end=ends, second_id=second,
                             second_version=version, version=row.tasks[call.visit]["version"], by=by)  # fmt: skip


def _drivers(row: DayPlan, plan: planning.RoutePlan, by: Actor) -> None:
    """One route for each driver; who has nothing to do any more keeps an empty one, so that no stop stays behind there."""
    zone = zone_of(row.site_id)
    routes = {r.driver: r for r in delivery.routes_of(row.day, row.site_id)}
    planned = {UUID(row.people[r.person]["id"]): r for r in plan.routes if r.calls}
    taken = {UUID(row.tasks[c.visit]["id"]) for r in planned.values() for c in r.calls}
    for driver, standing in routes.items():
        if driver not in planned and any(_key(s) in taken for s in standing.stops if s.done_at is None):
            stay = [_standing(s) for s in standing.stops if s.done_at is None and _key(s) not in taken]
            _assign(row, driver, standing, standing.name, standing.leaves_at, stay, by)
    for driver, route in planned.items():
        stops = [_wanted(row, c, instant(c.starts, row.day, zone)) for c in route.calls]
        held = routes.get(driver)
        leaves = held.leaves_at if held and any(s.done_at for s in held.stops) else instant(route.leaves, row.day, zone)
        _assign(row, driver, held, held.name if held else route.person, leaves, stops, by)


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
    row: DayPlan,
    driver: UUID,
    held: delivery.RouteFact | None,
    name: str,
    leaves_at: datetime,
    stops: Sequence[delivery.StopWanted],
    by: Actor,
) -> None:
    delivery.assign_route(
        site_id=row.site_id, day=row.day, name=name, driver_id=driver, leaves_at=leaves_at, stops=stops,
        vehicle=held.vehicle if held else "", route_id=held.id if held else None, by=by,
    )  # fmt: skip
