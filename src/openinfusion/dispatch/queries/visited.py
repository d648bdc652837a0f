# SPDX-License-Identifier: Apache-2.0
"""What nurses have to do: the visits of each site on their days, and the nurses with shifts, licences and fitness by day."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import count
from uuid import UUID
from zoneinfo import ZoneInfo

from openinfusion.delivery import public as delivery
from openinfusion.dispatch.domain.figures import DayFigures
from openinfusion.dispatch.domain.scope import PlanScope
from openinfusion.dispatch.domain.work import Change, DrugAwaited, Span, Task, Worker, second_name
from openinfusion.dispatch.queries.hours import (
    NO_SITE,
    Hours,
    Unbroken,
    clipped,
    shift_name,
    told_apart,
    with_breaks,
    zone_of_hours,
)
from openinfusion.nursing import public as nursing
from openinfusion.planning import public as planning
from openinfusion.platform.clock import now

Nurses = dict[date, dict[UUID, nursing.NurseOfDay]]
Coming = dict[date, dict[UUID, delivery.DrugComing]]
Fitness = dict[UUID, dict[UUID, dict[date, tuple[str, ...]]]]


def visited(
    scope: PlanScope, hours: Hours, figures: DayFigures, change: Change
) -> tuple[list[Task], list[Worker], list[str], Unbroken]:
    """The tasks, the nurses, who is not there and why, and the breaks that are not planned."""
    wanted = [v for site in scope.sites for v in nursing.visits_waiting(scope.first, site, scope.last)]
    nurses: Nurses = {day: {n.id: n for site in scope.sites for n in nursing.nurses_of(day, site)} for day in scope.days}
    known = {n.id: n for of_day in nurses.values() for n in of_day.values()}
    sited = {i for i, n in known.items() if scope.is_one_site or n.home_site_id is not None}
    called = told_apart((n.id, n.name) for n in known.values())
    asking = {v.therapy_id for v in wanted if v.needs_drug}
    coming = {day: delivery.drug_coming(day, asking) for day in scope.days}
    fitness = nursing.reasons_over([v.id for v in wanted], sorted(sited), scope.days)
    tasks: list[Task] = []
    for v in wanted:
        first = _task(v, scope, hours, figures, coming, fitness.get(v.id, {}), called, change)
        tasks += [first, *([_second_task(first, v.second)] if v.second else [])]
    workers: list[Worker] = []
    unbroken: Unbroken = []
    homes, today = nursing.homes_of(sited), now().astimezone(zone_of_hours(hours)).date()
    last = {i: w for site in scope.sites for i, w in nursing.last_seen(sited, today, site).items()}
    for day in scope.days:
        for n in (n for n in nurses[day].values() if n.id in sited):
            skills = _skills(tasks, fitness, n.id, day)
            begun_at, home = _at(last.get(n.id), called[n.id]) if day == today else None, _at(homes.get(n.id), called[n.id])
            for shift, left in _shifts(n, day, scope, hours, wanted, called[n.id], skills, begun_at, home):
                rested, said = with_breaks(shift, left, n.breaks, n.off, figures, zone_of_hours(hours))
                workers += rested
                unbroken += said
    return tasks, workers, [f"{called[i]}: {NO_SITE}" for i in known if i not in sited], unbroken


def _at(where: nursing.Whereabouts | None, name: str) -> planning.Place | None:
    """A place on the road, told as the visit there or as the nurse's home; None where it is not known."""
    if where is None:
        return None
    found = planning.place(f"visit {where.visit}" if where.visit else f"the home of {name}", where.zip_code, where.point)
    return found if found.latitude else None


def _shifts(
    n: nursing.NurseOfDay, day: date, scope: PlanScope, hours: Hours, wanted: list[nursing.VisitWanted], name: str,
    skills: frozenset[str], begun_at: planning.Place | None, home: planning.Place | None,
) -> Iterator[tuple[Span, list[Worker]]]:  # fmt: skip
    """Each shift of a nurse on a day, with what of it is not off and not given to work which this plan does not move.

    A shift over midnight stands on the day it begins, or on the plan's first day. A stretch that ends because something else
    begins has no overtime; a shift that is planned has as much as was planned with it, since nursing offers no visit outside.
    The first stretch begins where she was last on that day, else at her home, and the last one ends there; without a home at
    her site.
    """
    zone = hours[day][0].tzinfo
    planned = {(i, v.planned_start, v.planned_end) for v in wanted for i in (v.nurse, v.second.nurse if v.second else None)}
    elsewhere = [b for b in n.busy if (n.id, *b) not in planned]
    states = frozenset(state for state, until in n.licences if until is None or until >= day)
    own: list[tuple[Span, int | None]] = [(s, over) for s, over in zip(n.shifts, n.overtime, strict=True)
           if day == scope.first or s[0].astimezone(zone).date() == day]
    if n.shifts and not own:
        return
    k, taken = count(), (*n.off, *elsewhere)
    left = [(shift, over, list(clipped(*shift, taken))) for shift, over in own or [(hours[day], None)]]
    stretches = [s for _, _, found in left for s in found]
    for shift, over, found in left:
        yield shift, [
            Worker(n.id, name, shift_name(scope, name, day, next(k)), day, begins, ends, n.home_site_id or scope.sites[0], states,
                   begun_at or home if (begins, ends) == stretches[0] else None,
                   home if (begins, ends) == stretches[-1] else None,
                   assumed=not n.shifts, skills=skills, overtime=0 if any(first == ends for first, _ in taken) else over)
            for begins, ends in found
        ]  # fmt: skip


