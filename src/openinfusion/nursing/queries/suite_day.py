# SPDX-License-Identifier: Apache-2.0
"""A day of a suite as a planning problem: who may sit when, which nurses are there, what the bench has to make."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from uuid import UUID

from openinfusion.compounding import public as compounding
from openinfusion.nursing.domain.appointment import IN_CHAIR
from openinfusion.nursing.domain.readiness import Standing
from openinfusion.nursing.domain.suite_terms import SuiteTerms
from openinfusion.nursing.models import Appointment
from openinfusion.nursing.queries.board import NurseOfDay, nurses_of
from openinfusion.nursing.queries.readiness import drug_light
from openinfusion.nursing.queries.suite import beside_in, day_span, on_day, waiting_list
from openinfusion.nursing.queries.suite_terms import instant_at, terms_on, zone_at
from openinfusion.planning import public as planning
from openinfusion.platform.clock import now
from openinfusion.sites import public as sites
from openinfusion.therapy.public import prescription

SLOT = 5  # minutes
DEFAULT_KEEPS = 4 * 60 // SLOT  # slots, where no order says which drug
_LONG = 24 * 60 // SLOT
_SITS = frozenset(s.value for s in IN_CHAIR)


@dataclass(frozen=True, slots=True)
class SuiteDay:
    """The day with its problem. ``asked``: what it may place; ``unknown``: what has no length, for a human to say;

    ``zero``: the instant of slot 0. ``chairs`` by the name the problem knows them by; ``nurses`` likewise, by stretch.
    ``beside``: the second nurse of an appointment, where two make it.
    """

    problem: planning.SuiteProblem
    asked: dict[str, Appointment]
    unknown: tuple[Appointment, ...]
    zero: datetime
    chairs: dict[str, UUID]
    nurses: tuple[NurseOfDay, ...]
    terms: SuiteTerms
    hours: tuple[datetime, datetime]
    beside: dict[UUID, tuple[UUID, str]] = field(default_factory=dict)

    def at(self, slot: int) -> datetime:
        """The instant of a slot."""
        return self.zero + timedelta(minutes=SLOT * slot)

    def slot(self, at: datetime) -> int:
        """The slot an instant falls into, rounded up; before the bench opens it is 0."""
        return max(0, -(-int((at - self.zero).total_seconds()) // (60 * SLOT)))


def suite_day(site_id: UUID, day: date, *, with_waiting: bool = True) -> SuiteDay:
    """Everything of a day that has a place, and what waits for one; who sits already is held."""
    zone, terms = zone_at(site_id), terms_on(site_id, day)
    opens, closes, latest = (instant_at(day, t, zone) for t in (terms.opens, terms.closes, terms.latest))
    zero = opens - timedelta(minutes=terms.prep_minutes)
    rows = [a for a in on_day(site_id, day) if a.state == "booked" or a.state in _SITS]
    if with_waiting:
        first, last = day_span(site_id, day)
        rows += [a for a in waiting_list(site_id, last) if a.pinned_at is None or first <= a.pinned_at < last]
    known = [a for a in rows if a.infusion_minutes is not None]
    chairs = dict(sorted((name, id) for id, name in sites.chairs(site_id)))
    nurses = tuple(nurses_of(day, site_id))
    made = SuiteDay(_nothing(terms), {a.number: a for a in known}, tuple(a for a in rows if a.infusion_minutes is None), zero,
                    chairs, nurses, terms, (opens, latest), beside_in(rows))
    latest_slot = made.slot(latest) + -(-terms.turnover_minutes // SLOT)
    names = {id: name for name, id in chairs.items()}
    problem = planning.SuiteProblem(
        tuple(chairs), tuple(_watching(made)), tuple(_wanted(made, a, names) for a in known), made.slot(opens),
        made.slot(closes), latest_slot, terms.nurse_acuity, terms.benches, SLOT,
    )
    return replace(made, problem=problem)


def _nothing(terms: SuiteTerms) -> planning.SuiteProblem:
    return planning.SuiteProblem((), (), (), 0, 0, 0, terms.nurse_acuity, terms.benches, SLOT)


def _wanted(d: SuiteDay, a: Appointment, names: dict[UUID, str]) -> planning.Appointment:
    """One appointment; the chair's turnover counts to its length, so that the next one finds it clean."""
    t, minutes = d.terms, a.infusion_minutes or 0
    held = d.slot(a.starts_at) if a.starts_at and a.state in _SITS else None
    lasts = t.setup_minutes + minutes + a.observation_minutes + t.disconnect_minutes + t.turnover_minutes
    setup, off = -(-t.setup_minutes // SLOT), -(-(t.disconnect_minutes + t.turnover_minutes) // SLOT)
    starts = a.starts_at
    slot = d.slot(starts) if starts else None
    slots = max(-(-lasts // SLOT), setup + off)
    if held is not None:  # who came late sits as much longer, and who sits longer than planned goes on sitting
        late = max(0, d.slot(a.checked_in_at) - held) if a.checked_in_at else 0
        slots = max(slots + late, d.slot(now()) - held + off)
    late_start = starts is not None and starts < now() and held is None
    prep, bud = (0, _LONG) if drug_light(a, starts or a.wished_at).standing is Standing.YES else _at_the_bench(d, a)
    earliest = max(d.slot(max(a.wished_at, now()) if late_start or starts is None else a.wished_at), d.slot(d.zero))
    pinned = d.slot(a.pinned_at) if a.pinned_at is not None and held is None else None
    return planning.Appointment(
        a.number, earliest if pinned is None else min(earliest, pinned), slots, setup, off, a.acuity,
        0 if held is not None else prep, bud, held=held, promised=slot if held is None else None,
        chair=names.get(a.chair_id, "") if a.chair_id else "", pinned=pinned,
    )


def _at_the_bench(d: SuiteDay, a: Appointment) -> tuple[int, int]:
    """How many slots its drug takes to prepare, and how many it keeps then; nothing to prepare goes out as it was supplied."""
    order = prescription(a.prescription_id).order if a.prescription_id else None
    if order is None:
        return -(-d.terms.prep_minutes // SLOT), DEFAULT_KEEPS
    made = compounding.once_made(order.drug_code, order.route, order.dose, d.zero.astimezone(zone_at(a.site_id)).date())
    if not made.compounded:
        return 0, _LONG
    return -(-(d.terms.prep_minutes + made.more_minutes) // SLOT), made.keeps_hours * 60 // SLOT


def _watching(d: SuiteDay) -> list[planning.SuiteNurse]:
    """Each stretch of each nurse; a second one of the day is named so."""
    found = []
    for n in d.nurses:
        for k, (a, b) in enumerate(stretches_at(d, n)):
            if d.slot(b) > d.slot(a):
                found.append(planning.SuiteNurse(n.name if not k else f"{n.name} {k + 1}", d.slot(a), d.slot(b)))
    return found


def stretches_at(d: SuiteDay, nurse: NurseOfDay) -> list[tuple[datetime, datetime]]:
    """When a nurse is at the chairs: shifts (the suite's hours where none is planned) without time off and home visits."""
    homes = [b for b in nurse.busy if not _in_suite(d, nurse.id, b)]
    return _free(nurse.shifts or (d.hours,), (*nurse.off, *homes))


def _in_suite(d: SuiteDay, nurse: UUID, span: tuple[datetime, datetime]) -> bool:
    return any(
        nurse in (a.nurse, d.beside.get(a.id, (None, ""))[0]) and (a.starts_at, a.observation_ends_at) == span
        for a in d.asked.values()
    )


def _free(
    spans: Sequence[tuple[datetime, datetime]], taken: Sequence[tuple[datetime, datetime]],
) -> list[tuple[datetime, datetime]]:
    found = []
    for first, last in spans:
        at = first
        for a, b in sorted(taken):
            if b <= at or a >= last:
                continue
            if a > at:
                found.append((at, a))
            at = max(at, b)
        if at < last:
            found.append((at, last))
    return found


def as_booked(d: SuiteDay) -> planning.SuitePlan:
    """The day as it is booked now, as a plan; what waits is left out."""
    chair = {id: name for name, id in d.chairs.items()}
    by_name = {a.name: a for a in d.problem.appointments}
    seats = tuple(
        planning.Seat(n, chair[a.chair_id], s := d.slot(a.starts_at), s + by_name[n].lasts, max(0, s - by_name[n].prep))
        for n, a in d.asked.items() if a.starts_at is not None and a.chair_id in chair
    )
    out = tuple(n for n, a in d.asked.items() if a.starts_at is None)
    return planning.SuitePlan(seats, out, 0, "as booked")


def fills_of(d: SuiteDay) -> dict[str, datetime]:
    """Who of the waiting list fits into the day as it is booked, and when, while nobody moves."""
    waiting = [w for w in d.problem.appointments if d.asked[w.name].starts_at is None]
    booked = replace(d.problem, appointments=tuple(a for a in d.problem.appointments if d.asked[a.name].starts_at is not None))
    return {name: d.at(slot) for name, slot in planning.fills(booked, as_booked(d), waiting)} if waiting and d.chairs else {}

