# SPDX-License-Identifier: Apache-2.0
"""What drivers have to do: deliveries and pick-ups of each site, and the drivers, each with the goods of the own site only."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from itertools import count
from uuid import UUID

from openinfusion.delivery import public as delivery
from openinfusion.dispatch.domain.figures import DayFigures
from openinfusion.dispatch.domain.scope import PlanScope
from openinfusion.dispatch.domain.work import Change, Span, Task, Worker
from openinfusion.dispatch.queries.hours import (
    NO_SITE,
    Hours,
    Unbroken,
    clipped,
    plan_now,
    shift_name,
    told_apart,
    with_breaks,
    zone_of_hours,
)
from openinfusion.planning import public as planning
from openinfusion.platform.clock import now
from openinfusion.platform.house_day import house_today
from openinfusion.sites import public as sites

Routes = dict[tuple[UUID, date], list[delivery.RouteFact]]


def driven(
    scope: PlanScope, hours: Hours, figures: DayFigures, change: Change
) -> tuple[list[Task], list[Worker], list[str], Unbroken]:
    """The tasks, the drivers, who is not there and why, and the breaks that are not planned.

    A driver starts where the shift is, else at the own site.
    """
    routes = {(site, day): delivery.routes_of(day, site) for site in scope.sites for day in scope.days}
    of_day = [(site, day, d) for day in scope.days for site in scope.sites for d in delivery.drivers_of(day, site)]
    called = told_apart((d.id, d.name) for _, _, d in of_day)
    zone = zone_of_hours(hours)
    workers: list[Worker] = []
    unbroken: Unbroken = []
    apart: dict[str, None] = {}
    for site, day, d in of_day:
        if not scope.is_one_site and d.home_site_id is None and not d.shifts:
            apart[f"{called[d.id]}: {NO_SITE}"] = None
            continue
        taken = sum(1 for w in workers if w.id == d.id and w.day == day)
        had = tuple(b for r in routes[site, day] if r.driver == d.id for b in r.breaks)
        found: list[Worker] = []
        for shift, left in _turns(d, called[d.id], site, day, scope, hours, _last_place(routes[site, day], d.id), taken):
            rested, said = with_breaks(shift, left, had, d.off, figures, zone)
            found += rested
            unbroken += said
        workers += found
        if (why := _not_there(d, found)) and scope.is_one_day:
            apart[f"{called[d.id]}: {why}"] = None
    tasks = _tasks(scope, routes, called, change)
    if not scope.is_one_site:
        bases: dict[str, set[UUID]] = defaultdict(set)
        for w in workers:
            bases[w.name].add(w.site)
        tasks = [replace(t, barred=_of_another_base(t, bases), skills=t.skills | {_goods(t.site)}) for t in tasks]
        workers = [replace(w, skills=w.skills | {_goods(w.site)}) for w in workers]
    return tasks, workers, list(apart), unbroken


def _turns(
    d: delivery.DriverOfDay, name: str, site: UUID, day: date, scope: PlanScope, hours: Hours, start: planning.Place | None,
    taken: int,
) -> Iterator[tuple[Span, list[Worker]]]:  # fmt: skip
    """The shifts of a driver with what is left of each without time off; the house's hours only where no shift is planned at all.

    A stretch that ends because time off begins has no overtime. ``taken``: stretches of the day from another site.
    """
    if d.against or (d.plans_shifts and not d.shifts):
        return
    zone = hours[day][0].tzinfo
    own = [s for s in d.shifts if day == scope.first or s.starts_at.astimezone(zone).date() == day]
    if d.shifts and not own:
        return
    shifts = [(s.starts_at, s.ends_at, s.vehicle) for s in own] or [(*hours[day], None)]
    n = count(taken)
    for starts, until, van in shifts:
        yield (starts, until), [
            Worker(
                d.id, name, shift_name(scope, name, day, next(n)), day, begins, ends, site, start=start, assumed=not d.shifts,
                overtime=0 if any(first == ends for first, _ in d.off) else None,
                vehicle=van.name if van else "", holds=van.holds if van else None,
            )
            for begins, ends in clipped(starts, until, d.off)
        ]  # fmt: skip


def _not_there(d: delivery.DriverOfDay, found: Sequence[Worker]) -> str:
    """Why somebody who drives for this site is not among those a plan may use; empty where they are, or their day is over."""
    if d.against:
        return "; ".join(d.against)
    if found:
        return ""
    if d.plans_shifts and not d.shifts:
        return "no shift on this day"
    return "off" if d.off else ""


def _last_place(routes: list[delivery.RouteFact], driver: UUID) -> planning.Place | None:
    """Where a driver who is under way was last."""
    done = [s for r in routes if r.driver == driver for s in r.stops if s.done_at]
    last = max(done, key=lambda s: s.done_at or now(), default=None)
    return last.place if last and last.place.latitude else None


def _goods(site: UUID) -> str:
    return f"the goods of {sites.pharmacy(site).name}"


def _of_another_base(t: Task, bases: dict[str, set[UUID]]) -> tuple[tuple[str, str], ...]:
    """A delivery's goods stand at its own site, and what is picked up goes back there."""
    goods = sites.pharmacy(t.site).name
    why = f"its goods stand at {goods}" if t.kind == "delivery" else f"it goes back to {goods}"
    return tuple(
        (name, f"starts from {', '.join(sorted(sites.pharmacy(b).name for b in from_))}; {why}")
        for name, from_ in bases.items() if t.site not in from_
    )  # fmt: skip


def _tasks(scope: PlanScope, routes: Routes, called: dict[UUID, str], change: Change) -> list[Task]:
    """Open stops on the day of their route, or on any day that will do where their driver is not there; and what waits."""
    found = []
    for (site, day), held in routes.items():
        for r in held:
            gone = change.misses(called.get(r.driver, r.driver_name), day)
            stops = [s for s in r.stops if s.done_at is None]
            ids = [i for s in stops if (i := s.ticket_id or s.return_id)] if gone and not scope.is_one_day else []
            choice = delivery.choice_of(ids, max(scope.first, house_today()), scope.last) if ids else {}
            found += [_stop_task(s, site, choice.get(s.ticket_id or s.return_id or s.id, ())) for s in stops]
    for site in scope.sites:
        found += [_waiting_task(s) for s in delivery.stops_waiting(scope.first, site, scope.last)]
    return found


def _stop_task(s: delivery.StopFact, site: UUID, choice: tuple[Span, ...]) -> Task:
    cold = s.cold_minutes
    if s.holds_until is not None:
        cold = max(0, int((s.holds_until - plan_now()).total_seconds() // 60))
        choice = tuple(w for w in choice if w[0] < s.holds_until)
    windows = choice or ((s.window_from, s.window_to),)
    return Task(
        s.ticket_id or s.return_id or s.id,
        s.kind,
        s.number,
        s.patient_id,
        s.place.name,
        s.place,
        s.service_minutes,
        windows,
        site,
        cold=cold,
        load=s.load if s.kind == "delivery" else 0,
        back=0 if s.kind == "delivery" else s.load,
    )


def _waiting_task(s: delivery.StopWaiting) -> Task:
    away = s.kind == "delivery"
    return Task(
        s.ticket_id or s.return_id or s.patient_id,
        s.kind,
        s.number,
        s.patient_id,
        s.place.name,
        s.place,
        s.service_minutes,
        s.windows,
        s.site_id,
        cold=s.cold_minutes,
        is_packed_for=s.is_packed_for,
        load=s.load if away else 0,
        back=0 if away else s.load,
    )
