# SPDX-License-Identifier: Apache-2.0
"""The work of a day asked of the rooms it belongs to: deliveries and pick-ups, or visits; and the people who may do it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from openinfusion.delivery import public as delivery
from openinfusion.dispatch.domain.day_plan import PlanKind
from openinfusion.dispatch.domain.figures import DayFigures, figures_on
from openinfusion.dispatch.domain.work import Change, DayWork, DrugAwaited, Task, Worker, second_name
from openinfusion.nursing import public as nursing
from openinfusion.planning import public as planning
from openinfusion.platform.clock import now
from openinfusion.sites import public as sites

Span = tuple[datetime, datetime]


def zone_of(site_id: UUID) -> ZoneInfo:
    return ZoneInfo(sites.zone_of(site_id))


def work_of(kind: PlanKind, site_id: UUID, day: date, change: Change | None = None) -> DayWork:
    """What is to be done, by whom, from now on; ``change`` takes people out and puts work off."""
    change, figures = change or Change(), figures_on(kind, day)
    house, hours = sites.pharmacy(site_id), _hours(figures, day, zone_of(site_id))
    gathered = _driven(site_id, day, hours) if kind is PlanKind.DRIVERS else _visited(site_id, day, hours, figures)
    tasks, workers, apart = gathered
    late = dict(change.late)
    tasks = [_from_now(t, hours[1], max((late[n] for n in t.halves if n in late), default=None)) for t in _named(tasks)]
    known = tuple(t for t in tasks if t.place.latitude)
    there = [w for w in workers if w.name not in change.absent and w.begins < w.ends]
    lost = tuple(t for t in tasks if not t.place.latitude)
    return DayWork(planning.centroid(house.name, house.zip_code), known, tuple(there), lost, tuple(apart))


def _hours(figures: DayFigures, day: date, zone: ZoneInfo) -> Span:
    return datetime.combine(day, figures.begins, zone), datetime.combine(day, figures.ends, zone)


def _named(tasks: Iterable[Task]) -> list[Task]:
    """Names are unique, so that a plan can name its work."""
    seen: Counter[str] = Counter()
    found = []
    for t in tasks:
        seen[t.name] += 1
        found.append(t if seen[t.name] == 1 else replace(t, name=f"{t.name} #{seen[t.name]}"))
    return found


def _from_now(t: Task, end_of_day: datetime, not_before: datetime | None) -> Task:
    """Nothing begins before now or before it can; work whose window has passed is wanted before the day ends."""
    opens, closes = max(t.window[0], now(), not_before or t.window[0]), t.window[1]
    return replace(t, window=(opens, closes if closes >= opens else max(end_of_day, opens + timedelta(hours=1))))


def _clipped(begins: datetime, ends: datetime, taken: Iterable[Span]) -> Iterator[Span]:
    """A stretch of time without what is taken out of it, and without what is past."""
    begins = max(begins, now())
    for first, last in sorted(taken):
        if last <= begins or first >= ends:
            continue
        if first > begins:
            yield begins, first
        begins = max(begins, last)
    if begins < ends:
        yield begins, ends


# ---- drivers
def _driven(site_id: UUID, day: date, hours: Span) -> tuple[list[Task], list[Worker], list[str]]:
    routes = delivery.routes_of(day, site_id)
    tasks = [_stop_task(s) for r in routes for s in r.stops if s.done_at is None]
    tasks += [_waiting_task(s) for s in delivery.stops_waiting(day, site_id)]
    done = {r.driver: max((s for s in r.stops if s.done_at), key=lambda s: s.done_at or now(), default=None) for r in routes}
    workers: list[Worker] = []
    apart = []
    for d in delivery.drivers_of(day, site_id):
        found = list(_turns(d, hours, done.get(d.id)))
        workers += found
        if why := _not_there(d, found):
            apart.append(f"{d.name}: {why}")
    return tasks, workers, apart


def _turns(d: delivery.DriverOfDay, hours: Span, last: delivery.StopFact | None) -> Iterator[Worker]:
    """The stretches a driver drives: planned shifts without time off; the house's hours only where no shift is planned at all.

    A stretch that ends because time off begins has no overtime.
    """
    if d.against or (d.plans_shifts and not d.shifts):
        return
    start = last.place if last and last.place.latitude else None
    shifts = [(s.starts_at, s.ends_at, s.vehicle) for s in d.shifts] or [(*hours, None)]
    stretches = [(*s, van) for begins, ends, van in shifts for s in _clipped(begins, ends, d.off)]
    for n, (begins, ends, van) in enumerate(stretches):
        yield Worker(
            d.id, d.name, _shift(d.name, n), begins, ends, start=start, assumed=not d.shifts,
            overtime=0 if any(first == ends for first, _ in d.off) else None,
            vehicle=van.name if van else "", holds=van.holds if van else None,
        )  # fmt: skip


def _not_there(d: delivery.DriverOfDay, found: Sequence[Worker]) -> str:
    """Why somebody who drives for this site is not among those a plan may use; empty where they are, or their day is over."""
    if d.against:
        return "; ".join(d.against)
    if found:
        return ""
    if d.plans_shifts and not d.shifts:
        return "no shift on this day"
    return "off" if d.off else ""


def _stop_task(s: delivery.StopFact) -> Task:
    cold = None
    if s.holds_until is not None:
        cold = max(0, int((s.holds_until - now()).total_seconds() // 60))
    kind = s.kind
    return Task(
        s.ticket_id or s.return_id or s.id,
        kind,
        s.number,
        s.patient_id,
        s.place.name,
        s.place,
        s.service_minutes,
        (s.window_from, s.window_to),
        cold=cold,
        load=s.load if kind == "delivery" else 0,
        back=0 if kind == "delivery" else s.load,
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
        (s.window_from, s.window_to),
        cold=s.cold_minutes,
        load=s.load if away else 0,
        back=0 if away else s.load,
    )


# ---- nurses
def _visited(site_id: UUID, day: date, hours: Span, figures: DayFigures) -> tuple[list[Task], list[Worker], list[str]]:
    wanted, nurses = nursing.visits_waiting(day, site_id), nursing.nurses_of(day, site_id)
    coming = delivery.drug_coming(day, {v.therapy_id for v in wanted if v.needs_drug})
    tasks: list[Task] = []
    for v in wanted:
        first = _visit_task(v, nurses, day, hours, figures, coming.get(v.therapy_id))
        tasks += [first, *([_second_task(first, v.second)] if v.second else [])]
    planned = {(n, v.planned_start, v.planned_end) for v in wanted for n in (v.nurse, v.second.nurse if v.second else None)}
    workers = []
    for n in nurses:
        elsewhere = [b for b in n.busy if (n.id, *b) not in planned]
        states = frozenset(state for state, until in n.licences if until is None or until >= day)
        stretches = [s for shift in n.shifts or (hours,) for s in _clipped(*shift, (*n.off, *elsewhere))]
        workers += [Worker(n.id, n.name, _shift(n.name, k), *s, states, assumed=not n.shifts) for k, s in enumerate(stretches)]
    return tasks, workers, []


def _second_task(first: Task, second: nursing.SecondFact) -> Task:
    """The second place of a visit: the same time and home, another nurse."""
    return replace(first, kind="second_nurse", name=second_name(first.name), version=second.version, second_of=first.name)


def _shift(name: str, number: int) -> str:
    return name if not number else f"{name} {number + 1}"


def _visit_task(
    v: nursing.VisitWanted,
    nurses: Sequence[nursing.NurseOfDay],
    day: date,
    hours: Span,
    figures: DayFigures,
    coming: delivery.DrugComing | None,
) -> Task:
    """A visit. One with a time may be moved by the minutes of the figures, fewer where it was agreed to.

    One that needs its drug begins when the driver has been there, even where that breaks the time that was agreed.
    """
    window = hours
    if v.planned_start is not None:
        by = timedelta(minutes=figures.agreed if v.fixed else figures.flexible)
        window = (v.planned_start - by, v.planned_start + by)
    drug = DrugAwaited(coming.number, coming.at, coming.planned) if coming and v.needs_drug else None
    if drug is not None:
        window = (max(window[0], drug.at), window[1] if window[1] >= drug.at else max(hours[1], drug.at))
    barred = tuple((n.name, "; ".join(why)) for n in nurses if (why := nursing.reasons_for(v.id, n.id, day)))
    known = frozenset(n.name for n in nurses if n.id in v.nurses_before)
    return Task(
        v.id,
        "visit",
        v.number,
        v.patient_id,
        v.patient,
        planning.centroid(v.patient, v.zip_code),
        v.minutes,
        window,
        v.version,
        licence=v.state_code,
        prefers=known,
        barred=barred,
        drug=drug,
    )
