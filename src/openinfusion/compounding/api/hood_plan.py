# SPDX-License-Identifier: Apache-2.0
"""Plans of a day at the hoods as JSON: asked for, read, put in force, made again where a hood goes out."""
from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.http import HttpRequest
from ninja import Schema

from openinfusion.compounding import permissions, public
from openinfusion.compounding.api.work_order import router
from openinfusion.platform.api import Whole


class HoodTurnOut(Schema):
    id: UUID
    number: str
    turn: int
    hood: str
    starts: datetime
    ends: datetime
    checked: datetime
    need_by: datetime
    change: int
    late: int
    hazardous: bool
    was: str
    why: str


class HoodLeftOut(Schema):
    number: str
    why: str


class HoodPlanOut(Schema):
    id: UUID
    site_id: UUID
    day: date
    state: str
    version: int
    cause: str
    method: str
    cost: int
    bound: int | None
    faults: list[str]
    failure: str
    turns: list[HoodTurnOut]
    left: list[HoodLeftOut]


class HoodAskIn(Schema):
    """``out``: hoods that are out; ``basis_id``: the plan that this one mends."""

    site_id: UUID
    day: date
    out: list[UUID] = []
    cause: str = ""
    basis_id: UUID | None = None
    seconds: Whole = 2


class HoodStepIn(Schema):
    version: Whole | None = None


class HoodPlanMade(Schema):
    id: UUID


@router.get("/hood-plans/{plan_id}", response=HoodPlanOut)
def hood_plan_one(request: HttpRequest, plan_id: UUID) -> HoodPlanOut:
    """One plan: each hood's turns, what found no hood, and what stands elsewhere than in the plan it mends."""
    request.actor.must(permissions.READ)  # type: ignore[attr-defined]
    row, turns = public.hood_plan(plan_id)
    return HoodPlanOut(
        id=row.id, site_id=row.site_id, day=row.day, state=row.state, version=row.version, cause=row.cause, method=row.method,
        cost=row.cost, bound=row.bound, faults=list(row.faults), failure=row.failure,
        turns=[HoodTurnOut.from_orm(t) for t in turns], left=[HoodLeftOut(**x) for x in row.left],
    )


@router.post("/hood-plans", response=HoodPlanMade)
def hood_plan_ask(request: HttpRequest, given: HoodAskIn) -> HoodPlanMade:
    """Have a day at the hoods planned. The same question asked twice is one plan."""
    return HoodPlanMade(id=public.ask_for_hood_plan(by=request.actor, **given.model_dump()))  # type: ignore[attr-defined]


@router.post("/hood-plans/{plan_id}/{step}", response=HoodPlanMade)
def hood_plan_step(request: HttpRequest, plan_id: UUID, step: str, given: HoodStepIn) -> HoodPlanMade:
    """Put a proposal in force (``accept``), or put it aside (``set_aside``)."""
    made = public.advance_hood_plan(plan_id=plan_id, step=step, version=given.version, by=request.actor)  # type: ignore[attr-defined]
    return HoodPlanMade(id=made)
