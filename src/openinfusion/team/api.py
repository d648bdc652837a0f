# SPDX-License-Identifier: Apache-2.0
"""The roster as JSON: who is on call now, shifts and gaps of a span, putting on and taking off."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID

from django.http import HttpRequest
from ninja import Schema

from openinfusion.kernel.refusal import Fault, Malformed
from openinfusion.platform.api import Instant, Whole, router_for
from openinfusion.platform.clock import now
from openinfusion.team.actions.competency import attest_garb, record_competency, record_remediation
from openinfusion.team.actions.on_call import put_on_call, take_off_call
from openinfusion.team.domain.on_call import duties
from openinfusion.team.domain.trial import Trial
from openinfusion.team.permissions import READ
from openinfusion.team.queries.matrix import matrix
from openinfusion.team.queries.on_call import gaps_of, on_call_at, place_of, shifts_between

router = router_for("team")
LONGEST = timedelta(days=93)


class ShiftOut(Schema):
    id: UUID
    site_id: UUID
    duty: str
    user_id: UUID
    name: str
    phone: str
    starts_at: datetime
    ends_at: datetime
    version: int


class OnCallOut(Schema):
    """Who holds a duty now; ``holder`` is null where nobody does, and ``then`` are those rung after."""

    duty: str
    holder: ShiftOut | None
    then: list[ShiftOut]
    words: str


class GapOut(Schema):
    site_id: UUID
    duty: str
    starts_at: datetime
    ends_at: datetime


class RosterOut(Schema):
    shifts: list[ShiftOut]
    gaps: list[GapOut]


class ShiftIn(Schema):
    """Times without a zone are the clock of the site."""

    duty: str
    user_id: UUID
    phone: str
    starts_at: Instant
    ends_at: Instant


class OffIn(Schema):
    reason: str
    version: Whole | None = None


class Made(Schema):
    id: UUID


@router.get("/sites/{site_id}/on-call", response=list[OnCallOut])
def on_call_now(request: HttpRequest, site_id: UUID) -> list[OnCallOut]:
    """Who is on call at a site now, duty by duty."""
    request.actor.must(READ)  # type: ignore[attr-defined]
    found = [on_call_at(site_id, duty, now()) for duty in duties()]
    return [
        OnCallOut(
            duty=o.duty,
            holder=ShiftOut.from_orm(o.holder) if o.holder else None,
            then=[ShiftOut.from_orm(s) for s in o.then],
            words=o.words,
        )
        for o in found
    ]


@router.get("/sites/{site_id}/roster", response=RosterOut)
def roster(request: HttpRequest, site_id: UUID, first: Instant, last: Instant) -> RosterOut:
    """Shifts that touch [first, last) and the hours of it, from now on, that nobody holds; times carry their zone."""
    request.actor.must(READ)  # type: ignore[attr-defined]
    site = place_of(site_id)
    if not first < last <= first + LONGEST:
        raise Malformed(Fault("last", "the last after the first, and within 93 days"))
    open_hours = gaps_of(max(first, now()), site.id, last) if last > now() else []
    return RosterOut(
        shifts=[ShiftOut.from_orm(s) for s in shifts_between(first, last, site.id)],
        gaps=[
            GapOut(site_id=g.site.id, duty=g.duty, starts_at=g.span.start, ends_at=g.span.end) for g in open_hours if g.span.end
        ],
    )


@router.post("/sites/{site_id}/roster", response=Made)
def roster_put(request: HttpRequest, site_id: UUID, given: ShiftIn) -> Made:
    """Put somebody on call."""
    return Made(id=put_on_call(site_id=site_id, by=request.actor, **given.model_dump()))  # type: ignore[attr-defined]


@router.post("/on-call/{shift_id}/take-off", response=Made)
def roster_off(request: HttpRequest, shift_id: UUID, given: OffIn) -> Made:
    """Take somebody off; a shift that has begun ends now."""
    return Made(id=take_off_call(shift_id=shift_id, by=request.actor, **given.model_dump()))  # type: ignore[attr-defined]


class CellOut(Schema):
    """``due`` is the first day on which the pass holds no more; null where there is none."""

    element: str
    words: str
    due: date | None


class PersonOut(Schema):
    id: UUID
    name: str
    elements: list[CellOut]


class ResultIn(Schema):
    element: str
    on: date
    passed: bool
    left_cfu: Whole | None = None
    right_cfu: Whole | None = None
    surface_cfu: Whole | None = None
    growth: bool | None = None
    note: str = ""


class RemediationIn(Schema):
    element: str
    on: date
    text: str


class GarbIn(Schema):
    hazardous: bool = False


@router.get("/matrix", response=list[PersonOut])
def matrix_list(request: HttpRequest) -> list[PersonOut]:
    """Everybody who has a result, with each element."""
    request.actor.must(READ)  # type: ignore[attr-defined]
    return [PersonOut(id=p.id, name=p.name, elements=[CellOut.from_orm(c) for c in cells]) for p, cells in matrix()]


@router.post("/{user_id}/competencies", response=Made)
def competency_add(request: HttpRequest, user_id: UUID, given: ResultIn) -> Made:
    """Record a result of a person; counts over their limit fail whatever ``passed`` says."""
    said = given.model_dump()
    left, right, surface = (said.pop(n) for n in ("left_cfu", "right_cfu", "surface_cfu"))
    if any(c is not None and c < 0 for c in (left, right, surface)):
        raise Malformed(Fault("cfu", "a count is 0 or more"))
    counted = Trial(left, right, surface, said.pop("growth"))
    return Made(id=record_competency(user_id=user_id, trial=counted, by=request.actor, **said))  # type: ignore[attr-defined]


@router.post("/{user_id}/remediations", response=Made)
def remediation_add(request: HttpRequest, user_id: UUID, given: RemediationIn) -> Made:
    """Record what was done with a person after a failure."""
    return Made(id=record_remediation(user_id=user_id, by=request.actor, **given.model_dump()))  # type: ignore[attr-defined]


@router.post("/sites/{site_id}/garb", response=Made)
def garb_add(request: HttpRequest, site_id: UUID, given: GarbIn) -> Made:
    """Attest one's own garbing on entering the cleanrooms of a site, for today there."""
    return Made(id=attest_garb(site_id=site_id, hazardous=given.hazardous, by=request.actor))  # type: ignore[attr-defined]
