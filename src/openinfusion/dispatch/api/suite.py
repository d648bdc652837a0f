# SPDX-License-Identifier: Apache-2.0
"""Plans of a suite's day as JSON."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.http import HttpRequest
from ninja import Schema

from openinfusion.dispatch.actions.suite import SECONDS as SUITE_SECONDS
from openinfusion.dispatch.actions.suite import advance_suite_plan, ask_for_suite_plan
from openinfusion.dispatch.api.router import router
from openinfusion.dispatch.models import SuitePlan
from openinfusion.dispatch.permissions import READ
from openinfusion.dispatch.queries.suite_plan import breaks_of, left_out, seat_lines
from openinfusion.dispatch.queries.suite_why import seat_reasons
from openinfusion.kernel.refusal import NotFound
from openinfusion.platform.action import fetch
from openinfusion.platform.api import Whole


class SuitePlanIn(Schema):
    site_id: UUID
    day: date
    seconds: Whole = SUITE_SECONDS
    seed: Whole = 1


class SeatOut(Schema):
    """``change``: new, moved, stays, sits, or no nurse."""

    name: str
    id: UUID
    chair: str
    nurse: str
    starts: datetime
    ends: datetime
    was: datetime | None
    change: str
    pinned: bool


class UnseatedOut(Schema):
    """Why, and what would give a place, the cheapest first."""

    name: str
    id: UUID
    reasons: list[str]
    ways: list[str]


class OtherHourOut(Schema):
    starts: datetime
    more: int
    reason: str


class OtherNurseOut(Schema):
    name: str
    watches: int
    reason: str


class SeatWhyOut(Schema):
    """``wait``, ``beyond``, ``after`` and ``moved`` in points, null for who sits already; ``pin``: the least its pin costs."""

    name: str
    starts: datetime
    wait: int | None
    beyond: int | None
    after: int | None
    moved: int | None
    pin: int | None
    binds: list[str]
    hours: list[OtherHourOut]
    nurses: list[OtherNurseOut]


class SuiteBreakOut(Schema):
    nurse: str
    starts: datetime
    ends: datetime
    why: str


class SuitePlanOut(Schema):
    id: UUID
    site_id: UUID
    day: date
    state: str
    version: int
    method: str
    cost: int | None
    bound: int | None
    seats: list[SeatOut]
    left_out: list[UnseatedOut]
    breaks: list[SuiteBreakOut]
    unbroken: list[str]
    unknown: list[str]
    faults: list[str]
    failure: str


def _suite_out(row: SuitePlan) -> SuitePlanOut:
    plan = row.plan or {}
    seats = [SeatOut(**{k: getattr(s, k) for k in SeatOut.model_fields}) for s in seat_lines(row)]
    return SuitePlanOut(
        id=row.id, site_id=row.site_id, day=row.day, state=row.state, version=row.version, method=plan.get("method", ""),
        cost=plan.get("cost"), bound=plan.get("bound"), seats=seats, 
        left_out=[UnseatedOut.from_orm(x) for x in left_out(row)],
        breaks=[SuiteBreakOut(nurse=n, starts=b.starts_at, ends=b.ends_at, why=b.why)
                for _, n, given, _ in breaks_of(row) for b in given],
        unbroken=[text for _, _, _, said in breaks_of(row) for text in said],
        unknown=row.unknown, faults=row.faults, failure=row.failure,
    )  # fmt: skip


@router.post("/suites", response=SuitePlanOut)
def suite_plan_ask(request: HttpRequest, given: SuitePlanIn) -> SuitePlanOut:
    """Have a suite's day planned; the same question is one plan."""
    return _suite_out(fetch(SuitePlan, ask_for_suite_plan(by=request.actor, **given.dict())))  # type: ignore[attr-defined]


@router.get("/suites/{plan_id}", response=SuitePlanOut)
def suite_plan_one(request: HttpRequest, plan_id: UUID) -> SuitePlanOut:
    """A suite's plan: who sits when, what changes, its cost and its bound."""
    request.actor.must(READ)  # type: ignore[attr-defined]
    return _suite_out(fetch(SuitePlan, plan_id))


@router.get("/suites/{plan_id}/seats/{name}", response=SeatWhyOut)
def suite_plan_seat(request: HttpRequest, plan_id: UUID, name: str) -> SeatWhyOut:
    """Why somebody sits when and with whom, and what another hour would cost."""
    request.actor.must(READ)  # type: ignore[attr-defined]
    found = seat_reasons(fetch(SuitePlan, plan_id), name)
    if found is None:
        raise NotFound(f"seat {name}")
    why = found.why
    return SeatWhyOut(
        name=name, starts=found.line.starts, binds=list(why.binds) if why else [],
        **{k: getattr(why, k) if why else None for k in ("wait", "beyond", "after", "moved", "pin")},
        hours=[OtherHourOut.from_orm(h) for h in found.hours], nurses=[OtherNurseOut.from_orm(n) for n in found.nurses],
    )


@router.post("/suites/{plan_id}/steps/{step}", response=SuitePlanOut)
def suite_plan_step(request: HttpRequest, plan_id: UUID, step: str) -> SuitePlanOut:
    """``accept``: books and moves as a whole. ``set_aside``: puts it aside."""
    return _suite_out(fetch(SuitePlan, advance_suite_plan(plan_id=plan_id, step=step, by=request.actor)))  # type: ignore[attr-defined]
