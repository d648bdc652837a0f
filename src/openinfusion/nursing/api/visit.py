# SPDX-License-Identifier: Apache-2.0
"""Nursing as JSON: visits, offers, the infusion record, steps."""
from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal
from uuid import UUID

from django.http import HttpRequest
from ninja import Schema

from openinfusion.nursing.actions.assign import assign_visit
from openinfusion.nursing.actions.rate_plan import name_rate_plan
from openinfusion.nursing.actions.reaction import tell_prescriber
from openinfusion.nursing.actions.record import VisitEntries, write_record
from openinfusion.nursing.actions.schedule import choose_days, offer_visit, request_visit, wish_hours
from openinfusion.nursing.actions.second import advance_second, ask_for_second, offer_second
from openinfusion.nursing.actions.series import request_series
from openinfusion.nursing.actions.steps import advance_visit, report_miss
from openinfusion.nursing.api.router import router
from openinfusion.nursing.domain.infusion_record import RateStep, ReactionKind, Vitals
from openinfusion.nursing.domain.rate_stop import RatePlan
from openinfusion.nursing.models import NurseVisit, Reaction
from openinfusion.nursing.permissions import READ
from openinfusion.nursing.public import visit, visits_of
from openinfusion.nursing.queries import VisitFact, visits_where
from openinfusion.nursing.queries.rate_plans import rate_plans
from openinfusion.platform.action import fetch
from openinfusion.platform.api import Amount, Instant, Whole


class SecondOut(Schema):
    """The second place of a visit that needs two nurses. Who refused it is not its ``nurse``."""

    id: UUID
    state: str
    why: str
    note: str
    nurse: UUID | None
    nurse_name: str
    signed_at: datetime | None
    version: int
    refuser_name: str


class WishOut(Schema):
    """When the patient would like it to begin, by the clock there."""

    earliest: time | None
    by: time | None


class VisitOut(Schema):
    id: UUID
    number: str
    state: str
    patient_id: UUID
    therapy_id: UUID
    purpose: str
    nurse: UUID | None
    nurse_name: str
    planned_start: datetime | None
    planned_end: datetime | None
    started_at: datetime | None
    ended_at: datetime | None
    minutes: int
    reaction: str
    type_code: str
    version: int
    earliest_on: date | None
    latest_on: date | None
    wish: WishOut
    second: SecondOut | None = None


class RequestIn(Schema):
    therapy_id: UUID
    purpose: str
    prescription_id: UUID | None = None
    infuses: bool = True
    visit_type: str = "general"
    earliest_on: date | None = None
    latest_on: date | None = None
    wished_from: time | None = None
    wished_by: time | None = None
    second_why: str = ""
    second_note: str = ""


class SeriesIn(Schema):
    """``times`` visits every so many days; the days given are those of the first, the others have as many."""

    therapy_id: UUID
    purpose: str
    times: Whole
    every_days: Whole
    earliest_on: date
    latest_on: date | None = None
    prescription_id: UUID | None = None
    infuses: bool = True
    visit_type: str = "general"
    second_why: str = ""
    second_note: str = ""
    wished_from: time | None = None
    wished_by: time | None = None


class DaysIn(Schema):
    """Any of these days will do; both left out takes the choice back."""

    earliest_on: date | None = None
    latest_on: date | None = None
    version: Whole | None = None


class WishIn(Schema):
    """When the patient would like it to begin, by the clock there; both left out takes it back."""

    wished_from: time | None = None
    wished_by: time | None = None
    version: Whole | None = None


class OfferIn(Schema):
    nurse_id: UUID
    planned_start: Instant
    planned_end: Instant


class AssignIn(OfferIn):
    """``second_id``: who has the second place, where the visit needs two."""

    second_id: UUID | None = None


class SecondIn(Schema):
    """``why``: double_check, turning, unsafe_address or training."""

    why: str
    note: str = ""


class SecondOfferIn(Schema):
    nurse_id: UUID


class StepIn(Schema):
    """``at``: when it was done, where a phone tells it later."""

    reason: str = ""
    at: Instant | None = None


class MissIn(Schema):
    kind: str
    reason_code: str
    next_step: str
    told: list[str]
    text: str = ""


class ToldIn(Schema):
    """``resume_ml_per_h``: up to which rate the prescriber lets it be raised again; null: it is held."""

    how: str
    resume_ml_per_h: Amount | None = None


