# SPDX-License-Identifier: Apache-2.0
"""Plans of days as JSON: asked for, read, explained, mended, accepted."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.http import HttpRequest
from ninja import Schema

from openinfusion.dispatch.actions.ask import SECONDS, SECONDS_AGAIN, ask_for_change, ask_for_plan
from openinfusion.dispatch.actions.branches import BranchAsked, ask_for_branches
from openinfusion.dispatch.actions.steps import advance_plan
from openinfusion.dispatch.api.router import router
from openinfusion.dispatch.domain.day_plan import PlanKind
from openinfusion.dispatch.domain.work import Change
from openinfusion.dispatch.models import DayPlan
from openinfusion.dispatch.permissions import READ
from openinfusion.dispatch.queries.cover import in_force_of
from openinfusion.dispatch.queries.plan import left_lines, move_lines, people_lines, why_lines
from openinfusion.kernel.refusal import Fault, Malformed, NotFound
from openinfusion.platform.action import fetch
from openinfusion.platform.api import Instant, Whole


class AskIn(Schema):
    """``kind``: drivers or nurses. ``last_day``: of several days, 7 at most. ``more_sites``: together with ``site_id``."""

    kind: str
    site_id: UUID
    day: date
    last_day: date | None = None
    more_sites: list[UUID] = []
    seconds: Whole = SECONDS
    seed: Whole = 1


class LateIn(Schema):
    name: str
    not_before: Instant


class PinIn(Schema):
    name: str
    person: str = ""
    at: Instant | None = None


class AwayIn(Schema):
    name: str
    day: date


class ChangeIn(Schema):
    """What happened; empty: the rest again from where it stands. Names are the plan's, times carry their zone.

    ``absent``: on every day of the plan, ``away``: on one. ``from_day``: the first day to mend; today where it is left out.
    """

    absent: list[str] = []
    away: list[AwayIn] = []
    from_day: date | None = None
    late: list[LateIn] = []
    pins: list[PinIn] = []
    unpin: list[str] = []
    cause: str = ""
    seconds: Whole = SECONDS_AGAIN


class StepIn(Schema):
    version: Whole | None = None


class Made(Schema):
    id: UUID


class CallOut(Schema):
    name: str
    kind: str
    id: UUID
    patient_id: UUID
    arrives: datetime
    starts: datetime
    ends: datetime
    pinned: bool
    tight: list[str]
    drug: str = ""
    other: str = ""


class BreakOut(Schema):
    """A break as planned, and the rule that asks for it."""

    starts: datetime
    ends: datetime
    why: str


class PersonOut(Schema):
    name: str
    day: date
    leaves: datetime
    returns: datetime
    kilometres: str
    overtime: int
    assumed: bool
    calls: list[CallOut]
    breaks: list[BreakOut]
    begins_at: str
    ends_at: str


class LeftOut(Schema):
    name: str
    patient_id: UUID
    reasons: list[str]
    ways: list[str]


class MoveOut(Schema):
    name: str
    person: str
    starts: datetime | None
    new_person: str
    new_starts: datetime | None


class CoverOut(Schema):
    site_id: UUID
    day: date


class PlanOut(Schema):
    """``in_force``: the sites and days it holds now; a newer plan may have taken some."""

    id: UUID
    site_id: UUID
    sites: list[UUID]
    day: date
    last_day: date
    in_force: list[CoverOut]
    kind: str
    state: str
    version: int
    cause: str
    sha256: str
    approximate: bool
    ways: str
    method: str
    note: str
    faults: list[str]
    failure: str
    lost: list[str]
    apart: list[str]
    unbroken: list[str]
    people: list[PersonOut]
    left: list[LeftOut]
    moves: list[MoveOut]


class OtherOut(Schema):
    """What somebody else would cost more, in points, part by part; ``reason`` where it is not possible at all."""

    person: str
    reason: str
    starts: datetime | None
    total: int
    drive: int
    lateness: int
    overtime: int
    people: int


class WhyOut(Schema):
    person: str
    starts: datetime
    tight: list[str]
    pin: int | None
    others: list[OtherOut]
    breaks: list[BreakOut]


@router.get("/plans", response=list[PlanOut])
def plan_list(request: HttpRequest, day: date, site_id: UUID | None = None, kind: str = "") -> list[PlanOut]:
    """The plans of a day, the newest first."""
    request.actor.must(READ)  # type: ignore[attr-defined]
    rows = DayPlan.objects.filter(day__lte=day, last_day__gte=day).order_by("-made_at")
    if site_id is not None:
        rows = rows.filter(sites__contains=[site_id])
    return [_out(r) for r in (rows.filter(kind=kind) if kind else rows)[:20]]


@router.get("/plans/{plan_id}", response=PlanOut)
def plan_one(request: HttpRequest, plan_id: UUID) -> PlanOut:
    """One plan: routes, what has no place, what changes against the plan it was made from."""
    request.actor.must(READ)  # type: ignore[attr-defined]
    return _out(fetch(DayPlan, plan_id))


def _out(row: DayPlan) -> PlanOut:
    plan = row.plan or {"method": "", "note": ""}
    held = sorted(in_force_of(row.id), key=lambda c: (c[1], str(c[0])))
    return PlanOut(
        id=row.id, site_id=row.site_id, sites=list(row.sites), day=row.day, last_day=row.last_day,
        in_force=[CoverOut(site_id=site, day=day) for site, day in held],
        kind=row.kind, state=row.state, version=row.version, cause=row.cause,
        sha256=row.sha256, approximate=row.approximate, ways=row.ways, method=plan["method"], note=plan["note"],
        faults=list(row.faults), failure=row.failure, lost=list(row.lost), apart=list(row.apart), unbroken=list(row.unbroken),
        people=[PersonOut.from_orm(p) for p in people_lines(row)], left=[LeftOut.from_orm(x) for x in left_lines(row)],
        moves=[MoveOut.from_orm(m) for m in move_lines(row)],
    )  # fmt: skip


@router.get("/plans/{plan_id}/why", response=WhyOut)
def plan_why(request: HttpRequest, plan_id: UUID, visit: str) -> WhyOut:
    """Why a visit stands where it does, and what anybody else would cost."""
    request.actor.must(READ)  # type: ignore[attr-defined]
    row = fetch(DayPlan, plan_id)
    found = why_lines(row, visit) if row.plan is not None and visit in row.tasks else None
    if found is None:
        raise NotFound(f"{visit} has no place in this plan")
    return WhyOut.from_orm(found)


@router.post("/plans", response=Made)
def plan_ask(request: HttpRequest, given: AskIn) -> Made:
    """Have a day planned. The same question asked twice is one plan."""
    if given.kind not in set(PlanKind):
        raise Malformed(Fault("kind", "drivers or nurses"))
    said = given.model_dump() | {"kind": PlanKind(given.kind)}
    return Made(id=ask_for_plan(by=request.actor, **said))  # type: ignore[attr-defined]


class BranchesIn(Schema):
    """``kinds``: drivers, nurses or both. ``keep``: a site whose day is planned or waits already is left as it is."""

    kinds: list[str]
    day: date
    seconds: Whole = SECONDS
    seed: Whole = 1
    keep: bool = False


class BranchOut(Schema):
    """The plan asked for, or why there is none. ``left``: it stood there already."""

    site_id: UUID
    name: str
    kind: str
    plan_id: UUID | None
    why_not: str
    left: bool


@router.post("/branches", response=list[BranchOut])
def plan_branches(request: HttpRequest, given: BranchesIn) -> list[BranchAsked]:
    """Have the day of every site planned: a plan and a job for each."""
    if not given.kinds or set(given.kinds) - set(PlanKind):
        raise Malformed(Fault("kinds", "drivers, nurses or both"))
    said = given.model_dump() | {"kinds": [PlanKind(k) for k in dict.fromkeys(given.kinds)]}
    return ask_for_branches(by=request.actor, **said)  # type: ignore[attr-defined]


@router.post("/plans/{plan_id}/changes", response=Made)
def plan_change(request: HttpRequest, plan_id: UUID, given: ChangeIn) -> Made:
    """Have a plan mended: a new proposal with the difference."""
    change = Change(
        frozenset(given.absent), tuple((x.name, x.not_before) for x in given.late),
        tuple((x.name, x.person, x.at) for x in given.pins), frozenset(given.unpin),
        frozenset((x.name, x.day) for x in given.away),
    )  # fmt: skip
    asked = {"cause": given.cause, "seconds": given.seconds, "from_day": given.from_day}
    return Made(id=ask_for_change(plan_id=plan_id, change=change, by=request.actor, **asked))  # type: ignore[attr-defined,arg-type]


@router.post("/plans/{plan_id}/{step}", response=Made)
def plan_step(request: HttpRequest, plan_id: UUID, step: str, given: StepIn) -> Made:
    """Accept a proposal, which gives the work out, or put it aside (``set_aside``)."""
    return Made(id=advance_plan(plan_id=plan_id, step=step, version=given.version, by=request.actor))  # type: ignore[attr-defined]
