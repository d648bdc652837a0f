# SPDX-License-Identifier: Apache-2.0
"""How long ways take as JSON: in force, measured, and how well either foretells."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from uuid import UUID

from django.http import HttpRequest
from ninja import Schema

from openinfusion.dispatch.api.router import router
from openinfusion.dispatch.permissions import PLAN
from openinfusion.dispatch.queries.travel import travel_measured
from openinfusion.sites import public as sites


class MeasuredOut(Schema):
    """``value``: what was measured, from ``count`` ways or days; ``words``: why it is not offered."""

    in_force: Decimal
    value: Decimal | None
    count: int
    offered: bool
    words: str


class BandOut(Schema):
    """Ways longer than ``above`` metres and not longer than ``below``; 0: all longer ones. Speeds in km/h."""

    above: int
    below: int
    speed: MeasuredOut


class ErrorsOut(Schema):
    """Half of the ways were foretold wrongly by at most ``median`` minutes, nine of ten by at most ``most``."""

    ways: int
    median: Decimal
    most: Decimal


class CountOut(Schema):
    why: str
    count: int


class TravelOut(Schema):
    """``before`` and ``after``: errors of the figures in force and of the measured ones, on days neither was made from."""

    site_id: UUID
    first: date
    last: date
    in_force_from: date
    source: str
    status: str
    park_minutes: int
    by_road: bool
    counted: int
    approximate: int
    factor: MeasuredOut
    bands: list[BandOut]
    made_until: date | None
    before: ErrorsOut | None
    after: ErrorsOut | None
    ways_left: list[CountOut]
    days_left: list[CountOut]


@router.get("/ways/{site_id}", response=TravelOut)
def ways_measured(request: HttpRequest, site_id: UUID) -> TravelOut:
    """How long ways of a site take: what is in force, what was measured, what was left out. Set at ``/api/sites/{id}/travel``."""
    request.actor.must(PLAN)  # type: ignore[attr-defined]
    m = travel_measured(sites.pharmacy(site_id).id)
    f = m.fitted
    return TravelOut(
        site_id=site_id, first=m.first, last=m.last, in_force_from=m.row.effective_from, source=m.row.source, status=m.row.status,
        park_minutes=m.row.park, by_road=m.by_road, counted=m.counted, approximate=m.approximate,
        factor=MeasuredOut.from_orm(f.factor), bands=[BandOut.from_orm(b) for b in f.bands], made_until=f.made_until,
        before=ErrorsOut.from_orm(f.before) if f.before else None, after=ErrorsOut.from_orm(f.after) if f.after else None,
        ways_left=[CountOut(why=why, count=n) for why, n in m.ways_left],
        days_left=[CountOut(why=why, count=n) for why, n in m.days_left],
    )  # fmt: skip
