# SPDX-License-Identifier: Apache-2.0
"""The door of delivery: tickets, as frozen facts; and the writes."""
from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Q

from openinfusion.delivery import queries
from openinfusion.delivery.actions.call import answer_call, confirm_by_call, note_attempt, record_call
from openinfusion.delivery.actions.coming_back import advance_return, ask_back
from openinfusion.delivery.actions.concern import answer_concern
from openinfusion.delivery.actions.custody import pass_on
from openinfusion.delivery.actions.door_position import keep_door_position
from openinfusion.delivery.actions.fail import fail_delivery
from openinfusion.delivery.actions.hand_over import AtDoor, begin_care, hand_over
from openinfusion.delivery.actions.in_suite import hand_over_in_suite, ticket_given_whole
from openinfusion.delivery.actions.join import change_supply, join_ticket
from openinfusion.delivery.actions.logger import attach_readings, decide_excursion
from openinfusion.delivery.actions.pack import advance_ticket, choose_pack_out, put_in_logger
from openinfusion.delivery.actions.packing import add_service, advance_validation, end_service, enter_validation, set_door
from openinfusion.delivery.actions.pick import leave_short, pick_by_scan
from openinfusion.delivery.actions.roster import call_in_sick, end_driver_time, keep_vehicle, plan_driver_time
from openinfusion.delivery.actions.route import StopWanted, assign_route
from openinfusion.delivery.domain.carrier import Service
from openinfusion.delivery.domain.coming_back import Disposition, ReturnKind
from openinfusion.delivery.domain.failure import Failure, Identity, Next
from openinfusion.delivery.domain.logger import Reading as LoggerReading
from openinfusion.delivery.domain.pack_out import Lane, PackOut, choices, choose
from openinfusion.delivery.domain.pack_step import steps_of
from openinfusion.delivery.domain.question import Answer, Said, nothing_new, questions_for
from openinfusion.delivery.domain.refill_call import Answers, Attempt, OnHand
from openinfusion.delivery.domain.ticket import TICKET, TicketState
from openinfusion.delivery.domain.validation import Study
from openinfusion.delivery.models import DeliveryTicket, TicketLine
from openinfusion.delivery.permissions import READ
from openinfusion.delivery.queries import TicketFact, TicketLineFact
from openinfusion.delivery.queries.choice import StopWaiting, choice_of, waiting_for_route
from openinfusion.delivery.queries.coming import DrugComing, drug_coming
from openinfusion.delivery.queries.handed import HandedPackage, packages_handed
from openinfusion.delivery.queries.left_range import preparations_left_range
from openinfusion.delivery.queries.refill import Supply, supplies_of
from openinfusion.delivery.queries.road import RouteFact, StopFact, routes_where
from openinfusion.delivery.queries.roster import DriverOfDay, DriverShift, VehicleFact, drivers_of, vehicles
from openinfusion.delivery.queries.stops_done import StopDone, stops_done
from openinfusion.delivery.queries.waiting import concerns_waiting, excursions_waiting, returns_waiting, validations_waiting
from openinfusion.delivery.queries.ways import travel_at, ways_at
from openinfusion.kernel.local_day import day_of
from openinfusion.kernel.waiting import EVERYTHING, Ask, ChartRow, Hit, Waited, Waiting
from openinfusion.patients.public import PatientFact, patients
from openinfusion.platform.actor import Actor
from openinfusion.platform.house_day import house_today
from openinfusion.platform.models import Site
from openinfusion.platform.queue import waited, whose_turn
from openinfusion.platform.reading import Reading
from openinfusion.sites import public as sites