def _task(
    v: nursing.VisitWanted,
    scope: PlanScope,
    hours: Hours,
    figures: DayFigures,
    coming: Coming,
    against: dict[UUID, dict[date, tuple[str, ...]]],
    called: dict[UUID, str],
    change: Change,
) -> Task:
    """A visit. One that needs its drug begins when the driver has been there, even where that breaks the time agreed on."""
    zone = hours[scope.first][0].tzinfo
    days = dict(_days(v, scope, hours, figures, called, change))
    drugs = {day: d for day in days if v.needs_drug and (d := coming.get(day, {}).get(v.therapy_id)) is not None}
    after = {day: _after_drug(w, drugs.get(day), hours[day][1]) for day, w in days.items()}
    windows = tuple(w for day, w in after.items() if w[0].astimezone(zone).date() == day) or tuple(after.values())[-1:]
    on = sorted(days)
    never = {n: why for n, why in against.items() if all(d in why for d in on)}
    first = next(iter(drugs.values()), None)
    wished = tuple((min(days[day][0], by), by) for day in on if (by := v.wish.on(day, ZoneInfo(v.zone))[1]))
    return Task(
        v.id,
        "visit",
        v.number,
        v.patient_id,
        v.patient,
        planning.place(v.patient, v.zip_code, v.point),
        v.minutes,
        windows,
        v.site_id,
        v.version,
        licence=v.state_code,
        prefers=frozenset(name for n, name in called.items() if n in v.nurses_before),
        barred=tuple((called[n], "; ".join(why[on[0]])) for n, why in never.items()),
        drug=None if first is None else DrugAwaited(first.number, first.at, first.planned),
        skills=frozenset({_on_that_day(v.number)} if len(never) < sum(1 for why in against.values() if any(d in why for d in on))
                         else ()),
        wished=wished,
    )  # fmt: skip


def _second_task(first: Task, second: nursing.SecondFact) -> Task:
    """The second place of a visit: the same time and home, another nurse."""
    return replace(
        first, kind="second_nurse", name=second_name(first.name), version=second.version, second_of=first.name, wished=()
    )


def _on_that_day(number: str) -> str:
    return f"{number} on that day"


def _skills(tasks: list[Task], fitness: Fitness, nurse: UUID, day: date) -> frozenset[str]:
    """Of the visits for which fitness changes from day to day those that this nurse may make on this one."""
    return frozenset(s for t in tasks for s in t.skills if day not in fitness.get(t.id, {}).get(nurse, {}))


def _days(
    v: nursing.VisitWanted, scope: PlanScope, hours: Hours, figures: DayFigures, called: dict[UUID, str], change: Change
) -> Iterator[tuple[date, Span]]:
    """The days on which the visit may be made, each with its window.

    One with a time stays on its day and is moved by the minutes of the figures, fewer where it was agreed to. Where its nurse
    is not there that day, nobody has agreed to it and it has a choice of days, any of these will do again.
    """
    if v.planned_start is not None:
        zone = hours[scope.first][0].tzinfo
        day = v.planned_start.astimezone(zone).date()
        gone = v.nurse is not None and change.misses(called.get(v.nurse, ""), day)
        if v.fixed or v.earliest_on is None or not gone:
            by = timedelta(minutes=figures.agreed if v.fixed else figures.flexible)
            yield day, (_not_before(v, day, v.planned_start - by, v.planned_start), v.planned_start + by)
            return
    within = [d for d in scope.days if (v.earliest_on or d) <= d <= (v.latest_on or d)]
    for day in within or [scope.first]:  # the choice is over: it is late, and wanted on the first day
        yield day, _as_wished(v, day, hours[day], figures)


def _as_wished(v: nursing.VisitWanted, day: date, hours: Span, figures: DayFigures) -> Span:
    """The hours of a day from when the patient can be visited on, and long enough for what the patient wishes."""
    earliest, by = v.wish.on(day, ZoneInfo(v.zone))
    opens = earliest or hours[0]
    return opens, max(hours[1], by or opens, opens + timedelta(minutes=figures.flexible if earliest else 0))


def _not_before(v: nursing.VisitWanted, day: date, at: datetime, planned: datetime) -> datetime:
    """Not before the patient's first hour, unless its time was set before that already."""
    earliest = v.wish.on(day, ZoneInfo(v.zone))[0]
    return at if earliest is None else max(at, min(earliest, planned))


def _after_drug(window: Span, drug: delivery.DrugComing | None, end_of_day: datetime) -> Span:
    """The window from when the drug is there; it keeps one that nobody can meet, which the plan then says."""
    if drug is None:
        return window
    return max(window[0], drug.at), window[1] if window[1] >= drug.at else max(end_of_day, drug.at)
