# SPDX-License-Identifier: Apache-2.0
"""The board of the desk: what is late, who has what, whether the cold chain holds; and the calls that are due."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from openinfusion.delivery.domain.ticket import TICKET, TicketState
from openinfusion.delivery.models import DeliveryTicket
from openinfusion.delivery.queries import TicketFact, tickets_where
from openinfusion.delivery.queries.packing import services
from openinfusion.delivery.queries.refill import Supply, supplies_of
from openinfusion.delivery.queries.road import StopFact, routes_where
from openinfusion.patients.public import PatientFact, patients
from openinfusion.platform.clock import now
from openinfusion.platform.house_day import house_today
from openinfusion.sites import public as sites

_S = TicketState
LOOKS = {
    "": "All",
    "late": "Late",
    "cold": "Cold chain in doubt",
    "out": "Out now",
    "carrier": "By carrier",
    "unassigned": "On no route",
}
_UNDER_WAY = frozenset({_S.DISPATCHED.value, _S.FAILED.value})
_BEFORE = frozenset({_S.CONFIRMED.value, _S.PICKED.value, _S.PACKED.value, _S.RPH_CHECKED.value})


@dataclass(frozen=True, slots=True)
class BoardRow:
    """One delivery on the board. ``risk``: why it is late or will be; ``cold``: what is known of its cold chain."""

    id: UUID
    number: str
    patient: str
    state: str
    tone: str
    need_by: date | None
    late: bool
    doses: int
    items: int
    payload: str
    address: str
    holder: str
    risk: str
    cold: str
    cold_tone: str


@dataclass(frozen=True, slots=True)
class BoardPage:
    rows: tuple[BoardRow, ...]
    counts: tuple[tuple[str, int], ...]
    state: str
    look: str
    looks: tuple[tuple[str, str], ...]
    text: str
    query: str


def board_page(state: str, look: str = "", text: str = "") -> BoardPage:
    rows = tuple(r for r in board_rows(state, text) if _looked_for(r, look))
    query = "&".join(f"{k}={v}" for k, v in (("state", state), ("look", look), ("q", text)) if v)
    return BoardPage(rows, _counts(), state, look, tuple(LOOKS.items()), text, query)


def board_rows(state: str, text: str = "") -> list[BoardRow]:
    """Deliveries of a state, or all that are open; of a patient or number where a text is given."""
    wanted = [state] if state in {s.value for s in _S} else [s.value for s in _S if TICKET.owner(s)]
    found = tickets_where(state__in=wanted)
    people = patients([t.patient_id for t in found])
    ahead = _ahead(found)
    carriers = {s.id: str(s) for _, s in services(ended=True)} if any(t.road.service_id for t in found) else {}
    rows = [_row(t, people.get(t.patient_id), ahead.get(t.id), carriers) for t in found]
    words = text.lower().split()
    return [r for r in rows if all(w in f"{r.number} {r.patient} {r.address} {r.holder}".lower() for w in words)]


def _ahead(found: list[TicketFact]) -> dict[UUID, tuple[str, StopFact]]:
    """The stop and the route of each delivery that is on one."""
    if not any(t.road.stop_id for t in found):
        return {}
    near = house_today() - timedelta(days=2), house_today() + timedelta(days=8)  # a site may be a day apart from the house
    return {
        s.ticket_id: (f"{r.name}, {r.driver_name}", s)
        for r in routes_where(day__range=near)
        for s in r.stops
        if s.ticket_id and s.done_at is None
    }


def _row(t: TicketFact, who: PatientFact | None, stop: tuple[str, StopFact] | None, carriers: dict[UUID, str]) -> BoardRow:
    at = now()
    today = at.astimezone(ZoneInfo(sites.zone_of(t.site_id))).date()
    passed = bool(t.need_by and t.need_by < today and TICKET.owner(_S(t.state)))
    reached = stop[1].arrival if stop else None
    risk = "; ".join(
        (*(("past its day",) if passed else ()), *(reached.late if reached else ()), *(reached.tight if reached else ()))
    )
    cold, tone = _cold(t, at)
    holder = (
        t.driver_name
        if t.state in _UNDER_WAY
        else carriers.get(t.road.service_id, "")
        if t.road.service_id
        else stop[0]
        if stop
        else ""
    )
    return BoardRow(
        t.id,
        t.number,
        who.name if who else "",
        t.state,
        TICKET.tone(_S(t.state)),
        t.need_by,
        passed or bool(reached and reached.late),
        t.doses,
        len(t.lines),
        t.payload.value,
        t.address,
        holder,
        risk,
        cold,
        tone,
    )


def _cold(t: TicketFact, at: datetime) -> tuple[str, str]:
    """What is known of a delivery's cold chain, and its colour; nothing where it need not be cold."""
    verdicts = {
        "fine": ("logger: in range", "ok"),
        "borne": ("logger: within what it bears", "ok"),
        "usable": ("left range, usable", "warn"),
        "unusable": ("not usable", "crit"),
        "excursion": ("left range, to decide", "crit"),
    }
    if t.road.logger_verdict:
        return verdicts[t.road.logger_verdict]
    if t.payload.value == "room":
        return "", ""
    if t.state in _UNDER_WAY and t.road.holds_until is not None:
        left = int((t.road.holds_until - at).total_seconds() // 60)
        return (f"{left // 60} h {left % 60} min left", "ok" if left > 60 else "warn") if left > 0 else ("pack-out ended", "crit")
    if t.arrived_c is not None:
        return f"{t.arrived_c} °C on arrival", "idle"
    return ("validated", "ok") if t.road.validation_id else ("no pack-out yet", "idle")


def _looked_for(r: BoardRow, look: str) -> bool:
    return {
        "late": r.late,
        "cold": r.cold_tone in {"crit", "warn"},
        "out": r.state in _UNDER_WAY,
        "carrier": bool(r.holder) and r.state in _BEFORE and ", " not in r.holder,
        "unassigned": r.state in _BEFORE and not r.holder,
    }.get(look, True)


def _counts() -> tuple[tuple[str, int], ...]:
    found = dict.fromkeys((s.value for s in _S), 0)
    for state in DeliveryTicket.objects.values_list("state", flat=True):
        found[state] += 1
    return tuple(found.items())


@dataclass(frozen=True, slots=True)
class CallRow:
    """A call that is due."""

    id: UUID
    number: str
    patient: str
    phone: str
    state: str
    tone: str
    need_by: date | None
    supply: Supply | None
    days_left: int | None
    attempts: int
    again_at: datetime | None
    concerns: int
    zone: str


@dataclass(frozen=True, slots=True)
class CallsPage:
    """Calls by when the supply at home runs out; those somebody said to make later stand last."""

    rows: tuple[CallRow, ...]
    show: str
    count: int


def calls_page(show: str) -> CallsPage:
    rows = call_rows()
    picked = [
        r
        for r in rows
        if {
            "now": r.again_at is None or r.again_at <= now(),
            "later": bool(r.again_at and r.again_at > now()),
            "held": r.concerns > 0,
        }.get(show, True)
    ]
    return CallsPage(tuple(picked), show, len(rows))


def call_rows() -> list[CallRow]:
    found = tickets_where(state__in=[_S.DRAFT.value, _S.PRE_DELIVERY_ASSESSMENT.value])
    people, supplies = patients([t.patient_id for t in found]), supplies_of([t.therapy_id for t in found])
    rows = [_call_row(t, people[t.patient_id], supplies.get(t.therapy_id)) for t in found if t.patient_id in people]
    far = date.max
    return sorted(
        rows, key=lambda r: (bool(r.again_at and r.again_at > now()), r.supply.last if r.supply else r.need_by or far, r.number)
    )


def _call_row(t: TicketFact, who: PatientFact, supply: Supply | None) -> CallRow:
    left = (supply.last - now().astimezone(ZoneInfo(who.timezone)).date()).days if supply else None
    return CallRow(
        t.id,
        t.number,
        who.name,
        who.phone,
        t.state,
        TICKET.tone(_S(t.state)),
        t.need_by,
        supply,
        left,
        t.road.call_attempts,
        t.road.call_again_at,
        t.road.open_concerns,
        who.timezone,
    )
