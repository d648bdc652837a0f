# SPDX-License-Identifier: Apache-2.0
"""Reads of the road: the chain of custody, what comes back, loggers, routes with their stops and when they are reached."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from openinfusion.compounding.public import preparation
from openinfusion.delivery.domain.custody import Handed
from openinfusion.delivery.domain.figures import whole, window
from openinfusion.delivery.domain.route import Arrival, StopAhead, arrivals
from openinfusion.delivery.models import ComingBack, Custody, DeliveryRoute, DeliveryTicket, LoggerRecord, Stop, TicketLine
from openinfusion.delivery.queries.cold import Cold, cold_of
from openinfusion.delivery.queries.ways import ways_at
from openinfusion.kernel.refusal import Malformed
from openinfusion.kernel.rest import PlannedBreak, breaks_in
from openinfusion.patients import public as patients
from openinfusion.planning import public as planning
from openinfusion.platform.clock import now
from openinfusion.sites import public as sites


def chain_of(ticket_id: UUID) -> list[Handed]:
    """From the bench to whoever has it now, the oldest first."""
    made = TicketLine.objects.filter(ticket_id=ticket_id, preparation__isnull=False).values_list("preparation_id", flat=True)
    bench = [
        Handed(p.released_at, "Bench", "Pharmacy", "", note=f"lot {p.lot_number} released")
        for p in (preparation(i) for i in made)
        if p.released_at
    ]
    links = [
        Handed(r.at, r.giver, r.taker, r.place, r.seal, r.seal_intact, r.note)
        for r in Custody.objects.filter(ticket_id=ticket_id).order_by("at", "made_at")
    ]
    return [*sorted(bench, key=lambda h: h.at), *links]


@dataclass(frozen=True, slots=True)
class ReturnFact:
    """Something that comes back."""

    id: UUID
    patient_id: UUID
    site_id: UUID
    ticket_id: UUID | None
    kind: str
    text: str
    quantity: int
    pump_id: UUID | None
    left_home: bool
    wanted_on: date
    state: str
    disposition: str
    note: str
    version: int


def return_fact(r: ComingBack) -> ReturnFact:
    return ReturnFact(
        r.id,
        r.patient_id,
        r.site_id,
        r.ticket_id,
        r.kind,
        r.text,
        r.quantity,
        r.pump_id,
        r.left_home,
        r.wanted_on,
        r.state,
        r.disposition,
        r.note,
        r.version,
    )


def returns_where(**where: Any) -> list[ReturnFact]:
    """What comes back, the soonest wanted first."""
    return [return_fact(r) for r in ComingBack.objects.filter(**where).order_by("wanted_on", "made_at")[:500]]


@dataclass(frozen=True, slots=True)
class LoggerFact:
    """What a package's logger measured and what became of it. ``usable`` None: nobody decided, or nobody needs to."""

    id: UUID
    ticket_id: UUID
    serial: str
    times: tuple[datetime, ...]
    celsius: tuple[Decimal, ...]
    storage: str
    low_c: Decimal
    high_c: Decimal
    kinetic_c: Decimal
    minutes_out: int
    verdict: str
    why: tuple[str, ...]
    usable: bool | None
    decision: str
    decider_name: str
    decided_at: datetime | None
    version: int


def logger_of(ticket_id: UUID) -> LoggerFact | None:
    """The readings of a delivery's logger; None where none are attached."""
    r = LoggerRecord.objects.filter(ticket_id=ticket_id).first()
    return logger_fact(r) if r else None


def logger_fact(r: LoggerRecord) -> LoggerFact:
    return LoggerFact(
        r.id,
        r.ticket_id,
        r.serial,
        tuple(r.times),
        tuple(r.celsius),
        r.storage,
        r.low_c,
        r.high_c,
        r.kinetic_c,
        r.minutes_out,
        r.verdict,
        tuple(r.why),
        r.usable,
        r.decision,
        r.decider_name,
        r.decided_at,
        r.version,
    )


@dataclass(frozen=True, slots=True)
class StopFact:
    """One stop of a route. ``arrival`` None: it is done, or it cannot be worked out where it is."""

    id: UUID
    position: int
    kind: str
    ticket_id: UUID | None
    return_id: UUID | None
    patient_id: UUID
    number: str
    state: str
    window_from: datetime
    window_to: datetime
    service_minutes: int
    planned_at: datetime | None
    done_at: datetime | None
    outcome: str
    holds_until: datetime | None
    place: planning.Place
    arrival: Arrival | None = None
    load: int = 0  # lines of the delivery, or how many are picked up
    cold_minutes: int | None = None  # how long it may be on the road once it leaves; None where nothing is cold