__all__ = [
    "Answer",
    "Answers",
    "AtDoor",
    "Attempt",
    "Disposition",
    "DriverOfDay",
    "DriverShift",
    "DrugComing",
    "Failure",
    "HandedOver",
    "HandedPackage",
    "Identity",
    "Lane",
    "LoggerReading",
    "Next",
    "OnHand",
    "PackOut",
    "ReturnKind",
    "RouteFact",
    "Said",
    "Service",
    "StopDone",
    "StopFact",
    "StopWaiting",
    "StopWanted",
    "Study",
    "Supplied",
    "Supply",
    "TicketFact",
    "TicketLineFact",
    "VehicleFact",
    "add_service",
    "advance_return",
    "advance_ticket",
    "advance_validation",
    "answer_call",
    "answer_concern",
    "ask_back",
    "assign_route",
    "attach_readings",
    "begin_care",
    "call_in_sick",
    "change_supply",
    "choice_of",
    "choose_pack_out",
    "confirm_by_call",
    "decide_excursion",
    "delivered_between",
    "drivers_of",
    "drug_coming",
    "end_driver_time",
    "end_service",
    "enter_validation",
    "fail_delivery",
    "find",
    "hand_over",
    "hand_over_in_suite",
    "handed_over",
    "join_ticket",
    "keep_door_position",
    "keep_vehicle",
    "leave_short",
    "note_attempt",
    "nothing_new",
    "on_chart",
    "pack_out_for",
    "pack_outs_for",
    "packages_handed",
    "pass_on",
    "pick_by_scan",
    "plan_driver_time",
    "preparations_left_range",
    "put_in_logger",
    "questions_for",
    "record_call",
    "routes_of",
    "set_door",
    "steps_of",
    "stops_done",
    "stops_waiting",
    "supplied",
    "supplied_days",
    "supplies_of",
    "ticket",
    "ticket_given_whole",
    "tickets_of",
    "tickets_of_patient",
    "travel_at",
    "vehicles",
    "waiting",
    "ways_at",
]


def ticket(ticket_id: UUID) -> TicketFact:
    """One delivery with its lines; NotFound otherwise."""
    return queries.ticket_of(ticket_id)


def tickets_of(therapy_id: UUID) -> list[TicketFact]:
    """All deliveries of a therapy."""
    return queries.tickets_where(therapy_id=therapy_id)


def supplied_days(therapy_id: UUID) -> int:
    """How many days of the therapy the delivered supplies cover."""
    covered = {
        (t.covers_first_on + timedelta(days=n))
        for t in tickets_of(therapy_id)
        if t.state == TicketState.DELIVERED.value and t.covers_first_on and t.covers_last_on
        for n in range((t.covers_last_on - t.covers_first_on).days + 1)
    }
    return len(covered)


def tickets_of_patient(patient_id: UUID) -> list[TicketFact]:
    return queries.tickets_where(patient_id=patient_id)


def delivered_between(first: date, last: date) -> list[TicketFact]:
    """Deliveries that arrived on these days, by the calendar of the pharmacy they left."""
    margin = timedelta(days=1)
    near = (datetime.combine(first - margin, time(0), UTC), datetime.combine(last + 2 * margin, time(0), UTC))
    found = queries.tickets_where(delivered_at__range=near, limit=100_000)
    zones = {i: ZoneInfo(zone) for i, zone in Site.objects.values_list("id", "timezone")}
    return [t for t in found if t.delivered_at and first <= t.delivered_at.astimezone(zones[t.site_id]).date() <= last]


def pack_outs_for(ticket_id: UUID, lane: Lane, hours: int = 0) -> tuple[PackOut, ...]:
    """The pack-outs on file that hold this ticket's contents on that lane."""
    t = queries.ticket_of(ticket_id)
    return choices(t.payload, lane, _last_by(t), hours)


def pack_out_for(ticket_id: UUID, lane: Lane, hours: int = 4) -> PackOut:
    """The pack-out to use; Refused when none lasts that long."""
    t = queries.ticket_of(ticket_id)
    return choose(t.payload, lane, _last_by(t), hours)


def _last_by(t: TicketFact) -> date:
    """The day on which its packing must hold: when it is needed, else the day of the site on which it was opened."""
    return t.need_by or day_of(t.since, sites.zone_of(t.site_id))


def routes_of(day: date, site_id: UUID | None = None) -> list[RouteFact]:
    """The routes of a day, of one site or of all, each with its stops in order and when they are reached."""
    return routes_where(day=day, **({"site_id": site_id} if site_id else {}))


def stops_waiting(day: date, site_id: UUID, last: date | None = None) -> list[StopWaiting]:
    """What may be driven on this day (or on one of the days up to ``last``) and is on no route: deliveries an own driver takes,

    and pick-ups. Never before the payer lets it come nor after what is at home runs out; what is late comes on the first day.

    Each with its place, its window, its minutes at the door, and how long its pack-out holds.
    """
    return waiting_for_route(day, site_id, last)