class ReactionOut(Schema):
    id: UUID
    visit_id: UUID
    kind: str
    grade: int
    text: str
    done: str
    seen_at: datetime
    prescriber_told_at: datetime | None
    resume_ml_per_h: Decimal | None


class RatePlanOut(Schema):
    """Rising rates in mL/h; each lasts ``step_minutes`` at least."""

    code: str
    label: str
    rates: list[Decimal]
    step_minutes: int
    source: str


class RatePlanIn(Schema):
    plan: str


class RateIn(Schema):
    at: Instant
    rate_ml_per_h: Amount


class VitalsIn(Schema):
    at: Instant
    temperature_c: Amount
    pulse_per_min: Whole
    respirations_per_min: Whole
    systolic_mmhg: Whole
    diastolic_mmhg: Whole
    spo2_percent: Whole | None = None


class RecordIn(Schema):
    """Parts of the record; what is left out stays as it is. Rates and vitals are added.

    ``rate_plan``: by whose rate steps the rates run. ``despite``: why rates that something speaks against were run all the same.
    """

    identifiers: list[str] | None = None
    line_site: str | None = None
    line_note: str | None = None
    line_flushes: bool | None = None
    line_blood_return: bool | None = None
    reaction: ReactionKind | None = None
    reaction_text: str | None = None
    reaction_grade: Whole | None = None
    reaction_action: str | None = None
    taught: list[str] | None = None
    taught_back: bool | None = None
    waste_text: str | None = None
    wasted_ml: Amount | None = None
    note: str | None = None
    started_at: Instant | None = None
    ended_at: Instant | None = None
    rates: list[RateIn] = []
    rate_plan: str = ""
    despite: str = ""
    vitals: list[VitalsIn] = []


@router.get("/visits", response=list[VisitOut])
def visit_list(request: HttpRequest, state: str = "", therapy_id: UUID | None = None) -> list[VisitFact]:
    """Visits by their time; of a state or a therapy if one is given."""
    request.actor.must(READ)  # type: ignore[attr-defined]
    if therapy_id is not None:
        return visits_of(therapy_id)
    return visits_where(states=[state] if state else [])


@router.post("/visits", response=VisitOut)
def visit_request(request: HttpRequest, wanted: RequestIn) -> VisitFact:
    """Ask for a visit."""
    return visit(request_visit(by=request.actor, **wanted.dict()))  # type: ignore[attr-defined]


@router.get("/visits/{visit_id}", response=VisitOut)
def visit_one(request: HttpRequest, visit_id: UUID) -> VisitFact:
    """One visit."""
    request.actor.must(READ)  # type: ignore[attr-defined]
    return visit(visit_id)


@router.post("/series", response=list[VisitOut])
def series(request: HttpRequest, wanted: SeriesIn) -> list[VisitFact]:
    """Ask for visits that come back, each with its own choice of days."""
    return [visit(id) for id in request_series(by=request.actor, **wanted.dict())]  # type: ignore[attr-defined]


@router.post("/visits/{visit_id}/days", response=VisitOut)
def days(request: HttpRequest, visit_id: UUID, wanted: DaysIn) -> VisitFact:
    """Say which days will do for a visit that nobody is offered yet."""
    return visit(choose_days(visit_id=visit_id, by=request.actor, **wanted.dict()))  # type: ignore[attr-defined]


@router.post("/visits/{visit_id}/wish", response=VisitOut)
def wish(request: HttpRequest, visit_id: UUID, wanted: WishIn) -> VisitFact:
    """Write down when the patient would like it to begin."""
    return visit(wish_hours(visit_id=visit_id, by=request.actor, **wanted.dict()))  # type: ignore[attr-defined]


@router.post("/visits/{visit_id}/offer", response=VisitOut)
def offer(request: HttpRequest, visit_id: UUID, to: OfferIn) -> VisitFact:
    """Offer it to a nurse; refused with every reason why this nurse may not."""
    offer_visit(visit_id=visit_id, by=request.actor, **to.dict())  # type: ignore[attr-defined]
    return visit(visit_id)