@dataclass(frozen=True, slots=True)
class RouteFact:
    """A driver's route of a day with its stops in order. ``approximate``: of some places only the ZIP code is known."""

    id: UUID
    site_id: UUID
    day: date
    name: str
    driver: UUID
    driver_name: str
    vehicle: str
    leaves_at: datetime
    version: int
    base: planning.Place
    stops: tuple[StopFact, ...]
    approximate: bool = False
    source: str = ""
    breaks: tuple[PlannedBreak, ...] = ()

    @property
    def late(self) -> tuple[StopFact, ...]:
        return tuple(s for s in self.stops if s.arrival and s.arrival.late)


def place_of(who: patients.PatientFact) -> planning.Place:
    """The home: where it is on the map if somebody said so, else the middle of its ZIP code."""
    return planning.place(who.name, who.address.zip, who.address.point)


def window_of(day: date, patient_id: UUID, ticket: DeliveryTicket | None = None) -> tuple[datetime, datetime]:
    """Between which moments a stop is wanted: as agreed on the call, else the house's hours; by the patient's clock."""
    zone, (first, last) = ZoneInfo(patients.timezone(patient_id)), window()
    if ticket is not None and ticket.window_from and ticket.window_to:
        first, last = ticket.window_from, ticket.window_to
    return _at(day, first, zone), _at(day, last, zone)


def _at(day: date, clock: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, clock, tzinfo=zone)


def routes_where(**where: Any) -> list[RouteFact]:
    """Routes with their stops in order, each stop with when it is reached; in a handful of queries."""
    routes = list(DeliveryRoute.objects.filter(**where).order_by("day", "name"))
    stops: dict[UUID, list[Stop]] = defaultdict(list)
    for stop in Stop.objects.filter(route__in=routes).select_related("ticket", "coming_back").order_by("position"):
        stops[stop.route_id].append(stop)
    people = patients.patients(list({_patient(s) for held in stops.values() for s in held}))
    loads = loads_of(s.ticket_id for held in stops.values() for s in held if s.ticket_id)
    cold = cold_of(s.ticket for held in stops.values() for s in held if s.ticket and not s.ticket.holds_until)
    return [_timed(_route(r, stops[r.id], people, loads, cold)) for r in routes]


def _patient(s: Stop) -> UUID:
    thing = s.ticket or s.coming_back
    return thing.patient_id  # type: ignore[no-any-return]


def _route(
    r: DeliveryRoute, stops: Sequence[Stop], people: dict[UUID, patients.PatientFact], loads: dict[UUID, int],
    cold: dict[UUID, Cold],
) -> RouteFact:
    house = sites.pharmacy(r.site_id)
    made = tuple(
        StopFact(
            s.id,
            s.position,
            s.kind,
            s.ticket_id,
            s.coming_back_id,
            _patient(s),
            s.ticket.number if s.ticket else s.coming_back.text,
            (s.ticket or s.coming_back).state,
            s.window_from,
            s.window_to,
            s.service_minutes,
            s.planned_at,
            s.done_at,
            s.outcome,
            _holds(s.ticket),
            place_of(people[_patient(s)]),
            load=loads[s.ticket_id] if s.ticket_id else s.coming_back.quantity,
            cold_minutes=cold[s.ticket_id].minutes if s.ticket_id in cold else None,
        )
        for s in stops
    )
    return RouteFact(
        r.id,
        r.site_id,
        r.day,
        r.name,
        r.driver,
        r.driver_name,
        r.vehicle,
        r.leaves_at,
        r.version,
        planning.place(house.name, house.zip_code, house.point),
        made,
        breaks=breaks_in(r.breaks),
    )


def _holds(t: DeliveryTicket | None) -> datetime | None:
    return t.holds_until if t is not None and t.payload != "room" else None


def _timed(r: RouteFact) -> RouteFact:
    """The route with when each open stop is reached, from where the driver was last and not before now."""
    ahead = [s for s in r.stops if s.done_at is None]
    done = [s for s in r.stops if s.done_at is not None]
    known = [s for s in ahead if s.place.latitude]
    here = max(done, key=lambda s: s.done_at or r.leaves_at).place if done else r.base
    if not known or not here.latitude:
        return r
    try:
        ways = ways_at(r.site_id, r.day, [here, *(s.place for s in known)])
    except Malformed:
        return r
    start = max(r.leaves_at, now()) if not done else now()
    reached = arrivals(
        [StopAhead(n, s.window_from, s.window_to, s.service_minutes, s.holds_until) for n, s in enumerate(known, 1)],
        start,
        0,
        lambda a, b: ways.minutes[a][b],
        whole("warn_minutes"),
        [(b.starts_at, b.ends_at) for b in r.breaks],
    )
    at = {s.id: a for s, a in zip(known, reached, strict=True)}
    stops = tuple(replace(s, arrival=at.get(s.id)) for s in r.stops)
    return replace(r, stops=stops, approximate=ways.approximate, source=ways.source)


def loads_of(ids: Iterable[UUID]) -> dict[UUID, int]:
    found: dict[UUID, int] = defaultdict(int)
    for ticket_id in TicketLine.objects.filter(ticket_id__in=list(ids)).values_list("ticket_id", flat=True):
        found[ticket_id] += 1
    return found
