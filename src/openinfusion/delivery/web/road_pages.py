# SPDX-License-Identifier: Apache-2.0
"""Routes of a day at the desk and on the driver's phone: stops in order, late risk, a plain map."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

from openinfusion.delivery.domain.roster import StopTime
from openinfusion.delivery.domain.ticket import TicketState
from openinfusion.delivery.permissions import DISPATCH
from openinfusion.delivery.queries.choice import StopWaiting, waiting_for_route
from openinfusion.delivery.queries.road import RouteFact, StopFact, routes_where
from openinfusion.delivery.queries.roster import route_reasons
from openinfusion.delivery.web.pages import DriverRow, driver_rows, drivers, to_map
from openinfusion.delivery.web.road_forms import RouteForm
from openinfusion.patients.public import PatientFact, patients
from openinfusion.platform.actor import Actor
from openinfusion.platform.clock import now
from openinfusion.platform.house_day import house_today
from openinfusion.sites import public as sites

_S = TicketState
WIDTH, HEIGHT, EDGE = 320, 200, 16


@dataclass(frozen=True, slots=True)
class Dot:
    """A place on the plain map: the numbers of what is still to do there and where it is drawn, in pixels."""

    label: str
    x: int
    y: int
    done: bool
    late: bool

    @property
    def width(self) -> int:
        """Wide enough for its numbers."""
        return max(18, 8 + 6 * len(self.label))

    @property
    def left(self) -> int:
        return min(max(self.x - self.width // 2, 0), WIDTH - self.width)

    @property
    def middle(self) -> int:
        return self.left + self.width // 2

    @property
    def top(self) -> int:
        return self.y - 9


@dataclass(frozen=True, slots=True)
class StopRow:
    """A stop as it is shown."""

    fact: StopFact
    patient: str
    address: str
    phone: str
    to_map: str
    is_next: bool


@dataclass(frozen=True, slots=True)
class RouteView:
    """A route with its stops and its map."""

    fact: RouteFact
    stops: tuple[StopRow, ...]
    dots: tuple[Dot, ...]
    line: str
    zone: str
    done: int
    away: tuple[str, ...] = ()  # why its driver cannot drive what is still open


def route_view(r: RouteFact, people: dict[UUID, PatientFact], away: Sequence[str] = ()) -> RouteView:
    ahead = next((s.id for s in r.stops if s.done_at is None), None)
    stops = tuple(_stop_row(s, people[s.patient_id], s.id == ahead) for s in r.stops)
    dots = _dots(r)
    return RouteView(r, stops, _one_a_place(dots), " ".join(f"{d.x},{d.y}" for d in dots), sites.zone_of(r.site_id),
                     sum(1 for s in r.stops if s.done_at is not None), tuple(away))


def _stop_row(s: StopFact, who: PatientFact, is_next: bool) -> StopRow:
    return StopRow(s, who.name, str(who.address), who.phone, to_map(str(who.address)), is_next)


def _dots(r: RouteFact) -> tuple[Dot, ...]:
    """The base and the stops on a plane, north up; none where fewer than two different places are known."""
    known = [("", r.base, False, False), *(
        (str(s.position), s.place, s.done_at is not None, bool(s.arrival and s.arrival.late)) for s in r.stops)]
    known = [k for k in known if k[1].latitude]
    if len({(k[1].latitude, k[1].longitude) for k in known}) < 2:
        return ()
    x = [Decimal(k[1].longitude) for k in known]
    y = [Decimal(k[1].latitude) for k in known]
    return tuple(Dot(k[0], _scaled(px, x, WIDTH), HEIGHT - _scaled(py, y, HEIGHT), k[2], k[3])
                 for k, px, py in zip(known, x, y, strict=True))


def _one_a_place(dots: Sequence[Dot]) -> tuple[Dot, ...]:
    """Stops drawn at one point share a mark, so that none hides another; the pharmacy is a house."""
    there: dict[tuple[int, int], list[Dot]] = {}
    for d in dots:
        there.setdefault((d.x, d.y), []).append(d)
    return tuple(
        Dot(", ".join(d.label or "⌂" for d in same if not d.done), x, y, all(d.done for d in same), any(d.late for d in same))
        for (x, y), same in there.items()
    )


def _scaled(value: Decimal, among: Sequence[Decimal], size: int) -> int:
    span = max(among) - min(among)
    if not span:
        return size // 2
    return int(EDGE + (value - min(among)) / span * (size - 2 * EDGE))


@dataclass(frozen=True, slots=True)
class DriverPage:
    """A driver's stops, for a phone: the own routes of today first, then what stands on none."""

    routes: tuple[RouteView, ...]
    out: tuple[DriverRow, ...]
    ready: tuple[DriverRow, ...]
    unsent: bool = True