@dataclass(frozen=True, slots=True)
class Supplied:
    """A delivery that carried something: a preparation, or supplies picked for it. ``preparation_id`` is None for those."""

    ticket_id: UUID
    number: str
    state: str
    patient_id: UUID
    delivered_at: datetime | None
    preparation_id: UUID | None = None


_TICKETS = Reading(
    lambda among: DeliveryTicket.objects.filter(among("id")), "id", "number", "state", "patient_id", "delivered_at"
)
_CARRIED = Reading(
    lambda among: TicketLine.objects.filter(among("preparation_id")), "preparation_id", "ticket__id", "ticket__number",
    "ticket__state", "ticket__patient_id", "ticket__delivered_at",
)


def supplied(*, tickets: Iterable[UUID] = (), preparations: Iterable[UUID] = ()) -> list[Supplied]:
    """Of these ids those that are tickets, and the tickets that carried these preparations: where stock went in the end."""
    ids, made = list(tickets), list(preparations)
    found = [Supplied(t.id, t.number, t.state, t.patient_id, t.delivered_at) for t in _TICKETS(ids)] if ids else []
    return found + [
        Supplied(r[1], r[2], r[3], r[4], r[5], r[0]) for r in (_CARRIED(made) if made else ())
    ]


@dataclass(frozen=True, slots=True)
class HandedOver:
    """A delivery that reached its patient."""

    ticket_id: UUID
    number: str
    patient_id: UUID
    therapy_id: UUID
    delivered_at: datetime


def handed_over(since: datetime) -> list[HandedOver]:
    """What was delivered since then, in the order of time."""
    rows = DeliveryTicket.objects.filter(state=TicketState.DELIVERED.value, delivered_at__gte=since).order_by("delivered_at")
    return [HandedOver(r.id, r.number, r.patient_id, r.therapy_id, r.delivered_at) for r in rows if r.delivered_at]


def waiting(by: Actor, ask: Ask = EVERYTHING) -> Waited:
    """Deliveries that wait for somebody."""
    if not by.may(READ.code):
        return Waited()
    rows = DeliveryTicket.objects.filter(state__in=whose_turn(TICKET, ask))
    passed = Q(need_by__lt=house_today())
    tickets = waited(rows, ask, kind="Delivery", due="need_by", late=passed, make=_tickets_waiting)
    return tickets + concerns_waiting(ask) + excursions_waiting(ask) + returns_waiting(ask) + validations_waiting(ask)


def _tickets_waiting(rows: list[DeliveryTicket]) -> list[Waiting]:
    people = patients([r.patient_id for r in rows])
    return [
        Waiting(
            "delivery", "Delivery", r.id,
            f"{r.number}: {r.doses} doses, needed {r.need_by:%d-%b-%Y}" if r.need_by else r.number,
            people[r.patient_id].name if r.patient_id in people else "", r.state.replace("_", " "),
            TICKET.tone(TicketState(r.state)), TICKET.owner(TicketState(r.state)), r.made_at, f"/delivery/{r.id}/",
            _due(r, people.get(r.patient_id)),
        ) for r in rows
    ]


def _due(r: DeliveryTicket, who: PatientFact | None) -> datetime | None:
    """The afternoon of the day it is needed, where the patient lives."""
    if r.need_by is None or who is None:
        return None
    return datetime.combine(r.need_by, time(17), tzinfo=ZoneInfo(who.timezone))


def on_chart(patient_id: UUID, by: Actor) -> list[ChartRow]:
    """A patient's deliveries, for the chart."""
    if not by.may(READ.code):
        return []
    rows = DeliveryTicket.objects.filter(patient_id=patient_id).order_by("-made_at")[:50]
    return [
        ChartRow(
            "Delivery", r.number, r.state.replace("_", " "), TICKET.tone(TicketState(r.state)),
            f"{r.doses} doses, handed to {r.received_by}" if r.received_by else f"{r.doses} doses",
            f"/delivery/{r.id}/",
            r.delivered_at or r.made_at,
        ) for r in rows
    ]


def find(text: str, by: Actor) -> list[Hit]:
    """Deliveries by their number."""
    if not by.may(READ.code) or len(text.strip()) < 3:
        return []
    rows = DeliveryTicket.objects.filter(number__istartswith=text.strip())[:8]
    return [Hit("Delivery", r.number, r.state.replace("_", " "), f"/delivery/{r.id}/") for r in rows]
