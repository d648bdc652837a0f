# SPDX-License-Identifier: Apache-2.0
"""The road as JSON: questions and attempts of the call, failed deliveries, custody, loggers, routes, returns."""
from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.http import HttpRequest
from ninja import Schema

from openinfusion.delivery.actions.call import note_attempt
from openinfusion.delivery.actions.coming_back import advance_return, ask_back
from openinfusion.delivery.actions.concern import answer_concern
from openinfusion.delivery.actions.custody import pass_on
from openinfusion.delivery.actions.fail import fail_delivery
from openinfusion.delivery.actions.logger import attach_readings, decide_excursion
from openinfusion.delivery.actions.pick import leave_short
from openinfusion.delivery.actions.route import StopWanted, assign_route
from openinfusion.delivery.api.ticket import TicketOut, router
from openinfusion.delivery.domain.coming_back import Disposition, ReturnKind
from openinfusion.delivery.domain.custody import Handed
from openinfusion.delivery.domain.failure import Failure, Next
from openinfusion.delivery.domain.logger import Reading
from openinfusion.delivery.domain.question import Question, questions_for
from openinfusion.delivery.domain.refill_call import Attempt
from openinfusion.delivery.permissions import READ
from openinfusion.delivery.queries import TicketFact, ticket_of
from openinfusion.delivery.queries.choice import StopWaiting, waiting_for_route
from openinfusion.delivery.queries.refill import ConcernFact, concerns_of
from openinfusion.delivery.queries.road import (
    LoggerFact,
    ReturnFact,
    RouteFact,
    chain_of,
    logger_of,
    returns_where,
    routes_where,
)
from openinfusion.kernel.refusal import NotFound
from openinfusion.platform.api import Amount, Instant, Whole
from openinfusion.therapy.public import therapy


class QuestionOut(Schema):
    code: str
    text: str
    raised: str
    role: str


class AttemptIn(Schema):
    outcome: Attempt
    again_at: Instant | None = None
    note: str = ""


class ConcernOut(Schema):
    id: UUID
    code: str
    role: str
    text: str
    state: str
    answer: str
    answerer_name: str


class ReasonIn(Schema):
    reason: str


class ShortIn(Schema):
    line_id: UUID
    now_quantity: Whole


class FailIn(Schema):
    failure: Failure
    then_do: Next
    note: str = ""


class HandedOut(Schema):
    at: datetime
    giver: str
    taker: str
    where: str
    seal: str
    seal_intact: bool | None
    note: str


class PassOnIn(Schema):
    to_driver: UUID
    place: str
    seal_intact: bool | None = None
    note: str = ""


class ReadingIn(Schema):
    at: Instant
    celsius: Amount


class LoggerIn(Schema):
    serial: str
    readings: list[ReadingIn]


class LoggerOut(Schema):
    id: UUID
    serial: str
    storage: str
    low_c: Decimal
    high_c: Decimal
    kinetic_c: Decimal
    minutes_out: int
    verdict: str
    why: list[str]
    usable: bool | None
    decision: str
    decider_name: str


class DecisionIn(Schema):
    usable: bool
    reason: str


class PlaceOut(Schema):
    name: str
    latitude: str
    longitude: str
    approximate: bool


class ArrivalOut(Schema):
    at: datetime
    left_at: datetime
    late: list[str]
    tight: list[str]


class StopOut(Schema):
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
    arrival: ArrivalOut | None


class BreakOut(Schema):
    """A break that a plan gives the driver; nobody records whether it is taken."""

    starts_at: datetime
    ends_at: datetime
    why: str


class RouteOut(Schema):
    id: UUID
    site_id: UUID
    day: date
    name: str
    driver: UUID
    driver_name: str
    vehicle: str
    leaves_at: datetime
    version: int
    approximate: bool
    source: str
    stops: list[StopOut]
    breaks: list[BreakOut]


class StopWaitingOut(Schema):
    kind: str
    ticket_id: UUID | None
    return_id: UUID | None
    patient_id: UUID
    number: str
    state: str
    place: PlaceOut
    window_from: datetime
    window_to: datetime
    service_minutes: int
    cold_minutes: int | None
    load: int


class StopIn(Schema):
    ticket_id: UUID | None = None
    return_id: UUID | None = None
    window_from: Instant | None = None
    window_to: Instant | None = None
    service_minutes: Whole | None = None
    planned_at: Instant | None = None


class RouteIn(Schema):
    site_id: UUID
    day: date
    name: str
    driver_id: UUID
    leaves_at: Instant
    vehicle: str = ""
    route_id: UUID | None = None
    stops: list[StopIn]


class ReturnOut(Schema):
    id: UUID
    patient_id: UUID
    ticket_id: UUID | None
    kind: str
    text: str
    quantity: int
    pump_id: UUID | None
    wanted_on: date
    state: str
    disposition: str
    note: str


class ReturnIn(Schema):
    patient_id: UUID
    site_id: UUID
    kind: ReturnKind
    wanted_on: date
    text: str = ""
    quantity: Whole = 1
    pump_id: UUID | None = None
    ticket_id: UUID | None = None
    note: str = ""


class ReturnStepIn(Schema):
    reason: str = ""
    disposition: Disposition | None = None


@router.get("/tickets/{ticket_id}/questions", response=list[QuestionOut])
def question_list(request: HttpRequest, ticket_id: UUID) -> tuple[Question, ...]:
    """What is asked on the call before this delivery."""
    request.actor.must(READ)  # type: ignore[attr-defined]
    return questions_for(therapy(ticket_of(ticket_id).therapy_id).therapy_class)