@router.post("/visits/{visit_id}/record", response=VisitOut)
def record(request: HttpRequest, visit_id: UUID, said: RecordIn) -> VisitFact:
    """Write into the record of a visit in progress."""
    given = said.dict(exclude={"rates", "vitals", "rate_plan", "despite"})
    for name in ("identifiers", "taught"):
        given[name] = tuple(given[name]) if given[name] is not None else None
    write_record(
        visit_id=visit_id, entries=VisitEntries(**given), rates=[RateStep(r.at, r.rate_ml_per_h) for r in said.rates],
        vitals=[Vitals(**v.dict()) for v in said.vitals], rate_plan=said.rate_plan, despite=said.despite, by=request.actor,  # type: ignore[attr-defined]
    )
    return visit(visit_id)


@router.get("/visits/{visit_id}/rate-plans", response=list[RatePlanOut])
def rate_plan_list(request: HttpRequest, visit_id: UUID) -> tuple[RatePlan, ...]:
    """The plans of rates this infusion may run by."""
    request.actor.must(READ)  # type: ignore[attr-defined]
    return rate_plans(fetch(NurseVisit, visit_id))


@router.post("/visits/{visit_id}/rate-plan", response=VisitOut)
def rate_plan_named(request: HttpRequest, visit_id: UUID, said: RatePlanIn) -> VisitFact:
    """The pharmacist says by whose rate steps it runs."""
    return visit(name_rate_plan(visit_id=visit_id, plan=said.plan, by=request.actor))  # type: ignore[attr-defined]


@router.post("/visits/{visit_id}/steps/{step}", response=VisitOut)
def step(request: HttpRequest, visit_id: UUID, step: str, given: StepIn) -> VisitFact:
    """Take a step; ``sign`` needs the header X-Signature."""
    advance_visit(visit_id=visit_id, step=step, reason=given.reason, at=given.at, by=request.actor)  # type: ignore[attr-defined]
    return visit(visit_id)


@router.post("/visits/{visit_id}/miss", response=VisitOut)
def miss(request: HttpRequest, visit_id: UUID, said: MissIn) -> VisitFact:
    """It did not take place: why, what comes next, who was told."""
    report_miss(visit_id=visit_id, by=request.actor, **said.dict())  # type: ignore[attr-defined]
    return visit(visit_id)


@router.post("/visits/{visit_id}/assign", response=VisitOut)
def assign(request: HttpRequest, visit_id: UUID, to: AssignIn) -> VisitFact:
    """Give it to a nurse as a plan says, taking it from another first."""
    assign_visit(visit_id=visit_id, by=request.actor, **to.dict())  # type: ignore[attr-defined]
    return visit(visit_id)


@router.post("/visits/{visit_id}/second", response=VisitOut)
def second(request: HttpRequest, visit_id: UUID, said: SecondIn) -> VisitFact:
    """Say that a visit needs two nurses, and why."""
    ask_for_second(visit_id=visit_id, by=request.actor, **said.dict())  # type: ignore[attr-defined]
    return visit(visit_id)


@router.post("/visits/{visit_id}/second/offer", response=VisitOut)
def second_offer(request: HttpRequest, visit_id: UUID, to: SecondOfferIn) -> VisitFact:
    """Offer the second place; refused with every reason why this nurse may not."""
    offer_second(visit_id=visit_id, nurse_id=to.nurse_id, by=request.actor)  # type: ignore[attr-defined]
    return visit(visit_id)


@router.post("/visits/{visit_id}/second/{step}", response=VisitOut)
def second_step(request: HttpRequest, visit_id: UUID, step: str, given: StepIn) -> VisitFact:
    """A step of the second place: accept, refuse, attend (needs X-Signature), free, alone (needs a reason)."""
    advance_second(visit_id=visit_id, step=step, reason=given.reason, by=request.actor)  # type: ignore[attr-defined]
    return visit(visit_id)


@router.get("/reactions", response=list[ReactionOut])
def reactions(request: HttpRequest, untold: bool = False) -> list[Reaction]:
    """Reactions, newest first; only those the prescriber was not told of yet, if asked."""
    request.actor.must(READ)  # type: ignore[attr-defined]
    rows = Reaction.objects.order_by("-seen_at")
    return list((rows.filter(prescriber_told_at=None) if untold else rows)[:500])


@router.post("/reactions/{reaction_id}/told", response=ReactionOut)
def reaction_told(request: HttpRequest, reaction_id: UUID, said: ToldIn) -> Reaction:
    """The prescriber was told."""
    return fetch(Reaction, tell_prescriber(reaction_id=reaction_id, by=request.actor, **said.dict()))  # type: ignore[attr-defined]