def driver_page(by: Actor) -> DriverPage:
    near = house_today() - timedelta(days=2), house_today() + timedelta(days=1)  # yesterday of every site, however far west
    mine = [r for r in routes_where(day__range=near, driver=by.id) if _is_today(r)]
    people = patients([s.patient_id for r in mine for s in r.stops])
    on_route = {s.ticket_id for r in mine for s in r.stops if s.ticket_id and s.done_at is None}
    return DriverPage(
        tuple(route_view(r, people) for r in mine), driver_rows([_S.DISPATCHED.value], on_route),
        driver_rows([_S.RPH_CHECKED.value], on_route),
    )


def _is_today(r: RouteFact) -> bool:
    """Today's, and yesterday's that is not finished."""
    today = now().astimezone(ZoneInfo(sites.zone_of(r.site_id))).date()
    return r.day == today or (r.day < today and any(s.done_at is None for s in r.stops))


@dataclass(frozen=True, slots=True)
class WaitingStop:
    fact: StopWaiting
    patient: str
    key: str


@dataclass(frozen=True, slots=True)
class SiteRoutes:
    """The routes of one site and what wants to be driven."""

    site_id: UUID
    name: str
    zone: str
    routes: tuple[RouteView, ...]
    waiting: tuple[WaitingStop, ...]
    form: RouteForm | None


@dataclass(frozen=True, slots=True)
class RoutesPage:
    day: date
    before: date
    after: date
    sites: tuple[SiteRoutes, ...]
    may_assign: bool


def routes_page(day: date, by: Actor) -> RoutesPage:
    places = [p for p in sites.pharmacies() if p.kind != "suite"]
    may = by.may(DISPATCH.code)
    return RoutesPage(day, day - timedelta(days=1), day + timedelta(days=1),
                      tuple(_site_routes(p.id, p.name, p.timezone, day, may) for p in places), may)


def _site_routes(site_id: UUID, name: str, zone: str, day: date, may: bool) -> SiteRoutes:
    routes, waiting = routes_where(day=day, site_id=site_id), waiting_for_route(day, site_id)
    people = patients([*(s.patient_id for r in routes for s in r.stops), *(w.patient_id for w in waiting)])
    form = RouteForm(people=drivers(), initial={"leaves": "08:00", "name": chr(ord("A") + min(len(routes), 25))}) if may else None
    return SiteRoutes(
        site_id, name, zone, tuple(route_view(r, people, _away(r)) for r in routes),
        tuple(WaitingStop(w, people[w.patient_id].name, key_of(w)) for w in waiting), form,
    )


def _away(r: RouteFact) -> list[str]:
    """Why the driver of a route cannot drive what is still to be done on it: off, ill, no shift, no licence."""
    ahead = [s for s in r.stops if s.done_at is None]
    if not ahead or all(s.window_to < now() for s in ahead):
        return []
    times = [StopTime(s.window_from, s.window_to, s.planned_at, s.service_minutes) for s in ahead]
    return [str(reason) for reason in route_reasons(r.driver, r.driver_name, r.day, max(r.leaves_at, now()), times)]


def key_of(w: StopWaiting) -> str:
    """How a form names a stop that waits."""
    return f"{w.kind}:{w.ticket_id or w.return_id}"