@router.post("/tickets/{ticket_id}/attempts", response=TicketOut)
def attempt(request: HttpRequest, ticket_id: UUID, given: AttemptIn) -> TicketFact:
    """A call that reached nobody."""
    note_attempt(ticket_id=ticket_id, by=request.actor, **given.dict())  # type: ignore[attr-defined]
    return ticket_of(ticket_id)


@router.get("/tickets/{ticket_id}/concerns", response=list[ConcernOut])
def concern_list(request: HttpRequest, ticket_id: UUID) -> list[ConcernFact]:
    """Answers of the call that somebody looks at."""
    request.actor.must(READ)  # type: ignore[attr-defined]
    return concerns_of(ticket_id)


@router.post("/concerns/{concern_id}/steps/{step}", response=TicketOut)
def concern_step(request: HttpRequest, concern_id: UUID, step: str, given: ReasonIn) -> TicketFact:
    """Let the delivery go (``clear``) or hold it (``stop``)."""
    return ticket_of(answer_concern(concern_id=concern_id, step=step, reason=given.reason, by=request.actor))  # type: ignore[attr-defined]


@router.post("/tickets/{ticket_id}/short", response=TicketOut)
def short(request: HttpRequest, ticket_id: UUID, given: ShortIn) -> TicketFact:
    """Send fewer of a supply now; the answer is the delivery that brings the rest."""
    return ticket_of(leave_short(ticket_id=ticket_id, by=request.actor, **given.dict()))  # type: ignore[attr-defined]


@router.post("/tickets/{ticket_id}/failed", response=TicketOut)
def failed(request: HttpRequest, ticket_id: UUID, given: FailIn) -> TicketFact:
    """It could not be delivered: why, and what is done now."""
    fail_delivery(ticket_id=ticket_id, by=request.actor, **given.dict())  # type: ignore[attr-defined]
    return ticket_of(ticket_id)


@router.get("/tickets/{ticket_id}/custody", response=list[HandedOut])
def custody(request: HttpRequest, ticket_id: UUID) -> list[Handed]:
    """Who had it, from the bench on."""
    request.actor.must(READ)  # type: ignore[attr-defined]
    return chain_of(ticket_id)


@router.post("/tickets/{ticket_id}/custody", response=list[HandedOut])
def hand_on(request: HttpRequest, ticket_id: UUID, given: PassOnIn) -> list[Handed]:
    """A driver gives it to another driver."""
    pass_on(ticket_id=ticket_id, by=request.actor, **given.dict())  # type: ignore[attr-defined]
    return chain_of(ticket_id)


@router.get("/tickets/{ticket_id}/logger", response=LoggerOut)
def logger_one(request: HttpRequest, ticket_id: UUID) -> LoggerFact:
    """What the logger measured and what it means."""
    request.actor.must(READ)  # type: ignore[attr-defined]
    found = logger_of(ticket_id)
    if found is None:
        raise NotFound("logger readings")
    return found


@router.post("/tickets/{ticket_id}/logger", response=LoggerOut)
def logger_attach(request: HttpRequest, ticket_id: UUID, given: LoggerIn) -> LoggerFact | None:
    """Attach a logger's readings; times carry their zone."""
    readings = [Reading(r.at, r.celsius) for r in given.readings]
    attach_readings(ticket_id=ticket_id, serial=given.serial, readings=readings, by=request.actor)  # type: ignore[attr-defined]
    return logger_of(ticket_id)


@router.post("/loggers/{record_id}/decision", response=LoggerOut)
def logger_decide(request: HttpRequest, record_id: UUID, given: DecisionIn) -> LoggerFact | None:
    """A pharmacist decides about what left its range; needs the header X-Signature."""
    return logger_of(decide_excursion(record_id=record_id, by=request.actor, **given.dict()))  # type: ignore[attr-defined]


@router.get("/routes", response=list[RouteOut])
def route_list(request: HttpRequest, day: date, site_id: UUID | None = None) -> list[RouteFact]:
    """Routes of a day with their stops in order and when they are reached."""
    request.actor.must(READ)  # type: ignore[attr-defined]
    return routes_where(day=day, **({"site_id": site_id} if site_id else {}))


@router.get("/stops-waiting", response=list[StopWaitingOut])
def stops_waiting(request: HttpRequest, day: date, site_id: UUID) -> list[StopWaiting]:
    """What wants to be driven on a day and is on no route."""
    request.actor.must(READ)  # type: ignore[attr-defined]
    return waiting_for_route(day, site_id)


@router.post("/routes", response=RouteOut)
def route_assign(request: HttpRequest, given: RouteIn) -> RouteFact:
    """Make a route, or with ``route_id`` change one: driver, vehicle, the order of its open stops."""
    said = given.dict()
    said["stops"] = tuple(StopWanted(**s) for s in said["stops"])
    made = assign_route(by=request.actor, **said)  # type: ignore[attr-defined]
    return routes_where(id=made)[0]


@router.get("/returns", response=list[ReturnOut])
def return_list(request: HttpRequest, state: str = "") -> list[ReturnFact]:
    """What comes back; of a state if one is given."""
    request.actor.must(READ)  # type: ignore[attr-defined]
    return returns_where(**({"state": state} if state else {}))


@router.post("/returns", response=ReturnOut)
def return_ask(request: HttpRequest, given: ReturnIn) -> ReturnFact:
    """Ask for something to be picked up."""
    return returns_where(id=ask_back(by=request.actor, **given.dict()))[0]  # type: ignore[attr-defined]


@router.post("/returns/{return_id}/steps/{step}", response=ReturnOut)
def return_step(request: HttpRequest, return_id: UUID, step: str, given: ReturnStepIn) -> ReturnFact:
    """Collect it, say that it was not given, or receive it."""
    advance_return(return_id=return_id, step=step, by=request.actor, **given.dict())  # type: ignore[attr-defined]
    return returns_where(id=return_id)[0]
